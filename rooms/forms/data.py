"""Data for one person, for some, or for the whole room."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rooms.converters import quote, unquote
from rooms.forms.exact import ExactField, size
from rooms.forms.jsontext import JSONTextMixin
from rooms.livekit.snapshots import Participant

# LiveKit's advice in bytes; the server itself does not check (livekit.md 2.6).
ADVISED = {"lossy": 1_300, "reliable": 15 * 1_024}
MOST = 1_024 * 1_024
SHOWN = 200
KINDS = (("reliable", "Reliable"), ("lossy", "Lossy"))


class DataForm(JSONTextMixin):
    """Text or JSON with a topic, reliable or lossy."""

    EXACT = {"data_text": True}
    JSON_TEXT = "data_text"

    data_text = ExactField(required=False, widget=forms.Textarea)
    data_text_coded = forms.BooleanField(required=False)
    topic = forms.CharField(required=False, max_length=1_000, strip=False)
    kind = forms.ChoiceField(choices=KINDS, initial="reliable")

    def clean(self) -> dict[str, Any]:
        """``payload`` in bytes and ``reliable``."""
        text = self.exact("data_text")
        if not text and not self.errors:
            self.add_error("data_text", "There is nothing to send.")
        if size(text) > MOST:
            self.add_error("data_text", f"{size(text):,} bytes; Greenroom sends at most {MOST:,}.")
        return {
            **self.cleaned_data,
            "data_text": text,
            "payload": text.encode("utf-8", "surrogatepass"),
            "reliable": self.cleaned_data.get("kind") == "reliable",
        }

    @property
    def data_size(self) -> int:
        """Bytes in the field as it is shown."""
        return size(str(self["data_text"].value() or ""))

    @property
    def advice(self) -> str:
        """LiveKit's advice when the data is larger than it; "" otherwise."""
        kind = self.cleaned_data.get("kind", "reliable")
        count, limit = size(self.cleaned_data["data_text"]), ADVISED[kind]
        if count <= limit:
            return ""
        return f"{count:,} bytes: LiveKit advises at most {limit:,} for {kind} data. Apps may not receive more."


class RoomDataForm(DataForm):
    """As DataForm, for everybody or for chosen people, whose identities are spelt as in an address."""

    to = forms.ChoiceField(choices=(("everybody", "Everybody"), ("chosen", "Chosen people")), initial="everybody")
    q = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, people: Iterable[Participant] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = sorted(people, key=lambda each: (not each.on_stage, each.label.casefold(), each.identity))

    @property
    def chosen(self) -> list[str]:
        """Identities that are ticked, as they are spelt."""
        return list(self.typed().getlist("who")) if self.is_bound else []

    @property
    def found(self) -> list[tuple[str, Participant, bool]]:
        """(value, person, ticked): everybody who is ticked, then whoever the search finds, at most SHOWN."""
        ticked = set(self.chosen)
        wanted = str(self["q"].value() or "").casefold()
        spelt = [(quote(each.identity), each) for each in self.people]
        first = [(value, each, True) for value, each in spelt if value in ticked]
        rest = [
            (value, each, False)
            for value, each in spelt
            if value not in ticked and (wanted in each.name.casefold() or wanted in each.identity.casefold())
        ]
        return first + rest[:SHOWN]

    @property
    def more(self) -> int:
        """How many people are in the room and not shown."""
        return len(self.people) - len(self.found)

    def clean(self) -> dict[str, Any]:
        """``identities``: empty for everybody."""
        cleaned = super().clean()
        identities: list[str] = []
        if cleaned.get("to") == "chosen":
            try:
                identities = [unquote(each) for each in self.chosen]
            except ValueError:
                self.add_error("to", "One of the chosen people cannot be read. Choose again.")
            if not identities and "to" not in self.errors:
                self.add_error("to", "Choose somebody, or send to everybody.")
        return {**cleaned, "identities": identities}
