"""Each act of a moderator on a room's page with Tab, Enter, Space and arrows alone; the focus is seen and not lost."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import dialog, menu_item, place, row, section
from tests.browser.watching import Problems

MOST = 90


def tab_to(page: Page, target: Locator) -> Locator:
    """Press Tab until ``target`` has the focus, which has to be seen there."""
    expect(target).to_have_count(1)
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            ringed = target.locator("xpath=ancestor-or-self::*").filter(visible=True)
            outlines = ringed.evaluate_all("(all) => all.map((each) => getComputedStyle(each).outlineStyle)")
            assert set(outlines) != {"none"}, f"no ring around {target}"
            return target
    raise AssertionError(f"{MOST} times Tab did not lead to {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go there with Tab and press a key."""
    tab_to(page, target)
    page.keyboard.press(key)


def take(page: Page, identity: str, item: str) -> None:
    """Open the menu of somebody's row and go down to an entry with the arrow keys."""
    press(page, row(page, identity).get_by_role("button", name="Actions for"))
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(page.get_by_role("menuitem").count()):
        if menu_item(page, item).evaluate("(element) => element === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    expect(menu_item(page, item)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()


def test_somebody_is_promoted_muted_and_returned(house: House) -> None:
    carol = house.join("carol", name="Carol", can_publish=False)
    mona, mike = house.both()

    press(mona, row(mona, "carol").get_by_role("button", name="Promote Carol"))
    expect(place(mike, "carol")).to_contain_text("On stage")
    expect(row(mona, "carol").locator(":focus")).to_have_count(1)

    house.people.do(carol.publish("microphone"))
    press(mona, row(mona, "carol").get_by_role("button", name="Mute microphone of Carol"), "Space")
    expect(row(mike, "carol").get_by_role("button", name="Unmute microphone of Carol")).to_be_visible()

    press(mona, row(mona, "carol").get_by_role("button", name="Return Carol to the audience"))
    expect(dialog(mona)).to_be_visible()
    press(mona, dialog(mona).get_by_role("button", name="Return Carol"))
    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(dialog(mona)).to_have_count(0)
    expect(row(mona, "carol").locator(":focus")).to_have_count(1)


def test_somebody_is_kept_and_then_removed(house: House) -> None:
    house.join("carol", name="Carol", can_publish=False)
    house.join("dave", name="Dave", can_publish=False)
    mona = house.look("mona")

    take(mona, "carol", "Remove…")
    press(mona, dialog(mona).get_by_role("button", name="Keep Carol"))
    expect(dialog(mona)).to_have_count(0)
    expect(row(mona, "carol").get_by_role("button", name="Actions for Carol")).to_be_focused()

    mona.keyboard.press("Shift+Tab")
    take(mona, "carol", "Remove…")
    tab_to(mona, dialog(mona).get_by_label("Reason"))
    mona.keyboard.type("spam")
    press(mona, dialog(mona).get_by_role("button", name="Remove Carol"))
    expect(row(mona, "carol")).to_have_count(0)
    expect(row(mona, "dave").locator(":focus")).to_have_count(1)


def test_data_is_sent_to_one_and_to_the_room(house: House) -> None:
    carol = house.join("carol", name="Carol")
    mona = house.look("mona")

    take(mona, "carol", "Send data…")
    expect(dialog(mona).get_by_label("Text or JSON")).to_be_focused()
    mona.keyboard.type("to you")
    press(mona, dialog(mona).get_by_role("radio", name="Reliable"), "ArrowRight")
    expect(dialog(mona).get_by_role("radio", name="Lossy")).to_be_checked()
    press(mona, dialog(mona).get_by_role("button", name="Send data"))
    house.people.do(carol.experiences("data", data=b"to you"))
    expect(row(mona, "carol").get_by_role("button", name="Actions for Carol")).to_be_focused()

    button = mona.get_by_role("button", name="Send data…")
    press(mona, button)
    expect(dialog(mona).get_by_label("Text or JSON")).to_be_focused()
    mona.keyboard.type("to all")
    press(mona, dialog(mona).get_by_role("button", name="Send data"))
    house.people.do(carol.experiences("data", data=b"to all"))
    expect(button).to_be_focused()


def test_the_room_is_kept_and_then_closed(house: House) -> None:
    carol = house.join("carol", name="Carol")
    mona = house.look("mona")
    button = mona.get_by_role("button", name="Close room…")

    press(mona, button)
    press(mona, dialog(mona).get_by_role("button", name="Cancel"))
    expect(dialog(mona)).to_have_count(0)
    expect(button).to_be_focused()
    mona.keyboard.press("Enter")
    press(mona, dialog(mona).get_by_role("button", name="Close room"))
    house.people.do(carol.experiences("removed", reason="ROOM_DELETED"))


def test_a_panel_is_opened_filled_in_and_closed_and_the_focus_is_on_the_row_again(
    house: House, problems: Problems
) -> None:
    house.join("carol", name="Carol", publish=["camera", "screen_share"])
    mona = house.look("mona")
    problems.expect_status(422)
    link = row(mona, "carol").get_by_role("link", name="Carol")

    press(mona, link)
    expect(mona.locator("#person-title")).to_be_focused()
    press(mona, section(mona, "permission").get_by_label("Screen share", exact=True), "Space")
    press(mona, section(mona, "permission").get_by_role("button", name="Save permission"))
    confirm = section(mona, "permission").get_by_role("button", name="Save and take down 1 track: screen share")
    expect(confirm).to_be_focused()
    mona.keyboard.press("Enter")
    expect(row(mona, "carol").locator(".track")).to_have_count(1)
    mona.keyboard.press("Escape")
    expect(mona.locator("#feed-title")).to_be_visible()
    expect(link).to_be_focused()

    mona.keyboard.press("Enter")
    press(mona, mona.get_by_role("link", name="Close person"))
    expect(mona.locator("#feed-title")).to_be_visible()
    expect(link).to_be_focused()


def test_the_list_is_filtered_and_the_feed_paused(house: House) -> None:
    carol = house.join("carol", name="Carol")
    house.join("bob", name="Bob", can_publish=False)
    mona = house.look("mona")

    press(mona, mona.locator("#people-chips").get_by_role("link", name="On stage"))
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(1)
    press(mona, mona.get_by_role("button", name="Pause"), "Space")
    house.people.do(carol.publish("microphone"))
    press(mona, mona.locator("#feed-paused"))
    expect(mona.locator("#feed > li").filter(has_text="microphone")).to_have_count(1)
