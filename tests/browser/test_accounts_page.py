"""The accounts of all of Greenroom, on a console whose administrator of everything is ada."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.accessible import demand_accessible
from tests.browser.browsing import Browsers
from tests.browser.console import ROOT, Console, connection_of
from tests.browser.pages import wait_until_live
from tests.browser.seed import PASSWORD
from tests.browser.watching import Problems
from tests.servers.server import Server

OVER_ALL = """
import django
django.setup()
from django.contrib.auth.models import User
User.objects.filter(username="ada").update(is_superuser=True)
"""


@pytest.fixture(scope="module")
def own_console(tmp_path_factory: pytest.TempPathFactory, simulator: Server) -> Iterator[Console]:
    """A console of these tests' own: ada administers all of it, mona moderates, nora has no role."""
    console = Console(tmp_path_factory.mktemp("accounts"))
    console.seed({"studio": connection_of(simulator)}, {"ada": {}, "mona": {"studio": "moderator"}, "nora": {}})
    subprocess.run([sys.executable, "-c", OVER_ALL], env=console.environment, cwd=ROOT, check=True)
    console.start()
    yield console
    console.stop()


@pytest.fixture(scope="module")
def cookies() -> dict[str, StorageState]:
    """Of those who have signed in to the console of these tests."""
    return {}


@pytest.fixture
def people_of(
    problems: Problems, browser: Browser, own_console: Console, cookies: dict[str, StorageState]
) -> Iterator[Browsers]:
    """``people_of("ada", "/accounts/")`` is a page of ada's."""
    browsers = Browsers(browser, own_console, problems, cookies)
    yield browsers
    browsers.close()


def account(page: Page, name: str) -> Locator:
    """Somebody's row."""
    return page.locator(".accounts tbody tr").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{name}")))


def test_the_way_there_is_the_account_menu(people_of: Browsers) -> None:
    ada = people_of("ada", "/account/")
    ada.get_by_role("button", name="ada").click()
    ada.get_by_role("link", name="Accounts").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Accounts")
    mona = people_of("mona", "/account/")
    mona.get_by_role("button", name="mona").click()
    expect(mona.get_by_role("link", name="Password")).to_be_visible()
    expect(mona.get_by_role("link", name="Accounts")).to_have_count(0)


def test_the_pages_are_accessible(people_of: Browsers) -> None:
    for address in ("/accounts/", "/accounts/?q=nobody", "/accounts/audit/"):
        demand_accessible(people_of("ada", address, reduced_motion="reduce"))


def test_who_is_switched_off_loses_the_open_page_and_the_session(
    people_of: Browsers, cookies: dict[str, StorageState]
) -> None:
    mona, ada = people_of("mona", "/p/studio/rooms/"), people_of("ada", "/accounts/")
    wait_until_live(mona)
    ada.get_by_role("button", name="Switch mona off").click()
    expect(account(ada, "mona")).to_contain_text("switched off")
    expect(mona).to_have_url(re.compile("/login/"))

    ada.get_by_role("button", name="Switch mona on").click()
    expect(account(ada, "mona")).not_to_contain_text("switched off")
    cookies.pop("mona")
    mona.goto("/p/studio/rooms/")
    expect(mona).to_have_url(re.compile("/login/"))
    mona.get_by_label("User name").fill("mona")
    mona.get_by_label("Password").fill(PASSWORD)
    mona.get_by_label("Password").press("Enter")
    wait_until_live(mona)


def test_an_account_is_added_by_keyboard_and_its_link_opens(people_of: Browsers) -> None:
    ada = people_of("ada", "/accounts/")
    ada.get_by_role("link", name="Add an account").press("Enter")
    ada.get_by_label("User name", exact=True).fill("newcomer")
    ada.keyboard.press("Enter")
    expect(account(ada, "newcomer")).to_contain_text("none yet")
    shown = ada.get_by_role("group", name="the one-time link")
    expect(shown).to_be_in_viewport()
    link = shown.inner_text()

    guest = people_of.stranger("newcomer")
    guest.goto(link)
    guest.get_by_label("New password", exact=True).fill(PASSWORD)
    guest.get_by_label("New password confirmation").fill(PASSWORD)
    guest.get_by_role("button", name="Set the password").click()
    expect(guest).to_have_url(re.compile("/login/"))


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_is_made_administrator_of_all_and_no_longer(people_of: Browsers, scripts: bool) -> None:
    ada = people_of("ada", "/accounts/", java_script_enabled=scripts)
    ada.get_by_role("button", name="Let nora administer all").click()
    expect(account(ada, "nora")).to_contain_text("administers all")
    ada.get_by_role("button", name="Let nora no longer administer all").click()
    expect(account(ada, "nora")).not_to_contain_text("administers all")
    expect(account(ada, "ada").get_by_role("button")).to_have_count(0)
    ada.get_by_role("link", name="Audit of accounts").click()
    expect(ada.locator(".audit tbody tr").first).to_contain_text("nora")


@pytest.mark.parametrize("width", [1440, 390])
def test_an_act_is_told_whole_at_every_width_and_opens_by_keyboard(people_of: Browsers, width: int) -> None:
    ada = people_of("ada", "/accounts/", viewport={"width": width, "height": 844}, reduced_motion="reduce")
    for turn in ("off", "on"):
        ada.get_by_role("button", name=f"Switch nora {turn}").press("Enter")
        expect(ada.get_by_role("status").filter(has_text=f"nora is switched {turn}")).to_be_visible()
    ada.goto("/accounts/audit/")
    rows = ada.locator(".audit tbody tr")
    for row, words in ((rows.nth(0), "Switched on"), (rows.nth(1), "Switched off")):
        for told in (words, "nora", "ada", "done"):
            expect(row.get_by_text(told, exact=True).first).to_be_visible()
    rows.nth(1).get_by_role("link", name="Details").press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Switched off")
    demand_accessible(ada)
    ada.get_by_role("link", name="Back to the audit").press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Audit of accounts")


def test_the_page_says_how_long_to_wait(people_of: Browsers, problems: Problems) -> None:
    problems.expect_status(422)
    problems.expect_status(429)
    page = people_of.stranger()
    page.goto("/login/")
    for _ in range(5):
        page.get_by_label("User name").fill("nobody-at-all")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Wait 5 minutes")
