"""The start: the projects of the user, and what is left of deleted ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rooms.models import Membership
from rooms.moderation import access


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The user's projects; straight into the only one, unless ``?all=1`` asks for the list."""
    projects = access.projects_of(request.user)
    if len(projects) == 1 and "all" not in request.GET:
        return redirect("rooms", slug=projects[0].slug)
    roles = dict(Membership.objects.filter(user_id=request.user.pk or 0).values_list("project_id", "role"))
    rows = [{"project": each, "role": roles.get(each.pk, "administrator")} for each in projects]
    context = {
        "rows": rows,
        "may_create": access.may_create_projects(request.user),
        "deleted": access.deleted_projects_of(request.user),
    }
    return render(request, "home.html", context)
