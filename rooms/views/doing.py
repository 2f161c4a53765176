"""From a verb to its form and from the form to its action: one entry for each verb that has a form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from rooms.forms.attributes import AttributesForm
from rooms.forms.data import DataForm, RoomDataForm
from rooms.forms.destination import DestinationForm
from rooms.forms.participants import MetadataForm, NameForm, ReasonForm
from rooms.forms.permission import PermissionForm
from rooms.forms.rooms import RoomForm
from rooms.moderation.actions import ACTIONS
from rooms.moderation.actions.deed import Outcome
from rooms.views.scenes import Scene

Data = QueryDict | None
IDS = {"dialog": "dlg-%s", "panel": "panel-%s"}


@dataclass(frozen=True, slots=True)
class Doing:
    """``form`` makes the form (unbound for None), ``act`` runs the action, ``fields`` is the template of the form."""

    form: Callable[[Scene, Data], forms.Form]
    act: Callable[[Scene, Any], Awaitable[Outcome]]
    fields: str


def _ids(scene: Scene) -> str:
    return IDS[scene.place]


def _reason(scene: Scene, data: Data) -> forms.Form:
    required = scene.verb.reason and scene.project.reason_required
    return ReasonForm(data, required=required, auto_id=_ids(scene))


def _name(scene: Scene, data: Data) -> forms.Form:
    return NameForm(data, participant=scene.person if data is None else None, auto_id=_ids(scene))


def _metadata(scene: Scene, data: Data) -> forms.Form:
    now = scene.room_now if scene.verb.scope == "room" else scene.person
    return MetadataForm(
        data,
        project=scene.project,
        metadata=(now.metadata if now else "") if data is None else None,
        clearable=scene.verb.scope == "room",
        auto_id=_ids(scene),
    )


def _attributes(scene: Scene, data: Data) -> forms.Form:
    attributes = scene.person.attributes if scene.person and data is None else None
    return AttributesForm(data, project=scene.project, attributes=attributes, auto_id=_ids(scene))


def _permission(scene: Scene, data: Data) -> forms.Form:
    permission = scene.person.permission if scene.person and data is None else None
    return PermissionForm(data, permission=permission, auto_id=_ids(scene))


def _destination(scene: Scene, data: Data) -> forms.Form:
    rooms = scene.rooms.values()
    query = {"q": scene.request.GET.get("q", "")}
    return DestinationForm(data, room=scene.room, rooms=rooms, initial=query, auto_id=_ids(scene))


def _data(scene: Scene, data: Data) -> forms.Form:
    return DataForm(data, auto_id=_ids(scene))


def _room_data(scene: Scene, data: Data) -> forms.Form:
    query = {"q": scene.request.GET.get("q", "")}
    return RoomDataForm(data, people=scene.people.values(), initial=query, auto_id=_ids(scene))


def _room(scene: Scene, data: Data) -> forms.Form:
    return RoomForm(data, project=scene.project, auto_id=_ids(scene))


def _run(scene: Scene, *values: Any, **more: Any) -> Awaitable[Outcome]:
    """The verb's action on the scene's object, by the scene's user."""
    place: list[Any] = [scene.project]
    if scene.verb.scope != "project":
        place.append(scene.room)
    if scene.identity:
        place.append(scene.identity)
    if scene.track_sid:
        place.append(scene.track_sid)
    return ACTIONS[scene.verb.name](*place, *values, actor=scene.standing.actor, **more)


def _with_reason(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, reason=form.cleaned_data["reason"])


def _act_name(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, form.cleaned_data["name"], base=form.cleaned_data["base"])


def _act_metadata(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, form.cleaned_data["metadata"], base=form.cleaned_data["base"])


def _act_changes(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, form.cleaned_data["changes"], base=form.cleaned_data["base"])


def _act_destination(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, form.cleaned_data["room"], reason=form.cleaned_data["reason"])


def _act_data(scene: Scene, form: Any) -> Awaitable[Outcome]:
    clean = form.cleaned_data
    more = {"identities": clean["identities"]} if "identities" in clean else {}
    return _run(scene, clean["payload"], topic=clean["topic"], reliable=clean["reliable"], **more)


def _act_room(scene: Scene, form: Any) -> Awaitable[Outcome]:
    return _run(scene, form.cleaned_data["name"], form.cleaned_data["fields"])


REASON = Doing(_reason, _with_reason, "_fields_reason.html")

DOINGS: dict[str, Doing] = {
    "promote": REASON,
    "mute": REASON,
    "unmute": REASON,
    "return_to_audience": REASON,
    "remove": REASON,
    "close_room": REASON,
    "permission": Doing(_permission, _act_changes, "_fields_permission.html"),
    "name": Doing(_name, _act_name, "_fields_name.html"),
    "metadata": Doing(_metadata, _act_metadata, "_fields_metadata.html"),
    "room_metadata": Doing(_metadata, _act_metadata, "_fields_metadata.html"),
    "attributes": Doing(_attributes, _act_changes, "_fields_attributes.html"),
    "move": Doing(_destination, _act_destination, "_fields_destination.html"),
    "forward": Doing(_destination, _act_destination, "_fields_destination.html"),
    "send_data": Doing(_data, _act_data, "_fields_data.html"),
    "send_room_data": Doing(_room_data, _act_data, "_fields_data.html"),
    "create_room": Doing(_room, _act_room, "_fields_room.html"),
}
