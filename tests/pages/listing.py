"""Every kind of page: who looks at it, under which address of the demonstration, and which of them Lighthouse sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.pages.staging import FAILING, FINE, LATER, MACHINE, PEER, SEEN, WAITING

KINDS = ("alert", "advisory", "incident", "insight", "practice", "news", "question")


@dataclass(frozen=True)
class Listed:
    """A page of the list; where only the link to it is known, `found` is that link's pattern and `path` its page.

    Of several links it is the first whose words begin with `called`; from what it leads to, `then` leads on.
    """

    name: str
    path: str
    found: str = ""
    query: str = ""
    called: str = ""
    then: str = ""
    lighthouse: bool = False

    def address(self, page: Page, base_url: str, *, prefix: str = "") -> str:
        """Where this page is on the running demonstration; asks `page` where a link has to be followed."""
        path = prefix + self.path
        if not self.found:
            return base_url + path
        followed = self._followed(page, base_url + path, base_url + prefix, self.found, self.called)
        if self.then:
            followed = self._followed(page, followed, base_url + prefix, self.then)
        return followed + self.query

    def _followed(self, page: Page, address: str, root: str, found: str, called: str = "") -> str:
        page.goto(address)
        told = "links => links.map(link => [link.href, link.innerText.trim()])"
        links: list[tuple[str, str]] = page.eval_on_selector_all("main a[href]", told)
        pattern = re.compile(re.escape(root) + found + "$")
        followed = next((link for link, words in links if pattern.match(link) and words.startswith(called)), "")
        assert followed, f"{self.name}: no link to {found} on {address}"
        return followed


@dataclass(frozen=True)
class Zone:
    """Pages that the same person looks at; `prefixed` where the address names the language, not the person's choice."""

    name: str
    who: str
    pages: tuple[Listed, ...]
    prefixed: bool = False


_ITEM, _DRAFT = r"/items/IH-\w+", r"/member/share/IH-\w+/"
_COLLECTION = r"/member/integrations/collections/[0-9a-f-]+/"
_OBJECT = rf"{_COLLECTION}objects/[\w-]+/"
_SOURCE, _PUSH = r"/office/sources/[0-9a-f-]{36}/", r"/office/pushes/[0-9a-f-]{36}/"
_TOOLS = ("misp", "opencti", "splunk", "sentinel", "curl", "firewall")

