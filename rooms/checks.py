"""System checks: what is missing or wrong in the settings, each with its way out.

Errors (E) stop the server, warnings (W) do not. The checks tagged ``deploy`` run under `manage.py check --deploy` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

SCHEMES = {"http", "https", "ws", "wss"}
Apps = Sequence[AppConfig] | None


def environment(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E001: a variable whose value could not be understood."""
    return [
        Error(f"{problem.name}: {problem.wrong}", hint=problem.hint, id="greenroom.E001")
        for problem in settings.SETTINGS_PROBLEMS
    ]


def livekit_variables(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E002: some but not all of LIVEKIT_*. E003: an address without a scheme or host."""
    given = {name: bool(getattr(settings, name)) for name in ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")}
    missing = [name for name, there in given.items() if not there]
    found: list[CheckMessage] = []
    if missing and len(missing) < len(given):
        found.append(
            Error(
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
                hint="A project needs all three of LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or none.",
                id="greenroom.E002",
            )
        )
    parts = urlsplit(settings.LIVEKIT_URL)
    if given["LIVEKIT_URL"] and (parts.scheme not in SCHEMES or not parts.hostname):
        found.append(
            Error(
                f"LIVEKIT_URL {settings.LIVEKIT_URL!r} is not the address of a LiveKit server.",
                hint="Write it like wss://livekit.example.com or http://127.0.0.1:7880.",
                id="greenroom.E003",
            )
        )
    return found


def keys_at_rest(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E004: an entry of GREENROOM_KEYS that is no Fernet key."""
    for place, key in enumerate(settings.GREENROOM_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    f"GREENROOM_KEYS: key number {place} is not a Fernet key.",
                    hint="Make one with `python manage.py new_key`; separate several with commas.",
                    id="greenroom.E004",
                )
            ]
    return []


def demo_alone(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E005: the demo, whose accounts have known passwords, together with real data or a real server."""
    beside = [name for name in ("DATABASE_URL", "LIVEKIT_URL") if getattr(settings, name)]
    if not settings.DEMO or not beside:
        return []
    return [
        Error(
            f"The demo makes accounts with known passwords and does not run beside {' and '.join(beside)}.",
            hint=f"Unset GREENROOM_DEMO for real use, or unset {' and '.join(beside)} for the demo.",
            id="greenroom.E005",
        )
    ]


def collected_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E006: collected static files are asked for but not there."""
    if settings.STATIC_ROOT and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return [
            Error(
                f"STATIC_ROOT is {settings.STATIC_ROOT}, but no static files are collected there.",
                hint="Run `python manage.py collectstatic`, after each upgrade too.",
                id="greenroom.E006",
            )
        ]
    return []


def deployment(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W001 to W005: what a public deployment should set by itself."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(
            Warning("This is the demo.", hint="Its passwords are public. Unset GREENROOM_DEMO.", id="greenroom.W001")
        )
    if settings.GREENROOM_KEYS_KEPT:
        found.append(
            Warning(
                "GREENROOM_KEYS is not set: the key of the API secrets lies in a file beside the database.",
                hint="Make a key with `python manage.py new_key`, set GREENROOM_KEYS, and keep it with your secrets.",
                id="greenroom.W002",
            )
        )
    if not settings.HTTPS:
        found.append(
            Warning(
                "HTTPS is not set: cookies and passwords travel unprotected.",
                hint="Serve over HTTPS and set HTTPS=1; behind a proxy also TRUSTED_PROXIES=1.",
                id="greenroom.W003",
            )
        )
    if settings.STATIC_ROOT is None:
        found.append(
            Warning(
                "STATIC_ROOT is not set: static files are served without hashed names.",
                hint="Set STATIC_ROOT to a folder and run `python manage.py collectstatic`.",
                id="greenroom.W004",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Warning(
                "ALLOWED_HOSTS allows every name.",
                hint="Name the hosts that people use, separated by commas.",
                id="greenroom.W005",
            )
        )
    return found


def register_all() -> None:
    """Tell Django about the checks; called when the app is ready."""
    for check in (environment, livekit_variables, keys_at_rest, demo_alone, collected_files):
        register(check)
    register(deployment, Tags.security, deploy=True)
