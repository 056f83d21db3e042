"""A person with a browser without scripts: opens pages, fills forms, keeps cookies, over real HTTP."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from tests.authenticator import Clock

Values = list[tuple[str, str]]
TIMEOUT = 30


class GoneError(Exception):
    """The server ended in the middle, or was not there."""


@dataclass
class Form:
    """What a browser would send of a form as it stands, and the names of all that could be filled in."""

    action: str
    values: Values = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class FormReader(HTMLParser):
    """Collects what a browser would send back of each form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a control holds."""
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(own.get("action", "")))
        elif tag == "input":
            self._input(own)
        elif tag == "select":
            self._select = own.get("name", "")
        elif tag == "option" and "selected" in own:
            self._add(self._select, own.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = own.get("name", ""), []

    def handle_data(self, data: str) -> None:
        """Take what stands in a text area."""
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        if tag == "textarea":
            self._add(self._area, "".join(self._text).removeprefix("\n"))
            self._area = ""

    def _input(self, own: dict[str, str]) -> None:
        name, kind = own.get("name", ""), own.get("type", "text")
        if self.forms:
            self.forms[-1].names.add(name)
        tick = kind in {"checkbox", "radio"}
        if ("checked" in own) if tick else kind not in {"submit", "button", "file", "image"}:
            self._add(name, own.get("value", "on" if tick else ""))

    def _add(self, name: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1].values.append((name, value))
            self.forms[-1].names.add(name)


@dataclass(frozen=True)
class Opened:
    """A page as it came."""

    status: int
    url: str
    text: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, with_field: str) -> Form:
        """The first form that has a field of this name."""
        reader = FormReader()
        reader.feed(self.text)
        for form in reader.forms:
            if with_field in form.names:
                return form
        raise AssertionError(f"no form with {with_field} at {self.path} ({self.status})\n{self.text}")


@dataclass
class Visitor:
    """One person's browser."""

    base_url: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def open(self, path: str, values: Values | None = None) -> Opened:
        """Open an address, or post values to it; redirects are followed, answers above 399 are pages too."""
        body = None if values is None else urlencode(values).encode()
        request = urllib.request.Request(urljoin(self.base_url, path), body, {"Origin": self.base_url})
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                return Opened(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as problem:
            with problem:
                return Opened(problem.code, problem.url, problem.read().decode())
        except (urllib.error.URLError, HTTPException, OSError) as problem:
            raise GoneError from problem

    def submit(self, page: Opened, with_field: str, **changes: str | None) -> Opened:
        """Send the form with this field, some of its values changed; None takes a value out."""
        form = page.form(with_field)
        kept = [(name, value) for name, value in form.values if name not in changes]
        added = [(name, value) for name, value in changes.items() if value is not None]
        return self.open(urljoin(page.url, form.action), kept + added)

    def sign_in(self, email: str, password: str, secret: str) -> Self:
        """Sign in with both steps, and accept the terms where they are asked."""
        page = self.submit(self.open("/accounts/login/"), "login", login=email, password=password)
        page = self.submit(page, "code", code=Clock(time.time()).code(secret))
        if page.path == "/accounts/terms/":
            page = self.submit(page, "accepted", accepted="on")
        assert page.path == "/member/", page.path
        return self
