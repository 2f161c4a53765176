"""What a project's server has been seen to be able to do, in words for the settings page."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from rooms.models import Ability, Project
from rooms.moderation import access, audit
from rooms.moderation.access import Right, Standing
from rooms.moderation.actions import abilities
from rooms.moderation.addresses import local_address

# What to do when the server says no.
REMEDIES = {
    Ability.Name.REMOTE_UNMUTE: (
        "To allow it, set this in the server's configuration and restart it. On LiveKit Cloud it is a switch in the "
        "project's settings."
    ),
    Ability.Name.MOVE: "Moving is a feature of LiveKit Cloud.",
    Ability.Name.FORWARD: "Forwarding is a feature of LiveKit Cloud.",
    Ability.Name.REVOKE: "Give out tokens that live for a few minutes, or refuse the person in your own application.",
}
CODE = {Ability.Name.REMOTE_UNMUTE: "room:\n  enable_remote_unmute: true"}


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table. ``able`` None: not tried yet."""

    name: str
    label: str
    able: bool | None
    answer: str
    seen_at: datetime | None
    remedy: str
    code: str


def rows(project: Project) -> list[Row]:
    """Every ability in the order of Ability.Name. Database."""
    known = {ability.name: ability for ability in project.abilities.all()}
    return [_row(name, known.get(name)) for name in Ability.Name]


def _row(name: Ability.Name, known: Ability | None) -> Row:
    refused = known is not None and not known.able
    answer = f"{known.status} {known.answer}" if known and known.status else known.answer if known else ""
    return Row(
        name=name.value,
        label=name.label,
        able=known.able if known else None,
        answer=answer.strip(),
        seen_at=known.seen_at if known else None,
        remedy=REMEDIES[name] if refused else "",
        code=CODE.get(name, "") if refused else "",
    )


@require_POST
@access.needs(Right.ADMINISTER)
async def ability_check_again(request: HttpRequest, standing: Standing, name: str) -> HttpResponse:
    """Forget an answer: the button works again, and the next use asks the server."""
    project = standing.project
    if name not in Ability.Name.values:
        raise Http404("There is no such ability.")
    before = await Ability.objects.filter(project=project, name=name).values("able", "answer").afirst()
    if before is not None:
        await abilities.forget(project, name)
        await audit.record(project, standing.actor, "ability_forgotten", target=name, before=before)
    messages.info(request, f"{Ability.Name(name).label}: the next use asks the server again.")
    return redirect(reverse("project_settings", args=[project.slug]) + "#server")


@require_POST
@access.needs(Right.SEE)
async def project_unlock(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let this session act in a read-only project for half an hour."""
    return await _locking(request, standing, "project_unlock")


@require_POST
@access.needs(Right.SEE)
async def project_lock(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Take the unlocking back."""
    return await _locking(request, standing, "project_lock")


async def _locking(request: HttpRequest, standing: Standing, verb: str) -> HttpResponse:
    access.require_role(standing, Right.ACT)
    change = access.unlock if verb == "project_unlock" else access.lock
    await sync_to_async(change)(request, standing.project)
    await audit.record(standing.project, standing.actor, verb)
    back = local_address(request, request.POST.get("next", ""))
    return redirect(back or reverse("rooms", args=[standing.project.slug]))
