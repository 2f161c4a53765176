"""How a verb answers: a fragment where a script asked, a page or a redirect where none runs.

422 is the form again, 409 the form with both values of a conflict, 502 LiveKit's failure in words; a dialog keeps
standing with the failure in it, a section of the panel is replaced by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rooms.livekit.errors import Gone, LiveKitError
from rooms.livekit.snapshots import DataTrack, Track
from rooms.moderation.actions.deed import Declined, Outcome
from rooms.moderation.actions.departures import STAYS_VALID
from rooms.templatetags.verbs import said
from rooms.templatetags.words import name_of
from rooms.views.doing import DOINGS, Doing
from rooms.views.scenes import PANEL, Scene
from rooms.views.sections import Section, section_of

# After these the person is not in this room any more.
LEAVES_ROOM = ("remove", "move")
TONES = {"done": "own", "uncertain": "warn", "refused": "danger", "failed": "danger"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a dialog says will happen."""

    icon: str
    words: str | SafeString
    tone: str = ""


def form_page(
    scene: Scene,
    form: Any,
    *,
    status: int = 200,
    clash: Sequence[tuple[str, Any, Any]] = (),
    lost: str = "",
    outcome: Outcome | None = None,
) -> HttpResponse:
    """The form of a verb in its place. ``clash`` holds (what, now, mine), ``lost`` names tracks that would end."""
    context = _context(scene, form) | {"clash": clash, "lost": lost, "outcome": outcome, "result": _result(outcome)}
    fragment = bool(getattr(scene.request, "htmx", False))
    if fragment and scene.place == PANEL:
        typed = scene.request.POST.get("digest") if form.is_bound and not clash else None
        context["section"] = _section(scene, form, typed)
        return render(scene.request, "_person_form.html", context, status=status)
    if fragment and scene.request.method == "POST" and status < 400:
        status = 422  # to the page's script, 200 means done
    if fragment and status == 409:
        status = 422
    return render(scene.request, "verb.html", context, status=status)


def trouble_page(scene: Scene) -> HttpResponse:
    """Why the form cannot be opened: LiveKit is away, or whom it was about is gone."""
    error = scene.trouble or LiveKitError()
    status = 404 if isinstance(error, Gone) else 502
    context = _context(scene, None) | {"error": error, "words": heading(scene), "retry": scene.url}
    fragment = bool(getattr(scene.request, "htmx", False))
    return render(scene.request, "_trouble.html" if fragment else "verb.html", context, status=status)


async def done(scene: Scene, form: Any, outcome: Outcome, doing: Doing) -> HttpResponse:
    """The end of an act that was done."""
    extra = getattr(form, "advice", "")
    result = _result(outcome, extra)
    if getattr(scene.request, "htmx", False):
        if scene.verb.name == "create_room":
            _message(scene, outcome, extra)
            return HttpResponse(headers={"HX-Redirect": after(scene, outcome)})
        if scene.place == PANEL:
            scene.person = outcome.participant
            fresh = doing.form(scene, None)
            context = _context(scene, fresh) | {"outcome": outcome, "result": result}
            context["section"] = _section(scene, fresh)
            return render(scene.request, "_person_form.html", context)
        return render(scene.request, "_result.html", {"outcome": outcome, "result": result, "scene": scene})
    _message(scene, outcome, extra)
    return redirect(after(scene, outcome))


def keeps_form(scene: Scene) -> bool:
    """Whether a failure is shown with the form as it was typed: everywhere but in a dialog, which is still open."""
    return scene.place == PANEL or not getattr(scene.request, "htmx", False)


async def failed_form(scene: Scene, form: Any, outcome: Outcome) -> HttpResponse:
    """The form as it was typed, with what went wrong above it."""
    return form_page(scene, form, status=failure_status(outcome), outcome=outcome)


def failed(scene: Scene, outcome: Outcome) -> HttpResponse:
    """What went wrong, as a note for the open dialog or for the dock."""
    context = {"outcome": outcome, "result": _result(outcome), "scene": scene}
    return render(scene.request, "_result.html", context, status=failure_status(outcome))


def failure_status(outcome: Outcome) -> int:
    """409 where Greenroom itself declined, 502 for everything that LiveKit answered or did not."""
    return 409 if isinstance(outcome.error, Declined) else 502


