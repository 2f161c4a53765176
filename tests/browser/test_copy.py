"""The copy buttons: what is copied, and what is said when the browser does not let it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import wait_until_live

METADATA = '{"a":1.10,"emoji":"🎭"}'
# A page over plain HTTP from another machine has no clipboard; one from this machine has.
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })"


def symbol(button: Locator) -> Locator:
    """The icon on a copy button."""
    return button.locator("use")


def forbid(page: Page, permission: str) -> None:
    """Deny a permission as a user or an administrator of the browser does; Playwright itself only grants."""
    devtools = page.context.new_cdp_session(page)
    context = devtools.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    denied = {"permission": {"name": permission}, "setting": "denied", "browserContextId": context}
    devtools.send("Browser.setPermission", denied)


def pasted(page: Page) -> str:
    """What is in the clipboard, the way a person finds out."""
    search = page.get_by_role("searchbox", name="Search people")
    search.fill("")
    search.press("Control+V")
    return search.input_value()


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "plain HTTP"])
def test_a_copy_button_copies_says_so_and_is_itself_again(house: House, clipboard: bool) -> None:
    house.join("carol", name="Carol", metadata=METADATA)
    page = house.browser_of("mona", permissions=["clipboard-read", "clipboard-write"])
    if not clipboard:
        page.add_init_script(NO_CLIPBOARD)
    page.goto(house.person("carol"))
    wait_until_live(page)
    page.clock.install()
    button = page.get_by_role("button", name="Copy metadata")

    button.click()

    expect(symbol(button)).to_have_attribute("href", "#check")
    expect(page.locator("#say")).to_have_text("Copied.")
    expect(button).to_be_focused()
    page.clock.fast_forward(1600)
    expect(symbol(button)).to_have_attribute("href", "#copy")
    # Exactly what was written, not what is shown of it.
    assert pasted(page) == METADATA
    page.get_by_role("button", name="Copy room name").click()
    expect(page.locator("#say")).to_have_text("Copied.")
    assert pasted(page) == house.room


def test_pressing_twice_does_not_leave_the_sign_standing(house: House) -> None:
    house.join("carol")
    page = house.browser_of("mona", house.person("carol"), permissions=["clipboard-write"])
    page.clock.install()
    button = page.get_by_role("button", name="Copy room name")

    button.click()
    expect(symbol(button)).to_have_attribute("href", "#check")
    page.clock.run_for(1000)
    button.click()
    expect(symbol(button)).to_have_attribute("href", "#check")
    page.clock.run_for(1000)
    expect(symbol(button)).to_have_attribute("href", "#check")
    page.clock.run_for(600)
    expect(symbol(button)).to_have_attribute("href", "#copy")


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "plain HTTP"])
def test_a_browser_that_refuses_is_told(house: House, clipboard: bool) -> None:
    house.join("carol")
    page = house.browser_of("mona")
    if clipboard:
        forbid(page, "clipboard-write")
    else:
        page.add_init_script(f"{NO_CLIPBOARD}; document.execCommand = () => false")
    page.goto(house.address)
    button = page.get_by_role("button", name="Copy room name")

    button.click()

    expect(symbol(button)).to_have_attribute("href", "#x")
    expect(page.locator("#say")).to_have_text("Not copied: the browser refused.")
    expect(symbol(button)).to_have_attribute("href", "#copy")