PUBLIC = Zone(
    "public",
    "",
    prefixed=True,
    pages=(
        Listed("home", "/", lighthouse=True),
        Listed("advisories", "/advisories"),
        Listed("advisories, one kind", "/advisories?kind=advisory"),
        Listed("advisory", "/advisories", r"/advisories/[\w-]+", lighthouse=True),
        Listed("statistics", "/statistics"),
        Listed("guidance", "/guidance"),
        Listed("first hour", "/guidance/first-hour"),
        Listed("scam", "/guidance/scam"),
        Listed("basics", "/guidance/basics"),
        Listed("about", "/about"),
        Listed("accessibility", "/about/accessibility"),
        Listed("notices", "/about/notices"),
        Listed("no such page", "/no-such-page"),
    ),
)
ENTRY = Zone(
    "entry",
    "",
    pages=(
        Listed("sign-in", "/accounts/login/"),
        Listed("forgotten password", "/accounts/password/reset/"),
        Listed("spent set-up link", "/accounts/set-up/unknown/"),
        Listed("link on its way", "/accounts/password/reset/done/"),
    ),
)
MEMBER = Zone(
    "member",
    "ann",
    pages=(
        Listed("home", "/member/", lighthouse=True),
        Listed("first steps", "/member/welcome/"),
        Listed("three cases", "/member/welcome/cases/"),
        Listed("feed", "/member/feed/"),
        Listed("search", "/member/search/"),
        Listed("search, words", "/member/search/?q=courier&order=best"),
        Listed("search, indicator", "/member/search/?q=203.0.113.9"),
        Listed("search, object", f"/member/search/?q={SEEN}"),
        Listed("object", f"/member/search/?q={SEEN}", _OBJECT, lighthouse=True),
        Listed("more like it", "/member/search/?kind=alert", _ITEM, then=r"/member/search/\?like=IH-\w+"),
        Listed("ask", "/member/ask/"),
        Listed("ask, answered", "/member/ask/?q=What+do+the+courier+messages+want%3F", lighthouse=True),
        Listed("ask, nothing", "/member/ask/?q=zebra"),
        Listed("incoming", "/member/incoming/", lighthouse=True),
        Listed("export", "/member/export/"),
        Listed("export, nothing", "/member/export/?q=zebra"),
        Listed("ATT&CK view", "/member/attack/", lighthouse=True),
        Listed("ATT&CK view, nothing", "/member/attack/?severity=purple"),
        Listed("notices", "/member/notices/"),
        Listed("notice settings", "/member/notices/settings/"),
        Listed("rules", "/member/rules/"),
        Listed("new rule", "/member/rules/new/?q=courier"),
        Listed("groups", "/member/groups/"),
        Listed("group", "/member/groups/", r"/member/groups/GR-\w+/"),
        *(Listed(kind, f"/member/search/?kind={kind}", _ITEM, lighthouse=kind == "alert") for kind in KINDS),
        Listed("revisions", "/member/search/?kind=alert", _ITEM, query="/revisions"),
        Listed("relations", "/member/search/?kind=alert", _ITEM, query="/relations", lighthouse=True),
        Listed("suggest a correction", "/member/search/?kind=alert", _ITEM, query="/suggestions"),
        Listed("share", "/member/share/"),
        Listed("composer", "/member/", _DRAFT, lighthouse=True),
        Listed("composer, checked", "/member/", _DRAFT, query="?check=1"),
        Listed("account", "/member/account/"),
        Listed("own sign-in", "/member/account/sign-in/"),
        Listed("second step", "/accounts/second-step/"),
        Listed("new passkey", "/accounts/second-step/passkey/"),
        Listed("new password", "/accounts/password/change/"),
        Listed("integrations", "/member/integrations/", lighthouse=True),
        *(Listed(f"integrations, {tool}", f"/member/integrations/?tool={tool}") for tool in _TOOLS),
        Listed("collection", f"/member/search/?q={SEEN}", _OBJECT, then=_COLLECTION, lighthouse=True),
        Listed("token", "/member/integrations/", r"/member/integrations/tokens/\d+/", called=MACHINE, lighthouse=True),
        Listed("no such piece", "/items/IH-222222"),
        Listed("quality, for the office alone", "/office/quality/"),
    ),
)
OFFICE = Zone(
    "office",
    "opal",
    pages=(
        Listed("home", "/office/"),
        Listed("moderation", "/office/moderation/"),
        Listed("release desk", "/office/releases/"),
        Listed("release", "/office/releases/", r"/office/releases/\d+/"),
        Listed("organisations", "/office/organisations/"),
        Listed("organisation", "/office/organisations/", r"/office/organisations/OR-\w+/"),
        Listed("new organisation", "/office/organisations/new/"),
        Listed("people", "/office/people/"),
        Listed("person", "/office/people/", r"/office/people/\d+/"),
        Listed("has left", "/office/people/?q=ann", r"/office/people/\d+/", query="leave/"),
        Listed("new person", "/office/people/new/"),
        Listed("lost second steps", "/office/recoveries/"),
        Listed("groups", "/office/groups/"),
        Listed("group", "/office/groups/", r"/office/groups/GR-\w+/"),
        Listed("change a group", "/office/groups/", r"/office/groups/GR-\w+/", query="change/"),
        Listed("new group", "/office/groups/new/"),
        Listed("tokens", "/office/tokens/"),
        Listed("new token", "/office/tokens/new/"),
        Listed("sources", "/office/sources/"),
        Listed("new source", "/office/sources/new/"),
        Listed("source", "/office/sources/", _SOURCE, called=FINE, lighthouse=True),
        Listed("source that waits", "/office/sources/", _SOURCE, called=WAITING),
        Listed("source that fails", "/office/sources/", _SOURCE, called=FAILING),
        Listed("pull of a source", "/office/sources/", _SOURCE, called=WAITING, then=rf"{_SOURCE}runs/\d+/"),
        Listed("change a source", "/office/sources/", _SOURCE, called=FINE, query="change/"),
        Listed("remove a source", "/office/sources/", _SOURCE, called=FINE, query="remove/"),
        Listed("sent to peers", "/office/pushes/"),
        Listed("new push", "/office/pushes/new/"),
        Listed("push", "/office/pushes/", _PUSH, called=PEER, lighthouse=True),
        Listed("dry run of a push", "/office/pushes/", _PUSH, called=LATER, query="dry-run/", lighthouse=True),
        Listed("password of a push", "/office/pushes/", _PUSH, called=PEER, query="credential/"),
        Listed("remove a push", "/office/pushes/", _PUSH, called=PEER, query="remove/"),
        Listed("jobs", "/office/jobs/"),
        Listed("mail log", "/office/jobs/mail/"),
        Listed("records", "/office/records/"),
        Listed("opened seals", "/office/seals/"),
        Listed("programme", "/office/programme/"),
        Listed("quality", "/office/quality/", lighthouse=True),
        Listed("rejected names", "/office/quality/names/"),
        Listed("read everything anew", "/office/quality/read/"),
    ),
)
ZONES = (PUBLIC, ENTRY, MEMBER, OFFICE)
