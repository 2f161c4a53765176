"""Deleting a project, once its name was typed."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from rooms.forms.projects import DeletionForm
from rooms.live import bus
from rooms.live.keeper import prune_gently
from rooms.models import Project
from rooms.models.deletion import delete_project
from rooms.moderation import access, audit
from rooms.moderation.access import Right, Standing
from rooms.views.projects import settings_page

# Seconds of a request that go into a long history. What is left then, or if the browser goes away meanwhile, the keeper
# erases: it prunes deleted projects too.
ERASING = 5.0


@require_POST
@access.needs(Right.ADMINISTER)
async def project_delete(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Delete the project, close every page that shows it, erase its history, and go to the others.

    422 while the name is not typed as it is; 403 for a locked project and for one that comes from the environment.
    """
    project = standing.project
    if not standing.may_delete:
        raise PermissionDenied(_refusal(standing))
    form = DeletionForm(project, request.POST)
    if not form.is_valid():
        return await settings_page(request, standing, bound={"deletion": form}, status=422)
    before = await sync_to_async(delete_project)(project, standing.user.get_username())
    await audit.record(
        project,
        standing.actor,
        "project_delete",
        target=project.name,
        before=before,
        reason=form.cleaned_data["reason"],
    )
    # Whoever looks at it is told that there is no such project for them any more; its readers and the keeper let go.
    await bus.publish_project(project.pk)
    erased = await prune_gently(await Project.objects.aget(pk=project.pk), ERASING)
    rest = "" if erased else " The rest of its history goes within the hour."
    messages.info(request, f"{project.name} is deleted. Its audit is kept.{rest}")
    return redirect(reverse("home") + "?all=1#main")


def _refusal(standing: Standing) -> str:
    if standing.locked:
        return f"{standing.project.name} is read-only until you unlock it."
    return f"{standing.project.name} comes from LIVEKIT_URL and would come back with the next start."
