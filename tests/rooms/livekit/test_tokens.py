from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.livekit.grants import VideoGrants
from rooms.livekit.tokens import Inspection, TokenSpec, inspect, mint

KEY, SECRET = "key", "a-secret-of-at-least-32-characters-000"
NOW = 1_760_000_000.0
JOIN = VideoGrants(room_join=True, room="town")


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_exp": False})
    return claims


def signed(claims: dict[str, Any], secret: str = SECRET) -> str:
    return jwt.encode({"iss": KEY, "exp": NOW + 60, **claims}, secret, algorithm="HS256")


def look(token: str, now: float = NOW) -> Inspection:
    return inspect(token, {KEY: SECRET}, now=now)


def words_of(claims: dict[str, Any]) -> dict[str, str]:
    return {line.name: line.words for line in look(signed(claims)).grants}


def test_a_join_token_says_only_what_was_asked() -> None:
    spec = TokenSpec(identity="ann", name="Ann", ttl=60, metadata="m", attributes={"a": "1"}, grants=JOIN)
    assert claims_of(mint(KEY, SECRET, spec, now=NOW)) == {
        "iss": KEY,
        "sub": "ann",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 60,
        "name": "Ann",
        "metadata": "m",
        "attributes": {"a": "1"},
        "video": {"roomJoin": True, "room": "town"},
    }


def test_a_no_of_a_three_state_grant_is_said_and_an_unset_one_is_not() -> None:
    grants = VideoGrants(room_join=True, room="town", can_publish=False, can_subscribe=True, hidden=False)
    claims = claims_of(mint(KEY, SECRET, TokenSpec(identity="a", grants=grants), now=NOW))
    assert claims["video"] == {"roomJoin": True, "room": "town", "canPublish": False, "canSubscribe": True}


def test_every_grant_has_livekits_name() -> None:
    words = {"room": "town", "destination_room": "hall", "can_publish_sources": ("camera",)}
    yes: dict[str, Any] = dict.fromkeys((each.name for each in dataclasses.fields(VideoGrants)), True)
    everything = VideoGrants(**yes | words)
    claim = claims_of(mint(KEY, SECRET, TokenSpec(identity="a", grants=everything), now=NOW))["video"]
    assert claim == {
        **dict.fromkeys(("roomCreate", "roomList", "roomRecord", "roomAdmin", "roomJoin"), True),
        **dict.fromkeys(("canPublish", "canSubscribe", "canPublishData", "canUpdateOwnMetadata"), True),
        **dict.fromkeys(("ingressAdmin", "hidden", "recorder", "agent"), True),
        **dict.fromkeys(("canSubscribeMetrics", "canManageAgentSession"), True),
        "room": "town",
        "destinationRoom": "hall",
        "canPublishSources": ["camera"],
    }


def test_kind_and_configuration_of_the_room() -> None:
    spec = TokenSpec(
        identity="a",
        kind="agent",
        kind_details=("forwarded",),
        grants=JOIN,
        room_config={"metadata": "m"},
        room_preset="p",
    )
    claims = claims_of(mint(KEY, SECRET, spec, now=NOW))
    assert (claims["kind"], claims["kindDetails"]) == ("agent", ["forwarded"])
    assert (claims["roomConfig"], claims["roomPreset"]) == ({"metadata": "m"}, "p")


