"""The promise that hands may stay on the keyboard, and that single keys stay silent where they are not wanted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.people import Town, settle
from tests.flows.words import ENGLISH, HANT, Words
from tests.stage import Stage


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(outbox_seconds="0"))


@pytest.fixture
def locale(words: Words) -> str:
    return words.locale


@pytest.mark.parametrize(("words", "who"), [(ENGLISH, "ben"), (HANT, "dan")], ids=["en", "zh-hant"])
def test_keys_search_walk_acknowledge_and_explain_themselves_until_they_are_switched_off(
    town: Town, page: Page, words: Words, who: str
) -> None:
    town.sign_in(page, who, words)
    page.keyboard.press("/")
    expect(page.locator("#masthead-search")).to_be_focused()
    page.keyboard.type("moved")
    suggestion = page.locator(".suggestions a").first
    expect(suggestion).to_contain_text("Moved in")
    assert page.locator("#keys").is_hidden()

    page.goto(f"{town.url}/member/feed/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".tide > li").nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".tide > li").nth(0).locator("a").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Moved in: public").click()
    page.wait_for_url(re.compile("/items/"))
    page.keyboard.press("e")
    expect(page.get_by_role("status")).to_contain_text(words("Acknowledged."))

    page.goto(f"{town.url}/member/account/")
    page.get_by_role("checkbox", name=words("Keyboard shortcuts")).uncheck()
    page.get_by_role("button", name=words("Save"), exact=True).click()
    page.goto(f"{town.url}/member/feed/")
    page.keyboard.press("c")
    page.keyboard.press("/")
    assert not page.locator("#masthead-search").evaluate("box => box === document.activeElement")
    expect(page).to_have_url(re.compile("/member/feed/"))
