"""The meters beside fields: bytes of UTF-8 as they are typed, and what is too many."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import dialog, section
from tests.browser.watching import Problems


@pytest.fixture
def small(house: House) -> House:
    """A room of the project that allows 20 bytes of metadata and 20 of attributes."""
    return replace(house, slug="small")


def words(form: Locator) -> Locator:
    """What the meter of a form says."""
    return form.locator("[data-gauge-words]")


def figures(form: Locator) -> tuple[float, float]:
    """The value and the maximum of its meter."""
    meter = form.get_by_role("meter")
    return meter.evaluate("(meter) => meter.value"), meter.evaluate("(meter) => meter.max")


def open_metadata(page: Page) -> tuple[Locator, Locator]:
    """The form of somebody's metadata and its field."""
    form = section(page, "metadata")
    return form, form.get_by_role("textbox", name="Metadata")


def test_bytes_of_metadata_are_counted_as_they_are_typed(small: House, problems: Problems) -> None:
    small.join("carol", name="Carol")
    page = small.look("mona", small.person("carol"))
    problems.expect_status(422)
    form, field = open_metadata(page)
    expect(words(form)).to_have_text("0 bytes, at most 20 bytes")

    for typed, size in (("abc", 3), ("äöü", 6), ("日本語", 9), ("🎭🎭", 8), ("e\u0301", 3), ("two\nlines", 9)):
        field.fill(typed)
        expect(words(form)).to_have_text(f"{size} of 20 bytes")
        assert figures(form) == (size, 20)
    expect(form.locator("[data-gauge]")).not_to_have_attribute("data-over", "")
    field.fill("🎭" * 6)
    expect(words(form)).to_have_text("24 of 20 bytes, 4 too many")
    expect(form.locator("[data-gauge]")).to_have_attribute("data-over", "")
    form.get_by_role("button", name="Save metadata").click()

    form, field = open_metadata(page)
    expect(form.locator(".wrong")).to_contain_text("24 bytes")
    expect(field).to_have_value("🎭" * 6)
    assert small.outside.participant(small.room, "carol").metadata == ""
    field.fill("🎭" * 5)
    expect(words(form)).to_have_text("20 of 20 bytes")
    expect(form.locator("[data-gauge]")).not_to_have_attribute("data-over", "")
    form.get_by_role("button", name="Save metadata").click()
    expect(page.locator("#metadata .note[data-outcome]")).to_be_visible()
    assert small.outside.participant(small.room, "carol").metadata == "🎭" * 5


def test_attributes_count_keys_and_values_of_what_stays(small: House) -> None:
    small.join("carol", name="Carol", attributes={"lang": "de", "höhe": "3 m"})
    page = small.look("mona", small.person("carol"))
    form = section(page, "attributes")
    expect(words(form)).to_have_text("14 bytes of 20 bytes, keys and values together")

    form.get_by_label("Value of lang").fill("日本")
    expect(words(form)).to_have_text("18 of 20 bytes")
    form.get_by_label("New key 1", exact=True).fill("x")
    expect(words(form)).to_have_text("18 of 20 bytes")
    form.get_by_label("Value of new key 1").fill("🎭")
    expect(words(form)).to_have_text("23 of 20 bytes, 3 too many")
    form.get_by_label("Delete höhe").check()
    expect(words(form)).to_have_text("15 of 20 bytes")
    form.get_by_label("Value of lang").fill("")
    expect(words(form)).to_have_text("5 of 20 bytes")
    form.get_by_role("button", name="Reset").click()
    expect(words(form)).to_have_text("14 of 20 bytes")


def test_lossy_data_should_be_smaller_than_reliable_data(house: House) -> None:
    house.join("carol")
    page = house.look("mona")
    page.get_by_role("button", name="Send data…").click()
    form = dialog(page)

    form.get_by_label("Text or JSON").fill("ö" * 700)
    expect(words(form)).to_have_text("1,400 of 15,360 bytes")
    form.get_by_role("radio", name="Lossy").check()
    expect(words(form)).to_have_text("1,400 of 1,300 bytes, 100 too many")
    form.get_by_role("radio", name="Reliable").check()
    expect(words(form)).to_have_text("1,400 of 15,360 bytes")


def test_attributes_of_a_token_are_counted_too(house: House) -> None:
    page = house.browser_of("mona", "/p/studio/tokens/")
    form = page.locator("form").filter(has=page.locator("[data-gauge-sum]"))

    page.get_by_label("Key of attribute 1", exact=True).fill("höhe")
    expect(form.locator("[data-gauge-sum] [data-gauge-words]")).to_have_text("0 of 65,536 bytes")
    page.get_by_label("Value of attribute 1", exact=True).fill("3 m")
    expect(form.locator("[data-gauge-sum] [data-gauge-words]")).to_have_text("8 of 65,536 bytes")
