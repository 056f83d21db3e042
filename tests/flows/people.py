"""The small programme of the walks: who is in it, and how each of them signs in with a browser."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from infohub.register.second_step import present_code
from tests.browser import barriers
from tests.flows.words import ENGLISH, HANT, Words, untranslated
from tests.stage import Instance

SINCE = "2026-01-05T09:00:00+08:00"
PEOPLE = {
    "ann": ("Ann Fong", "bank", ["representative", "organisation_administrator"]),
    "ben": ("Ben Ho", "bank", ["representative"]),
    "dan": ("Dan Yip", "broker", ["representative"]),
    "cara": ("Cara Lam", "clinic", ["representative"]),
    "mori": ("Mori Tsang", "office", ["representative", "moderator"]),
    "opal": ("Opal Kwok", "office", ["representative", "moderator", "site_administrator", "auditor"]),
}
GROUP = {"en": "Banking", "zh-hant": "銀行界"}
SENSORS = "Sensors"
NAMES = {
    "bank": "Lantern Trust Bank",
    "broker": "Tram Lane Securities",
    "clinic": "Kwun Hoi Dental",
    "office": "Office",
}


def piece(key: str, *, tlp: str, audience: dict[str, object], **changes: object) -> dict[str, object]:
    """A piece that stood in the programme before."""
    return {
        "id": key,
        "kind": "advisory",
        "language": "en",
        "title": f"Moved in: {key}",
        "body": "## Do this first\n\n1. Block `203.0.113[.]9` (Spearphishing Link, Valid Accounts).\n\n"
        "| host | seen |\n|---|---|\n| a | 3 |\n",
        "severity": "high",
        "sectors": ["finance"],
        "tlp": tlp,
        "audience": audience,
        "author": "ann",
        "state": "published",
        "published_at": "2026-02-02T09:00:00+08:00",
    } | changes


def pieces() -> list[dict[str, object]]:
    """One of each sort of audience and state, so that no page is empty."""
    talk = [{"author": "dan", "at": "2026-02-02T10:00:00+08:00", "body": "Seen here *too*."}]
    files = [{"name": "hops.csv", "type": "text/csv", "text": "a,b\n1,2\n"}]
    return [
        piece("public", tlp="CLEAR", audience={"everyone": True, "public": True}),
        piece(
            "hant",
            tlp="CLEAR",
            audience={"everyone": True, "public": True},
            language="zh-hant",
            title="速遞短訊",
            body="請封鎖 `203.0.113[.]9`。",
        ),
        piece("green", tlp="GREEN", audience={"everyone": True}, author="dan"),
        piece("amber", tlp="AMBER", audience={"groups": ["banking"]}, comments=talk, attachments=files),
        piece("red", tlp="RED", audience={"people": ["ben", "dan"]}, severity="critical"),
        piece("sealed", tlp="AMBER", audience={"groups": ["banking"]}, unattributed=True),
        piece("draft", tlp="AMBER", audience={"groups": ["banking"]}, state="draft"),
        piece("submitted", tlp="AMBER", audience={"groups": ["banking"]}, state="submitted", author="dan"),
        piece("withdrawn", tlp="GREEN", audience={"everyone": True}, state="withdrawn"),
    ]


def programme(languages: Mapping[str, Words]) -> dict[str, object]:
    """Three members and the office, one group, a collection, a token of an organisation and one of a person."""
    return {
        "format": "infohub-programme/1",
        "programme": {
            "name": {"en": "Harbour Exchange", "zh-hant": "海港通報"},
            "time_zone": "Asia/Hong_Kong",
        },
        "sectors": [
            {"id": "finance", "name": {"en": "Finance", "zh-hant": "金融"}},
            {"id": "health", "name": {"en": "Healthcare", "zh-hant": "醫療"}},
        ],
        "organisations": [
            {
                "id": key,
                "name": name,
                "sectors": ["health"] if key == "clinic" else ["finance"],
                "class": "office" if key == "office" else "member",
                "domains": [f"{key}.example"],
                "since": SINCE,
            }
            for key, name in NAMES.items()
        ],
        "people": [
            {
                "id": key,
                "name": name,
                "email": f"{key}@{organisation}.example",
                "language": languages.get(key, ENGLISH).code,
                "roles": roles,
                "memberships": [{"organisation": organisation, "from": SINCE, "to": None}],
            }
            for key, (name, organisation, roles) in PEOPLE.items()
        ],
        "groups": [
            {
                "id": "banking",
                "name": GROUP,
                "default_tlp": "AMBER",
                "moderators": ["dan"],
                "seats": [
                    {"organisation": "bank", "from": SINCE, "to": None},
                    {"person": "dan", "from": SINCE, "to": None},
                ],
            }
        ],
        "items": pieces(),
        "tokens": [
            {
                "id": "siem",
                "kind": "organisation",
                "organisation": "bank",
                "name": "SIEM",
                "scopes": ["read", "taxii"],
                "ceiling": "AMBER+STRICT",
            },
            {
                "id": "script",
                "kind": "personal",
                "person": "ann",
                "name": "script",
                "scopes": ["read", "write", "taxii-write"],
                "ceiling": "AMBER+STRICT",
            },
        ],
        "collections": [
            {
                "id": "sensors",
                "title": SENSORS,
                "tlp": "AMBER",
                "audience": {"groups": ["banking"]},
                "writers": {"organisations": ["bank"]},
            }
        ],
    }


def known_names() -> str:
    """Names of people, organisations, pieces and collections, which every language writes as they are."""
    return " ".join([*(name for name, *_rest in PEOPLE.values()), *NAMES.values(), SENSORS])


@dataclass(frozen=True)
class Town:
    """A running instance with the small programme in it, and what its import answered."""

    instance: Instance
    facts: dict[str, dict[str, dict[str, str]]]
    sessions: dict[str, list[Any]] = field(default_factory=dict)
    languages: dict[str, Words] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.instance.base_url

    def address(self, who: str) -> str:
        return f"{who}@{PEOPLE[who][1]}.example"

    def token(self, name: str) -> str:
        return self.facts["tokens"][name]["secret"]

    def sign_in(self, page: Page, who: str, words: Words = ENGLISH) -> Page:
        """Both steps, as a person does them; later pages of the same person carry on (a code works once).

        The sign-in page speaks the browser's language, every page after it the person's own, which is set to this one.
        """
        if who in self.sessions:
            page.context.add_cookies(self.sessions[who])
            page.goto(f"{self.url}/member/")
        else:
            secrets = self.facts["people"][who]
            page.goto(f"{self.url}/member/")
            page.get_by_label(words("E-mail address")).fill(secrets["email"])
            page.get_by_label(words("Password")).fill(secrets["password"])
            page.get_by_role("button", name=words("Continue")).click()
            page.get_by_label(words("Code")).fill(present_code(secrets["totp_secret"]))
            page.get_by_role("button", name=words("Sign in"), exact=True).click()
            page.wait_for_url(f"{self.url}/member/")
            self.sessions[who] = page.context.cookies()
        if words != self.spoken(who):
            self.speak(page, who, words)
            page.goto(f"{self.url}/member/")
        return page

    def spoken(self, who: str) -> Words:
        """The language this person's pages and mail have now."""
        return self.languages.get(who, ENGLISH)

    def speak(self, page: Page, who: str, words: Words) -> None:
        """Choose another language for all pages and mail, as one does on the account's page."""
        before = self.spoken(who)
        page.goto(f"{self.url}/member/account/")
        page.get_by_label(before("Language of pages and mail")).select_option(words.code)
        page.get_by_role("button", name=before("Save"), exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", words.html)
        self.languages[who] = words


def settle(instance: Instance, languages: Mapping[str, Words] | None = None) -> Town:
    """Bring the small programme in, with the languages some of its people have chosen, and start the instance."""
    chosen = dict(languages or {})
    file, out = instance.folder / "programme.json", instance.folder / "result.json"
    file.write_text(json.dumps(programme(chosen)), encoding="utf-8")
    instance.settings["INFOHUB_DEMO"] = "1"
    instance.run("programme", "import", str(file), "--out", str(out), "--demo-credentials")
    instance.settings.pop("INFOHUB_DEMO")
    return Town(instance.start(), json.loads(out.read_text(encoding="utf-8")), languages=chosen)


def picture(page: Page, name: str) -> None:
    """Keep pictures of the page, wide and narrow, light and dark, where PICTURES names a folder."""
    folder = os.environ.get("PICTURES", "")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


def looked_at(page: Page, name: str, words: Words, *typed: str) -> None:
    """No barrier on this page and none of our words in another language than its own, and a picture of it."""
    assert barriers(page) == [], name
    assert page.locator("html").get_attribute("lang") == words.html
    left = untranslated(page, " ".join([known_names(), *typed])) if words is HANT else []
    assert left == [], f"{name}: {left}"
    picture(page, f"{words.code}-{name}")
