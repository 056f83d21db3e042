"""Every page and file of the portal says to each relation exactly what the table says, of every piece."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from pypdf import PdfReader

from infohub.audit.models import Record
from infohub.intel.models import Collection
from infohub.standards.tlp import Tlp
from tests.exits.meeting import Met, Reader, differences, expected, name_of, names_author, together, unpacked
from tests.exits.table import (
    AUDIENCES,
    FORMS,
    KNOW_SEALED,
    KNOW_UNLISTED,
    LOST,
    MEMBERS,
    OF_COLLECTIONS,
    OFFICERS,
    SEE_RECORDS,
    Canary,
    reads,
    said,
    told,
)
from tests.exits.world import COMMON_VALUE, COMMON_WORD, UNLISTED, VEIL, Piece, word

pytestmark = pytest.mark.django_db

NEWEST, PRESSING, RELATED, DRAWN, PREVIEWED = 10, 5, 6, 10, 5
LISTS = {
    "feed": "/member/feed/?",
    "search for words": f"/member/search/?q={COMMON_WORD}",
    "search, best first": f"/member/search/?q={COMMON_WORD}&order=best",
    "search for an indicator": f"/member/search/?q={COMMON_VALUE}",
    "table": "/member/export.csv?",
    "table of a search": f"/member/export.csv?q={COMMON_WORD}",
}
NOTHING_THERE = (
    *("/member/account/", "/member/notices/settings/", "/member/integrations/"),
    *("/member/rules/", "/member/rules/new/"),
)
OFFICE = (
    "/office/",
    "/office/moderation/",
    "/office/releases/",
    "/office/jobs/",
    "/office/jobs/mail/",
    "/office/seals/",
)
OF_A_PIECE = {
    "correction": "/edit",
    "STIX": "/export/stix",
    "MISP": "/export/misp",
    "CSV": "/export/csv",
    "list of values": "/export/txt",
    "paper": "/export/pdf",
}
PRINTERS = frozenset({"named", "seated", "veiled"})
"""Paper and every form take time: these three relations stand for all, who meet the same door at every export."""
HOLDERS = sorted(MEMBERS | OFFICERS | LOST)


class Visit:
    """One relation's browser: opens pages and keeps what stood there."""

    def __init__(self, reader: Reader, relation: str) -> None:
        self.reader, self.relation = reader, relation
        self.client = reader.world.browsers[relation]
        self.readable = reader.readable(relation)
        self.texts: dict[str, str] = {}
        self.statuses: dict[str, int] = {}

    def open(self, path: str) -> Met:
        """What a page says; whoever is led to sign-in, and back to the address afterwards, is told nothing."""
        answer = self.client.get(path)
        self.texts[path], self.statuses[path] = words_of(answer), answer.status_code
        return self.reader.met(self.texts[path])

    def pages(self, path: str) -> Met:
        """A list to its end."""
        first = self.open(path)
        return together(first, self.open(f"{path}&page=2")) if "page=2" in self.texts[path] else first


def words_of(answer: HttpResponseBase) -> str:
    """What an answer says, on paper and in archives too."""
    content: bytes = answer.getvalue()
    if answer["Content-Type"] == "application/zip":
        return unpacked(content)
    if answer["Content-Type"] != "application/pdf":
        return content.decode()
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture(scope="module", params=HOLDERS)
def visit(request: pytest.FixtureRequest, reader: Reader) -> Visit:
    return Visit(reader, request.param)


