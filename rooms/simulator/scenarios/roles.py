"""What the people of a scenario may do when they come in."""

from livekit.protocol.models import ParticipantPermission


def speaker() -> ParticipantPermission:
    """May publish everything and change their own name, metadata and attributes."""
    return ParticipantPermission(can_subscribe=True, can_publish=True, can_publish_data=True, can_update_metadata=True)


def listener() -> ParticipantPermission:
    """Listens, writes in the chat, raises a hand."""
    return ParticipantPermission(can_subscribe=True, can_publish_data=True, can_update_metadata=True)


def hidden() -> ParticipantPermission:
    """Sees everything and is seen by nobody."""
    return ParticipantPermission(can_subscribe=True, can_publish_data=True, hidden=True)


def recorder() -> ParticipantPermission:
    """Records the room."""
    return ParticipantPermission(can_subscribe=True, hidden=True, recorder=True)


def feed() -> ParticipantPermission:
    """Only sends."""
    return ParticipantPermission(can_publish=True)
