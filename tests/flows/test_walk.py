"""The main walk: paste, check, share; the right people read it, a machine pulls it, the public gets a clean copy."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from taxii2client.v21 import Collection, Server, as_pages

from infohub.web.member.composing import SHOWN_CHARACTERS
from tests.flows.people import GROUP, Town, known_names, looked_at, settle
from tests.flows.words import ENGLISH, HANT, Words, left_in_english, said
from tests.stage import Stage

SHARED = Path(__file__).parents[2].parent / "shared"
SAFE_LINE = {"en": "Please read it in the hub today", "zh-hant": "請於今天到平台細閱"}
WHEN = {
    "en": re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4}, \d{1,2}:\d\d [ap]m$"),
    "zh-hant": re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日[上下]午\d{1,2}時\d\d分$"),
}
OWN_WORDS = (
    "At 14:20 three colleagues in accounts got an invoice from billing@kam-fung-supplies.example. "
    "It fetches hxxp://203.0.113[.]45/u/a.bin and then calls cdn-sync[.]example every minute.\n\n"
) * 20
CHINESE = (
    "下午二時二十分，會計部三位同事收到由 billing@kam-fung-supplies.example 寄出的發票，"
    "附件會下載 hxxp://203.0.113[.]45/u/a.bin，其後每分鐘連接 cdn-sync[.]example 一次。\n\n"
) * 20


def briefing() -> str:
    """A fortnight's news as an analyst pastes it."""
    path = SHARED / "seeds" / "004_b60d5304dafd01c8.txt"
    return path.read_text(encoding="utf-8") if path.exists() else OWN_WORDS


def article() -> str:
    """A long technical report with indicators."""
    path = SHARED / "data" / "analysis" / "tram" / "docs.jsonl"
    if not path.exists():
        return OWN_WORDS * 10
    with path.open(encoding="utf-8") as lines:
        return str(json.loads(next(lines))["text"])


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(outbox_seconds="0"))


@pytest.fixture
def locale(words: Words) -> str:
    return words.locale


@pytest.fixture
def newcomer(browser: Browser, locale: str) -> Iterator[Page]:
    """A second person's browser."""
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def share(town: Town, page: Page, words: Words, *, title: str, body: str) -> str:
    """Paste, check, share to Banking at AMBER; gives the reference."""
    page.goto(f"{town.url}/member/share/")
    page.get_by_label(words("Title")).fill(title)
    page.get_by_label(words("What happened")).fill(body)
    page.get_by_label(words("Language of the text")).select_option(words.code)
    page.get_by_label(re.compile("^" + GROUP[words.code])).check()
    page.get_by_text(words("Sectors, exceptions, hiding your name")).click()
    page.get_by_label(words("Safe line for e-mail")).fill(SAFE_LINE[words.code])
    if len(body) > SHOWN_CHARACTERS:  # shorter texts are checked while they are typed
        page.get_by_role("button", name=words("Check who will read it")).last.click()
    button = page.get_by_role(
        "button", name=words.of(2, "Share with %(people)s person", "Share with %(people)s people", people=2)
    )
    expect(button).to_be_visible()
    expect(page.get_by_role("region", name=words("What happens when you share"))).to_contain_text("2")
    looked_at(page, "compose", words, body)
    button.click()
    page.wait_for_url("**/items/IH-*")
    return page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("words", "title", "body"),
    [
        (ENGLISH, "Fortnight in brief", briefing()),
        (ENGLISH, "A long report", article()),
        (HANT, "兩星期速遞", CHINESE),
    ],
    ids=["briefing", "report", "zh-hant"],
)
def test_a_pasted_piece_reaches_its_group_by_mail_and_nobody_else(
    town: Town, page: Page, newcomer: Page, words: Words, title: str, body: str
) -> None:
    town.sign_in(newcomer, "ben", words)
    newcomer.context.clear_cookies()
    town.sign_in(page, "ann", words)
    ref = share(town, page, words, title=title, body=body)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("main").get_by_role("time").first).to_have_text(WHEN[words.code])
    looked_at(page, "item", words, body)

    letters = town.instance.letters
    town.instance.wait_until(lambda: any(ref in said(letter) for letter in letters(town.address("ben"))))
    (letter,) = [letter for letter in letters(town.address("ben")) if ref in said(letter)]
    written = said(letter) + said(letter, "text/html")
    assert SAFE_LINE[words.code] in written
    assert f"{town.url}/items/{ref}" in written
    assert title not in written
    assert body[:40] not in written
    assert f'lang="{words.html}"' in said(letter, "text/html")
    if words is HANT:
        assert left_in_english(said(letter), known_names()) == []
    assert not any(ref in said(letter) for letter in letters(town.address("cara")))

    town.sign_in(newcomer, "cara", words)
    for path in (f"/items/{ref}", "/items/IH-222222"):
        answer = newcomer.goto(town.url + path)
        assert answer is not None
        assert (answer.status, title in newcomer.content()) == (404, False)
    newcomer.goto(f"{town.url}/member/search/?q={title.rsplit(maxsplit=1)[-1]}")
    assert newcomer.get_by_role("main").get_by_role("link", name=title).count() == 0
    newcomer.goto(f"{town.url}/member/feed/")
    assert ref not in newcomer.content()


