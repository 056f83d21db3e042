"""The composer as a browser with scripts shows it: everything beside the text follows it while it is typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.people import GROUP, Town, looked_at, settle
from tests.flows.words import ENGLISH, HANT, Words
from tests.stage import Stage

BLOCKED = "Blocked here at ten past three."
BODY = {
    "zh-hant": (
        "下午二時二十分，三位同事收到由 billing@kam-fung.example 寄出的發票，附件下載 hxxp://203.0.113[.]45/u/a.bin。\n\n"
        "檔案伺服器 LTB-FS02 (10.20.4.18) 遭掛載。"
    ),
    "en": (
        "At 14:20 three colleagues got an invoice from billing@kam-fung.example. It fetches hxxp://203.0.113[.]45/u/a.bin.\n\n"
        "Our file server LTB-FS02 (10.20.4.18) was mounted."
    ),
}

ADVICE = {
    "zh-hant": ("某款閘道器讓陌生人進入，8.2 之前的版本受影響。\n\n請立即更新至 8.2 版。", "請立即更新至 8.2 版。"),
    "en": ("A gateway lets strangers in. Versions before 8.2 are affected.\n\nUpdate it today.", "Update it today."),
}


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance())


@pytest.fixture(params=[ENGLISH, HANT], ids=["en", "zh-hant"])
def words(request: pytest.FixtureRequest) -> Words:
    """The language of the person at the browser."""
    chosen: Words = request.param
    return chosen


@pytest.fixture
def locale(words: Words) -> str:
    return words.locale


def test_typing_is_enough_to_see_what_is_found_what_gives_us_away_and_who_will_read(
    town: Town, page: Page, words: Words
) -> None:
    title, machine = words.pick("Invoices that carry a trojan", "附有木馬的發票"), words("an internal machine")
    text, heading = page.get_by_label(words("What happened")), page.get_by_label(words("Title"))
    share = page.get_by_role(
        "button", name=words.of(2, "Share with %(people)s person", "Share with %(people)s people", people=2)
    )
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    expect(page.get_by_label(words("Language of the text"))).to_have_value(words.code)
    text.fill(BODY[words.code])
    expect(page.locator("#found")).to_contain_text("hxxp://203.0.113[.]45/u/a.bin")
    expect(page.locator("#own")).to_contain_text("LTB-FS02")
    expect(page.locator("#back mark.own").first).to_have_text("LTB-FS02")
    expect(page.locator("#reach")).to_contain_text(words("Give it a title: readers see it first."))
    expect(page).to_have_url(re.compile("/member/share/IH-"))
    heading.fill(title)
    page.get_by_label(re.compile("^" + GROUP[words.code])).check()
    expect(share).to_be_visible()
    looked_at(page, "compose-live", words, BODY[words.code])

    unticked = page.get_by_role("checkbox", name=re.compile("kam-fung"))
    unticked.uncheck()
    heading.fill(f"{title} 2")
    expect(page.locator("#kept")).to_contain_text(
        words.of(3, "%(number)s indicator found", "%(number)s indicators found")
    )
    expect(unticked).not_to_be_checked()

    page.get_by_role("button", name=words("Replace with “%(words)s”", words=machine) + " LTB-FS02").click()
    expect(text).to_have_value(re.compile(words.pick("Our file server ", "檔案伺服器 ") + machine))
    page.get_by_role("button", name=words("Keep it") + " 10.20.4.18").click()
    expect(page.locator("#own")).not_to_contain_text("10.20.4.18")
    text.press("End")
    text.press_sequentially(" 203.0.113.77")
    expect(share).to_be_visible()
    text.press("Control+Enter")
    page.wait_for_url(re.compile("/items/IH-"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title} 2")
    expect(page.get_by_role("main")).not_to_contain_text("LTB-FS02")


def test_a_card_is_drafted_while_one_types_and_is_in_the_text_when_one_says_so(
    town: Town, page: Page, words: Words
) -> None:
    body, step = ADVICE[words.code]
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    text, card = page.get_by_label(words("What happened")), page.locator("#card")
    text.fill(body)
    expect(card.get_by_role("listitem")).to_have_text([step])
    looked_at(page, "compose-card", words, body)
    expect(text).to_have_value(body)
    card.get_by_role("button", name=words("Put it into my text")).click()
    expect(text).to_have_value(re.compile(f"## {words('Do this first')}\n\n1. {re.escape(step)}"))
    expect(card).to_contain_text(words("Your text says already what to do first."))


def test_a_reader_answers_looks_at_the_group_and_chooses_how_to_be_told(town: Town, page: Page, words: Words) -> None:
    banking = town.facts["groups"]["banking"]["ref"]
    answer = words.pick(BLOCKED, "我們於三時十分已封鎖。")
    town.sign_in(page, "ben", words)
    page.goto(f"{town.url}/member/groups/{banking}/")
    looked_at(page, "group", words)
    page.get_by_role("link", name="Moved in: amber").first.click()
    page.get_by_label(words("Reply"), exact=True).last.fill(answer)
    page.get_by_label(words("For"), exact=True).last.select_option(label=words("only the author"))
    page.get_by_role("button", name=words("Reply"), exact=True).click()
    said = page.locator("ol.talk li", has_text=answer)
    expect(said).to_contain_text(words("Only the author and %(name)s", name="Ben"))
    looked_at(page, "talk", words, f"Seen here too {BLOCKED}")

    page.goto(f"{town.url}/member/notices/settings/")
    looked_at(page, "notice-settings", words)
    page.get_by_role("button", name=words("Save my choice")).click()
    expect(page.get_by_role("status")).to_be_visible()
    for path in ("/member/", "/member/notices/", "/member/groups/", "/member/account/", "/member/account/sign-in/"):
        page.goto(town.url + path)
        looked_at(page, path.strip("/").replace("/", "-"), words)
