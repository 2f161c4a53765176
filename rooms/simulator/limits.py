"""LiveKit's size limits, in bytes of UTF-8 (``LimitConfig`` of livekit-server 1.13.5)."""

from collections.abc import Mapping

MAX_METADATA = 524_288
MAX_ATTRIBUTES = 65_536
MAX_ROOM_NAME = 256
MAX_IDENTITY = 256
MAX_NAME = 256
MAX_RPC_PAYLOAD = 15_360
NONCE_SIZE = 16

METADATA_TEXT = "metadata size exceeds limits"
ATTRIBUTES_TEXT = "attribute size exceeds limits"
NAME_TEXT = "name length exceeds limits"


def size(text: str) -> int:
    """Bytes that ``text`` takes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def attributes_size(attributes: Mapping[str, str]) -> int:
    """Bytes of all keys and values together."""
    return sum(size(key) + size(value) for key, value in attributes.items())
