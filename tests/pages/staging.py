"""What people and machines of the demonstration do before anybody looks, so that no page is empty."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from playwright.sync_api import Browser, Page, StorageState

from infohub.standards.taxii21.media import TAXII
from tests.pages.neighbour import GONE, LISTED, OURS, THEIRS, indicator
from tests.stage import Instance
from tests.support.host import Host

Answer: TypeAlias = Any  # JSON
DRAFT = "Two colleagues opened invoice.zip from 203.0.113[.]9; it asks kam-fung-invoices[.]example for the rest."
FINE, WAITING, FAILING = "Hosts seen next door", "Collection next door", "A list that moved away"
PEER, LATER = "Straits Sharing Circle", "Northern Exchange"
MACHINE = "SIEM of the bank"
"""Names that no language changes."""

SEEN = "courier-portal.example"
"""What a machine of Ann's organisation has added: she may say that it is a false positive."""


@dataclass(frozen=True)
class Staging:
    """The running demonstration with what is needed to act in it; people act without scripts, as forms allow."""

    instance: Instance
    browser: Browser
    host: Host

    def draft(self, state: StorageState) -> None:
        """Begin a draft, so that it is kept when the page is there."""
        page = self._page(state)
        page.goto(f"{self.instance.base_url}/member/share/")
        page.locator("input[name=title]").fill("Invoices that carry a trojan")
        page.locator("textarea[name=body]").fill(DRAFT)
        page.locator("button[name=do][value=check]").last.click()
        page.wait_for_url("**/member/share/IH-**")
        page.context.close()

    def machine(self, state: StorageState) -> bytes:
        """Issue a token and let a machine use it, well and badly; the answer that showed the token."""
        page = self._page(state)
        page.goto(f"{self.instance.base_url}/member/integrations/")
        if not page.locator("input[name=personal-name]").is_visible():
            page.locator("details:has(input[name=personal-name]) > summary").click()
        page.locator("input[name=personal-name]").fill(MACHINE)
        for scope in ("read", "taxii", "taxii-write", "misp"):
            page.locator(f"input[name=personal-scopes][value={scope}]").check()
        with page.expect_navigation() as answered:
            page.locator("button[name=kind][value=personal]").click()
        secret = page.locator("#secret").inner_text()
        self._calls(secret)
        shown = answered.value.body()
        page.context.close()
        return shown

    def exchange(self, state: StorageState) -> None:
        """Add sources that run well and badly, send to a peer, and prepare to send to another one."""
        page = self._page(state)
        self._source(page, FINE, kind="list", path=LISTED)
        self._source(page, WAITING, kind="taxii", path=OURS)
        self._source(page, FAILING, kind="list", path=GONE)
        self._push(page, PEER)
        page.locator("main form button[type=submit]").click()
        self._push(page, LATER)
        sources, pushes = (f"{self.instance.base_url}/office/{name}/" for name in ("sources", "pushes"))
        self.instance.wait_until(lambda: self._counts(page, sources, "circle-check") == 2, 90)
        self.instance.wait_until(lambda: self._counts(page, sources, "triangle-alert") == 1, 90)
        self.instance.wait_until(lambda: self._counts(page, pushes, "circle-check") == 1, 90)
        page.context.close()

    def _page(self, state: StorageState) -> Page:
        context = self.browser.new_context(storage_state=state, java_script_enabled=False)
        context.set_default_timeout(60_000)
        return context.new_page()

    def _calls(self, secret: str) -> None:
        """It adds where it may, pulls and takes lists, adds where it may not, and calls with a token that is wrong."""
        listed = self._ask("/api/v1/collections", secret)["items"]
        own, other = (next(row for row in listed if row["can_write"] is may) for may in (True, False))
        shared = f"/taxii2/api/collections/{own['id']}/objects/"
        self._ask("/taxii2/api/collections/", secret)
        self._ask(shared, secret, {"objects": [indicator(SEEN)]})
        self._ask(shared, secret)
        self._ask(f"/taxii2/api/collections/{other['id']}/objects/", secret, {"objects": []})
        self._ask(f"/api/v1/collections/{own['id']}/values", secret)

    def _ask(self, path: str, secret: str, body: object = None) -> Answer:
        """The answer in JSON; nothing where it is none, or a refusal."""
        headers = {"Authorization": f"Bearer {secret}", "Accept": "*/*", "Content-Type": TAXII}
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.instance.base_url + path, data=sent, headers=headers)
        with suppress(urllib.error.HTTPError, ValueError), urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
        return None

    def _source(self, page: Page, name: str, *, kind: str, path: str) -> None:
        page.goto(f"{self.instance.base_url}/office/sources/new/")
        page.locator("input[name=name]").fill(name)
        page.locator("select[name=kind]").select_option(kind)
        page.locator("input[name=url]").fill(self.host.url(path))
        page.locator("main form button[type=submit]").first.click()

    def _push(self, page: Page, name: str) -> None:
        page.goto(f"{self.instance.base_url}/office/pushes/new/")
        page.locator("input[name=name]").fill(name)
        page.locator("input[name=url]").fill(self.host.url(THEIRS))
        page.locator("select[name=ceiling]").select_option(label="TLP:GREEN")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/dry-run/")

    @staticmethod
    def _counts(page: Page, address: str, icon: str) -> int:
        """How many of the rows are so."""
        page.goto(address)
        return page.locator(f'main use[href$="#{icon}"]').count()
