"""Transport: paths, encodings, shapes and routing errors (livekit.md 2.1, 0.15)."""

from __future__ import annotations

import json

import pytest
from livekit.protocol import models

from tests.contract.twirp import METHODS, PREFIX, SERVICE, Refusal
from tests.contract.under_test import UnderTest


def authorized(livekit: UnderTest, **grants: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {livekit.token(**grants)}"}


async def test_a_reply_comes_in_the_encoding_of_the_request(livekit: UnderTest) -> None:
    answer = await livekit.call("ListRooms", names=[livekit.room])
    assert (answer.status, answer.content_type) == (200, f"application/{livekit.encoding}")
    assert list(answer.reply.rooms) == []


async def test_a_charset_behind_the_content_type_is_fine(livekit: UnderTest) -> None:
    headers = authorized(livekit, room_list=True) | {"Content-Type": f"application/{livekit.encoding}; charset=UTF-8"}
    body = b"{}" if livekit.encoding == "json" else b""
    assert (await livekit.post(SERVICE + "ListRooms", body, headers=headers)).status == 200


async def test_a_double_slash_in_front_is_tolerated(livekit: UnderTest) -> None:
    body = b"{}" if livekit.encoding == "json" else b""
    headers = authorized(livekit, room_list=True)
    assert (await livekit.post("/" + SERVICE + "ListRooms", body, headers=headers)).status == 200


async def test_get_on_a_method_is_a_bad_route(livekit_once: UnderTest) -> None:
    answer = await livekit_once.post(SERVICE + "ListRooms", b"", headers={}, http_method="GET")
    assert answer.refusal == Refusal(404, "bad_route", 'unsupported method "GET" (only POST is allowed)')
    assert answer.meta == {"twirp_invalid_route": f"GET {SERVICE}ListRooms"}


async def test_an_unknown_method_is_a_bad_route(livekit: UnderTest) -> None:
    path = SERVICE + "NoSuchMethod"
    answer = await livekit.post(path, b"", headers=authorized(livekit, room_list=True))
    assert answer.refusal == Refusal(404, "bad_route", f'no handler for path "{path}"')
    assert answer.meta == {"twirp_invalid_route": f"POST {path}"}


async def test_an_unknown_service_is_a_plain_404(livekit: UnderTest) -> None:
    answer = await livekit.post("/twirp/livekit.NoSuchService/List", b"", headers=authorized(livekit, room_list=True))
    assert (answer.status, answer.content_type, answer.text) == (404, "text/plain", "404 page not found")


async def test_another_content_type_is_a_bad_route(livekit_once: UnderTest) -> None:
    headers = authorized(livekit_once, room_list=True) | {"Content-Type": "text/plain"}
    answer = await livekit_once.post(SERVICE + "ListRooms", b"{}", headers=headers)
    assert answer.refusal == Refusal(404, "bad_route", 'unexpected Content-Type: "text/plain"')


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'{"names": 3}', b'{"names": [], "names": []}', b"\xff\xff\xff"]
)
async def test_a_body_that_is_no_request_is_malformed(livekit: UnderTest, body: bytes) -> None:
    if livekit.encoding == "protobuf":
        body = b"\xff\xff\xff" + body
    answer = await livekit.post(SERVICE + "ListRooms", body, headers=authorized(livekit, room_list=True))
    assert answer.refusal == Refusal(400, "malformed", f"the {livekit.encoding} request could not be decoded")


async def test_errors_are_json_in_either_encoding(livekit: UnderTest) -> None:
    answer = await livekit.call("GetParticipant", room=livekit.room, identity="nobody")
    assert answer.content_type == "application/json"
    assert set(answer.json) <= {"code", "msg", "meta"}


@pytest.mark.parametrize("key", ["emptyTimeout", "empty_timeout"])
async def test_json_takes_camel_and_snake_case_and_ignores_unknown_keys(livekit_once: UnderTest, key: str) -> None:
    body = json.dumps({"name": livekit_once.room, key: 77, "no_such_key": {"a": [1]}}).encode()
    headers = authorized(livekit_once, room_create=True) | {"Content-Type": "application/json"}
    answer = await livekit_once.post(SERVICE + "CreateRoom", body, headers=headers)
    assert (answer.status, answer.json["empty_timeout"]) == (200, 77)


@pytest.mark.parametrize("kind", ["LOSSY", 1])
async def test_json_takes_enums_by_name_and_by_number(livekit_once: UnderTest, kind: str | int) -> None:
    await livekit_once.create()
    body = json.dumps({"room": livekit_once.room, "kind": kind, "data": "aGk="}).encode()
    headers = authorized(livekit_once, room_admin=True, room=livekit_once.room) | {"Content-Type": "application/json"}
    answer = await livekit_once.post(SERVICE + "SendData", body, headers=headers)
    assert (answer.status, answer.json) == (200, {})


async def as_json(livekit: UnderTest, method: str, body: object, **grants: object) -> dict[str, object]:
    headers = authorized(livekit, **grants) | {"Content-Type": "application/json"}
    answer = await livekit.post(SERVICE + method, json.dumps(body).encode(), headers=headers)
    assert answer.status == 200, answer.text
    reply: dict[str, object] = answer.json
    return reply


