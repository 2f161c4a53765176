"""Those who are no ordinary people, on the simulator and on the real server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import row, said

# kind of the token -> what the row says
KINDS = {"agent": "Agent", "sip": "SIP", "egress": "Egress", "ingress": "Ingress"}


@pytest.mark.parametrize("where", ["house", "real_house"])
def test_each_kind_is_named_and_can_be_filtered(request: pytest.FixtureRequest, where: str) -> None:
    house: House = request.getfixturevalue(where)
    house.join("carol", name="Carol")
    for kind in KINDS:
        house.join(f"the-{kind}", kind=kind)
    mike = house.look("mike")

    for kind, words in KINDS.items():
        expect(row(mike, f"the-{kind}")).to_contain_text(words, ignore_case=True)
    mike.goto(house.console.room(house.room, house.slug, kind="SIP"))
    expect(mike.locator("#rows tr[data-identity]")).to_have_count(1)
    expect(row(mike, "the-sip")).to_have_count(1)


@pytest.mark.parametrize("where", ["house", "real_house"])
def test_somebody_hidden_is_marked(request: pytest.FixtureRequest, where: str) -> None:
    house: House = request.getfixturevalue(where)
    house.join("carol", name="Carol")
    mike = house.look("mike")

    options: dict[str, Any] = {"hidden": True, "name": "Ghost"}
    house.join("ghost", **options)

    expect(row(mike, "ghost")).to_contain_text("Hidden", ignore_case=True)
    expect(said(mike, "Ghost", "joined", "hidden")).to_have_count(1)
