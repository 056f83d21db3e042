"""Measures the member pages at size, through all middleware, for an ordinary member and for one who reads 1 %."""

from __future__ import annotations

from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.catalogue.models import Entry
from infohub.config.bench.asking import Clock, Figure, Goal, Sheet, console, signed_in, timed
from infohub.config.bench.population import PEOPLE, Size, Town, populate
from infohub.members.models import Person
from infohub.policy.viewer import person_viewer
from infohub.sharing.actions import Text, publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp

WARMING = 2  # the first pieces shared are no part of the figure
PAGES, SHARING = Goal("pages", 150), Goal("sharing", 300)


def measure(pieces: int) -> int:
    """Populate, measure, print; 0 when every page and sharing are within their goals."""
    town = populate(Size(pieces))
    sheet = Sheet(f"{pieces:,} pieces, {PEOPLE:,} people")
    for who, person in town.readers:
        sheet.add(who, _pages(person, town), PAGES)
    sheet.add("author", [_publishing(town)], SHARING)
    return sheet.told(console())


def _pages(person: Person, town: Town) -> list[Figure]:
    client = signed_in(person)
    newest = Entry.objects.readable(person_viewer(person)).newest().first()
    assert newest is not None, "the reader reads nothing"
    addresses = {
        "home": "/member/",
        "feed": "/member/feed/",
        "feed, page 20": "/member/feed/?page=20",
        "feed, filtered": "/member/feed/?kind=alert&tlp=GREEN",
        "item": f"/items/{newest.ref}",
        "search, common word": f"/member/search/?q={town.common}",
        "search, rare word": f"/member/search/?q={town.rare}",
        "search, best match": f"/member/search/?q={town.common}&order=best",
        "suggestions": f"/member/suggest/?q={town.common[:4]}",
        "search, Chinese": f"/member/search/?q={town.chinese}",
        "search, indicator": f"/member/search/?q={town.indicator}",
        "notices": "/member/notices/",
        "group": f"/member/groups/{town.group.ref}/",
    }
    return [timed(name, partial(client.get, path)) for name, path in addresses.items()]


def _publishing(town: Town) -> Figure:
    viewer = person_viewer(town.ordinary)
    clock, queries = Clock(), 0
    for number in range(12):
        text = Text(
            kind="alert", title=f"To everybody {number}", body="Block 203.0.113[.]9.", language="en", tlp=Tlp.GREEN
        )
        item = start_draft(viewer, text=text, choice=Choice(everyone=True))
        nonce = check(viewer, item=item).nonce
        if number == WARMING:
            clock = Clock()
        with clock.running(), CaptureQueriesContext(connection) as seen:
            publish(viewer, item=item, nonce=nonce)
        queries = len(seen)
    return clock.figure("share with 999 people", queries)