def lists(visit: Visit) -> Iterator[tuple[str, Met, Met]]:
    """Name of the channel, what it says, what it should say."""
    readable = visit.readable
    for channel, path in LISTS.items():
        yield channel, visit.pages(path), expected(channel, readable)
    for tlp in Tlp:
        query, of_tlp = f"tlp={tlp.word.replace('+', '%2B')}", [one for one in readable if one.tlp is tlp]
        yield "table of a TLP", visit.open(f"/member/export.csv?{query}"), expected("table of a TLP", of_tlp)
        if tlp in {Tlp.AMBER, Tlp.RED}:
            yield "feed of a TLP", visit.pages(f"/member/feed/?{query}"), expected("feed of a TLP", of_tlp)
    yield "export", visit.open("/member/export/"), expected("export", readable)
    for form in FORMS if visit.relation in PRINTERS else FORMS[:2]:
        channel = f"export {form}"
        yield channel, visit.open(f"/member/export/{form}"), expected(channel, readable)
    for audience in AUDIENCES:
        hinted = [one for one in readable if one.audience.startswith(audience)][:6]
        yield "suggestions", visit.open(f"/member/suggest/?q={audience}"), expected("suggestions", hinted)
    if visit.relation not in LOST:
        others = [one for one in visit.readable if one.wrote != visit.relation]
        preview = expected("preview of a rule", others[:PREVIEWED])
        yield "preview of a rule", visit.open(f"/member/rules/new/?q={COMMON_WORD}"), preview
        assert f"matched <b>{len(others)}</b>" in visit.texts[f"/member/rules/new/?q={COMMON_WORD}"]
    heard = [one for one in readable if told(visit.relation, one.audience, one.tlp)]
    yield "notices", visit.open("/member/notices/"), expected("notices", heard)
    yield "API in a browser", visit.open("/api/v1/items?limit=200"), expected("API in a browser", readable)


def groups(visit: Visit) -> Iterator[tuple[str, Met, Met]]:
    for audience, group in (("group", visit.reader.world.group), ("unlisted", visit.reader.world.unlisted)):
        there = [one for one in visit.readable if one.audience == audience]
        page = f"/member/groups/{group.ref}/"
        yield "group", visit.open(page), expected("group", there)
        yield "files of a group", visit.open(f"{page}?show=files"), expected("files of a group", there)
        yield "feed of a group", visit.open(f"/member/feed/?group={group.ref}"), expected("feed of a group", there)


def home(visit: Visit) -> Met:
    """The newest ten, and five that press: they are not one's own, unless a seal hides that."""
    newest = expected("home", visit.readable[:NEWEST])
    pressing = [one for one in visit.readable if one.wrote != visit.relation or visit.relation == "veiled"]
    return together(newest, {name_of(one): said("TR") for one in pressing[:PRESSING]})


def test_lists_say_what_the_table_says(visit: Visit) -> None:
    wrong = []
    for channel, got, wanted in [("home", visit.open("/member/"), home(visit)), *lists(visit), *groups(visit)]:
        wrong += differences({channel: (got, wanted)})
    office = OFFICE if visit.relation in OFFICERS | {"moderator"} else OFFICE[:1]
    for path in (*NOTHING_THERE, *office):
        wrong += differences({path: (visit.open(path), {})})
    assert wrong == []


def test_counts_count_what_one_reads(visit: Visit) -> None:
    if visit.relation in LOST:
        return
    for path in ("/member/", f"/member/search/?q={COMMON_VALUE}"):
        if path not in visit.texts:
            visit.open(path)
    page, number = visit.texts["/member/"], len(visit.readable)
    week = page.partition('id="week"')[2].partition("</dl>")[0]
    assert re.findall(r"<dd>(\d+)</dd>", week) == [str(number), "0", str(2 * number)]
    exact = visit.texts[f"/member/search/?q={COMMON_VALUE}"]
    assert (f"<strong>{number} piece" in exact) == (number > 0)
    for audience, group in (("group", visit.reader.world.group), ("unlisted", visit.reader.world.unlisted)):
        there = sum(one.audience == audience for one in visit.readable)
        rail = f'{group.name}<span class="n"><span class="vh">, </span>{there}<span'
        assert (rail in page) == (there > 0), audience