async def test_a_room_in_json_is_snake_case_with_every_default_written_out(livekit_once: UnderTest) -> None:
    room = await as_json(livekit_once, "CreateRoom", {"name": livekit_once.room}, room_create=True)
    assert set(room) == {field.name for field in models.Room.DESCRIPTOR.fields}
    assert str(room["sid"]).startswith("RM_")
    assert {name: room[name] for name in ("empty_timeout", "departure_timeout", "max_participants")} == {
        "empty_timeout": 300,
        "departure_timeout": 20,
        "max_participants": 0,
    }
    assert (room["metadata"], room["num_participants"], room["active_recording"]) == ("", 0, False)
    assert isinstance(room["creation_time"], str)
    assert str(room["creation_time_ms"])[:-3] == room["creation_time"]
    assert room["version"] is None
    assert {"mime": "audio/opus", "fmtp_line": ""} in room["enabled_codecs"]  # type: ignore[operator]


async def test_a_participant_in_json_is_snake_case_with_every_default_written_out(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice")
    identity = {"room": livekit_once.room, "identity": "alice"}
    alice = await as_json(livekit_once, "GetParticipant", identity, room_admin=True, room=livekit_once.room)
    assert str(alice["sid"]).startswith("PA_")
    assert isinstance(alice["joined_at"], str)
    assert str(alice["joined_at_ms"])[:-3] == alice["joined_at"]
    assert {key: alice[key] for key in alice if key not in VARYING} == {
        "identity": "alice",
        "state": "ACTIVE",
        "tracks": [],
        "metadata": "",
        "name": "",
        "permission": {
            "can_subscribe": True,
            "can_publish": True,
            "can_publish_data": True,
            "can_publish_sources": [],
            "hidden": False,
            "recorder": False,
            "can_update_metadata": False,
            "agent": False,
            "can_subscribe_metrics": False,
            "can_manage_agent_session": False,
        },
        "region": "",
        "is_publisher": False,
        "kind": "STANDARD",
        "attributes": {},
        "disconnect_reason": "UNKNOWN_REASON",
        "kind_details": [],
        "data_tracks": [],
    }


async def test_a_track_in_json_is_snake_case_with_every_default_written_out(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone"])
    request = {"room": livekit_once.room, "identity": "alice", "track_sid": alice.tracks["microphone"], "muted": True}
    reply = await as_json(livekit_once, "MutePublishedTrack", request, room_admin=True, room=livekit_once.room)
    track = reply["track"]
    assert isinstance(track, dict)
    assert set(track) == {field.name for field in models.TrackInfo.DESCRIPTOR.fields}
    assert {name: track[name] for name in ("type", "source", "muted", "width", "layers", "encryption", "stereo")} == {
        "type": "AUDIO",
        "source": "MICROPHONE",
        "muted": True,
        "width": 0,
        "layers": [],
        "encryption": "NONE",
        "stereo": False,
    }
    assert track["version"]["unix_micro"].isdigit()
    assert {"mime_type", "mid", "cid", "layers", "video_layer_mode", "sdp_cid"} == set(track["codecs"][0])


async def test_a_body_of_more_than_ten_megabytes_is_read(livekit: UnderTest) -> None:
    if not livekit.server.started_here:
        pytest.skip("newer servers answer 413")
    answer = await livekit.call("ListRooms", names=["n" * 11_000_000])
    assert answer.status == 200


VARYING = {"sid", "joined_at", "joined_at_ms", "version", "client_protocol", "capabilities"}


async def test_an_unset_message_in_json_is_null(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice")
    request = {"room": livekit_once.room, "identity": "alice", "track_sid": "TR_unknown", "muted": True}
    reply = await as_json(livekit_once, "MutePublishedTrack", request, room_admin=True, room=livekit_once.room)
    assert reply == {"track": None}


async def test_any_web_page_may_call(livekit_once: UnderTest) -> None:
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    url = livekit_once.server.url + SERVICE + "ListRooms"
    async with livekit_once.http.options(url, headers=headers) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] in {"https://example.org", "*"}
        assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
        assert answer.headers["Access-Control-Max-Age"] == "86400"


WAITS = {"identity": "nobody", "track_sid": "TR_x", "muted": True}


@pytest.mark.parametrize("milliseconds", ["0", "300"])
async def test_the_callers_deadline_holds(livekit: UnderTest, milliseconds: str) -> None:
    headers = authorized(livekit, room_admin=True, room=livekit.room) | {"X-Twirp-Timeout-Ms": milliseconds}
    request = METHODS["MutePublishedTrack"].request(room=livekit.room, **WAITS)
    answer = await livekit.send("MutePublishedTrack", request, headers=headers)
    assert answer.refusal == Refusal(408, "canceled", PREFIX + "request canceled")


async def test_the_root_says_ok(livekit_once: UnderTest) -> None:
    answer = await livekit_once.post("/", b"", headers={}, http_method="GET")
    assert (answer.status, answer.text) == (200, "OK")
