"""Every WebSocket. They go one way, down: all writes are POSTs."""

from typing import Any

from django.urls import path

from rooms import converters  # noqa: F401  registers <name:...>
from rooms.live.consumers import FactsConsumer, RoomConsumer, RoomsConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/p/<slug:slug>/rooms/", RoomsConsumer.as_asgi()),
    path("ws/p/<slug:slug>/rooms/<name:room>/", RoomConsumer.as_asgi()),
    path("ws/p/<slug:slug>/rooms/<name:room>/facts/", FactsConsumer.as_asgi()),
]
