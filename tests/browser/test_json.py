"""The button that checks and formats JSON: no value is touched, and what is broken is left as it is."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import dialog

# What is typed -> what stands there after the button. Twice the button changes nothing more.
FORMATTED = {
    '{"a":1.10,"b":12345678901234567890,"a":null}': ('{\n  "a": 1.10,\n  "b": 12345678901234567890,\n  "a": null\n}'),
    "[ ]": "[]",
    '{"empty":{ },"list":[[],{}]}': '{\n  "empty": {},\n  "list": [\n    [],\n    {}\n  ]\n}',
    '"a {text} [with], \\"brackets\\": and 🎭"': '"a {text} [with], \\"brackets\\": and 🎭"',
    " true\n": "true",
}
BROKEN = ("", "{", "{'a': 1}", '{"a": 1,}', "NaN", "plain words", '{"a": 1} {"b": 2}')


@pytest.fixture
def page(house: House) -> Page:
    """A dialog with a field for JSON."""
    house.join("carol")
    page = house.look("mona")
    page.get_by_role("button", name="Send data…").click()
    expect(dialog(page)).to_be_visible()
    return page


def field(page: Page) -> Locator:
    """Where JSON is typed."""
    return dialog(page).get_by_label("Text or JSON")


def press(page: Page) -> Locator:
    """Press the button, and give the words beside it."""
    dialog(page).get_by_role("button", name="Check and format JSON").click()
    return dialog(page).locator("[data-format-said]")


def test_json_is_put_on_lines_and_every_token_stays(page: Page) -> None:
    for typed, formatted in FORMATTED.items():
        for text in (typed, formatted):
            field(page).fill(text)
            expect(press(page)).to_have_text("Formatted.")
            expect(field(page)).to_have_value(formatted)
        expect(dialog(page).locator("[data-gauge-words]")).to_contain_text(f"{len(formatted.encode())} of ")


@pytest.mark.parametrize("typed", BROKEN)
def test_what_is_not_json_is_told_and_left(page: Page, typed: str) -> None:
    field(page).fill(typed)

    said = press(page)

    expect(said).to_contain_text("Not JSON: ")
    expect(said).to_contain_text("Left as it is.")
    expect(page.locator("#say")).to_contain_text("Not JSON: ")
    expect(field(page)).to_have_value(typed)
    field(page).press("x")
    expect(said).to_be_empty()


def test_json_that_a_participant_nested_a_thousandfold_does_not_stop_the_page(page: Page) -> None:
    deep = "[" * 30_000 + "]" * 30_000
    field(page).fill(deep)

    expect(press(page)).to_have_text("It is JSON, nested too deeply to be formatted. Left as it is.")
    expect(field(page)).to_have_value(deep)
    allowed = "[" * 40 + "]" * 40
    field(page).fill(allowed)
    expect(press(page)).to_have_text("Formatted.")
    assert json.loads(field(page).input_value()) == json.loads(allowed)
