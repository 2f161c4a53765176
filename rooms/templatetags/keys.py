"""The keys that act, from the registry of verbs."""

from django import template

from rooms.moderation.verbs import VERBS

register = template.Library()


@register.simple_tag
def verb_keys() -> list[tuple[str, str]]:
    """(key, words) for every key of a verb, verbs that share a key in one line: ("p", "Bring up or return to audience")."""
    found: dict[str, list[str]] = {}
    for verb in VERBS.values():
        if verb.key:
            found.setdefault(verb.key, []).append(verb.label)
    return [(key, " or ".join([labels[0], *(label.lower() for label in labels[1:])])) for key, labels in found.items()]
