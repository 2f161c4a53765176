"""Every verb as a page, as a dialog and as an act: GET asks, POST does it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from rooms.forms.jsontext import JSONTextMixin
from rooms.forms.permission import PermissionForm
from rooms.livekit.snapshots import tracks_lost
from rooms.moderation import audit
from rooms.moderation.access import Right, Standing, needs
from rooms.moderation.actions import abilities
from rooms.moderation.actions.deed import Outcome
from rooms.moderation.verbs import ROOM_PATHS, VERBS, Verb
from rooms.views import answers
from rooms.views.doing import DOINGS
from rooms.views.scenes import Scene


@require_http_methods(["GET", "POST"])
@needs(Right.ACT)
async def person_verb(request: HttpRequest, standing: Standing, room: str, identity: str, verb: str) -> HttpResponse:
    """Answer for a verb on a person."""
    return await answer(Scene(request, standing, _verb(verb, "person"), room, identity))


@require_http_methods(["GET", "POST"])
@needs(Right.ACT)
async def track_verb(
    request: HttpRequest, standing: Standing, room: str, identity: str, sid: str, verb: str
) -> HttpResponse:
    """Answer for a verb on a track."""
    return await answer(Scene(request, standing, _verb(verb, "track"), room, identity, sid))


@require_http_methods(["GET", "POST"])
@needs(Right.ACT)
async def room_verb(request: HttpRequest, standing: Standing, room: str, verb: str) -> HttpResponse:
    """Answer for a verb on a room."""
    return await answer(Scene(request, standing, _verb(ROOM_PATHS.get(verb, ""), "room"), room))


@require_http_methods(["GET", "POST"])
@needs(Right.ACT)
async def room_create(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Answer for the new room: its form, or the room that was made."""
    return await answer(Scene(request, standing, VERBS["create_room"], ""))


def _verb(name: str, scope: str) -> Verb:
    verb = VERBS.get(name)
    if verb is None or verb.scope != scope:
        raise Http404("There is no such verb.")
    return verb


async def answer(scene: Scene) -> HttpResponse:
    """Show the verb's form, or act on what was posted; the form comes back with what was typed whenever it cannot."""
    if scene.request.method != "POST":
        return await _open(scene)
    if "check_again" in scene.request.POST:
        return await _check_again(scene)
    doing = DOINGS[scene.verb.name]
    form: Any = doing.form(scene, scene.request.POST.copy())
    if "take" in scene.request.POST:
        return await _take_theirs(scene, form)
    if isinstance(form, JSONTextMixin) and form.wants_format:
        form.is_valid()
        form.format()
        return await _again(scene, form)
    if not form.is_valid():
        return await _again(scene, form, status=422)
    if isinstance(form, PermissionForm) and "confirmed" not in scene.request.POST:
        await scene.look()
        lost = answers.lost_words(_lost(scene, form))
        if lost:
            return answers.form_page(scene, form, status=422, lost=lost)
    outcome = await doing.act(scene, form)
    if outcome.conflict is not None:
        await scene.look()
        return answers.form_page(scene, form, status=409, clash=form.clash(outcome.conflict))
    return await _finish(scene, form, outcome)


async def _open(scene: Scene) -> HttpResponse:
    await scene.look()
    if scene.trouble is not None:
        return answers.trouble_page(scene)
    return answers.form_page(scene, DOINGS[scene.verb.name].form(scene, None))


async def _again(scene: Scene, form: Any, *, status: int = 200) -> HttpResponse:
    """The same form with what was typed; the pickers in it need their rooms and people again."""
    await scene.look()
    for name in ("rooms", "people"):
        if hasattr(form, name):
            fresh: Any = DOINGS[scene.verb.name].form(scene, None)
            setattr(form, name, getattr(fresh, name))
    return answers.form_page(scene, form, status=status)


async def _take_theirs(scene: Scene, form: Any) -> HttpResponse:
    form.is_valid()
    if hasattr(form, "take_theirs") and form.take_theirs():
        form.forget_errors()
        return await _again(scene, form)
    return await _open(scene)


async def _check_again(scene: Scene) -> HttpResponse:
    """Forget what the server answered, so that the next try asks it."""
    name = scene.verb.ability
    if name and await abilities.forget(scene.project, name):
        await audit.record(scene.project, scene.standing.actor, "ability_forgotten", target=name)
    return await _open(scene)


async def _finish(scene: Scene, form: Any, outcome: Outcome) -> HttpResponse:
    if outcome.done:
        return await answers.done(scene, form, outcome, DOINGS[scene.verb.name])
    if answers.keeps_form(scene):
        await scene.look()
        return await answers.failed_form(scene, form, outcome)
    return answers.failed(scene, outcome)


def _lost(scene: Scene, form: PermissionForm) -> list[Any]:
    """The tracks that saving would take down and that are allowed now."""
    if scene.person is None:
        return []
    now = scene.person.permission
    before = {track.sid for track in tracks_lost(scene.person, now)}
    after = tracks_lost(scene.person, now.overlay(**form.cleaned_data["changes"]))
    return [track for track in after if track.sid not in before]
