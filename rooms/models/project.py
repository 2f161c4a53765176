"""A project: one LiveKit server with its key, and how Greenroom behaves there."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from rooms.livekit.client import Connection
from rooms.models.fields import CannotDecrypt, EncryptedTextField

KIB = 1024
HAND_ATTRIBUTES = "handRaisedAt, hand_raised, handRaised, raisedHand, hand"
CHAT_TOPICS = "lk.chat"
ENVIRONMENT_SLUG = "livekit"
DEMO_SLUG = "demo"


class Project(models.Model):
    """One LiveKit server. Sizes are bytes of UTF-8, the reading interval seconds."""

    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(max_length=80)
    url = models.CharField("URL", max_length=500)
    api_key = models.CharField("API key", max_length=200)
    api_secret = EncryptedTextField("API secret", blank=True)
    secret_set_at = models.DateTimeField(null=True, editable=False)
    secret_set_by = models.CharField(max_length=150, blank=True, editable=False)
    # Still verifies webhooks until the server too has changed its key.
    previous_api_key = models.CharField(max_length=200, blank=True, editable=False)
    previous_api_secret = EncryptedTextField(blank=True, editable=False)
    # URL, key and secret come from LIVEKIT_* and are not edited on the page.
    from_environment = models.BooleanField(default=False, editable=False)

    allow_remote_unmute = models.BooleanField(default=True)
    read_only = models.BooleanField(default=False)
    reason_required = models.BooleanField(default=False)
    show_hidden = models.BooleanField(default=True)
    keep_history = models.BooleanField(default=False)
    # A hidden participant in each room that somebody looks at; needs the extra `observer`.
    observer = models.BooleanField(default=False)
    # It receives the microphones' sound then, to know who speaks.
    observer_listens = models.BooleanField(default=False)
    # What participants say on these topics goes into the feed then, and is kept with it.
    observer_chat = models.BooleanField(default=False)
    chat_topics = models.CharField(max_length=500, default=CHAT_TOPICS)

    reading_interval = models.FloatField(default=1.0, validators=[MinValueValidator(0.2), MaxValueValidator(60)])
    history_days = models.PositiveIntegerField(default=7, validators=[MaxValueValidator(3650)])
    hand_attributes = models.CharField(max_length=500, default=HAND_ATTRIBUTES, blank=True)
    metadata_limit = models.PositiveIntegerField(
        default=64 * KIB, validators=[MinValueValidator(1), MaxValueValidator(KIB * KIB)]
    )
    attributes_limit = models.PositiveIntegerField(
        default=64 * KIB, validators=[MinValueValidator(1), MaxValueValidator(KIB * KIB)]
    )

    last_webhook_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # A deleted project is a row without a secret that nobody opens: its audit and its address stay taken.
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def connection(self) -> Connection:
        """Where and with which key LiveKit is called. The secret is empty while it cannot be decrypted."""
        return Connection(url=self.url, key=self.api_key, secret=str(self.api_secret))

    @property
    def secret_lost(self) -> bool:
        """Whether a secret is stored that none of GREENROOM_KEYS decrypts."""
        return isinstance(self.api_secret, CannotDecrypt)

    @property
    def secrets(self) -> dict[str, str]:
        """API key -> secret of everything that may sign for this project: now, and before the last change."""
        known = {self.previous_api_key: str(self.previous_api_secret), self.api_key: str(self.api_secret)}
        return {key: secret for key, secret in known.items() if key and secret}

    @property
    def hand_names(self) -> tuple[str, ...]:
        """The attributes that mean a raised hand, in the order in which they are looked for."""
        return names_in(self.hand_attributes)

    @property
    def heard_topics(self) -> tuple[str, ...]:
        """The chat topics that the observer tells of; none where it is not to."""
        return names_in(self.chat_topics) if self.observer_chat else ()

    def set_secret(self, secret: str, username: str) -> None:
        """Put a new secret in place, with who did it; not saved yet."""
        self.api_secret = secret
        self.secret_set_at = timezone.now()
        self.secret_set_by = username


def names_in(listed: str) -> tuple[str, ...]:
    """The names in a list that somebody typed, separated by commas: each once, in the order given."""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