@pytest.mark.parametrize(
    ("key", "secret", "spec", "words"),
    [
        ("", SECRET, TokenSpec(), "a key and a secret"),
        (KEY, "", TokenSpec(), "a key and a secret"),
        (KEY, SECRET, TokenSpec(ttl=0), "at least a second"),
        (KEY, SECRET, TokenSpec(kind="robot"), "robot"),
        (KEY, SECRET, TokenSpec(grants=VideoGrants(can_publish_sources=("CAMERA",))), "CAMERA"),
        (KEY, SECRET, TokenSpec(grants=JOIN), "identity"),
    ],
)
def test_what_cannot_be_minted(key: str, secret: str, spec: TokenSpec, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mint(key, secret, spec)


def test_a_token_starts_now() -> None:
    begun = time.time()
    claims = claims_of(mint(KEY, SECRET, TokenSpec()))
    assert int(begun) <= claims["nbf"] <= time.time()


class TestInspect:
    def test_a_good_one(self) -> None:
        seen = look(mint(KEY, SECRET, TokenSpec(identity="ann", ttl=60, grants=JOIN), now=NOW))
        assert (seen.readable, seen.verified, seen.key, seen.identity) == (True, True, KEY, "ann")
        assert (seen.expired, seen.not_yet_valid, seen.problems) == (False, False, ())
        assert seen.expires is not None
        assert seen.expires.timestamp() == NOW + 60
        assert seen.header["alg"] == "HS256"

    def test_another_secret(self) -> None:
        seen = look(signed({"sub": "ann"}, "another-secret-of-at-least-32-characters"))
        assert not seen.verified
        assert "signature is wrong" in seen.why
        assert seen.identity == "ann"

    def test_another_key(self) -> None:
        seen = look(signed({"iss": "theirs"}))
        assert not seen.verified
        assert "key that it names" in seen.why
        assert seen.key == "theirs"

    def test_another_algorithm_is_not_verified(self) -> None:
        token = jwt.encode({"iss": KEY}, SECRET, algorithm="HS512")
        assert "HS256" in look(token).why
        unsigned = jwt.encode({"iss": KEY}, "", algorithm="none")
        assert look(unsigned).verified is False

    def test_a_changed_one(self) -> None:
        head, _, signature = signed({}).split(".")
        other = signed({"sub": "root"}).split(".")[1]
        assert "changed afterwards" in look(f"{head}.{other}.{signature}").why

    def test_times(self) -> None:
        token = signed({"nbf": NOW, "exp": NOW + 60})
        assert look(token, NOW - 1).not_yet_valid
        assert look(token, NOW + 61).expired
        assert any("less than a minute ago" in words for words in look(token, NOW + 61).problems)
        assert not any("less than a minute ago" in words for words in look(token, NOW + 300).problems)
        assert any("not valid yet" in words for words in look(token, NOW - 300).problems)

    def test_unset_grants_are_told_as_livekit_resolves_them(self) -> None:
        assert words_of({"video": {"roomJoin": True, "room": "town"}}) == {
            "room": "for the room “town”",
            "roomJoin": "may join the room",
            "canPublish": "may publish: every source (by default)",
            "canSubscribe": "may subscribe (by default)",
            "canPublishData": "may send data (by default)",
            "canUpdateOwnMetadata": "may not change own name, metadata or attributes (by default)",
        }

    def test_data_follows_publish(self) -> None:
        words = words_of({"video": {"roomJoin": True, "room": "town", "canPublish": False}})
        assert words["canPublish"] == "may not publish"
        assert words["canPublishData"] == "may not send data (by default)"

    def test_sources_in_words(self) -> None:
        video = {"roomJoin": True, "canPublish": True, "canPublishSources": ["microphone", "screen_share"]}
        assert words_of({"video": video})["canPublish"] == "may publish: microphone, screen share"

    def test_grants_beside_video(self) -> None:
        words = words_of({"sip": {"admin": True}, "roomPreset": "p"})
        assert words["sip"] == 'SIP grants: {"admin": true}'
        assert words["roomPreset"] == 'uses the room preset "p"'

    @pytest.mark.parametrize(
        ("claims", "words"),
        [
            ({"exp": None}, "never expires"),
            ({"nbf": NOW, "exp": NOW + 90_000}, "more than a day"),
            ({}, "no video grant"),
            ({"video": {"roomJoin": True, "room": "a"}}, "names no identity"),
            ({"sub": "a", "video": {"roomJoin": True}}, "names no room"),
            ({"video": {"roomAdmin": True}}, "no grant for all rooms"),
            ({"sub": "a", "video": {"roomJoin": True, "roomAdmin": True, "room": "a"}}, "also administers"),
            ({"sub": "a", "video": {"roomJoin": True, "roomList": True, "room": "a"}}, "roomList"),
            ({"video": {"canPublish": False, "canPublishSources": ["camera"]}}, "no effect"),
            ({"video": {"canPublishSources": ["CAMERA"]}}, "no such source: CAMERA"),
            ({"kind": "robot"}, "does not know this kind"),
        ],
    )
    def test_what_is_worth_a_look(self, claims: dict[str, Any], words: str) -> None:
        assert [problem for problem in look(signed(claims)).problems if words in problem]

    @pytest.mark.parametrize("form", ["Bearer {}", "  {}\n", "bearer {}", "Authorization"])
    def test_it_may_be_pasted_as_it_is_found(self, form: str) -> None:
        seen = look(form.format(signed({"sub": "ann"})))
        assert seen.readable is ("{}" in form)

    def test_line_breaks_inside_are_no_harm(self) -> None:
        token = signed({"sub": "ann"})
        assert look(f"{token[:40]}\n {token[40:]}").verified

    @given(st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: raw.hex() + "." + raw.hex() + "."))
    @example("x" * 2_000_000)
    @example("eyJhbGciOiJIUzI1NiJ9.e30.")
    def test_garbage_is_no_token_and_no_failure(self, text: str) -> None:
        assert not look(text).verified

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        ),
        st.sampled_from(["iss", "sub", "jti", "exp", "nbf", "kind", "video", "sip", "roomConfig", "sha256"]),
    )
    def test_any_json_in_any_claim_is_no_failure(self, value: Any, name: str) -> None:
        payload = json.dumps({"iss": KEY, "video": {"room": value, "canPublishSources": value}, name: value})
        seen = look(jwt.PyJWS().encode(payload.encode(), SECRET, algorithm="HS256"))
        assert seen.readable
        json.dumps(seen.claims, ensure_ascii=False).encode()
        "".join(line.words for line in seen.grants).encode()

    @pytest.mark.parametrize("depth", [900, 100_000])
    def test_deep_claims_are_no_failure(self, depth: int) -> None:
        payload = b'{"iss":"key","sip":' + b"[" * depth + b"]" * depth + b"}"
        look(jwt.PyJWS().encode(payload, SECRET, algorithm="HS256"))
