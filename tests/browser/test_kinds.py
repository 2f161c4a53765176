"""Those who are no ordinary people, on the simulator and on the real server."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import row, said

# kind of the token -> what the row says
KINDS = {"agent": "Agent", "sip": "SIP", "egress": "Egress", "ingress": "Ingress"}


def test_each_kind_is_named_and_can_be_filtered(either_house: House) -> None:
    house = either_house
    house.join("carol", name="Carol")
    for kind in KINDS:
        house.join(f"the-{kind}", kind=kind)
    mike = house.look("mike")

    expect(row(mike, "carol").locator(".badge")).to_have_count(0)
    for kind, words in KINDS.items():
        expect(row(mike, f"the-{kind}").locator(".badge")).to_have_text(words)
    mike.goto(house.console.room(house.room, house.slug, kind="SIP"))
    expect(mike.locator("#rows tr[data-identity]")).to_have_count(1)
    expect(row(mike, "the-sip")).to_have_count(1)


def test_somebody_hidden_is_marked(either_house: House) -> None:
    house = either_house
    house.join("carol", name="Carol")
    mike = house.look("mike")

    house.join("ghost", name="Ghost", hidden=True)

    expect(row(mike, "ghost").locator(".badge")).to_have_text("Hidden")
    expect(said(mike, "Ghost", "joined", "hidden")).to_have_count(1)
