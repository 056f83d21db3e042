"""The composer as a browser with scripts shows it: everything beside the text follows it while it is typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import barriers
from tests.flows.people import Town, picture, settle
from tests.stage import Stage

BODY = (
    "At 14:20 three colleagues got an invoice from billing@kam-fung.example. It fetches hxxp://203.0.113[.]45/u/a.bin.\n\n"
    "Our file server LTB-FS02 (10.20.4.18) was mounted."
)


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance())


def test_typing_is_enough_to_see_what_is_found_what_gives_us_away_and_who_will_read(town: Town, page: Page) -> None:
    town.sign_in(page, "ann")
    page.goto(f"{town.url}/member/share/")
    page.get_by_label("What happened").fill(BODY)
    expect(page.locator("#found")).to_contain_text("hxxp://203.0.113[.]45/u/a.bin")
    expect(page.locator("#own")).to_contain_text("LTB-FS02")
    expect(page.locator("#back mark.own").first).to_have_text("LTB-FS02")
    expect(page.locator("#reach")).to_contain_text("Give it a title")
    expect(page).to_have_url(re.compile("/member/share/IH-"))
    page.get_by_label("Title").fill("Invoices that carry a trojan")
    page.get_by_label(re.compile("^Banking")).check()
    expect(page.get_by_role("button", name="Share with 2 people")).to_be_visible()
    assert barriers(page) == []
    picture(page, "compose-live")

    unticked = page.get_by_role("checkbox", name=re.compile("kam-fung"))
    unticked.uncheck()
    page.get_by_label("Title").fill("Invoices that carry a trojan again")
    expect(page.locator("#kept")).to_contain_text("found")
    expect(unticked).not_to_be_checked()

    page.get_by_role("button", name="Replace with “an internal machine” LTB-FS02").click()
    expect(page.get_by_label("What happened")).to_have_value(re.compile("Our file server an internal machine"))
    page.get_by_role("button", name="Keep it 10.20.4.18").click()
    expect(page.locator("#own")).not_to_contain_text("10.20.4.18")
    page.get_by_label("What happened").press("End")
    page.get_by_label("What happened").press_sequentially(" Seen twice.")
    expect(page.get_by_role("button", name="Share with 2 people")).to_be_visible()
    page.get_by_label("What happened").press("Control+Enter")
    page.wait_for_url(re.compile("/items/IH-"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices that carry a trojan again")
    expect(page.locator("main")).not_to_contain_text("LTB-FS02")
