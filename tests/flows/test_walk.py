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
from tests.browser import barriers
from tests.flows.people import Town, picture, settle
from tests.stage import Stage

SHARED = Path(__file__).parents[2].parent / "shared"
SAFE_LINE = "Please read it in the hub today"
OWN_WORDS = (
    "At 14:20 three colleagues in accounts got an invoice from billing@kam-fung-supplies.example. "
    "It fetches hxxp://203.0.113[.]45/u/a.bin and then calls cdn-sync[.]example every minute.\n\n"
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
def newcomer(browser: Browser) -> Iterator[Page]:
    """A second person's browser."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str) -> None:
    """No barrier on this page, and a picture of it."""
    assert barriers(page) == [], name
    picture(page, name)


def share(town: Town, page: Page, *, title: str, body: str) -> str:
    """Paste, check, share to Banking at AMBER; gives the reference."""
    page.goto(f"{town.url}/member/share/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("What happened").fill(body)
    page.get_by_label(re.compile("^Banking")).check()
    page.get_by_text("Sectors, exceptions").click()
    page.get_by_label("Safe line for e-mail").fill(SAFE_LINE)
    if len(body) > SHOWN_CHARACTERS:  # shorter texts are checked while they are typed
        page.get_by_role("button", name="Check who will read it").last.click()
    expect(page.locator("#reach")).to_contain_text("2 people")
    expect(page.locator("#reach")).to_contain_text("in 2 organisations")
    looked_at(page, "compose")
    page.get_by_role("button", name="Share with 2 people").click()
    page.wait_for_url(re.compile("/items/IH-"))
    return page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize(("title", "body"), [("Fortnight in brief", briefing()), ("A long report", article())])
def test_a_pasted_piece_reaches_its_group_by_mail_and_nobody_else(
    town: Town, page: Page, newcomer: Page, title: str, body: str
) -> None:
    town.sign_in(page, "ann")
    ref = share(town, page, title=title, body=body)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    looked_at(page, "item")

    letters = town.instance.letters
    town.instance.wait_until(lambda: any(ref in str(letter) for letter in letters(town.address("ben"))))
    (letter,) = [letter for letter in letters(town.address("ben")) if ref in str(letter)]
    said = str(letter["Subject"]) + "".join(part.get_content() for part in letter.walk() if not part.is_multipart())
    assert SAFE_LINE in said
    assert f"{town.url}/items/{ref}" in said
    assert title not in said
    assert body.split(maxsplit=1)[0] + " " + body.split()[1] not in said
    assert not any(ref in str(letter) for letter in letters(town.address("cara")))

    town.sign_in(newcomer, "cara")
    for path in (f"/items/{ref}", "/items/IH-222222"):
        answer = newcomer.goto(town.url + path)
        assert answer is not None
        assert (answer.status, title in newcomer.content()) == (404, False)
    newcomer.goto(f"{town.url}/member/search/?q={title.rsplit(maxsplit=1)[-1]}")
    assert title not in newcomer.locator("main").inner_text()
    newcomer.goto(f"{town.url}/member/feed/")
    assert ref not in newcomer.content()


def test_a_stock_client_pulls_it_with_the_organisations_token(town: Town, page: Page) -> None:
    town.sign_in(page, "ann")
    ref = share(town, page, title="For machines", body=OWN_WORDS)
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


def test_the_public_reads_a_sanitised_copy_and_nothing_else(town: Town, page: Page, newcomer: Page) -> None:
    town.sign_in(page, "ann")
    ref = share(
        town,
        page,
        title="Invoices that carry a trojan",
        body="Our file server LTB-FS02 (10.20.4.18) was mounted.\n\nBlock 203.0.113[.]45.",
    )
    page.get_by_role("button", name="Offer for public release").click()
    page.wait_for_url(re.compile("/member/proposals/"))
    looked_at(page, "proposal-owner")

    town.sign_in(newcomer, "mori")
    newcomer.goto(f"{town.url}/office/releases/")
    looked_at(newcomer, "release-desk")
    newcomer.get_by_role("link", name="Invoices that carry a trojan").first.click()
    newcomer.locator("textarea[name$=body]").first.fill("A file server was mounted.\n\nBlock 203.0.113[.]45.")
    newcomer.locator("textarea[name$=summary], input[name$=summary]").first.fill("An invoice that carries a trojan.")
    looked_at(newcomer, "release")
    newcomer.locator("button[name=do][value=prepare]").click()
    expect(newcomer.get_by_role("status")).to_contain_text("asked to consent")

    page.reload()
    page.locator("button[name=do][value=consent]").click()
    expect(page.get_by_role("status")).to_contain_text("You agreed")

    newcomer.reload()
    assert newcomer.locator("button[name=do][value=release]").count() == 0
    newcomer.context.clear_cookies()
    town.sign_in(newcomer, "opal")
    newcomer.goto(f"{town.url}/office/releases/")
    newcomer.get_by_role("link", name="Invoices that carry a trojan").first.click()
    newcomer.locator("button[name=do][value=release]").click()
    expect(newcomer.get_by_role("status")).to_contain_text("Released as PZ-")

    newcomer.context.clear_cookies()
    newcomer.goto(f"{town.url}/")
    looked_at(newcomer, "public-home")
    newcomer.get_by_role("link", name="Invoices that carry a trojan").first.click()
    looked_at(newcomer, "advisory")
    seen = newcomer.content()
    for path in ("/feeds/public.atom", "/feeds/public.json", "/advisories", "/"):
        with urllib.request.urlopen(town.url + path, timeout=10) as answer:
            feed = answer.read().decode()
        assert "Invoices that carry a trojan" in feed, path
        seen += feed
    assert "A file server was mounted" in seen
    for secret in ("LTB-FS02", "10.20.4.18", ref, "Ann Fong"):
        assert secret not in seen
