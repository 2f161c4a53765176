"""Every page. A project's pages live under its slug; names of rooms and people are spelt by rooms.converters."""

from django.urls import URLPattern, URLResolver, path

from rooms import converters  # noqa: F401  registers <name:...>
from rooms.views import accounts, first_run, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    # accounts
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("account/", accounts.account, name="account"),
    path("first-run/", first_run.first_run, name="first_run"),
]
