"""No barrier on any page: axe finds nothing, nothing scrolls sideways, light and dark, wide and narrow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser import barriers
from tests.flows.people import Town, known_names, picture, settle
from tests.flows.words import HANT, untranslated
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
    *("/member/integrations/?tool=opencti", "/member/integrations/?tool=curl", "/member/integrations/tokens/2/"),
    *("/member/welcome/", "/member/welcome/cases/"),
    *("/member/account/sign-in/", "/accounts/second-step/", "/accounts/password/change/"),
    *("/member/share/{draft}/", "/member/share/{draft}/?check=1", "/items/{amber}", "/items/{green}", "/items/{red}"),
    *("/items/{withdrawn}", "/items/{sealed}", "/items/{amber}/edit", "/items/IH-222222"),
]
OFFICE = [
    *("/office/", "/office/moderation/", "/office/organisations/", "/office/organisations/{bank}/"),
    *("/office/organisations/new/", "/office/people/", "/office/people/1/", "/office/people/new/", "/office/groups/"),
    *("/office/groups/{banking}/", "/office/groups/new/", "/office/tokens/", "/office/tokens/new/", "/office/jobs/"),
    *("/office/records/", "/office/releases/", "/member/share/", "/office/recoveries/", "/office/seals/"),
    *("/office/programme/", "/office/jobs/mail/"),
]


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(outbox_seconds="0"))


def refs(town: Town) -> dict[str, str]:
    """The references of what the programme brought in."""
    found = {key: facts["ref"] for key, facts in town.facts["items"].items()}
    found |= {key: facts["ref"] for key, facts in town.facts["groups"].items()}
    return found | {key: facts["ref"] for key, facts in town.facts["organisations"].items()}


Size = tuple[int, Literal["light", "dark"]]
WIDE: Size = (1280, "light")
NARROW: Size = (390, "dark")
NARROWEST: Size = (320, "light")
IN_ENGLISH = "Seen here too Do this first Block host seen script hops banking SIEM curl"  # what people typed


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


def looked_at(town: Town, page: Page, paths: list[str], sizes: Sequence[Size], prefix: str = "") -> list[str]:
    """What is in somebody's way on these pages, each of which is there, or rightly missing, and says what it is."""
    found = []
    for path in paths:
        answer = page.goto(town.url + path.format(**refs(town)))
        assert answer is not None
        missing = any(word in path for word in ("222222", "no-such", "unknown"))
        assert (answer.status == 404) == missing, f"{path}: {answer.status}"
        assert answer.status < 500, path
        assert page.locator("h1").count() == 1, path
        assert page.title(), path
        found += troubles(page, path, sizes)
        if prefix:
            assert page.locator("html").get_attribute("lang") == HANT.html, path
            found += [f"{path}: {words}" for words in untranslated(page, f"{known_names()} {IN_ENGLISH}")]
        name = path.strip("/").replace("/", "_").replace("?", "_").replace("{", "").replace("}", "") or "home"
        picture(page, prefix + name)
    return found
