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
from tests.pages.neighbour import neighbour
from tests.pages.outside import lighthouse, validate
from tests.pages.staging import Staging
from tests.pages.visiting import visit
from tests.stage import Instance, Stage
from tests.support.host import Host

LANGUAGES = {"en": "", "zh-hant": "/zh-hant"}
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
    states: dict[str, StorageState] = field(default_factory=dict)

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

    def stage(self, host: Host) -> None:
        """Let people and machines do what makes pages full; what is shown only once is kept now."""
        staging = Staging(self.instance, self.browser, host)
        self.states = {who: self.sign_in(who) for who in ("ann", "opal")}
        staging.exchange(self.states["opal"])
        staging.draft(self.states["ann"])
        self._keep(Row("member en new token"), staging.machine(self.states["ann"]))

    def zone(self, zone: Zone, named: Sequence[str]) -> None:
        """Look in each language at every page of a zone, or at those whose names hold one of these words."""
        state = self.states[zone.who] if zone.who else None
        listed_here = [page for page in zone.pages if not named or any(word in page.name for word in named)]
        for language, prefix in LANGUAGES.items():
            if state:
                self.speak(state, language)
            context = self.browser.new_context(storage_state=state, locale=language)
            page = context.new_page()
            places = [
                Place(listed, address, language, state)
                for listed in listed_here
                for address in [listed.address(page, self.instance.base_url, prefix=prefix if zone.prefixed else "")]
            ]
            context.close()
            for place in places:
                self.page(zone, place)

    def page(self, zone: Zone, place: Place) -> None:
        """Note what is found about one page."""
        found = visit(self.browser, place.address, state=place.state, language=place.language)
        row = Row(f"{zone.name} {place.language} {place.listed.name}", dict(found.figures))
        self._keep(row, found.html)
        if place.listed.lighthouse:
            lighthouse(place.address, row, headers=place.headers, folder=self.folder)
            if place.language == "en":  # the colours are the same in every language
                lighthouse(place.address, row, headers=place.headers, folder=self.folder, dark=True)
        sys.stderr.write(f"{row.page}: {', '.join(f'not {goal}' for goal in row.missed) or 'ok'}\n")

    def _keep(self, row: Row, html: bytes) -> None:
        name = f"{len(self.rows):03}"
        self.rows[name] = row
        (self.folder / f"{name}.html").write_bytes(html)


def filled(instance: Instance) -> bool:
    """Whether the whole demonstration is in."""
    return (instance.folder / "data" / "demo-people.json").exists()


def main(asked: Sequence[str]) -> int:
    """Look at these zones, or at all, and there at pages with these words in their names, or at all.

    Print what was found, and fail where a goal is missed.
    """
    zones = [zone for zone in ZONES if zone.name in asked] or ZONES
    named = [word for word in asked if word not in {zone.name for zone in ZONES}]
    with tempfile.TemporaryDirectory() as kept, neighbour() as host, sync_playwright() as playwright:
        stage, pages = Stage(Path(kept)), Path(kept) / "pages"
        pages.mkdir()
        try:
            allowed = f"127.0.0.1:{host.port}"
            instance = stage.instance(outbox_seconds="0", outbound_allow=allowed).start("--demo")
            instance.wait_until(lambda: filled(instance), FILLED_WITHIN)
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            look = Look(instance, browser, pages)
            if any(zone.who for zone in zones):
                look.stage(host)
            for zone in zones:
                look.zone(zone, named)
            browser.close()
            validate(pages, look.rows)
        finally:
            stage.clear()
    sys.stdout.write("\n" + table(look.rows.values()) + "\n")
    return min(1, sum(len(row.missed) for row in look.rows.values()))


sys.exit(main(sys.argv[1:]))
