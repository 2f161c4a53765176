"""The sections of a person's panel that are forms: permission, attributes, metadata, name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rooms.forms.exact import size
from rooms.live.person_fragments import digests
from rooms.livekit.snapshots import Participant
from rooms.moderation.verbs import Verb
from rooms.templatetags.words import is_json

TITLES = {"permission": "Permission", "attributes": "Attributes", "metadata": "Metadata", "name": "Name"}
ORDER = ("permission", "attributes", "metadata", "name")


@dataclass(frozen=True, slots=True)
class Section:
    """One form in the panel. ``digest`` names the value it was opened on; the page compares it with what is pushed."""

    verb: Verb
    form: Any
    fields: str
    url: str
    note: str
    digest: str
    # Metadata as it stands, to be read: the form to change it is folded away then.
    text: str = ""

    @property
    def id(self) -> str:
        """The id of the section, which is what the tabs link to."""
        return self.verb.name

    @property
    def title(self) -> str:
        """Its heading."""
        return TITLES[self.verb.name]


def section_of(
    verb: Verb, form: Any, fields: str, url: str, person: Participant | None, digest: str | None = None
) -> Section:
    """A section with ``form``; ``digest`` is that of a form which comes back as it was typed."""
    now = digests(person)[verb.name] if person else ""
    text = person.metadata if person and verb.name == "metadata" else ""
    return Section(verb, form, fields, url, _note(verb, person), digest or now, text)


def _note(verb: Verb, person: Participant | None) -> str:
    if person is None:
        return ""
    if verb.name == "attributes":
        count = len(person.attributes)
        return f"{count} key{'' if count == 1 else 's'}"
    if verb.name == "metadata":
        sort = "empty" if not person.metadata else "JSON" if is_json(person.metadata) else "text"
        return f"{sort}, {size(person.metadata):,} bytes" if person.metadata else sort
    return ""
