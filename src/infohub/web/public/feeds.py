"""The open feeds: Atom (RFC 4287, with RFC 6721 for what was taken back) and JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from infohub.members.programme import this_programme
from infohub.releases.models import Release, ReleaseText
from infohub.support.clock import now
from infohub.support.markdown import render as rendered
from infohub.web.languages import language_of
from infohub.web.public.advisories import FILTERS, filtered
from infohub.web.public.page import public_file

ENTRIES = 50
_ATOM, _TOMBSTONE, _XML = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atompub/tombstones/1.0",
    "http://www.w3.org/XML/1998/namespace",
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GONE_FOR = timedelta(days=90)
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """What both formats say."""

    name: str
    own: str
    page: str
    language: str
    releases: list[Release]
    gone: list[Release]

    @property
    def updated(self) -> datetime:
        """From the rows and never from the clock, so that an unchanged feed is the same bytes."""
        return max((release.updated_at for release in (*self.releases, *self.gone)), default=_BEGINNING)


@public_file
def atom(request: HttpRequest) -> HttpResponse:
    """The newest releases of a filter as Atom."""
    feed = _feed(request, "public:atom")
    root = Element("feed", {"xmlns": _ATOM, "xmlns:at": _TOMBSTONE, "xml:lang": feed.language})
    _put(root, "id", feed.own)
    _put(root, "title", feed.name)
    _put(root, "updated", _moment(feed.updated))
    _link(root, "self", feed.own, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    _put(SubElement(root, "author"), "name", _programme_name())
    for release in feed.releases:
        _atom_entry(root, release)
    for release in feed.gone:
        SubElement(root, "at:deleted-entry", {"ref": release.uuid.urn, "when": _moment(release.updated_at)})
    written = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8")
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


@public_file
def json_feed(request: HttpRequest) -> HttpResponse:
    """The newest releases of a filter as JSON Feed."""
    feed = _feed(request, "public:jsonfeed")
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.name,
        "home_page_url": feed.page,
        "feed_url": feed.own,
        "language": feed.language,
        "authors": [{"name": _programme_name(), "url": f"{settings.BASE_URL}/"}],
        "items": [_json_item(release) for release in feed.releases],
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/feed+json; charset=utf-8"
    return response


def _feed(request: HttpRequest, name: str) -> Feed:
    chosen = {key: request.GET.get(key, "") for key in FILTERS}
    query = urlencode({key: value for key, value in chosen.items() if value})
    tail = f"?{query}" if query else ""
    releases = list(filtered(Release.objects.public(), chosen)[:ENTRIES])
    gone = list(Release.objects.gone(since=now() - _GONE_FOR)[:ENTRIES])
    return Feed(
        name=gettext("%(programme)s: released to the public") % {"programme": _programme_name()},
        own=f"{settings.BASE_URL}{reverse(name)}{tail}",
        page=f"{settings.BASE_URL}{reverse('public:advisories')}{tail}",
        language=language_of(get_language()).html,
        releases=releases,
        gone=gone,
    )


def _programme_name() -> str:
    programme = this_programme()
    return (programme.name if programme else "") or settings.SITE_NAME


def _atom_entry(root: Element, release: Release) -> None:
    text = release.text_in(get_language() or "en")
    entry = SubElement(root, "entry", {"xml:lang": language_of(text.language).html})
    _put(entry, "id", release.uuid.urn)
    _put(entry, "title", text.title)
    _put(entry, "published", _moment(release.published_at))
    _put(entry, "updated", _moment(release.updated_at))
    _link(entry, "alternate", _address(release), "text/html")
    for scheme, term in _categories(release):
        SubElement(entry, "category", {"scheme": f"{settings.BASE_URL}/advisories?{scheme}", "term": term})
    _put(entry, "summary", text.summary)
    _put(entry, "content", _clean(_html(text)), type="html")


def _json_item(release: Release) -> dict[str, object]:
    text = release.text_in(get_language() or "en")
    return {
        "id": release.uuid.urn,
        "url": _address(release),
        "title": text.title,
        "summary": text.summary,
        "content_html": _html(text),
        "date_published": _moment(release.published_at),
        "date_modified": _moment(release.updated_at),
        "language": language_of(text.language).html,
        "tags": [term for _, term in _categories(release)],
    }


def _categories(release: Release) -> Iterator[tuple[str, str]]:
    yield "kind", release.kind
    if release.severity:
        yield "severity", release.get_severity_display()
    for sector in release.sectors.all():
        yield "sector", sector.key


def _html(text: ReleaseText) -> str:
    return rendered(text.body)


def _address(release: Release) -> str:
    return settings.BASE_URL + reverse("public:advisory", args=[release.ref])


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = _clean(text)


def _link(parent: Element, relation: str, address: str, media: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address, "type": media})


def _clean(text: str) -> str:
    """Without the signs that XML cannot carry."""
    return _NOT_XML.sub("", text)