@pytest.mark.parametrize("words", [ENGLISH], ids=["en"])
def test_a_stock_client_pulls_it_with_the_organisations_token(town: Town, page: Page, words: Words) -> None:
    town.sign_in(page, "ann", words)
    ref = share(town, page, words, title="For machines", body=OWN_WORDS)
    server = Server(f"{town.url}/taxii2/", user="siem", password=town.token("siem"))
    (banking,) = [one for one in server.api_roots[0].collections if one.title == "Banking"]

    def pulled() -> list[dict[str, object]]:
        pages = as_pages(Collection(banking.url, user="siem", password=town.token("siem")).get_objects, per_request=7)
        return [thing for envelope in pages for thing in envelope.get("objects", [])]

    town.instance.wait_until(lambda: any(ref in json.dumps(thing) for thing in pulled()))
    (report,) = [thing for thing in pulled() if thing["type"] == "report" and thing["name"] == "For machines"]
    patterns = " ".join(str(thing["pattern"]) for thing in pulled() if thing["type"] == "indicator")
    assert "203.0.113.45" in patterns
    assert report["object_marking_refs"] == ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]


@pytest.mark.parametrize("words", [ENGLISH, HANT], ids=["en", "zh-hant"])
def test_the_public_reads_a_sanitised_copy_and_nothing_else(
    town: Town, page: Page, newcomer: Page, words: Words
) -> None:
    title = words.pick("Invoices that carry a trojan", "附有木馬程式的發票")
    copy = words.pick("A file server was mounted.", "一台檔案伺服器遭掛載。")
    town.sign_in(page, "ann", words)
    ref = share(
        town,
        page,
        words,
        title=title,
        body=words.pick("Our file server", "我們的檔案伺服器") + " LTB-FS02 (10.20.4.18).\n\n203.0.113[.]45",
    )
    page.get_by_role("button", name=words("Offer for public release")).click()
    page.wait_for_url("**/member/proposals/**")
    looked_at(page, "proposal-owner", words, "LTB-FS02")

    town.sign_in(newcomer, "mori", words)
    prepare(town, newcomer, words, title=title, copy=copy)

    page.reload()
    looked_at(page, "proposal-consent", words, "LTB-FS02")
    page.get_by_role("button", name=words("I agree to these words")).click()
    expect(page.get_by_role("status")).to_contain_text(
        words("You agreed to these words. A second person releases them.")
    )

    newcomer.reload()
    assert newcomer.get_by_role("button", name=words("Release to everybody")).count() == 0
    newcomer.context.clear_cookies()
    town.sign_in(newcomer, "opal", words)
    newcomer.goto(f"{town.url}/office/releases/")
    newcomer.get_by_role("link", name=title).first.click()
    newcomer.get_by_role("button", name=words("Release to everybody")).click()
    expect(newcomer.get_by_role("status")).to_contain_text("PZ-")
    looked_at(newcomer, "released", words, "LTB-FS02")

    newcomer.context.clear_cookies()
    newcomer.goto(f"{town.url}{words.prefix}/")
    looked_at(newcomer, "public-home", words)
    newcomer.get_by_role("link", name=title).first.click()
    looked_at(newcomer, "advisory", words)
    seen = newcomer.content()
    for path in ("/feeds/public.atom", "/feeds/public.json", "/advisories", "/"):
        address = town.url + (path if path.startswith("/feeds/") else words.prefix + path)
        with urllib.request.urlopen(address, timeout=10) as answer:
            feed = answer.read().decode()
        assert title in feed, path
        seen += feed
    assert copy in seen
    for secret in ("LTB-FS02", "10.20.4.18", ref, "Ann Fong"):
        assert secret not in seen


def prepare(town: Town, page: Page, words: Words, *, title: str, copy: str) -> None:
    """The desk takes what waits and writes the public version in its own language."""
    page.goto(f"{town.url}/office/releases/")
    looked_at(page, "release-desk", words, "LTB-FS02")
    page.get_by_role("link", name=title).first.click()
    form = page.get_by_role("form", name=words("Write the public version"))
    form.get_by_label(words("Text"), exact=True).first.fill(f"{copy}\n\n203.0.113[.]45")
    form.get_by_label(words("Summary")).first.fill(title + words.pick(".", "。"))
    looked_at(page, "release", words, "LTB-FS02")
    form.get_by_role("button", name=words("Ask the owner to consent")).click()
    expect(page.get_by_role("status")).to_contain_text(words("The owner is asked to consent to these words."))
