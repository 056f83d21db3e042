"""No barrier on any page: axe finds nothing, nothing scrolls sideways, light and dark, wide and narrow."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import barriers
from tests.flows.people import Town, known_names, picture, settle
from tests.flows.words import ENGLISH, HANT, untranslated
from tests.pages.listing import ZONES
from tests.pages.neighbour import neighbour
from tests.pages.staging import FAILING, FINE, LATER, MACHINE, PEER, SEEN, WAITING, Staging
from tests.stage import Stage

PUBLIC = [
    *("/", "/advisories", "/advisories?kind=advisory", "/statistics", "/guidance", "/guidance/first-hour"),
    *("/guidance/scam", "/guidance/basics", "/about", "/about/accessibility", "/about/notices"),
    *("/zh-hant/", "/zh-hans/", "/zh-hant/advisories", "/zh-hans/guidance/first-hour", "/zh-hant/statistics"),
    *("/accounts/login/", "/accounts/password/reset/", "/accounts/set-up/unknown/", "/no-such-page"),
    "/accounts/recovery/stop/unknown/",
]
MEMBER = [
    *("/member/", "/member/feed/", "/member/feed/?tlp=RED", "/member/search/"),
    *("/member/search/?q=first&order=best", "/member/search/?kind=advisory", "/member/search/?q=banking"),
    *(
        "/member/search/?q=203.0.113.9",
        "/member/search/?q=203.0.113.77",
        "/member/notices/",
        "/member/notices/settings/",
        "/member/rules/",
        "/member/rules/new/?q=first",
        "/member/groups/",
    ),
    *("/member/groups/{banking}/", "/member/account/", "/member/integrations/", "/member/share/"),
    *("/member/integrations/?tool=opencti", "/member/integrations/?tool=curl"),
    *("/member/integrations/?tool=firewall", "object", "collection", "token"),
    *("/member/welcome/", "/member/welcome/cases/", "/member/incoming/", "/member/attack/"),
    *("/member/ask/", "/member/ask/?q=Block+host", "/member/ask/?q=zebra", "/member/search/?like={amber}"),
    *("/member/search/?like={green}", "/member/export/?q=zebra"),
    *("/member/account/sign-in/", "/accounts/second-step/", "/accounts/password/change/"),
    *("/member/share/{draft}/", "/member/share/{draft}/?check=1", "/items/{amber}", "/items/{green}", "/items/{red}"),
    *("/items/{withdrawn}", "/items/{sealed}", "/items/{amber}/edit", "/items/{amber}/relations", "/items/IH-222222"),
]
OFFICE = [
    *("/office/", "/office/moderation/", "/office/organisations/", "/office/organisations/{bank}/"),
    *("/office/organisations/new/", "/office/people/", "/office/people/1/", "/office/people/new/", "/office/groups/"),
    *("/office/groups/{banking}/", "/office/groups/new/", "/office/tokens/", "/office/tokens/new/", "/office/jobs/"),
    *("/office/records/", "/office/releases/", "/member/share/", "/office/recoveries/", "/office/seals/"),
    *("/office/programme/", "/office/jobs/mail/", "/office/sources/", "/office/sources/new/", "/office/pushes/"),
    *("/office/quality/", "/office/quality/names/", "/office/quality/read/"),
    *("/office/pushes/new/", "source that waits", "pull of a source", "push", "dry run of a push"),
]
"""Addresses, and names of pages in the list of `script/pages`, which knows how they are found."""


@pytest.fixture(scope="module")
def town(stage: Stage, browser: Browser) -> Iterator[Town]:
    """The town, in which machines have exchanged something."""
    with neighbour() as host:
        town = settle(stage.instance(outbox_seconds="0", outbound_allow=f"127.0.0.1:{host.port}"))
        context = browser.new_context(locale=ENGLISH.locale)
        staging = Staging(town.instance, browser, host)
        for who, act in (("ann", staging.machine), ("opal", staging.exchange)):
            town.sign_in(context.new_page(), who)
            act(context.storage_state())
            context.clear_cookies()
        context.close()
        yield town


def refs(town: Town) -> dict[str, str]:
    """The references of what the programme brought in."""
    found = {key: facts["ref"] for key, facts in town.facts["items"].items()}
    found |= {key: facts["ref"] for key, facts in town.facts["groups"].items()}
    return found | {key: facts["ref"] for key, facts in town.facts["organisations"].items()}


Size = tuple[int, Literal["light", "dark"]]
WIDE: Size = (1280, "light")
NARROW: Size = (390, "dark")
NARROWEST: Size = (320, "light")
STAGED = f"{FINE} {WAITING} {FAILING} {PEER} {LATER} {MACHINE}"
IN_ENGLISH = "Seen here too Do this first Block host seen script hops banking SIEM curl"  # what people typed
IN_ENGLISH += " Spearphishing Link Valid Accounts zebra Lookout"


# WCAG 2.2, 1.4.12: what readers may set, without anything getting lost.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


def troubles(page: Page, path: str, sizes: Sequence[Size]) -> list[str]:
    """What is in somebody's way on this page."""
    found = []
    for width, scheme in sizes:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(SIDEWAYS):
            found.append(f"{path} at {width}: scrolls sideways")
        if width > NARROWEST[0]:
            found += [f"{path} at {width} {scheme}: {barrier}" for barrier in barriers(page)]
    page.set_viewport_size({"width": NARROW[0], "height": 900})
    page.evaluate(SPACED)
    if page.evaluate(SIDEWAYS):
        found.append(f"{path} at {NARROW[0]}: scrolls sideways with letters, words and lines apart")
    page.evaluate("document.adoptedStyleSheets = []")
    return found


