"""The main job on the real livekit-server: coming and going, words, data, and the server's own death."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import choose, dialog, dock, menu_item, room_row, row, said, section
from tests.browser.watching import Problems
from tests.servers.manager import Servers

HEALING = 40_000


def test_people_come_and_go_and_webhooks_arrive(real_house: House) -> None:
    listed = real_house.look("mona", real_house.console.rooms("real"))
    first = real_house.join("carol", name="Carol", publish=["microphone"])
    expect(room_row(listed, real_house.room)).to_be_visible()
    mike = real_house.look("mike")
    expect(row(mike, "carol").locator(".track")).to_have_count(1)

    bot = real_house.join("bot", name="Helper", kind="agent")
    expect(row(mike, "bot")).to_contain_text("Agent", ignore_case=True)
    second = real_house.join("carol", name="Carol")
    real_house.people.do(first.experiences("removed", reason="DUPLICATE_IDENTITY"))
    expect(mike.locator(f"#p-{second.sid}")).to_have_count(1)
    expect(row(mike, "carol")).to_have_count(1)
    real_house.people.do(second.leave())
    real_house.people.do(bot.leave())
    expect(row(mike, "carol")).to_have_count(0)
    expect(said(mike, "Carol", "left")).not_to_have_count(0)

    alice = real_house.browser_of("alice", "/p/real/settings/")
    expect(alice.locator("#webhooks")).to_contain_text("arriving")
    real_house.outside.close(real_house.room)
    expect(room_row(listed, real_house.room)).to_have_count(0)


def test_a_full_room_is_shown_full(real_house: House) -> None:
    real_house.outside.create(real_house.room, max_participants=1)
    real_house.join("carol")
    listed = real_house.look("mike", real_house.console.rooms("real"))

    expect(room_row(listed, real_house.room).locator(".c-people")).to_contain_text(re.compile(r"1\s*of 1|1.*of 1"))


def test_name_metadata_and_attributes_reach_the_participant(real_house: House) -> None:
    carol = real_house.join(
        "carol", name="Carol", metadata="old", attributes={"lang": "de", "seat": "12", "table": "3"}
    )
    mona, mike = real_house.look("mona", real_house.person("carol")), real_house.look("mike")

    section(mona, "attributes").get_by_label("Delete seat").check()
    section(mona, "attributes").get_by_label("Value of lang").fill("en")
    section(mona, "attributes").get_by_role("button", name="Save attributes").click()
    real_house.people.do(carol.experiences("attributes_changed", attributes={"lang": "en", "table": "3"}))
    expect(said(mike, "seat", "removed")).to_have_count(1)

    section(mona, "name").get_by_role("textbox", name="Name").fill("Caroline")
    section(mona, "name").get_by_role("button", name="Save name").click()
    real_house.people.do(carol.experiences("name_changed", name="Caroline"))
    mona.locator("#metadata summary").click()
    section(mona, "metadata").get_by_role("textbox", name="Metadata").fill('{"new": true}')
    section(mona, "metadata").get_by_role("button", name="Save metadata").click()
    real_house.people.do(carol.experiences("metadata_changed", metadata='{"new": true}'))
    expect(row(mike, "carol")).to_contain_text("Caroline")


def test_room_metadata_and_data_reach_the_room(real_house: House) -> None:
    carol, dave = real_house.join("carol", name="Carol"), real_house.join("dave", name="Dave")
    mona = real_house.look("mona")

    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("hello all")
    dialog(mona).get_by_label("Topic").fill("chat")
    dialog(mona).get_by_role("button", name="Send data").click()
    expect(dock(mona)).to_contain_text("The data was handed to the room.")
    for person in (carol, dave):
        real_house.people.do(person.experiences("data", data=b"hello all", topic="chat"))
    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("only carol")
    dialog(mona).get_by_text("Chosen people").click()
    dialog(mona).get_by_role("checkbox", name="Carol").check()
    dialog(mona).get_by_role("button", name="Send data").click()
    real_house.people.do(carol.experiences("data", data=b"only carol"))
    heard = real_house.people.do(dave.experienced())
    assert b"only carol" not in [each.details.get("data") for each in heard]

    mona.goto(f"{real_house.address}facts/")
    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("break")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    real_house.people.do(dave.experiences("room_metadata_changed", metadata="break"))


def test_whoever_is_removed_comes_back_with_the_same_token(real_house: House) -> None:
    carol = real_house.join("carol", name="Carol", publish=["microphone"])
    mona, mike = real_house.both()

    choose(mona, "carol", "Remove…")
    expect(dialog(mona)).to_contain_text("token")
    dialog(mona).get_by_role("button", name="Remove Carol").click()
    expect(row(mike, "carol")).to_have_count(0)
    real_house.people.do(carol.experiences("removed", reason="PARTICIPANT_REMOVED"))

    real_house.join("carol", token=carol.token)
    expect(row(mike, "carol")).to_have_count(1)
    expect(said(mike, "Carol", "joined")).not_to_have_count(0)


def test_moving_is_refused_remembered_and_explained(real_house: House, problems: Problems) -> None:
    real_house.join("carol", name="Carol")
    mona, mike = real_house.both()
    problems.expect_status(502)

    choose(mona, "carol", "Move…")
    dialog(mona).get_by_role("radio", name="A new room").check()
    dialog(mona).get_by_label("Name of a new room").fill("elsewhere")
    dialog(mona).get_by_role("button", name="Move Carol").click()
    expect(dialog(mona)).to_contain_text("not implemented")
    expect(dialog(mona)).to_contain_text("LiveKit Cloud")
    expect(row(mike, "carol")).to_have_count(1)
    mike.reload()
    row(mike, "carol").get_by_role("button", name="Actions for").click()
    expect(menu_item(mike, "Move…")).to_have_attribute("aria-disabled", "true")
    menu_item(mike, "Move…").click(force=True)
    expect(dialog(mike)).to_contain_text("This server cannot move people.")


def test_hostile_names_of_a_real_participant_stay_text(real_house: House) -> None:
    script = "<script>alert(1)</script>"
    image = '"><img src=x onerror=alert(1)>'
    real_house.room = f"{script} / %2F 🎭"
    real_house.join(image, name=script, metadata=script, attributes={"": "no key", script: image}, can_publish=False)
    mona, mike = real_house.both()
    rows = mike.locator("#rows tr[data-identity]")
    expect(rows).to_contain_text(script)
    expect(rows).to_contain_text("no key")

    mona.keyboard.press("j")
    mona.keyboard.press("p")

    expect(rows.locator(".c-standing")).to_contain_text("On stage")
    assert real_house.outside.participant(real_house.room, image).permission.can_publish


def test_the_server_is_killed_and_started_while_a_page_is_open(real_house: House, servers: Servers) -> None:
    real_house.join("carol", name="Carol")
    mike = real_house.look("mike")

    real_house.server.kill()
    expect(mike.locator("#fresh")).to_have_text(re.compile("^stale since"), timeout=HEALING)
    expect(mike.locator("#stale")).to_contain_text("refused the connection")
    back = servers.restart(real_house.server)
    real_house.server.process = back.process

    expect(mike.locator("#fresh")).to_have_text("live", timeout=HEALING)
    real_house.join("dave", name="Dave")
    expect(row(mike, "dave")).to_have_count(1)
