"""The product's own words in the language of a walk, looked up in its catalogue so that no walk drifts from pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from playwright.sync_api import Page

from infohub.web.languages import language_of

LOCALES = {"en": "en-GB", "zh-hant": "zh-HK"}
LATIN = re.compile(r"[A-Za-z][A-Za-z’'-]{2,}")
ADDRESSES = re.compile(r"https?://\S+|\S+@\S+|\b[A-Z]\w+/\w+|\b(?:IH|PZ)-\w+|\S+\.\w+|<[^>]*>|/\w+/|\w+_\w+")
# What every language writes so: standards, products, languages by their own names, keys.
NOT_TRANSLATED = frozenset(
    {"IPv", "TOTP", "PIN", "TLP", "CLEAR", "GREEN", "AMBER", "STRICT", "RED", "CVE", "STIX", "TAXII", "MISP", "SIEM"}
    | {"DNS", "RPZ", "Suricata", "hosts", "CSAF", "CISA", "KEV", "FIRST", "EPSS", "UUID", "RFC", "ATT", "Navigator"}
    | {"Infohub", "Atom", "Feed", "Markdown", "JSON", "CSV", "PDF", "PNG", "JPEG", "RSS", "HTTP", "URL", "API"}
    | {
        "REST",
        "Base",
        "Aegis",
        "Google",
        "Microsoft",
        "Authenticator",
        "Language",
        "English",
        "Linux",
        "Chrome",
        "OpenCTI",
        "Splunk",
        "Sentinel",
        "curl",
        "Ctrl",
        "Enter",
        "Esc",
    }
)


@dataclass(frozen=True)
class Words:
    """Gives the words a page shows for the words in the code: `words("Save")`, `words.of(2, "…", "…")`."""

    code: str

    @property
    def locale(self) -> str:
        """What a browser of such a reader asks for."""
        return LOCALES[self.code]

    @property
    def html(self) -> str:
        return language_of(self.code).html

    @property
    def prefix(self) -> str:
        return language_of(self.code).prefix

    def __call__(self, english: str, /, **values: object) -> str:
        with translation.override(self.code):
            found = self._found(english, gettext(english))
        return found % values if values else found

    def of_context(self, context: str, english: str) -> str:
        """The words that the code gives with a context, where the same English means several things."""
        with translation.override(self.code):
            return self._found(english, pgettext(context, english))

    def of(self, number: int, one: str, several: str, **values: object) -> str:
        """The words for a number of things, which the words call `number` unless values say otherwise."""
        with translation.override(self.code):
            found = self._found(several, ngettext(one, several, number))
        return found % (values or {"number": number})

    def pick(self, english: str, chinese: str) -> str:
        """What a person of this language types."""
        return english if self.code == "en" else chinese

    def _found(self, words: str, found: str) -> str:
        assert self.code == "en" or found != words, f"the catalogue has no {self.code} words for {words!r}"
        return found


ENGLISH, HANT = Words("en"), Words("zh-hant")

# The words of a page that stand where its language is Chinese: whatever is in another says so by its own lang.
_READ = """() => {
  const told = [], silent = 'title, script, style, svg, code, pre, kbd, textarea, [translate=no], .mono, .typed';
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT);
  for (let here = walk.currentNode; here; here = walk.nextNode()) {
    if (here.closest(silent) || !here.closest('[lang]').lang.startsWith('zh')) continue;
    for (const name of ['placeholder', 'aria-label', 'alt', 'data-l', 'data-copied', 'data-print-mark'])
      if (here.hasAttribute(name)) told.push(here.getAttribute(name));
    for (const node of here.childNodes) if (node.nodeType === Node.TEXT_NODE) told.push(node.data);
  }
  return told.map(text => text.trim().replace(/\\s+/g, ' ')).filter(Boolean);
}"""


def left_in_english(text: str, known: str) -> list[str]:
    """Latin words of a Chinese text that are neither an address nor something everybody writes so."""
    return [
        word for word in LATIN.findall(ADDRESSES.sub(" ", text)) if word not in known and word not in NOT_TRANSLATED
    ]


def untranslated(page: Page, known: str) -> list[str]:
    """What a Chinese page says in English without saying that it is English."""
    told: list[str] = page.evaluate(_READ)
    return [text for text in dict.fromkeys(told) if left_in_english(text, known)]


def said(letter: EmailMessage, kind: str = "text/plain") -> str:
    """Subject and text of a letter."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_type() == kind]
    return "\n".join([str(letter["Subject"]), *parts])