@pytest.mark.parametrize(
    ("who", "paths"), [("", PUBLIC), ("ann", MEMBER), ("opal", OFFICE)], ids=["public", "member", "office"]
)
def test_no_page_is_in_anybodys_way(town: Town, page: Page, who: str, paths: list[str]) -> None:
    if who:
        town.sign_in(page, who)
    found = looked_at(town, page, paths, (WIDE, NARROW, NARROWEST))
    sys.stdout.write(f"axe looked at {len(paths)} pages, twice each: {len(found)} violations\n")
    assert found == []


@pytest.mark.parametrize("locale", [HANT.locale], ids=["zh-hant"])
@pytest.mark.parametrize(("who", "paths"), [("ann", MEMBER), ("opal", OFFICE)], ids=["member", "office"])
def test_nor_is_it_in_chinese_nor_left_in_english(town: Town, page: Page, who: str, paths: list[str]) -> None:
    town.sign_in(page, who, HANT)
    assert looked_at(town, page, paths, (NARROW, NARROWEST), "zh_") == []


def address(town: Town, page: Page, path: str) -> str:
    """Where a page of the lists above is."""
    if path.startswith("/"):
        return town.url + path.format(**refs(town))
    return next(one for zone in ZONES for one in zone.pages if one.name == path).address(page, town.url)


def looked_at(town: Town, page: Page, paths: list[str], sizes: Sequence[Size], prefix: str = "") -> list[str]:
    """What is in somebody's way on these pages, each of which is there, or rightly missing, and says what it is."""
    found = []
    for path in paths:
        answer = page.goto(address(town, page, path))
        assert answer is not None
        missing = any(word in path for word in ("222222", "no-such", "unknown"))
        assert (answer.status == 404) == missing, f"{path}: {answer.status}"
        assert answer.status < 500, path
        assert page.locator("h1").count() == 1, path
        assert page.title(), path
        found += troubles(page, path, sizes)
        if prefix:
            assert page.locator("html").get_attribute("lang") == HANT.html, path
            found += [f"{path}: {words}" for words in untranslated(page, f"{known_names()} {IN_ENGLISH} {STAGED}")]
        name = path.strip("/").replace("/", "_").replace("?", "_").replace("{", "").replace("}", "") or "home"
        picture(page, prefix + name)
    return found


def test_a_false_positive_is_said_and_taken_back_by_keys_alone(town: Town, page: Page) -> None:
    words = town.spoken("ann")
    town.sign_in(page, "ann", words)
    page.goto(f"{town.url}/member/search/?q={SEEN}")
    press(page, "a[href*='/objects/']")
    page.wait_for_url("**/objects/**")
    press(page, "button[value=retract]")
    expect(page.locator("[role=alert]")).to_be_focused()
    reach(page, "#reason")
    page.keyboard.type("our own proxy")
    page.keyboard.press("Enter")
    expect(page.get_by_text("our own proxy")).to_be_visible()
    assert barriers(page) == []
    press(page, "button[value=restore]")
    expect(page.locator("button[value=retract]")).to_be_visible()


def reach(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there, and is seen to be there."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(`main ${wanted}`)", wanted):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", wanted
            return
    raise AssertionError(f"no key leads to {wanted}")


def press(page: Page, wanted: str) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")