def after(scene: Scene, outcome: Outcome) -> str:
    """Where a plain page load goes next."""
    slug = scene.project.slug
    if scene.verb.name == "close_room":
        return reverse("rooms", args=[slug])
    if scene.verb.name == "create_room" or scene.verb.name in LEAVES_ROOM:
        return reverse("room", args=[slug, outcome.room])
    if scene.verb.name == "room_metadata":
        return reverse("room_facts", args=[slug, scene.room])
    section = f"#{scene.verb.name}" if scene.place == PANEL else ""
    return f"{scene.base}{section}"


def heading(scene: Scene) -> SafeString:
    """What is about to happen, as a sentence."""
    words = said(scene.verb.act, scene.person or scene.who, scene.what)
    if scene.verb.name == "close_room":
        return format_html("Close {}?", name_of(scene.room))
    if scene.verb.name == "remove":
        return format_html("{} from {}?", words, name_of(scene.room))
    return words


def effects(scene: Scene) -> list[Effect]:
    """What the dialog says will happen, for the verbs that take something away."""
    if scene.verb.name == "remove":
        return _effects_of_removal(scene)
    if scene.verb.name == "close_room":
        count = len(scene.people)
        heads = "1 person is" if count == 1 else f"{count:,} people are" if count else "Nobody is in it, nobody is"
        return [
            Effect("users", f"{heads} disconnected.", "danger" if count else ""),
            Effect("undo-2", scene.verb.undo_words),
        ]
    if scene.verb.name == "return_to_audience" and scene.person is not None:
        lost = lost_words(scene.person.tracks)
        if not lost:
            return [Effect("info", "Publishes nothing now, so nothing is taken down.")]
        return [
            Effect("triangle-alert", format_html("Takes down <b>{}</b>.", lost), "warn"),
            Effect("undo-2", scene.verb.undo_words),
        ]
    if scene.verb.scope == "person" and scene.verb.ability:
        return [Effect("info", scene.verb.hurts), Effect("undo-2", scene.verb.undo_words)]
    return []


def _effects_of_removal(scene: Scene) -> list[Effect]:
    lost = lost_words(scene.person.tracks) if scene.person else ""
    ends = format_html("Disconnected at once. Takes down <b>{}</b>.", lost) if lost else "Disconnected at once."
    token = "Tokens issued until a minute from now are revoked." if scene.cloud else STAYS_VALID
    return [
        Effect("user-x", ends, "danger"),
        Effect("undo-2", scene.verb.undo_words),
        Effect("ticket", token, "" if scene.cloud else "warn"),
    ]


def lost_words(tracks: Iterable[Track | DataTrack]) -> str:
    """Tracks in words: "2 tracks: camera, screen share"; "" for none."""
    labels = sorted(track.label for track in tracks)
    if not labels:
        return ""
    return f"{len(labels)} track{'s' if len(labels) > 1 else ''}: {', '.join(labels)}"


def _context(scene: Scene, form: Any) -> dict[str, Any]:
    return {
        "scene": scene,
        "verb": scene.verb,
        "form": form,
        "fields": DOINGS[scene.verb.name].fields,
        "heading": heading(scene),
        "act": said(scene.verb.act, scene.person or scene.who, scene.what),
        "effects": effects(scene),
        "layout": "_fragment.html" if getattr(scene.request, "htmx", False) else "dialog.html",
        "lacking": scene.lacking,
        "reason_shown": "reason" in getattr(form, "fields", {}) and scene.verb.asks,
    }


def _section(scene: Scene, form: Any, digest: str | None = None) -> Section:
    return section_of(scene.verb, form, DOINGS[scene.verb.name].fields, scene.url, scene.person, digest)


def _result(outcome: Outcome | None, extra: str = "") -> dict[str, Any]:
    """What the note about an outcome says."""
    if outcome is None:
        return {}
    advice = [*outcome.advice, *([extra] if extra else [])]
    tone = "warn" if outcome.done and advice else TONES[outcome.outcome]
    return {
        "tone": tone,
        "advice": advice,
        "icon": {"own": "check", "warn": "triangle-alert"}.get(tone, "circle-x"),
        "quick": not outcome.verb.asks,
    }


def _message(scene: Scene, outcome: Outcome, extra: str) -> None:
    advice = [*outcome.advice, *([extra] if extra else [])]
    level = messages.WARNING if advice else messages.SUCCESS
    messages.add_message(scene.request, level, " ".join([outcome.words, *advice]))
