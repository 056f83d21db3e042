"""A person's own feed for a feed reader, as Atom and as JSON Feed 1.1: the token stands in the address.

It says less than a page: AMBER pieces show their safe line alone, AMBER+STRICT and RED are not in it at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from infohub.catalogue.models import Entry
from infohub.delivery.letters import safe_line
from infohub.members.models import Group, Person
from infohub.members.programme import speaking_to
from infohub.policy.exits import Carry, Exit, carries
from infohub.policy.viewer import Viewer
from infohub.register.machines import machine_viewer
from infohub.standards.tlp import Tlp
from infohub.support.markdown import render
from infohub.web.context import this_site

ENTRIES, SCOPE = 50, "feed"
_CARRIED = [level.value for level in Tlp if carries(Exit.PERSONAL_FEED, level) is not Carry.NOTHING]


@dataclass(frozen=True, slots=True)
class Post:
    """One piece, as much of it as this way out carries."""

    title: str
    content: str
    link: str
    author: str
    published: datetime
    updated: datetime


@require_safe
def atom(request: HttpRequest, secret: str) -> HttpResponse:
    """The newest pieces as Atom (RFC 4287)."""
    viewer = _viewer(secret)
    site, home = this_site().name, f"{settings.BASE_URL}/member/feed/"
    feed = Atom1Feed(title=site, link=home, description="", language=None)
    for post in _posts(request, viewer):
        feed.add_item(
            title=post.title,
            link=post.link,
            description=post.content,
            unique_id=post.link,
            author_name=post.author,
            pubdate=post.published,
            updateddate=post.updated,
        )
    return _answer(request, HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"))


@require_safe
def json_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The same as JSON Feed 1.1."""
    viewer = _viewer(secret)
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": this_site().name,
        "home_page_url": f"{settings.BASE_URL}/member/feed/",
        "items": [
            {
                "id": post.link,
                "url": post.link,
                "title": post.title,
                "content_html": post.content,
                "authors": [{"name": post.author}],
                "date_published": post.published.isoformat(timespec="seconds"),
                "date_modified": post.updated.isoformat(timespec="seconds"),
            }
            for post in _posts(request, viewer)
        ],
    }
    return _answer(request, JsonResponse(content, content_type="application/feed+json"))


def _viewer(secret: str) -> Viewer:
    """Whose feed it is; unknown, ended and wrong tokens find nothing, all in the same words."""
    viewer = machine_viewer(secret)
    if viewer is None or viewer.person is None or SCOPE not in viewer.scopes:
        raise Http404
    return viewer


def _posts(request: HttpRequest, viewer: Viewer) -> list[Post]:
    entries = Entry.objects.readable(viewer).filter(label__tlp__in=_CARRIED)
    if request.GET.get("kind"):
        entries = entries.filter(kind=request.GET["kind"][:16].replace("\x00", ""))
    if request.GET.get("group"):
        groups = Group.objects.filter(pk__in=viewer.groups, ref=request.GET["group"][:16].replace("\x00", ""))
        entries = entries.filter(groups__in=groups)
    newest = entries.select_related("label", "author_sector").prefetch_related("groups").newest()[:ENTRIES]
    person = Person.objects.get(pk=viewer.person or 0)
    with speaking_to(person.language):
        return [_post(viewer, entry) for entry in newest]


def _post(viewer: Viewer, entry: Entry) -> Post:
    known = [group for group in entry.groups.all() if group.listed or group.pk in viewer.groups]
    full = carries(Exit.PERSONAL_FEED, entry.tlp) is Carry.FULL
    return Post(
        title=f"[{entry.tlp.mark}] {entry.title if full else safe_line(entry, known)}",
        content=render(entry.text) if full else "",
        link=f"{settings.BASE_URL}/items/{entry.ref}",
        author=entry.author if full else "",
        published=entry.published_at,
        updated=entry.updated_at,
    )


def _answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Nobody keeps it; a reader that has these very bytes need not get them again."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"], response["Cache-Control"] = etag, "no-store, private"
    return get_conditional_response(request, etag=etag, response=response) or response
