"""What only the real livekit-server can show: its webhooks, what the others in a room see, and its own death."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, row
from tests.browser.real import Proof
from tests.servers.manager import Servers

HEALING = 40_000


def test_webhooks_arrive_and_tell_before_the_next_reading(real_house: House, proof: Proof) -> None:
    house = replace(real_house, server=proof.lenient, slug="hooked")
    house.join("guide", name="Guide")
    mike = house.look("mike")
    expect(row(mike, "guide")).to_have_count(1)

    carol = house.join("carol", name="Carol")
    expect(row(mike, "carol")).to_have_count(1)
    house.people.do(carol.leave())
    expect(row(mike, "carol")).to_have_count(0)

    alice = house.browser_of("alice", "/p/hooked/settings/")
    expect(alice.locator("#webhooks")).to_contain_text("arriving")
    expect(alice.locator("#webhooks time")).to_have_text(re.compile(r"^\d+ s ago$"))


def test_the_others_see_the_tracks_go_with_the_stage(real_house: House) -> None:
    dave = real_house.join("dave", name="Dave")
    carol = real_house.join("carol", name="Carol", publish=["microphone", "camera"])
    for sid in carol.tracks.values():
        real_house.people.do(dave.experiences("other_published", identity="carol", track_sid=sid))
    mona = real_house.look("mona")

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Return Carol to the audience").click()
    dialog(mona).get_by_role("button", name="Return Carol").click()

    for sid in carol.tracks.values():
        real_house.people.do(dave.experiences("other_unpublished", identity="carol", track_sid=sid))


def test_the_server_is_killed_and_started_while_a_page_is_open(real_house: House, servers: Servers) -> None:
    real_house.join("carol", name="Carol")
    mike = real_house.look("mike")

    real_house.server.kill()
    expect(mike.locator("#fresh")).to_have_text(re.compile("^stale since"), timeout=HEALING)
    expect(mike.locator("#stale")).to_contain_text("refused the connection")
    expect(row(mike, "carol")).to_have_count(1)
    back = servers.restart(real_house.server)
    real_house.server.process = back.process

    expect(mike.locator("#fresh")).to_have_text("live", timeout=HEALING)
    real_house.join("dave", name="Dave")
    expect(row(mike, "dave")).to_have_count(1)