def test_a_piece_says_what_the_table_says_or_does_not_exist(visit: Visit) -> None:
    wrong = []
    for piece in visit.reader.world.pieces:
        path = f"/items/{piece.item.ref}"
        got, wanted = visit.open(path), {}
        if reads(visit.relation, piece.audience, piece.tlp):
            others = related(visit.readable, piece, got, most=RELATED)
            wanted = together(expected("page", [piece]), expected("related", others))
            wrong += unmarked(visit, path, piece)
        wrong += differences({path: ({} if visit.statuses[path] == 302 else got, wanted)})
    assert wrong == []


def related(readable: list[Piece], piece: Piece, got: Met, *, most: int) -> list[Piece]:
    """All have one indicator in common: as many are named as there is room for, each of them one that is readable."""
    others = [one for one in readable if one is not piece]
    named = [one for one in others if name_of(one) in got]
    assert len(named) == min(most, len(others))
    return named


def test_the_relations_of_a_piece_say_what_the_table_says_or_do_not_exist(visit: Visit) -> None:
    """One piece of each TLP that the relation reads, and one that it does not read."""
    wrong = []
    for piece, may in one_each(visit):
        path = f"/items/{piece.item.ref}/relations"
        got, wanted = visit.open(path), {}
        if may:
            others = related(visit.readable, piece, got, most=DRAWN)
            wanted = together(expected("relations", [piece]), expected("related", others))
            more = len(visit.readable) - 1 - len(others)
            assert (f"And {more} more" in visit.texts[path]) == (more > 0)
            wrong += unmarked(visit, path, max([piece, *others], key=lambda one: one.tlp))
        wrong += differences({path: ({} if visit.statuses[path] == 302 else got, wanted)})
    assert wrong == []


def test_the_files_of_a_piece_say_what_the_table_says_or_do_not_exist(visit: Visit) -> None:
    """One piece of each TLP that the relation reads, and one that it does not read."""
    wrong = []
    for piece, may in one_each(visit):
        for channel in OF_A_PIECE if may else ("STIX", "paper"):
            if channel == "paper" and may and visit.relation not in PRINTERS:
                continue
            path = f"/items/{piece.item.ref}{OF_A_PIECE[channel]}"
            got, own = visit.open(path), channel != "correction" or visit.relation == piece.wrote
            wanted = expected(channel, [piece]) if may and own else {}
            wrong += differences({path: ({} if visit.statuses[path] == 302 else got, wanted)})
        (handle,) = piece.item.attachments.as_system("the test asks for all").values_list("handle", flat=True)
        path = f"/items/{piece.item.ref}/files/{handle}"
        wrong += differences({path: (visit.open(path), expected("file", [piece]) if may else {})})
    assert wrong == []


def test_collections_say_what_the_table_says_or_do_not_exist(visit: Visit) -> None:
    """As lists, all of them together; each of their objects to who reads its piece, for RED is in no collection."""
    shelf = "/member/integrations/collections"
    told: dict[str, list[Met]] = {"": [], **{f"lists/{form}": [] for form in OF_COLLECTIONS}}
    for uuid in Collection.objects.values_list("uuid", flat=True):
        for rest, met in told.items():
            got = visit.open(path := f"{shelf}/{uuid}/{rest}")
            met.append(got if visit.statuses[path] == 200 else {})
    wanted = expected("lists of collections", visit.readable)
    wrong = [
        line
        for rest, met in told.items()
        for line in differences({rest: (together(*met), {} if rest == "lists/hosts" else wanted)})
    ]
    everything = Collection.objects.get(kind="everything").uuid
    for piece, may in one_each(visit):
        value = word(Canary.VALUE, piece.number)
        (uuid,) = piece.item.indicators.as_system("the test").filter(value=value).values_list("uuid", flat=True)
        got = visit.open(path := f"{shelf}/{everything}/objects/indicator--{uuid}/")
        wanted = expected("object of a collection", [piece]) if may else {}
        wrong += differences({path: (got if visit.statuses[path] == 200 else {}, wanted)})
    assert wrong == []


