"""The keys that act, from the registry of verbs."""

from django import template

from rooms.moderation.verbs import VERBS, Verb

register = template.Library()


@register.simple_tag
def verb_keys() -> list[tuple[str, str, str]]:
    """(key, names, words) for every key: ("p", "promote return_to_audience", "Bring up or return to audience")."""
    found: dict[str, list[Verb]] = {}
    for verb in VERBS.values():
        if verb.key:
            found.setdefault(verb.key, []).append(verb)
    return [(key, " ".join(verb.name for verb in verbs), _either(verbs)) for key, verbs in found.items()]


def _either(verbs: list[Verb]) -> str:
    """The labels of verbs that share a key: which of them a key means is seen on the row."""
    return " or ".join([verbs[0].label, *(verb.label.lower() for verb in verbs[1:])])
