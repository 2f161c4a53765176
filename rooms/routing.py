"""Every WebSocket. They go one way, down: all writes are POSTs."""

from typing import Any

from rooms import converters  # noqa: F401  registers <name:...>

websocket_urlpatterns: list[Any] = []