def one_each(visit: Visit) -> list[tuple[Piece, bool]]:
    """The newest of each TLP that is read, and of each that is not."""
    chosen: dict[tuple[Tlp, bool], Piece] = {}
    for piece in visit.reader.world.pieces:
        chosen[piece.tlp, reads(visit.relation, piece.audience, piece.tlp)] = piece
    return [(piece, may) for (_tlp, may), piece in chosen.items()]


def unmarked(visit: Visit, path: str, piece: Piece) -> list[str]:
    """A printed page says its TLP and who printed it, and no word of the piece."""
    person = visit.reader.world.people[visit.relation]
    mark = visit.texts[path].partition('data-print-mark="')[2].partition('"')[0]
    right = mark.startswith(f"{piece.tlp.mark}, Printed by {person.name}, ") and visit.reader.met(mark) == {}
    return [] if right else [f"{path}: printed with {mark}"]


def test_records_name_references_and_no_words(visit: Visit) -> None:
    if visit.relation not in SEE_RECORDS:
        visit.open("/office/records/")
        assert visit.statuses["/office/records/"] in {302, 404}
        return
    pages = [visit.open(f"/office/records/?page={number}") for number in range(1, 9)]
    assert differences({"records": (together(*pages), expected("records", visit.reader.world.pieces))}) == []
    for piece in visit.reader.world.pieces:
        if piece.wrote == "veiled":
            path = f"/office/records/?subject={piece.item.ref}"
            visit.open(path)
            assert "under a seal" in visit.texts[path]
            assert not names_author(visit.texts[path])
            rows = Record.objects.filter(subject=piece.item.ref)
            assert set(rows.values_list("person", "organisation", "token")) == {(None, None, None)}


def test_an_unlisted_group_is_nowhere_for_who_may_not_hear_of_it(visit: Visit) -> None:
    ref = visit.reader.world.unlisted.ref
    beginning = UNLISTED[:6]
    asked = ("/member/groups/", "/member/share/", f"/member/search/?q={beginning}", f"/member/suggest/?q={beginning}")
    for path in (*asked, "/api/v1/groups", f"/api/v1/suggest?q={beginning}"):
        visit.open(path)
        knows = visit.relation in KNOW_UNLISTED
        assert visit.reader.betrays_group(visit.texts[path]) == knows, path
    page, absent = f"/member/groups/{ref}/", "/member/groups/GR-NONE/"
    visit.open(page), visit.open(absent)
    assert visit.statuses[page] == (200 if visit.relation in KNOW_UNLISTED else visit.statuses[absent])
    if visit.relation in KNOW_UNLISTED:
        return
    met = [path for path, text in visit.texts.items() if ref not in path and not path.startswith("/office/")]
    assert [path for path in met if visit.reader.betrays_group(visit.texts[path])] == []


def test_a_sealed_author_is_nowhere(visit: Visit) -> None:
    """The organisation is in the audience of what all members read, and named there among the others."""
    if visit.relation in KNOW_SEALED:
        return
    sealed = {piece.item.ref for piece in visit.reader.world.pieces if piece.wrote == "veiled"}
    told_names = []
    for path, text in visit.texts.items():
        own_page = path.startswith("/items/")
        about = text if not own_page or path.split("/")[2] in sealed else text.replace(VEIL[1], "")
        if not path.startswith("/office/") and names_author(about):
            told_names.append(path)
    assert told_names == []


def test_the_words_of_the_world_are_apart() -> None:
    """No canary is part of another, and each is in the pattern that finds them."""
    worded = [one for one in Canary if one not in {Canary.REF, Canary.OBJECT}]
    words = [word(canary, number) for canary in worded for number in range(45)]
    assert len(set(words)) == len(words)
    assert not [(a, b) for a in words for b in words if a != b and a in b]
