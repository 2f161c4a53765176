"""``manage.py new_key``: a key for GREENROOM_KEYS."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print a fresh key. Put it first in GREENROOM_KEYS, then run rotate_keys."""

    help = "Print a fresh key for GREENROOM_KEYS."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(Fernet.generate_key().decode())
