"""Starts a demonstration, looks at every kind of page in English and Chinese, and prints figures and goals."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser import ARGUMENTS, chromium
from tests.pages.goals import Row, table
from tests.pages.listing import ZONES, Listed, Zone
from tests.pages.outside import lighthouse, validate
from tests.pages.visiting import visit
from tests.stage import Instance, Stage

LANGUAGES = {"en": "", "zh-hant": "/zh-hant"}
DRAFT = "Two colleagues opened invoice.zip from 203.0.113[.]9; it asks kam-fung-invoices[.]example for the rest."
FILLED_WITHIN = 300.0


@dataclass(frozen=True)
class Place:
    """A page on the running demonstration, and what is known about whoever looks at it."""

    listed: Listed
    address: str
    language: str
    state: StorageState | None

    @property
    def headers(self) -> dict[str, str]:
        """What a browser of this person sends along."""
        held = self.state["cookies"] if self.state and "cookies" in self.state else []
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in held)
        return {"Accept-Language": self.language} | ({"Cookie": cookies} if cookies else {})


@dataclass
class Look:
    """One look at the whole demonstration; rows have the names of their files in `folder`."""

    instance: Instance
    browser: Browser
    folder: Path
    rows: dict[str, Row] = field(default_factory=dict)

    def people(self) -> dict[str, dict[str, str]]:
        """How the demonstration's people sign in."""
        path = self.instance.folder / "data" / "demo-people.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["people"]
        return found

    def sign_in(self, who: str) -> StorageState:
        """Both steps, as a person does them."""
        secrets, context = self.people()[who], self.browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(f"{self.instance.base_url}/member/")
        page.locator("input[name=login]").fill(secrets["email"])
        page.locator("input[type=password]").fill(secrets["password"])
        page.locator("main button[type=submit]").first.click()
        page.locator("input[name=code]").fill(self.instance.run("code", secrets["email"]).stdout.strip())
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"{self.instance.base_url}/member/")
        state = context.storage_state()
        context.close()
        return state

    def speak(self, state: StorageState, language: str) -> None:
        """Choose the language of the person's pages, as the person does."""
        context = self.browser.new_context(storage_state=state)
        page = context.new_page()
        page.goto(f"{self.instance.base_url}/member/account/")
        choice = page.locator("select[name=language]")
        choice.select_option(language)
        page.locator("main form:has(select[name=language]) button[type=submit]").first.click()
        page.wait_for_load_state()
        context.close()

    def write(self, state: StorageState) -> None:
        """Begin a draft, without scripts, so that it is kept when the page is there."""
        context = self.browser.new_context(storage_state=state, java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{self.instance.base_url}/member/share/")
        page.locator("input[name=title]").fill("Invoices that carry a trojan")
        page.locator("textarea[name=body]").fill(DRAFT)
        page.locator("button[name=do][value=check]").last.click()
        page.wait_for_url("**/member/share/IH-**")
        context.close()

    def zone(self, zone: Zone) -> None:
        """Look at every page of a zone in each language."""
        state = self.sign_in(zone.who) if zone.who else None
        if state and zone.writes:
            self.write(state)
        for language, prefix in LANGUAGES.items():
            if state:
                self.speak(state, language)
            context = self.browser.new_context(storage_state=state, locale=language)
            page = context.new_page()
            places = [
                Place(listed, address, language, state)
                for listed in zone.pages
                for address in [listed.address(page, self.instance.base_url, prefix=prefix if zone.prefixed else "")]
            ]
            context.close()
            for place in places:
                self.page(zone, place)

    def page(self, zone: Zone, place: Place) -> None:
        """Note what is found about one page."""
        row = Row(f"{zone.name} {place.language} {place.listed.name}")
        name = f"{len(self.rows):03}"
        self.rows[name] = row
        found = visit(self.browser, place.address, state=place.state, language=place.language)
        (self.folder / f"{name}.html").write_bytes(found.html)
        row.figures |= found.figures
        if place.listed.lighthouse:
            lighthouse(place.address, row, headers=place.headers, folder=self.folder)
            if place.language == "en":  # the colours are the same in every language
                lighthouse(place.address, row, headers=place.headers, folder=self.folder, dark=True)
        sys.stderr.write(f"{row.page}: {', '.join(f'not {goal}' for goal in row.missed) or 'ok'}\n")


def filled(instance: Instance) -> bool:
    """Whether the whole demonstration is in."""
    return (instance.folder / "data" / "demo-people.json").exists()


def main(zones: Sequence[str]) -> int:
    """Look at these zones, or at all; print, and fail where a goal is missed."""
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as playwright:
        stage, pages = Stage(Path(kept)), Path(kept) / "pages"
        pages.mkdir()
        try:
            instance = stage.instance(outbox_seconds="0").start("--demo")
            instance.wait_until(lambda: filled(instance), FILLED_WITHIN)
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            look = Look(instance, browser, pages)
            for zone in ZONES:
                if not zones or zone.name in zones:
                    look.zone(zone)
            browser.close()
            validate(pages, look.rows)
        finally:
            stage.clear()
    sys.stdout.write("\n" + table(look.rows.values()) + "\n")
    return min(1, sum(len(row.missed) for row in look.rows.values()))


sys.exit(main(sys.argv[1:]))
