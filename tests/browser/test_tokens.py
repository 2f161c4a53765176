"""A token that is made on the page lets somebody in, with what it grants."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import place, row


def test_a_token_is_made_inspected_and_joined_with(house: House) -> None:
    mona = house.browser_of("mona", "/p/studio/tokens/")
    mona.get_by_label("Identity").fill("guest")
    mona.get_by_label("Name", exact=False).first.fill("The Guest")
    mona.get_by_label("Room", exact=True).fill(house.room)
    mona.get_by_label("Key of attribute 1", exact=True).fill("desk")
    mona.get_by_label("Value of attribute 1", exact=True).fill("north")
    mona.get_by_role("button", name="Speaker").click()
    expect(mona.get_by_label("Identity")).to_have_value("guest")
    mona.get_by_role("button", name="Make token").last.click()
    token = mona.locator(".token pre").inner_text()

    house.join("guest", token=token)

    mike = house.look("mike")
    expect(row(mike, "guest")).to_contain_text("The Guest")
    expect(row(mike, "guest").locator(".c-attrs")).to_contain_text("north")
    expect(place(mike, "guest")).to_contain_text("On stage")
    mike.goto("/p/studio/tokens/inspect/")
    mike.locator("main textarea").fill(token)
    mike.locator("main").get_by_role("button", name="Inspect").click()
    expect(mike.locator("main")).to_contain_text("guest")
    expect(mike.locator("main")).to_contain_text(house.room)
    expect(mike.locator("main")).to_contain_text("It is valid.")
    mike.goto("/p/studio/audit/")
    expect(mike.locator("main tbody tr").filter(has_text="Token made").first).to_contain_text("The Guest")
    assert token not in mike.content()
