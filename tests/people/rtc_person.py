"""A person on a real LiveKit server: LiveKit's own client core, with synthetic media."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import livekit.rtc as rtc
from livekit.rtc.participant import PublishTrackError

from tests.people.line import Line
from tests.people.media import SOURCES, Media
from tests.people.person import GREETING, Experience, JoinRefused, Person, Track
from tests.servers.server import Server

OWN_ACT_SECONDS = 15.0
PACKETS_SECONDS = 0.5  # in which sound or pictures bring many packets
REFUSAL_SECONDS = 1.0  # the SDK never tells that publishing was refused: how long to wait for it all the same


class RtcPerson(Person):
    """Joins through the `livekit` package. Own acts that the server refuses are silent here, as in that SDK."""

    def __init__(self, server: Server, room: str, identity: str, token: str) -> None:
        super().__init__(room, identity, token)
        self._line = Line(server.url)
        self._session = rtc.Room()
        self._media: dict[str, Media] = {}
        self._is_muted: dict[str, bool] = {}
        self._received: dict[str, rtc.RemoteTrack] = {}
        self._happened: list[Experience] = []
        self.is_within_hearing = False
        self._listen()

    async def connect(self, *, auto_subscribe: bool = True) -> None:
        """Go in. Raises JoinRefused with status 0 and the SDK's words; ``join`` asks the server for the real ones."""
        try:
            await self._session.connect(
                await self._line.open(), self.token, rtc.RoomOptions(auto_subscribe=auto_subscribe)
            )
        except rtc.ConnectError as error:
            await self._line.close()
            raise JoinRefused(0, error.message) from error
        self.sid = self._session.local_participant.sid
        self.is_within_hearing = not self._session.local_participant.permissions.can_subscribe

    def _listen(self) -> None:
        on = self._session.on
        on("track_muted", lambda participant, track: self._mute_changed(participant, track.sid, muted=True))
        on("track_unmuted", lambda participant, track: self._mute_changed(participant, track.sid, muted=False))
        on("participant_permissions_changed", self._permission_changed)
        on("participant_metadata_changed", lambda who, _, new: self._note_of(who, "metadata_changed", metadata=new))
        on("participant_name_changed", lambda who, _, new: self._note_of(who, "name_changed", name=new))
        on("participant_attributes_changed", self._attributes_changed)
        on("local_track_unpublished", lambda track: self._note("track_unpublished", track_sid=track.sid))
        on("data_received", self._data_received)
        on("room_metadata_changed", lambda _, new: self._note("room_metadata_changed", metadata=new))
        on("token_refreshed", lambda: self._note("token_refreshed", refresh_token=self._session._token))
        on("moved", lambda: self._note("moved", room=self._session.name))
        on("disconnected", lambda reason: self._note("removed", reason=rtc.DisconnectReason.Name(reason)))
        on("participant_connected", lambda who: self._note("other_joined", identity=who.identity))
        on("participant_disconnected", lambda who: self._note("other_left", identity=who.identity))
        on("track_published", lambda track, who: self._note_track_of_other("other_published", track, who))
        on("track_unpublished", lambda track, who: self._note_track_of_other("other_unpublished", track, who))
        on("track_subscribed", lambda media, track, _: self._subscribed(media, track.sid))

    def _data_received(self, packet: rtc.DataPacket) -> None:
        if packet.topic == GREETING:
            self.is_within_hearing = True
        else:
            self._note("data", data=bytes(packet.data), topic=packet.topic or "")

    def _subscribed(self, media: rtc.RemoteTrack, track_sid: str) -> None:
        self._received[track_sid] = media
        self._note("subscribed", track_sid=track_sid)

    async def receives(self, track_sid: str) -> bool:
        """By its packets: the SDK does not tell that the server has stopped to send a track."""
        if track_sid not in self._received:
            return False
        before = await self._packets(track_sid)
        await asyncio.sleep(PACKETS_SECONDS)
        return await self._packets(track_sid) > before

    async def _packets(self, track_sid: str) -> int:
        stats = await self._received[track_sid].get_stats()
        found = [each.inbound_rtp.received.packets_received for each in stats if each.HasField("inbound_rtp")]
        return max(found, default=0)

    def _note(self, event: str, **details: Any) -> None:
        self._happened.append(Experience(event, details))

    def _note_of(self, who: rtc.Participant, event: str, **details: Any) -> None:
        """Note a change of this person, or that of another by its identity."""
        if who.identity == self.identity:
            self._note(event, **details)
        else:
            self._note(f"other_{event}", identity=who.identity, **details)

    def _note_track_of_other(self, event: str, track: rtc.RemoteTrackPublication, who: rtc.Participant) -> None:
        self._note(event, identity=who.identity, track_sid=track.sid)

    def _mute_changed(self, who: rtc.Participant, track_sid: str, *, muted: bool) -> None:
        """Note what the server did; an own mute has set ``_is_muted`` before its event comes."""
        if who.identity != self.identity:
            self._note("other_muted" if muted else "other_unmuted", identity=who.identity, track_sid=track_sid)
        elif self._is_muted.get(track_sid) is not muted:
            self._is_muted[track_sid] = muted
            self._note("muted" if muted else "unmute_asked", track_sid=track_sid)

    def _permission_changed(self, who: rtc.Participant, permission: Any) -> None:
        self._note_of(
            who,
            "permission_changed",
            can_publish=permission.can_publish,
            can_subscribe=permission.can_subscribe,
            can_publish_data=permission.can_publish_data,
            can_update_metadata=permission.can_update_metadata,
        )

    def _attributes_changed(self, changed: Mapping[str, str], who: rtc.Participant) -> None:
        self._note_of(who, "attributes_changed", attributes=dict(who.attributes), changed=dict(changed))

    async def _publish(self, track: Track) -> str:
        media = Media(track)
        options = rtc.TrackPublishOptions(source=SOURCES[track.source])
        patience = OWN_ACT_SECONDS if self._may_publish(track) else REFUSAL_SECONDS
        try:
            async with asyncio.timeout(patience):
                publication = await self._session.local_participant.publish_track(media.track, options)
        except (PublishTrackError, TimeoutError):
            await media.stop()
            self.refused.append("NOT_ALLOWED")
            return ""
        sid: str = publication.sid
        self._media[sid] = media
        self._is_muted[sid] = False
        if track.muted:
            await self.mute(sid)
        return sid

    def _may_publish(self, track: Track) -> bool:
        permission = self._session.local_participant.permissions
        sources = list(permission.can_publish_sources)
        return bool(permission.can_publish) and (not sources or SOURCES[track.source] in sources)

    async def unpublish(self, track_sid: str) -> None:
        await self._session.local_participant.unpublish_track(track_sid)
        await self._media.pop(track_sid).stop()

    async def mute(self, track_sid: str) -> None:
        self._is_muted[track_sid] = True
        self._media[track_sid].track.mute()

    async def unmute(self, track_sid: str) -> None:
        self._is_muted[track_sid] = False
        self._media[track_sid].track.unmute()

    async def set_name(self, name: str) -> None:
        await self._session.local_participant.set_name(name)

    async def set_metadata(self, metadata: str) -> None:
        await self._session.local_participant.set_metadata(metadata)

    async def set_attributes(self, attributes: Mapping[str, str]) -> None:
        await self._session.local_participant.set_attributes(dict(attributes))

    async def send_data(self, data: bytes, *, topic: str = "", to: Sequence[str] = ()) -> None:
        await self._session.local_participant.publish_data(data, topic=topic, destination_identities=list(to))

    async def say(self, text: str, *, topic: str = "lk.chat", to: Sequence[str] = ()) -> None:
        """Write in the chat as LiveKit’s own components do, by a text stream: to everybody, or to those in ``to``."""
        await self._session.local_participant.send_text(text, topic=topic, destination_identities=list(to))

    async def answer_rpc(
        self, method: str, answer: str | None = None, *, delay: float = 0.0, error: tuple[int, str, str] | None = None
    ) -> None:
        async def handle(call: rtc.RpcInvocationData) -> str:
            self._note("rpc", method=method, payload=call.payload)
            await asyncio.sleep(delay)
            if error:
                raise rtc.RpcError(*error)
            return call.payload if answer is None else answer

        self._session.local_participant.register_rpc_method(method, handle)

    async def stop_answering_rpc(self, method: str) -> None:
        self._session.local_participant.unregister_rpc_method(method)

    async def leave(self) -> None:
        await self._end()

    async def lose_connection(self) -> None:
        self._line.cut()
        await self._end()

    async def _end(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OWN_ACT_SECONDS):
                await self._session.disconnect()
        for media in self._media.values():
            await media.stop()
        self._media.clear()
        await self._line.close()

    async def experienced(self) -> list[Experience]:
        return list(self._happened)

    async def newest_token(self) -> str:
        return self._session._token or self.token
