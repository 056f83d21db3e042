"""What the hub reads in a text: shown while it is written, decided by people, kept, and never at the cost of a word.

The models are those that are shipped, the server and its worker are real; only people are played.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser import barriers
from tests.flows.people import GROUP, Town, looked_at, settle
from tests.flows.words import ENGLISH, HANT, Words
from tests.stage import Stage

TITLE = {"en": "Invoices that carry a trojan", "zh-hant": "附有木馬的發票"}
BODY = {
    "en": (
        "At 14:20 three colleagues at the hospital got a phishing e-mail from billing@kam-fung.example. "
        "Its attachment installs **Emotet** and fetches `hxxp://203.0.113[.]45/u/a.bin`.\n\n"
        "The attackers dumped credentials from LSASS memory with Mimikatz. "
        "Our file server LTB-FS02 (10.20.4.18) was encrypted by ransomware."
    ),
    "zh-hant": (
        "下午二時二十分，醫院三位同事收到由 billing@kam-fung.example 寄出的釣魚電郵，附件安裝 **Emotet** 🔥，"
        "並下載 `hxxp://203.0.113[.]45/u/a.bin`。\n\n"
        "攻擊者以 Mimikatz 竊取憑證，檔案伺服器 LTB-FS02 (10.20.4.18) 的檔案被勒索軟件加密。"
    ),
}
SECTOR = {"en": "Healthcare", "zh-hant": "醫療"}
TECHNIQUE = {"en": "T1003.001", "zh-hant": "T1486"}
BECAUSE = {"en": "ransomware", "zh-hant": "勒索軟件"}
CHINESE = (
    "我們在三時十分封鎖了寄件網域。附件會在開機時自動執行，並每分鐘連接控制伺服器一次。"
    "請各成員檢查郵件閘道的紀錄，並重設受影響帳戶的密碼。如發現同類電郵，請盡快通知我們。"
)
BOTH = pytest.mark.parametrize("words", [ENGLISH, HANT], ids=["en", "zh-hant"])
KNOWN = "Emotet Mimikatz trojan"


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(outbox_seconds="0"))


@pytest.fixture
def words() -> Words:
    """The language of the person at the browser, where the test does not name several."""
    return ENGLISH


@pytest.fixture
def locale(words: Words) -> str:
    return words.locale


@BOTH
def test_findings_come_while_one_writes_and_what_is_taken_off_stays_off(town: Town, page: Page, words: Words) -> None:
    compose(town, page, words, TITLE[words.code], BODY[words.code])
    said, found = page.locator("#said"), page.locator("#found")
    for shown in ("Emotet", "Mimikatz", TECHNIQUE[words.code], SECTOR[words.code]):
        expect(said).to_contain_text(shown)
    better = said.locator("p", has=page.locator("b", has_text=words("High")))
    expect(better).to_contain_text(words("Severity"))
    expect(better).to_contain_text(BECAUSE[words.code])
    expect(page.locator("#back mark", has_text="Emotet")).to_have_count(1)
    clear(page, "compose-findings", words, BODY[words.code])

    tick(said, "Emotet").check()
    write_on(page, words.pick(" And more.", "另有其他。"))
    tick(said, "Emotet").uncheck()
    tick(found, "kam-fung").uncheck()
    tick(said, TECHNIQUE[words.code]).check()
    write_on(page, words.pick(" And a bit more.", "其後再無異狀。"))
    for _reloaded in range(2):
        expect(tick(said, "Emotet")).not_to_be_checked()
        expect(tick(found, "kam-fung")).not_to_be_checked()
        expect(tick(said, TECHNIQUE[words.code])).to_be_checked()
        page.reload()
    expect(text_of(page, words)).to_have_value(re.compile(words.pick("And a bit more", "其後再無異狀")))

    with_keys(page, tick(said, "Mimikatz"), key="Space")
    expect(tick(said, "Mimikatz")).to_be_checked()
    with_keys(page, said.get_by_role("button", name=words.of_context("what was suggested", "Use it")).first)
    expect(page.get_by_label(words("Severity"), exact=True)).to_have_value("3")
    expect(better).to_have_count(0)
    with_keys(page, page.locator("#own").get_by_role("button", name="LTB-FS02").first)
    expect(text_of(page, words)).not_to_have_value(re.compile("LTB-FS02"))
    expect(tick(said, "Emotet")).not_to_be_checked()

    page.get_by_role("button", name=words("Preview")).click()
    preview = page.locator("#preview")
    expect(preview.locator("a[href^='#found-'] mark", has_text="203.0.113")).to_have_count(1)
    expect(preview.locator("mark", has_text="Mimikatz")).to_have_count(1)
    looked_at(page, "compose-preview", words, KNOWN, BODY[words.code], *known_techniques(page))

    share(page, words)
    read(town, page)
    panel, body = page.locator("#reading"), page.locator(".prose").first
    expect(panel.locator("del", has_text="Emotet")).to_be_visible()
    expect(finding(page, TECHNIQUE[words.code])).to_contain_text(words("confirmed by %(name)s", name="Ann Fong"))
    expect(body).to_contain_text("Emotet")
    expect(body.locator("mark:not(.key)", has_text=re.compile("^Emotet$"))).to_have_count(0)
    expect(body.locator("a[href^='#indicator-'] mark", has_text="203.0.113")).to_have_count(1)
    clear(page, "item-findings", words, BODY[words.code], words.pick("", ""))


@BOTH
def test_a_mark_leads_to_its_finding_and_a_sentence_of_the_summary_into_the_text(
    town: Town, page: Page, words: Words
) -> None:
    body = BODY[words.code] + words.pick("", f"\n\n{CHINESE}")
    ref = shared(town, f"{TITLE[words.code]} 3", body, language=words.code)
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/items/{ref}")
    read(town, page)
    mark = page.locator(".prose a[href^='#finding-']", has_text="Mimikatz")
    expect(mark.locator("mark")).to_have_attribute("title", re.compile("Mimikatz$"))
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reading li:target")).to_contain_text("Mimikatz")
    sentence = page.locator("#reading a[href^='#sentence-']").first
    told = sentence.inner_text()[:12]
    sentence.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.key:target")).to_be_in_viewport()
    expect(page.locator(".prose").first).to_contain_text(told)


def test_author_and_moderator_decide_and_no_other_reader(town: Town, page: Page, words: Words) -> None:
    ref = shared(town, "Who may decide", BODY["en"])
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/items/{ref}")
    read(town, page)
    with_keys(page, finding(page, "Mimikatz").get_by_role("button").first)
    row = finding(page, "Mimikatz")
    expect(row).to_contain_text(words("confirmed by %(name)s", name="Ann Fong"))
    address = row.locator("form").get_attribute("action")
    assert address

    page.context.clear_cookies()
    town.sign_in(page, "dan")
    page.goto(f"{town.url}/items/{ref}")
    with_keys(page, finding(page, "Emotet").get_by_role("button").nth(1))
    expect(page.locator("#reading del", has_text="Emotet")).to_be_visible()

    page.context.clear_cookies()
    town.sign_in(page, "ben")
    page.goto(f"{town.url}/items/{ref}")
    expect(page.locator("#reading")).to_contain_text("confirmed by Ann Fong")
    expect(page.locator("#reading")).not_to_contain_text("Emotet</del>")
    expect(page.locator("#reading button")).to_have_count(0)
    assert posted(page, address) == 404

    page.context.clear_cookies()
    town.sign_in(page, "cara")
    assert posted(page, address) == 404
    answer = page.goto(f"{town.url}/items/{ref}")
    assert answer
    assert answer.status == 404


def test_related_pieces_say_why_and_a_story_counts_its_pieces(town: Town, page: Page, words: Words) -> None:
    told = (
        "Storm crews exploit CVE-2024-3400 in GlobalProtect gateways of {where} and install the Cobalt Strike beacon "
        "from hxxp://update-globe.example/{n}. Patch the gateway, then look for the file gp-hook.dll on it."
    )
    places = ("a harbour", "a tram depot", "a clinic")
    refs = [shared(town, f"Gateways of {where} fall", told.format(where=where, n=n)) for n, where in enumerate(places)]
    town.sign_in(page, "ben", words)
    for ref in refs:
        page.goto(f"{town.url}/items/{ref}")
        read(town, page)
    page.goto(f"{town.url}/items/{refs[-1]}")
    line = page.get_by_role("link", name=words("Piece %(number)s of %(all)s in this story", number=3, all=3))
    line.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#related$"))
    related = page.locator("section", has=page.locator("#related"))
    expect(related).to_contain_text("Gateways of a harbour fall")
    expect(related).to_contain_text("CVE-2024-3400")
    expect(related).to_contain_text(words("the same story"))

    page.goto(f"{town.url}/member/share/")
    page.locator("[name=title]").fill("Gateways of a harbour fall")
    page.locator("[name=body]").fill(told.format(where="a harbour", n=0))
    expect(page.locator("#own")).to_contain_text(refs[0])


def test_a_marking_in_the_text_is_proposed_where_it_is_stricter_and_never_where_it_is_weaker(
    town: Town, page: Page, words: Words
) -> None:
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    page.locator("[name=title]").fill("Passed on")
    page.locator("[name=body]").fill("TLP:GREEN at the top, but then: tlp：amber+strict. Do not pass it on.")
    proposal = page.locator("#reach").get_by_role("button", name="TLP:AMBER+STRICT")
    expect(proposal).to_be_visible()
    with_keys(page, proposal)
    expect(page.get_by_role("radio", name=re.compile("AMBER.STRICT"))).to_be_checked()
    expect(proposal).to_have_count(0)
    page.get_by_role("radio", name=re.compile("RED")).check()
    expect(page.locator("#kept")).to_contain_text(re.compile(r"\d"))
    expect(page.locator("#reach button[name=use]")).to_have_count(0)


def test_a_text_that_takes_long_to_read_is_kept_all_the_same(town: Town, page: Page, words: Words) -> None:
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    long = "\n\n".join(f"{number}. {BODY['en']}" for number in range(110))
    page.locator("[name=title]").fill("A long one")
    page.locator("[name=body]").fill(long)
    expect(page).to_have_url(re.compile("/member/share/IH-"))
    page.locator("[name=body]").fill(long * 2)
    write_on(page, " last words")
    page.reload()
    expect(page.locator("[name=body]")).to_have_value(re.compile("last words$"))


def test_what_is_typed_while_the_server_is_away_stays_and_is_kept_when_it_is_back(
    town: Town, page: Page, words: Words
) -> None:
    town.sign_in(page, "ann", words)
    compose(town, page, words, "Before the storm", "Typed before.")
    town.instance.kill()
    try:
        write_on(page, " Typed in the dark.")
        note = page.get_by_text(words("This could not be kept just now. What you typed is still here."))
        expect(note).to_be_visible()
        text_of(page, words).press("Control+Enter")
        expect(note).to_be_visible()
    finally:
        town.instance.start()
    with_keys(page, page.get_by_role("button", name=words("Try again")))
    expect(note).to_be_hidden()
    page.reload()
    expect(text_of(page, words)).to_have_value("Typed before. Typed in the dark.")


def test_what_is_typed_after_the_session_ended_stays_and_is_kept_after_signing_in(
    town: Town, page: Page, words: Words
) -> None:
    town.sign_in(page, "ann", words)
    compose(town, page, words, "A long day", "Typed before.")
    session = [cookie for cookie in page.context.cookies() if cookie["name"] != "csrf"]
    page.context.clear_cookies()
    write_on(page, " Typed signed out.")
    note = page.get_by_text(words("You are signed out. What you typed is still here."))
    expect(note).to_be_visible()
    expect(page.get_by_role("link", name=words("Sign in in another window"))).to_have_attribute("target", "_blank")
    assert barriers(page) == []
    text_of(page, words).press("Control+Enter")
    expect(page).to_have_url(re.compile("/member/share/IH-"))
    expect(text_of(page, words)).to_have_value("Typed before. Typed signed out.")
    page.context.add_cookies(session)  # type: ignore[arg-type]  # as the browser gave them
    expect(page.get_by_role("button", name=words("I am signed in again"))).to_be_visible()
    text_of(page, words).press("Tab")
    expect(note).to_be_hidden()
    page.reload()
    expect(text_of(page, words)).to_have_value("Typed before. Typed signed out.")


def test_the_whole_way_without_scripts(town: Town, browser: Browser, words: Words) -> None:
    context = browser.new_context(java_script_enabled=False, locale=words.locale)
    page = context.new_page()
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    page.locator("[name=title]").fill("By hand")
    page.locator("[name=body]").fill(BODY["en"])
    page.get_by_label(re.compile("^" + GROUP[words.code])).check()
    page.get_by_role("button", name=words("Check who will read it")).last.click()
    tick(page.locator("#said"), "Emotet").uncheck()
    page.get_by_role("button", name=words("Save draft")).click()
    expect(tick(page.locator("#said"), "Emotet")).not_to_be_checked()
    session = page.context.cookies()
    page.context.clear_cookies()
    page.locator("[name=body]").fill("Typed by hand, signed out.")
    page.get_by_role("button", name=words("Save draft")).click()
    expect(page.get_by_role("main")).to_contain_text("Typed by hand, signed out.")
    page.context.add_cookies(session)  # type: ignore[arg-type]  # as the browser gave them
    for _token in ("that of the session before", "a new one"):
        page.get_by_role("button", name=words("Keep my text")).click()
    page.wait_for_url(re.compile("/member/share/IH-"))
    expect(page.locator("[name=body]")).to_have_value("Typed by hand, signed out.")
    context.close()


def compose(town: Town, page: Page, words: Words, title: str, body: str) -> None:
    """Write a piece for the group and wait until it was kept."""
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/share/")
    page.get_by_label(words("Title")).fill(title)
    page.get_by_label(re.compile("^" + GROUP[words.code])).check()
    with page.expect_response(re.compile("/live/")):
        text_of(page, words).fill(body)
    expect(page).to_have_url(re.compile("/member/share/IH-"))


def text_of(page: Page, words: Words) -> Locator:
    return page.get_by_label(words("What happened"))


def write_on(page: Page, more: str) -> None:
    """Type at the end, and wait for the pause after which it is kept, or is not."""
    area = page.locator("[name=body]")
    area.press("Control+End")
    with page.expect_request(lambda sent: carries(sent, more)) as asked:
        area.press_sequentially(more)
    asked.value.response()


def carries(sent: Request, words: str) -> bool:
    """Whether this is the saving of a text with these words."""
    return "/live/" in sent.url and words.strip().encode() in (sent.post_data_buffer or b"")


def finding(page: Page, name: str) -> Locator:
    """Its row on the piece's page."""
    return page.locator("#reading li[id^=finding]", has=page.locator("b", has_text=name))


