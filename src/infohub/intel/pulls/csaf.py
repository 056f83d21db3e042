"""Pulls the advisories of a CSAF 2.0 provider: those that are new or changed, each with the cursor that covers it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from infohub.intel.models import Source
from infohub.intel.models.sources import Cursor
from infohub.intel.pulls.asking import NOTHING, TOO_LARGE, Asker, Batch, PullError, Trouble, unreadable
from infohub.policy.rules import releasable
from infohub.standards.feeds import csaf, csaf_lists
from infohub.standards.feeds.csaf_lists import Document, Kind, Listing, Place, Provider
from infohub.standards.feeds.facts import Rated
from infohub.standards.feeds.fields import refused
from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.tlp import Tlp
from infohub.support.outbound import OutboundError, Reason

_JSON = "application/json, */*;q=0.5"
_ANOTHERS = Problem("document.publisher.namespace", "this advisory is of another publisher than the provider")
SENTENCES = (_ANOTHERS.message,)

Seen = dict[str, Json]
"""What is known of one place: the latest change seen, what has that moment, and what has none."""


def pull(asker: Asker, source: Source) -> Iterator[Batch]:
    """Each advisory that the provider's lists call new or changed, the oldest change first.

    Nothing is handed over before the first advisory, so that a turn that spends its time on lists gets on all the same.
    """
    provider = csaf_lists.provider(asker.ask(source.url, accept=_JSON).body)
    if isinstance(provider, Problem):
        raise unreadable(provider)
    cursor, lines = source.cursor, list(provider.lines)
    for place in provider.places:
        listing = _listing(asker, place)
        lines += listing.lines
        seen = _seen(cursor, place)
        for document in _new(listing, seen):
            seen = _with(seen, document)
            cursor = {**cursor, place.url: seen}
            batch = _batch(asker, provider, place, document, cursor, unmarked=source.tlp)
            yield replace(batch, lines=[*lines, *batch.lines])
            lines = []
    yield Batch((), cursor, lines)


def _batch(
    asker: Asker, provider: Provider, place: Place, document: Document, cursor: Cursor, *, unmarked: int
) -> Batch:
    """One advisory; where it cannot be had or read, a line says so, and it is not asked for again until it changes."""
    name = document.url.rpartition("/")[2]
    try:
        raw = asker.ask(document.url, accept=_JSON).body
    except PullError as problem:
        if problem.trouble is not Trouble.GONE:
            raise
        return Batch((), cursor, [refused(name, [NOTHING])])
    except OutboundError as problem:
        if problem.reason is not Reason.LARGE:
            raise
        return Batch((), cursor, [refused(name, [TOO_LARGE])])
    found = csaf.read(raw)
    if isinstance(found, Problem):
        return Batch((), cursor, [refused(name, [found])])
    if provider.namespace and found.namespace != provider.namespace:
        return Batch((), cursor, [refused(found.number, [_ANOTHERS])])
    objects = cast(Sequence[dict[str, Json]], found.objects)
    least = 0 if place.tlp is None else place.tlp.value
    level = Tlp(max(unmarked, least)) if found.tlp is None else found.tlp
    facts = Rated(found.severities) if releasable(level) and found.severities else None
    return Batch(objects, cursor, found.lines, ours=True, least=least, facts=facts)


def _listing(asker: Asker, place: Place) -> Listing:
    """What a place lists; a folder without times is listed by names alone."""
    if place.kind is Kind.ROLIE:
        found = csaf_lists.rolie(asker.ask(place.url, accept=_JSON).body)
        if isinstance(found, Problem):
            raise unreadable(found)
        return found
    folder = place.url.rstrip("/")
    try:
        return csaf_lists.changes(asker.ask(f"{folder}/changes.csv", accept="*/*").body, folder=folder)
    except PullError as problem:
        if problem.trouble is not Trouble.GONE:
            raise
    return csaf_lists.index(asker.ask(f"{folder}/index.txt", accept="*/*").body, folder=folder)


def _new(listing: Listing, seen: Seen) -> list[Document]:
    """What changed since, in the order of the changes; then what has no time and was never seen."""
    until, at, known = str(seen.get("until", "")), _words(seen, "at"), _words(seen, "known")
    dated = [(microseconds(one.updated), one) for one in listing.documents if one.updated is not None]
    new = [(when, one) for when, one in dated if when > until or (when == until and _short(one) not in at)]
    rest = [one for one in listing.documents if one.updated is None and _short(one) not in known]
    return [one for _when, one in sorted(new, key=lambda pair: pair[0])] + rest


def _with(seen: Seen, document: Document) -> Seen:
    """The same with one more document."""
    short = _short(document)
    if document.updated is None:
        return {**seen, "known": [*_words(seen, "known"), short]}
    when = microseconds(document.updated)
    at = _words(seen, "at") if seen.get("until") == when else []
    return {**seen, "until": when, "at": [*at, short]}


def _short(document: Document) -> str:
    return hashlib.sha256(document.url.encode()).hexdigest()[:16]


def _seen(cursor: Cursor, place: Place) -> Seen:
    seen = cursor.get(place.url)
    return seen if isinstance(seen, dict) else {}


def _words(seen: Seen, name: str) -> list[Json]:
    words = seen.get(name)
    return words if isinstance(words, list) else []
