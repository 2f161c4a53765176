"""Buttons made from the registry of verbs.

They are submit buttons of the page's two forms (#act acts at once, #ask opens a dialog), so that they stand in live
regions without a form of their own and work as plain page loads too.
"""

from collections.abc import Collection
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rooms.moderation.verbs import PATHS, VERBS, Verb
from rooms.templatetags.icons import drawing
from rooms.templatetags.words import name_of, visible

register = template.Library()

# What a server or a project that lacks an ability is known to have said.
WHY_NOT = {
    "remote_unmute": "This server or this project does not allow unmuting from here. Open to see why.",
    "move": "This server answered “not implemented”. Open to see why and to check again.",
    "forward": "This server answered “not implemented”. Open to see why and to check again.",
}


@register.simple_tag
def verb_button(verb: Verb | str, base: str, missing: Collection[str] = (), css: str = "btn small") -> SafeString:
    """The button of one verb. ``base`` is the address of what it acts on, with its closing slash; ``missing`` the
    abilities that are known to be missing."""
    verb = VERBS[verb] if isinstance(verb, str) else verb
    lacking = verb.ability in missing
    return format_html(
        '<button class="{}{}" type="submit" form="{}" formaction="{}do/{}/" data-verb="{}"{}>{}{}{}</button>',
        css,
        " risky" if verb.tone == "danger" else "",
        "ask" if verb.asks or lacking else "act",
        base,
        PATHS.get(verb.name, verb.name),
        verb.name,
        format_html(' aria-disabled="true" title="{}"', WHY_NOT[verb.ability]) if lacking else "",
        drawing(verb.icon, True),
        verb.caption,
        format_html("<kbd>{}</kbd>", verb.key) if verb.key else "",
    )


@register.simple_tag
def said(pattern: str, who: Any = "", what: str = "") -> SafeString:
    """A sentence of the registry with the names in it in their own direction of writing.

    ``what`` is a track's label; it is written large only where it begins the sentence.
    """
    label = what[:1].upper() + what[1:] if pattern.startswith("{what}") else what[:1].lower() + what[1:]
    named = name_of(who) if not isinstance(who, str) or not who.strip() else format_html("<bdi>{}</bdi>", visible(who))
    return format_html(pattern, who=named, what=label)


@register.simple_tag
def track_button(line: Any, base: str, missing: Collection[str] = ()) -> SafeString:
    """Mute or unmute for one line of a person's tracks; ``line`` has a ``slot``. The key is that of the microphone."""
    track, verb = line.slot.track, VERBS[line.slot.verb]
    lacking = verb.ability in missing
    return format_html(
        '<button class="btn small" type="submit" form="{}" formaction="{}tracks/{}/do/{}/" data-verb="{}"'
        ' data-source="{}" aria-label="{} {}"{}>{}{}</button>',
        "ask" if lacking else "act",
        base,
        track.sid,
        verb.name,
        verb.name,
        track.source,
        verb.label,
        track.label,
        format_html(' aria-disabled="true" title="{}"', WHY_NOT[verb.ability]) if lacking else "",
        verb.label,
        format_html("<kbd>{}</kbd>", verb.key) if track.source == "MICROPHONE" else "",
    )


@register.simple_tag
def outcome_words(outcome: Any) -> SafeString:
    """What was done, with the names in their own direction of writing."""
    return said(outcome.verb.done, outcome.label, outcome.what)


@register.simple_tag
def outcome_act(outcome: Any) -> SafeString:
    """What was wanted, for the note that says why it was not done."""
    return said(outcome.verb.act, outcome.label, outcome.what or "track")


@register.simple_tag
def backticks(text: str) -> SafeString:
    """A sentence in which ``code`` stands between backticks."""
    parts = text.split("`")
    marked = [(format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts)]
    return format_html_join("", "{}", marked)
