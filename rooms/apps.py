"""The one Django app of Greenroom."""

from django.apps import AppConfig

from rooms import checks


class RoomsConfig(AppConfig):
    """Registers the app's system checks."""

    name = "rooms"
    verbose_name = "Rooms"

    def ready(self) -> None:
        """Called once by Django when all models are loaded."""
        checks.register_all()