def tick(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("checkbox", name=re.compile(re.escape(name))).first


def share(page: Page, words: Words) -> None:
    button = page.get_by_role(
        "button", name=words.of(2, "Share with %(people)s person", "Share with %(people)s people", people=2)
    )
    if not button.is_visible():
        page.get_by_role("button", name=words("Check who will read it")).last.click()
    button.click()
    page.wait_for_url(re.compile("/items/IH-"))


def read(town: Town, page: Page) -> None:
    """Look again until the worker has read the piece."""

    def is_read() -> bool:
        page.reload()
        return page.locator("#reading h3").count() > 0

    town.instance.wait_until(is_read, 60)


def with_keys(page: Page, wanted: Locator, *, key: str = "Enter") -> None:
    """Go there with Tab alone, see that one is there, and press it."""
    for _key in range(200):
        page.keyboard.press("Tab")
        # Asked at once of what is there now: new findings may take its place at any moment.
        outline = wanted.evaluate("one => document.activeElement === one ? getComputedStyle(one).outlineStyle : ''")
        if outline:
            assert outline == "solid"
            page.keyboard.press(key)
            return
    raise AssertionError("no key leads there")


def clear(page: Page, name: str, words: Words, *typed: str) -> None:
    """No barrier wide and narrow, light and dark; nothing sideways; no word of another language; pictures of it."""
    for width in (390, 1280):
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert barriers(page) == [], f"{name} {width} {scheme}"
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} {width}"
    looked_at(page, name, words, KNOWN, *typed, *known_techniques(page))


def known_techniques(page: Page) -> Sequence[str]:
    """Names of ATT&CK, which are English in every language."""
    return page.locator("#said label, #reading li b, #reading li del").all_inner_texts()


def shared(town: Town, title: str, body: str, *, language: str = "en") -> str:
    """Share a piece in the group by its author's program; its reference."""
    sent = {
        "kind": "alert",
        "title": title,
        "body": body,
        "language": language,
        "tlp": "AMBER",
        "audience": {"groups": [town.facts["groups"]["banking"]["ref"]]},
        "state": "published",
    }
    headers = {"Authorization": f"Bearer {town.token('script')}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{town.url}/api/v1/items", json.dumps(sent).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.loads(answer.read())["ref"])


def posted(page: Page, address: str) -> int:
    """What the server answers to somebody who sends the decision of a form that their page does not have."""
    status: int = page.evaluate(
        """async address => {
          const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
          const body = new URLSearchParams({ csrfmiddlewaretoken: token, do: 'reject' });
          return (await fetch(address, { method: 'POST', body })).status;
        }""",
        address,
    )
    return status
