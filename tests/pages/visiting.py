"""Looks at a page as a phone on a slow line would: how much comes, how soon it stands, and how still."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TypedDict

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Response, StorageState, ViewportSize

# What Lighthouse calls a slow 4G line and a phone of the middle class.
ROUND_TRIP, BYTES_A_SECOND, SLOWER = 150, 1.6 * 1024 * 1024 / 8, 4
IN_TIME = 2.0
PHONE: ViewportSize = {"width": 412, "height": 823}
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const entry of list.getEntries()) seen.cls += entry.value; })
  .observe({type: "layout-shift", buffered: true});
"""


class Finished(TypedDict):
    """What Chromium says when something has come in."""

    requestId: str
    encodedDataLength: float


class Answered(TypedDict):
    """What Chromium says when an answer begins."""

    requestId: str
    type: str


@dataclass
class Weight:
    """Adds up what comes over the line: as sent, headers included; a page itself as a proxy would compress it."""

    session: CDPSession
    bytes: dict[str, float] = field(default_factory=dict)
    page: str = ""

    def __post_init__(self) -> None:
        self.session.on("Network.responseReceived", self._began)
        self.session.on("Network.loadingFinished", self._came)
        self.session.send("Network.enable")

    def _began(self, answered: Answered) -> None:
        if answered["type"] == "Document":
            self.page = answered["requestId"]

    def _came(self, finished: Finished) -> None:
        self.bytes[finished["requestId"]] = finished["encodedDataLength"]

    def kilobytes(self, document: Response) -> float:
        """What came since the last time, in kB."""
        body, total, own = document.body(), sum(self.bytes.values()), self.bytes.get(self.page, 0)
        self.bytes.clear()
        plain = "content-encoding" not in document.headers and own >= len(body)  # else it lay in the phone already
        return (total - (len(body) - len(gzip.compress(body, 6)) if plain else 0)) / 1000


@dataclass(frozen=True)
class Visit:
    """One look at one page: the HTML as it was sent, and the figures."""

    html: bytes
    figures: dict[str, float]


def phone(browser: Browser, *, state: StorageState | None, language: str) -> BrowserContext:
    """A phone that has never been here, signed in where a state is given."""
    context = browser.new_context(storage_state=state, locale=language, viewport=PHONE, device_scale_factor=1.75)
    context.add_init_script(WATCH)
    context.set_default_timeout(30_000)
    return context


def _open(page: Page, address: str) -> Response:
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None, address
    assert answer.status in {200, 404}, f"{address}: {answer.status}"
    assert page.url == address, f"{address} led to {page.url}"
    return answer


def visit(browser: Browser, address: str, *, state: StorageState | None, language: str) -> Visit:
    """Look with up to three phones until the page stands in time: a busy machine only makes it late."""
    soonest: Visit | None = None
    for _ in range(3):
        found = _visit(browser, address, state=state, language=language)
        if found.figures["LCP s"] and (soonest is None or found.figures["LCP s"] < soonest.figures["LCP s"]):
            soonest = found
        if soonest and soonest.figures["LCP s"] <= IN_TIME:
            return soonest
    assert soonest is not None, f"{address}: the browser saw nothing large"
    return soonest


def _visit(browser: Browser, address: str, *, state: StorageState | None, language: str) -> Visit:
    """See the page for the first time, and once more with what the first time left in the phone."""
    context = phone(browser, state=state, language=language)
    page = context.new_page()
    session = context.new_cdp_session(page)
    weight = Weight(session)
    line = {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", line | {"uploadThroughput": BYTES_A_SECOND / 2})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = _open(page, address)
    html, first = answer.body(), weight.kilobytes(answer)
    seen: dict[str, float] = page.evaluate("window.seen")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    page.goto("about:blank")
    later = weight.kilobytes(_open(page, address))
    context.close()
    figures = {"nodes": nodes, "first kB": first, "later kB": later, "LCP s": seen["lcp"] / 1000, "CLS": seen["cls"]}
    return Visit(html, figures)
