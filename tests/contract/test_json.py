"""JSON requests: what Twirp and protojson take and what they refuse (livekit.md 2.1)."""

from __future__ import annotations

import base64
import json

import pytest

from tests.contract.twirp import SERVICE, Answer, Refusal
from tests.contract.under_test import UnderTest

MALFORMED = Refusal(400, "malformed", "the json request could not be decoded")


async def post(livekit: UnderTest, method: str, body: bytes) -> Answer:
    """Send a body as JSON, with every grant on the case's room."""
    token = livekit.token(room_list=True, room_create=True, room_admin=True, room=livekit.room)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return await livekit.post(SERVICE + method, body, headers=headers)


TAKEN = {
    "text after the brace": b"{} x",
    "a second value": b"{}{}",
    "no text after the brace": b"{} \xff",
    "spaces before": b" \r\n\t{}",
    "null for a list": b'{"names": null}',
    "an unknown key twice": b'{"foo": 1, "foo": 2}',
    "an unknown extension": b'{"[foo.bar]": 1}',
    "any depth": b'{"foo": ' + b"[" * 200 + b"]" * 200 + b"}",
    "an escaped key": b'{"n\\u0061mes": ["zz"]}',
    "another case is another key": b'{"Names": 3}',
    "two halves of a character": b'{"names": ["\\ud83d\\ude00"]}',
}
REFUSED = {
    "nothing": b"",
    "spaces": b" ",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a wide space before": b"\xc2\xa0{}",
    "a form feed before": b"\x0c{}",
    "a comment": b"{/*x*/}",
    "a comma at the end": b'{"names": [],}',
    "single quotes": b"{'names': []}",
    "null in a list": b'{"names": [null]}',
    "a number for a text": b'{"names": [1]}',
    "a text for a list": b'{"names": "a"}',
    "a key twice": b'{"names": ["a"], "names": ["a"]}',
    "NaN in an unknown key": b'{"foo": NaN}',
    "a leading zero in an unknown key": b'{"foo": 01}',
    "half a character": b'{"names": ["\\ud800"]}',
    "a bare line end": b'{"names": ["a\nb"]}',
    "no UTF-8": b'{"names": ["\xff"]}',
    "no UTF-8 in an unknown key": b'{"foo": "\xff"}',
    "great depth": b'{"foo": ' + b"[" * 12_000 + b"]" * 12_000 + b"}",
}


@pytest.mark.parametrize("case", TAKEN)
async def test_a_body_is_taken(livekit_once: UnderTest, case: str) -> None:
    answer = await post(livekit_once, "ListRooms", TAKEN[case])
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("case", REFUSED)
async def test_a_body_is_refused(livekit_once: UnderTest, case: str) -> None:
    assert (await post(livekit_once, "ListRooms", REFUSED[case])).refusal == MALFORMED


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("7", 7), ('"7"', 7), ("7.0", 7), ('"7.0"', 7), ("7e0", 7), ("70e-1", 7), ("-0", 300), ("null", 300)],
)
async def test_a_number_may_be_written_so(livekit_once: UnderTest, written: str, seconds: int) -> None:
    body = f'{{"name": "{livekit_once.room}", "empty_timeout": {written}}}'.encode()
    answer = await post(livekit_once, "CreateRoom", body)
    assert (answer.status, answer.json["empty_timeout"]) == (200, seconds)


@pytest.mark.parametrize(
    "written",
    ["-1", "7.5", "4294967296", "1e30", "true", '""', '" 7"', '"+7"', '"0x7"', "+7", "07", "[7]", "{}", '"NaN"'],
)
async def test_a_number_may_not_be_written_so(livekit_once: UnderTest, written: str) -> None:
    body = f'{{"name": "{livekit_once.room}", "empty_timeout": {written}}}'.encode()
    assert (await post(livekit_once, "CreateRoom", body)).refusal == MALFORMED


FIELDS: dict[str, tuple[str, bool]] = {
    '"agents": [{}]': ("CreateRoom", True),
    '"agents": ["x"]': ("CreateRoom", False),
    '"agents": [[]]': ("CreateRoom", False),
    '"agents": [{"foo": 1, "foo": 2}]': ("CreateRoom", True),
    '"agents": [{"metadata": "a", "metadata": "a"}]': ("CreateRoom", False),
    '"tags": {"a": "1", "a": "2"}': ("CreateRoom", False),
    '"tags": {"a": 1}': ("CreateRoom", False),
    '"emptyTimeout": 1, "empty_timeout": 1': ("CreateRoom", False),
    '"sync_streams": "true"': ("CreateRoom", False),
    '"kind": "lossy"': ("SendData", True),
    '"kind": "NO_SUCH_KIND"': ("SendData", True),
    '"kind": 7': ("SendData", True),
    '"kind": 1.0': ("SendData", True),
    '"kind": 1.5': ("SendData", False),
    '"kind": 4294967296': ("SendData", False),
    '"kind": true': ("SendData", False),
    '"data": "aGk"': ("SendData", True),
    '"data": "_-8="': ("SendData", True),
    '"data": "_+8="': ("SendData", False),
    '"data": "="': ("SendData", False),
    '"data": "aGk=="': ("SendData", False),
    '"data": "a"': ("SendData", False),
    '"data": [1]': ("SendData", False),
    '"permission": "x"': ("UpdateParticipant", False),
    '"permission": []': ("UpdateParticipant", False),
    '"permission": {"can_publish": true, "canPublish": true}': ("UpdateParticipant", False),
    '"permission": {"can_publish_sources": ["NO_SUCH_SOURCE"]}': ("UpdateParticipant", True),
    '"permission": {"can_publish_sources": [99]}': ("UpdateParticipant", True),
    '"revoke_token_ts": 9223372036854775807': ("RemoveParticipant", True),
    '"revoke_token_ts": 9223372036854775808': ("RemoveParticipant", False),
}


@pytest.mark.parametrize("fields", FIELDS)
async def test_a_field_is_taken_or_not(livekit_once: UnderTest, fields: str) -> None:
    method, taken = FIELDS[fields]
    await livekit_once.create()
    named = "name" if method == "CreateRoom" else "room"
    answer = await post(livekit_once, method, f'{{"{named}": "{livekit_once.room}", {fields}}}'.encode())
    # Nobody is there: what has been understood ends in 200 or in 404.
    assert answer.status in (200, 404) if taken else answer.refusal == MALFORMED


async def test_a_source_of_an_unknown_name_is_left_out(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice", signalling_only=True)
    sources = {"can_publish": True, "can_publish_sources": ["camera", "MICROPHONE", "NO_SUCH_SOURCE"]}
    body = json.dumps({"room": livekit_once.room, "identity": "alice", "permission": sources}).encode()
    answer = await post(livekit_once, "UpdateParticipant", body)
    assert answer.json["permission"]["can_publish_sources"] == ["MICROPHONE"]


async def test_bytes_come_back_in_plain_base64(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    encoded = base64.urlsafe_b64encode(b"\xff\xef").decode().rstrip("=")
    await post(livekit_once, "SendData", f'{{"room": "{livekit_once.room}", "data": "{encoded}"}}'.encode())
    await alice.experiences("data", data=b"\xff\xef")
