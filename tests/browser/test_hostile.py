"""Whatever participants write is text: it is shown, stored and acted on, and nothing of it runs."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, place, row, said, section, wait_until_live

SCRIPT = "<script>alert(document.domain)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 7*7 }}{% now 'Y' %}"
OVERRIDE = "\u202eevil\u202c"
NAUGHTY_ROOM = f"{SCRIPT} & 'quotes' / %2F .. 🎭"
OWN = {"can_publish": False, "can_update_own_metadata": True}


def test_markup_in_every_place_stays_text(either_house: House) -> None:
    house = either_house
    house.room = NAUGHTY_ROOM
    carol = house.join(
        IMAGE, name=SCRIPT, metadata=f"{IMAGE}</pre>{SCRIPT}", attributes={SCRIPT: IMAGE, "t": TEMPLATE}, **OWN
    )
    house.outside.set_room_metadata(NAUGHTY_ROOM, f'{{"a": "</script>{SCRIPT}"}}')
    mona, mike = house.both()
    rows = mike.locator("#rows tr[data-identity]")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(SCRIPT)
    expect(rows).to_contain_text(IMAGE)
    expect(rows).to_contain_text(TEMPLATE)
    expect(mike.get_by_role("heading", level=1)).to_contain_text(SCRIPT)

    mona.get_by_role("button", name=f"Promote {SCRIPT}").click()
    expect(rows.locator(".c-standing")).to_contain_text("On stage")
    expect(dock(mona)).to_contain_text(f"{SCRIPT} may publish now.")
    house.people.do(carol.set_attributes({"t": IMAGE}))
    house.people.do(carol.set_metadata(SCRIPT))
    expect(said(mike, IMAGE, TEMPLATE)).to_have_count(1)

    rows.get_by_role("link", name=SCRIPT).click()
    expect(mike.locator("#person-title")).to_contain_text(SCRIPT)
    expect(section(mike, "attributes").get_by_label(f"Value of {SCRIPT}")).to_have_value(IMAGE)
    for path in ("audit/", "history/", "rooms/"):
        mike.goto(f"/p/{house.slug}/{path}")
        expect(mike.locator("main")).to_contain_text("<script>alert")
    mike.goto(f"{house.address}facts/")
    expect(mike.locator("main")).to_contain_text("</script>")
    assert mike.locator("main script, main img, dialog img").count() == 0


def test_nul_control_characters_and_the_empty_key_are_shown_and_acted_on(either_house: House) -> None:
    house = either_house
    carol = house.join(
        "carol",
        name=f"Ca\x07rol {OVERRIDE}",
        metadata="before\x00after\x1b[31m",
        attributes={"": "no key", "nul": "a\x00b"},
        **OWN,
    )
    mona, mike = house.both(house.person("carol"))
    expect(row(mike, "carol")).to_contain_text("no key")
    expect(mike.locator("#metadata")).to_contain_text("before")
    expect(mike.locator("#metadata")).to_contain_text("after")
    form = section(mona, "attributes")
    expect(form.get_by_label("Value of nul")).to_have_value(json.dumps("a\x00b"))

    form.get_by_label("Value of nul").fill(json.dumps("c\x00d"))
    form.get_by_label("Value of the empty key").fill("changed")
    form.get_by_role("button", name="Save attributes").click()
    expect(row(mike, "carol")).to_contain_text("changed")
    attributes = dict(house.outside.participant(house.room, "carol").attributes)
    assert attributes == {"": "changed", "nul": "c\x00d"}

    section(mona, "attributes").get_by_label("Delete the empty key").check()
    section(mona, "attributes").get_by_role("button", name="Save attributes").click()
    expect(row(mike, "carol")).not_to_contain_text("changed")
    assert dict(house.outside.participant(house.room, "carol").attributes) == {"nul": "c\x00d"}
    house.people.do(carol.set_metadata("again\x00"))
    mike.goto(f"{house.address}history/")
    expect(mike.locator("main")).to_contain_text("metadata")
    mike.goto(f"/p/{house.slug}/audit/?q=carol")
    mike.locator("main tbody tr").first.get_by_role("link", name="Details").click()
    expect(mike.get_by_role("heading", level=1)).to_be_visible()


def test_a_form_that_is_saved_unchanged_changes_no_character(house: House) -> None:
    metadata = "tab\tlf\ncrlf\r\nnul\x00bell\x07 end "
    house.join("carol", name="Carol", metadata=metadata, **OWN)
    mona = house.look("mona", house.person("carol"))

    mona.locator("#metadata summary").click()
    section(mona, "metadata").get_by_role("button", name="Save metadata").click()

    expect(mona.locator("#metadata .note[data-outcome], #metadata .note[role=alert]").first).to_be_visible()
    assert house.outside.participant(house.room, "carol").metadata == metadata


def test_a_room_without_a_name_is_listed_opened_edited_and_closed(house: House) -> None:
    house.room = ""
    house.outside.create("", metadata="nameless")
    mona = house.look("mona", house.console.rooms())

    mona.locator("#rows tr").filter(has_text="nameless").get_by_role("link").first.click()
    mona.wait_for_url(house.address)
    wait_until_live(mona)
    expect(mona.get_by_role("heading", level=1)).not_to_be_empty()
    mona.get_by_role("link", name="Facts", exact=True).click()
    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("still nameless")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    expect(dialog(mona)).to_have_count(0)
    assert house.outside.metadata_of("") == "still nameless"

    mona.get_by_role("button", name="Close room").click()
    dialog(mona).get_by_role("button", name="Close room").click()
    expect(dialog(mona)).to_have_count(0)
    mona.goto(house.console.rooms())
    expect(mona.locator("#rows")).not_to_contain_text("nameless")


@pytest.mark.parametrize("name", ["a/b", "..", "50%", "~", "x?y#z", " lead", "ünï 🎭"], ids=range(7))
def test_every_name_has_an_address(house: House, name: str) -> None:
    house.room = f"{name}"
    house.join(name, name="Carol", can_publish=False)
    mona = house.look("mona")

    mona.locator("#rows tr[data-identity]").get_by_role("link", name="Carol").click()
    expect(mona.locator("#person-title")).to_have_text("Carol")
    mona.locator("#side").get_by_role("button", name="Bring up").click()

    expect(mona.locator("#rows .c-standing")).to_contain_text("On stage")
    assert house.outside.participant(name, name).permission.can_publish


def test_a_name_longer_than_the_page_does_not_widen_it(house: House) -> None:
    house.room = "r" * 256
    house.join("i" * 256, name="n" * 256, attributes={"k" * 200: "v" * 2000}, can_publish=False)
    phone = house.look("vic", viewport={"width": 390, "height": 844})

    expect(place(phone, "i" * 256)).to_contain_text("Audience")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
