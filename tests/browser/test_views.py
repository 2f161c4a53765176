"""What a page shows stands in its address: filters, search, sorting, pages, panels."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.pages import place, row, wait_until_live


def identities(page: Page) -> list[str]:
    """Who is listed, from the top."""
    return [str(each.get_attribute("data-identity")) for each in page.locator("#rows tr[data-identity]").all()]


def test_a_filter_stands_in_the_address_and_back_undoes_it(house: House) -> None:
    house.join("carol", name="Carol")
    house.join("bob", name="Bob", can_publish=False)
    mona = house.look("mona")
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(2)

    mona.locator("#people-chips").get_by_role("link", name="On stage").click()
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(1)
    assert mona.url.endswith("?on=stage")
    pasted = house.look("mike", mona.url)
    expect(pasted.locator("#rows tr[data-identity]")).to_have_count(1)
    assert identities(pasted) == ["carol"]

    mona.go_back()
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(2)
    mona.go_forward()
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(1)


def test_a_filtered_page_follows_those_who_come_to_match(house: House) -> None:
    house.join("carol", name="Carol", can_publish=False)
    house.join("guide", name="Guide")
    mike = house.look("mike", house.console.room(house.room, on="stage"))
    mona = house.look("mona")
    expect(mike.locator("#rows tr[data-identity]")).to_have_count(1)

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()

    expect(row(mike, "carol")).to_have_count(1)
    expect(place(mike, "carol")).to_contain_text("On stage")


def test_the_search_finds_names_identities_and_attributes(house: House) -> None:
    house.join("carol", name="Carol", attributes={"desk": "north"})
    house.join("bob", name="Robert")
    mona = house.look("mona")
    search = mona.get_by_role("searchbox", name="Search people")

    for words, found in (("robert", "bob"), ("caro", "carol"), ("north", "carol")):
        search.fill(words)
        expect(mona.locator("#rows tr[data-identity]")).to_have_count(1)
        expect(row(mona, found)).to_have_count(1)
        expect(mona).to_have_url(re.compile(f"[?&]q={words}"))
    search.fill("nobody at all")
    expect(mona.locator("#people-empty")).to_contain_text("Nobody matches")
    mona.get_by_role("link", name="Show everybody").click()
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(2)


def test_more_than_a_hundred_people_have_pages(house: House) -> None:
    house.people.crowd(house.server, house.room, 130, can_publish=False)
    mona = house.look("mona", house.console.room(house.room, sort="name"))
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(100)
    first = identities(mona)

    mona.locator(".foot").get_by_role("link", name=re.compile("next", re.IGNORECASE)).click()

    expect(mona.locator("#rows tr[data-identity]")).to_have_count(30)
    expect(mona).to_have_url(re.compile("page=2"))
    assert not set(first) & set(identities(mona))
    mona.go_back()
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(100)
    mona.get_by_role("searchbox", name="Search people").fill("guest-7")
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(11)


def test_the_list_of_rooms_searches_sorts_and_filters_in_its_address(house: House) -> None:
    for name in ("views-alpha", "views-beta", "views-gamma"):
        house.outside.create(name, metadata=f"meta of {name}")
    house.join("carol", room="views-beta")
    mona = house.look("mona", house.console.rooms(q="views-", sort="-name"))
    names = mona.locator("#rows tr .roomname a")
    expect(names).to_have_text(["views-gamma", "views-beta", "views-alpha"])

    mona.locator("#rooms-chips a.chip").filter(has_text="With people").click()
    expect(names).to_have_text(["views-beta"])
    mike = house.look("mike", mona.url)
    expect(mike.locator("#rows tr .roomname a")).to_have_text(["views-beta"])
    mona.go_back()
    expect(names).to_have_count(3)
    mona.get_by_role("searchbox", name="Search rooms").fill("meta of views-alpha")
    expect(names).to_have_text(["views-alpha"])


def test_a_person_opens_beside_the_list_and_closes_again(house: House) -> None:
    house.join("carol", name="Carol")
    house.join("bob", name="Bob")
    mona = house.look("mona")

    row(mona, "carol").get_by_role("link", name="Carol").click()
    expect(mona).to_have_url(house.person("carol"))
    expect(mona.locator("#person-title")).to_have_text("Carol")
    expect(row(mona, "carol")).to_have_attribute("aria-current", "true")
    row(mona, "bob").get_by_role("link", name="Bob").click()
    expect(mona.locator("#person-title")).to_have_text("Bob")
    mona.go_back()
    expect(mona.locator("#person-title")).to_have_text("Carol")

    mona.get_by_role("link", name="Close person").click()
    expect(mona.locator("#feed-title")).to_be_visible()
    expect(mona).to_have_url(house.address)
    mona.goto(house.person("bob"))
    wait_until_live(mona)
    expect(mona.locator("#person-title")).to_have_text("Bob")


def test_the_panel_of_somebody_who_leaves_says_so(house: House) -> None:
    carol = house.join("carol", name="Carol")
    mona = house.look("mona", house.person("carol"))

    house.people.do(carol.leave())

    expect(mona.locator("#side")).to_contain_text("Not in this room")
