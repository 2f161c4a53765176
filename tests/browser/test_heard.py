"""What only ears in the room know, on the page: chat in the feed, loudness and connection in the panel."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.pages import feed, row, said

# Milliseconds. LiveKit tells how well somebody is connected every five seconds.
QUALITY = 20_000


def watched(house: House, name: str, address: str = "") -> Page:
    """A user's page of the room, with the observer in it."""
    page = house.look(name, address)
    expect(page.locator("#room-facts")).to_contain_text("Greenroom is watching")
    return page


def test_chat_is_in_the_feed_as_what_somebody_said(observed_house: House) -> None:
    house = observed_house
    carol = house.join("carol", name="Carol")
    page = watched(house, "mona")
    house.people.do(carol.say("Shall we begin?"))
    line = said(page, "Carol", "said", "Shall we begin?")
    expect(line.locator("q")).to_have_text("Shall we begin?")
    expect(line).to_contain_text("on lk.chat")

    house.people.do(carol.say("<b>Greenroom</b> <a href='//evil.example'>says so</a>"))
    hostile = said(page, "says so")
    expect(hostile.locator("q")).to_have_text("<b>Greenroom</b> <a href='//evil.example'>says so</a>")
    assert hostile.locator("q b, q a").count() == 0

    page.reload()
    expect(said(page, "Shall we begin?")).to_have_count(1)


def test_the_feed_can_do_without_the_chat(observed_house: House) -> None:
    house = observed_house
    carol = house.join("carol", name="Carol", can_update_own_metadata=True)
    page = watched(house, "mona")
    house.people.do(carol.say("Anybody here?"))
    expect(said(page, "Anybody here?")).to_be_visible()
    button = page.get_by_role("button", name="Chat", exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(said(page, "Anybody here?")).to_be_hidden()
    house.people.do(carol.set_attributes({"lang": "de"}))
    expect(said(page, "lang")).to_be_visible()
    page.reload()
    expect(said(page, "lang")).to_be_visible()
    expect(said(page, "Anybody here?")).to_be_hidden()
    button.click()
    expect(said(page, "Anybody here?")).to_be_visible()


def test_what_a_person_said_is_in_their_panel_only(observed_house: House) -> None:
    house = observed_house
    carol, dave = house.join("carol", name="Carol"), house.join("dave", name="Dave")
    page = watched(house, "mona", house.person("carol"))
    house.people.do(dave.say("from Dave"))
    house.people.do(carol.say("from Carol"))
    lines = page.locator("#person-feed > li")
    expect(lines.filter(has_text="from Carol")).to_have_count(1)
    expect(lines.filter(has_text="from Dave")).to_have_count(0)
    page.get_by_role("link", name="Close person").click()
    expect(feed(page).filter(has_text="from Dave")).to_have_count(1)


def test_the_panel_shows_how_loud_and_how_well_connected_somebody_is(observed_house: House) -> None:
    house = observed_house
    carol = house.join("carol", name="Carol", publish=["microphone"])
    house.join("dave", name="Dave")
    page = watched(house, "mona", house.person("carol"))
    meter = page.get_by_role("meter", name="Loudness of the microphone")
    expect(meter).to_be_visible()
    expect(meter).to_have_js_property("value", 8)
    expect(page.locator("[data-link]")).to_have_text("Connection excellent", timeout=QUALITY)
    house.people.do(carol.mute(carol.tracks["microphone"]))
    expect(meter).to_have_js_property("value", 0)

    row(page, "dave").get_by_role("link", name="Dave").click()
    expect(page.locator("#person-title")).to_have_text("Dave")
    expect(page.locator("[data-voice]")).to_be_hidden()


def test_a_poor_connection_is_told_on_the_row(observed_house: House) -> None:
    """What LiveKit says of a line that is bad: the frame is the server's own, only its word is another one."""
    house = observed_house
    house.join("carol", name="Carol", publish=["microphone"])
    page = house.browser_of("mona", "about:blank")
    page.route_web_socket(
        "**/ws/**",
        lambda socket: socket.connect_to_server().on_message(
            lambda text: socket.send(str(text).replace('"excellent"', '"poor"').replace('"good"', '"poor"'))
        ),
    )
    page.goto(house.address)
    expect(row(page, "carol").locator(".who")).to_have_attribute("data-quality", "Poor connection", timeout=QUALITY)
    content = "element => getComputedStyle(element, '::after').content"
    assert row(page, "carol").locator(".who").evaluate(content) == '"Poor connection"'
