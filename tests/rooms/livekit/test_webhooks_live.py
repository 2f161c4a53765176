"""Webhooks as the two servers send them, taken as Greenroom takes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rooms.livekit import webhooks
from tests.servers.fixtures import running_server
from tests.servers.manager import Servers
from tests.servers.receiver import Delivery, Receiver
from tests.servers.server import Configuration, Kind


async def arrived(receiver: Receiver, room: str, event: str) -> Delivery:
    """The delivery of ``event`` about ``room``, within five seconds."""
    async with asyncio.timeout(5):
        while True:
            found = [delivery for delivery in await receiver.about(room) if delivery.event == event]
            if found:
                return found[0]
            await asyncio.sleep(0.01)


async def test_a_delivery_is_believed_as_it_came_and_not_when_changed(
    kind: Kind, servers: Servers, people: Any
) -> None:
    with Receiver() as receiver:
        server = running_server(servers, kind, Configuration(webhook_url=receiver.url))
        await people(server, "a/b %2F", "ann\x00<b>")
        delivery = await arrived(receiver, "a/b %2F", "participant_joined")
        secrets = {server.key: server.secret}
        event = webhooks.verify(delivery.body, delivery.authorization, secrets)
        assert (event.event, event.room, event.identity) == ("participant_joined", "a/b %2F", "ann\x00<b>")
        assert event.id.startswith("EV_")
        assert event.created_at is not None
        with pytest.raises(webhooks.Forged):
            webhooks.verify(delivery.body.replace(b"ann", b"bob"), delivery.authorization, secrets)
        with pytest.raises(webhooks.Forged):
            webhooks.verify(delivery.body, delivery.authorization, {"other": server.secret})
        late = event.created_at.timestamp() + webhooks.MAX_AGE + webhooks.LEEWAY + 2
        with pytest.raises(webhooks.Expired):
            webhooks.verify(delivery.body, delivery.authorization, secrets, now=late)
