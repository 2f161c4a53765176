"""Forms of a project: its connection, and each group of its settings."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from rooms.models import Project
from rooms.models.project import CHAT_TOPICS, names_in

SCHEMES = ("ws", "wss", "http", "https")
# "new" is the address of the page that makes a project.
RESERVED_SLUGS = {"new"}
UNUSED_ATTRIBUTE = re.compile(r"[\s,]")


def clean_livekit_url(url: str) -> str:
    """The address without blanks around it. Raises ValidationError for what cannot be a LiveKit server's."""
    url = url.strip()
    parts = urlsplit(url if "//" in url else f"//{url}")
    if parts.scheme not in SCHEMES:
        raise ValidationError("Begin the address with wss:// or https:// (ws:// or http:// on your own machine).")
    if not parts.hostname:
        raise ValidationError("This address names no host.")
    if parts.username or parts.password:
        raise ValidationError("Leave user name and password out of the address; the key and secret stand below.")
    if parts.query or parts.fragment:
        raise ValidationError("Leave out everything from ? or # on.")
    return url


def free_slug(name: str) -> str:
    """A short name for addresses that no project has yet: "Production EU" is ``production-eu``."""
    base = slugify(name)[:40].strip("-") or "project"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    tries = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in tries if slug not in taken)


class ConnectionForm(forms.ModelForm):
    """Name, address, key and secret. An empty secret keeps the one that is there."""

    api_secret = forms.CharField(
        label="API secret", required=False, max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    class Meta:
        model = Project
        fields = ["name", "url", "api_key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = (self.instance.url, self.instance.api_key, str(self.instance.api_secret))
        secret = self.fields["api_secret"]
        if self.instance.api_secret:
            secret.widget.attrs["placeholder"] = "Kept. Type to replace"
        if self.instance.from_environment:
            secret.widget.attrs["placeholder"] = "From the environment"
            for name in ("url", "api_key", "api_secret"):
                self.fields[name].disabled = True

    def clean_url(self) -> str:
        """See clean_livekit_url."""
        return clean_livekit_url(self.cleaned_data["url"])

    def clean_api_key(self) -> str:
        """Keys have no blanks; one that was copied with them would never match."""
        return str(self.cleaned_data["api_key"]).strip()

    def clean_api_secret(self) -> str:
        """The new secret, or the one that is there. Raises ValidationError when there is neither."""
        given = (self.cleaned_data["api_secret"] or "").strip()
        if given:
            return given
        if self.instance.secret_lost:
            raise ValidationError("The secret that is stored cannot be decrypted with GREENROOM_KEYS. Type it again.")
        if not self.instance.api_secret:
            raise ValidationError("LiveKit needs the secret that belongs to this key.")
        return str(self.instance.api_secret)

    def clean(self) -> dict[str, Any]:
        """A stored secret never goes to another address than the one for which it was typed."""
        data = super().clean() or {}
        moved = data.get("url") and self.instance.pk and data["url"] != self.was[0]
        typed = bool((self.data.get(self.add_prefix("api_secret")) or "").strip())
        if moved and not typed and not self.instance.from_environment and "api_secret" not in self.errors:
            self.add_error("api_secret", "A new address needs the secret again.")
        return data

    @property
    def new_secret(self) -> bool:
        """Whether key or secret differ from what is stored."""
        return (self.cleaned_data["api_key"], self.cleaned_data["api_secret"]) != self.was[1:]


class SafetyForm(forms.ModelForm):
    """What may be done in this project; each takes effect at once."""

    class Meta:
        model = Project
        fields = ["allow_remote_unmute", "read_only", "reason_required", "show_hidden"]
        labels = {
            "allow_remote_unmute": "Moderators may unmute remotely",
            "read_only": "Read only until unlocked",
            "reason_required": "Ask for a reason",
            "show_hidden": "Show hidden participants",
        }


class LiveForm(forms.ModelForm):
    """How often a watched room is read, and how long its changes are kept."""

    class Meta:
        model = Project
        fields = ["reading_interval", "history_days", "keep_history"]
        labels = {
            "reading_interval": "Read a watched room every",
            "history_days": "Keep the feed for",
            "keep_history": "Record while nobody looks",
        }


class ObserverForm(forms.ModelForm):
    """Whether an observer of Greenroom's own goes into rooms that somebody looks at, and what it tells of them."""

    class Meta:
        model = Project
        fields = ["observer", "observer_listens", "observer_chat"]
        labels = {
            "observer": "Watch from inside the room",
            "observer_listens": "Show who is speaking",
            "observer_chat": "Show the chat in the feed",
        }


class ChatForm(forms.ModelForm):
    """On which topics participants chat."""

    class Meta:
        model = Project
        fields = ["chat_topics"]
        labels = {"chat_topics": "Chat topics"}
        help_texts = {"chat_topics": "Separated by commas. LiveKit’s own components use lk.chat."}

    def clean_chat_topics(self) -> str:
        """Topics separated by commas, each once, in the order given."""
        topics = names_in(self.cleaned_data["chat_topics"])
        if not topics:
            raise ValidationError(f"Name at least one topic. LiveKit’s own components use {CHAT_TOPICS}.")
        return ", ".join(topics)


class HandsForm(forms.ModelForm):
    """Which attributes mean a raised hand."""

    class Meta:
        model = Project
        fields = ["hand_attributes"]
        labels = {"hand_attributes": "Attributes that mean a raised hand"}

    def clean_hand_attributes(self) -> str:
        """Names separated by commas, each once, in the order given."""
        names = names_in(self.cleaned_data["hand_attributes"])
        for name in names:
            if UNUSED_ATTRIBUTE.search(name):
                raise ValidationError(f"“{name}” has a blank in it: attribute names are separated by commas.")
        return ", ".join(names)


class LimitsForm(forms.ModelForm):
    """Sizes, in bytes of UTF-8, that are checked before anything is sent."""

    class Meta:
        model = Project
        fields = ["metadata_limit", "attributes_limit"]
        labels = {"metadata_limit": "Metadata", "attributes_limit": "Attributes, keys and values together"}


class DeletionForm(forms.Form):
    """The name of a project, typed by whoever deletes it, and why."""

    name = forms.CharField(label="Name of the project", max_length=80, strip=False)
    reason = forms.CharField(
        label="Reason", required=False, max_length=500, help_text="Kept in the audit, with your name."
    )

    def __init__(self, project: Project, data: Any = None) -> None:
        super().__init__(data, auto_id="deletion-%s")
        self.project = project
        self.fields["reason"].required = project.reason_required

    def clean_name(self) -> str:
        """The project's name, as the page shows it: blanks count once. Raises ValidationError for any other."""
        typed = " ".join(str(self.cleaned_data["name"]).split())
        if typed != " ".join(self.project.name.split()):
            raise ValidationError("This is not the name of the project. Nothing was deleted.")
        return typed


GROUPS: dict[str, type[forms.ModelForm]] = {
    "safety": SafetyForm,
    "live": LiveForm,
    "observer": ObserverForm,
    "chat": ChatForm,
    "hands": HandsForm,
    "limits": LimitsForm,
}
