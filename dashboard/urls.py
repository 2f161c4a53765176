"""Every address of the site is one of the rooms app."""

from django.urls import include, path

urlpatterns = [path("", include("rooms.urls"))]

handler403 = "rooms.views.errors.forbidden"
handler404 = "rooms.views.errors.not_found"
handler500 = "rooms.views.errors.server_error"
