"""What is said about using a token: it must survive the shell, the script and the address it is pasted into."""

from __future__ import annotations

import json
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.livekit.grants import VideoGrants
from rooms.livekit.joining import http_url, lk_join, recipes, socket_url
from rooms.livekit.tokens import TokenSpec, mint

URL = "wss://livekit.example.eu"
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def spec(identity: str, room: str, **attributes: str) -> TokenSpec:
    """A join token to be."""
    return TokenSpec(identity=identity, attributes=attributes, grants=VideoGrants(room_join=True, room=room))


@given(NAMES, NAMES, NAMES)
def test_a_shell_reads_the_names_as_they_are(identity: str, room: str, value: str) -> None:
    words = shlex.split(lk_join(URL, spec(identity, room, key=value)))
    assert words[:5] == ["lk", "room", "join", "--url", "https://livekit.example.eu"]
    assert words[words.index("--identity") + 1] == identity
    assert words[-1] == room
    assert f"key={value}" in words


def test_a_room_that_looks_like_an_option_is_none() -> None:
    assert shlex.split(lk_join(URL, spec("a", "--yes")))[-2:] == ["--", "--yes"]


def test_what_no_shell_can_say_is_not_said() -> None:
    assert lk_join(URL, spec("a\x00b", "r")) == ""
    assert [recipe.name for recipe in recipes(URL, "t", spec("a\x00b", "r"))] == [
        "LiveKit’s client SDKs",
        "LiveKit Meet, in a browser",
    ]


def test_the_token_and_the_server_arrive_unchanged() -> None:
    made = spec("carol", "stage")
    token = mint("key", "secret-of-at-least-thirty-two-characters", made)
    script, meet, _ = recipes("http://127.0.0.1:7880/base", token, made)
    arguments = script.text.removeprefix("await room.connect(").removesuffix(")")
    assert json.loads(f"[{arguments}]") == ["ws://127.0.0.1:7880/base", token]
    query = parse_qs(urlsplit(meet.text).query)
    assert query == {"liveKitUrl": ["ws://127.0.0.1:7880/base"], "token": [token]}


def test_a_token_that_joins_nothing_has_no_way_in() -> None:
    assert recipes(URL, "t", TokenSpec(grants=VideoGrants(room_list=True))) == []


@pytest.mark.parametrize(
    ("given_url", "socket"), [("http://a", "ws://a"), ("https://a", "wss://a"), ("ws://a", "ws://a")]
)
def test_addresses_for_sdks_and_for_lk(given_url: str, socket: str) -> None:
    assert socket_url(given_url) == socket
    assert http_url(socket) == socket.replace("ws", "http", 1)
