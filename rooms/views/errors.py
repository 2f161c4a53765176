"""The pages for what went wrong before or inside a view."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

LAPSED = "This page was open for too long, or your browser sends no cookies."
LAPSED_REMEDY = "Go back, load the page again, and send the form once more."


def _page(request: HttpRequest, status: int, words: str, remedy: str = "") -> HttpResponse:
    """The whole page, or for htmx and fetch the note alone."""
    fragment = bool(request.headers.get("HX-Request"))
    template = "_error.html" if fragment else f"{status}.html"
    return render(request, template, {"words": words, "remedy": remedy, "status": status}, status=status)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the words of the PermissionDenied say what is missing."""
    return _page(request, 403, str(exception or "") or "You may not do this.")


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such address, or nothing that this user may know of."""
    return _page(request, 404, "There is no such page, or you have no role in its project.")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token. ``reason`` is Django's and is for the log."""
    return _page(request, 403, LAPSED, LAPSED_REMEDY)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing of the failed request is used, as it may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
