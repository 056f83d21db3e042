"""Finding: words, beginnings of words, and exact values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from infohub.analysis.extract import finding_of
from infohub.analysis.findings import Kind
from infohub.api.answers import (
    Answers,
    CveKnown,
    Hint,
    Hints,
    Looked,
    Lookups,
    Mention,
    NearValue,
    SharedObject,
    Values,
)
from infohub.api.door import collections_of, reader
from infohub.api.rows import item_url, row_of
from infohub.api.shapes import TlpWord, Words
from infohub.catalogue.models import Entry
from infohub.catalogue.search import beginning, ranked
from infohub.intel.lookup import Shelves, around, speaking
from infohub.intel.models import CveFacts
from infohub.members.models import Group, Membership
from infohub.policy.viewer import Viewer, ViewerKind
from infohub.sharing.models import Indicator
from infohub.standards.stix21 import spelling
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

router = Router(tags=["Finding"])

CVE = Kind.CVE.value
BEST, HINTS, MENTIONS, AROUND = 100, 6, 20, 20
ENOUGH = 2  # characters: one finds everything and nothing


@router.get("/search", response=Answers, operation_id="search")
def search(request: HttpRequest, q: Annotated[Words, Query(min_length=1, max_length=2000)]) -> Answers:
    """The hundred best matches among what you may read; a pasted indicator, defanged or not, is answered exactly."""
    viewer = reader(request)
    finding = finding_of(q.strip())
    exact = _one(viewer, _shelves(request), q) if finding else None
    rows = ranked(Entry.objects.readable(viewer), q).carded()[:BEST]
    return Answers(exact=exact, items=[row_of(entry) for entry in rows])


@router.get("/suggest", response=Hints, operation_id="suggest")
def suggest(request: HttpRequest, q: Annotated[Words, Query(max_length=200)]) -> Hints:
    """What somebody may be typing: pieces, groups and people; nothing for fewer than two characters."""
    viewer, words = reader(request), q.strip()
    if len(words) < ENOUGH:
        return Hints(items=[])
    entries = beginning(Entry.objects.readable(viewer), words).newest().only("ref", "title")[:HINTS]
    hints = [Hint(type="item", ref=entry.ref, title=entry.title) for entry in entries]
    return Hints(items=hints if viewer.kind is ViewerKind.PEER else [*hints, *_who(viewer, words)])


def _who(viewer: Viewer, words: str) -> list[Hint]:
    """Groups and people, each as far as it lets itself be found by this viewer."""
    known, folded = Group.objects.listed_or_in(viewer.groups | viewer.moderates), words.casefold()
    groups = [group for group in known if any(folded in name.casefold() for name in group.names.values())][:HINTS]
    people = Membership.objects.found_by(words, organisation=viewer.organisation).select_related("person")[:HINTS]
    hints = [Hint(type="group", ref=group.ref, title=group.name) for group in groups]
    return hints + [Hint(type="person", ref=None, title=one.person.name) for one in people]


@router.get("/lookup", response=Looked, operation_id="lookup")
def lookup(request: HttpRequest, value: Annotated[Words, Query(min_length=1, max_length=1200)]) -> Looked:
    """Have members seen this value, or what lies around it? Defanged or not; what you may read of it."""
    return _one(reader(request), _shelves(request), value)


@router.post("/lookup", response=Lookups, operation_id="lookup_many")
def lookup_many(request: HttpRequest, wanted: Values) -> Lookups:
    """The same for up to ten thousand values, answered in their order, without what lies around them."""
    return Lookups(items=_looked(reader(request), _shelves(request), wanted.values))


def _shelves(request: HttpRequest) -> Shelves:
    return Shelves.among(reader(request), [one for one in collections_of(request) if one.can_read])


def _one(viewer: Viewer, shelves: Shelves, sent: str) -> Looked:
    """One value with what lies around it."""
    (looked,) = _looked(viewer, shelves, [sent])
    near = around(shelves, looked.type or "", looked.value, most=AROUND, at=now())
    looked.around = [
        NearValue(value=one.value, kind=one.kind, relation=one.relation, objects=one.objects, since=one.since)
        for one in near
    ]
    return looked


def _looked(viewer: Viewer, shelves: Shelves, sent: Sequence[str]) -> list[Looked]:
    """What the viewer may read of each value, in as many queries however many there are."""
    meant = [_meant(one.strip()) for one in sent]
    values = {value for value, _kind in meant}
    known, mentions = _mentions(viewer, values)
    counting, objects = _objects(shelves, values)
    known |= counting
    facts = CveFacts.objects.of(value for value, kind in meant if kind == CVE)
    return [
        Looked(
            sent=one,
            value=value,
            type=kind,
            known=value in known,
            items=mentions.get(value, []),
            objects=objects.get(value, []),
            cve=_cve(facts.get(value)),
            around=[],
        )
        for one, (value, kind) in zip(sent, meant, strict=True)
    ]


def _cve(known: CveFacts | None) -> CveKnown | None:
    if known is None:
        return None
    return CveKnown(
        exploited_since=known.exploited_since,
        due=known.due,
        by_ransomware=known.by_ransomware,
        epss=known.epss,
        percentile=known.percentile,
        cvss=known.cvss,
        cvss_vector=known.cvss_vector,
    )


def _meant(written: str) -> tuple[str, str | None]:
    """The value as it is looked up, and its kind: one found in texts, or one that only machines exchange."""
    finding = finding_of(written)
    if finding:
        return finding.value, finding.kind.value
    sought = spelling.address(written) or spelling.mac(written) or spelling.digest("SHA512", written)
    return (sought[0].value, sought[0].kind) if sought else (written, None)


def _mentions(viewer: Viewer, values: Collection[str]) -> tuple[set[str], dict[str, list[Mention]]]:
    """The values that still count in some piece, and of each the newest pieces that have it."""
    known: set[str] = set()
    told: dict[str, list[Mention]] = {}
    rows = Indicator.objects.readable(viewer).of_values(values).newest_of_each(MENTIONS, at=now())
    columns = ("value", "item__ref", "item__tlp", "valid_from", "valid_until", "retracted_at", "counts")
    for value, ref, tlp, since, until, retracted, counts in rows.values_list(*columns):
        mention = Mention(
            ref=ref,
            url=item_url(ref),
            tlp=TlpWord(Tlp(tlp).word),
            since=since,
            valid_until=until,
            false_positive=retracted is not None,
        )
        told.setdefault(value, []).append(mention)
        if counts:
            known.add(value)
    return known, told


def _objects(shelves: Shelves, values: Collection[str]) -> tuple[set[str], dict[str, list[SharedObject]]]:
    """The values that still count in some object, and of each the newest objects that have it."""
    known: set[str] = set()
    told: dict[str, list[SharedObject]] = {}
    for one in speaking(shelves, values, most=MENTIONS, at=now()):
        row = SharedObject(
            id=one.stix_id,
            type=one.type,
            collection=one.collection.uuid,
            tlp=TlpWord(one.tlp.word),
            since=one.since,
            valid_until=one.valid_until,
            revoked=one.revoked,
            false_positive=one.retracted,
        )
        told.setdefault(one.value, []).append(row)
        if one.counts:
            known.add(one.value)
    return known, told
