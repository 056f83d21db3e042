"""Promises about search: order, filters, suggestions, what is kept, what is taken out, and whom one finds."""

import csv
import io

import pytest
from django.test import Client

from infohub.audit.models import Record
from infohub.catalogue.actions import SEARCHES_PER_PERSON, save_search
from infohub.catalogue.backends import frequent
from infohub.catalogue.models import SavedSearch
from infohub.members.models import Person
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast, sign_in
from tests.intel.sending import agreed, sent, speaking
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


def share(cast: Cast, title: str, *, body: str = "They called.", kind: str = "alert", severity: int = 3) -> Item:
    """Ann shares with Banking."""
    choice = Choice(groups=[cast.banking.pk])
    return shared(cast.as_(cast.ann), choice, text(title, body=body, kind=kind, severity=severity))


def places(page: str, *words: str) -> list[int]:
    """Where the words stand on the page; all of them have to."""
    found = [page.find(word) for word in words]
    assert -1 not in found, words
    return found


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_best_match_comes_first_when_asked_for_and_the_newest_otherwise(client: Client, cast: Cast) -> None:
    share(cast, "Gateway quokka quokka", body="The quokka again: quokka.")
    share(cast, "Weekly notes", body=f"Much else. {'Nothing of it matters here. ' * 40} One quokka.")
    page = sign_in(client, cast.ben)
    best = places(opened(page, "/member/search/?q=quokka&order=best"), "Gateway quokka quokka", "Weekly notes")
    newest = places(opened(page, "/member/search/?q=quokka"), "Gateway quokka quokka", "Weekly notes")
    assert best == sorted(best)
    assert newest == sorted(newest, reverse=True)


def test_filters_live_in_the_address_and_narrow_words_and_lists(client: Client, cast: Cast) -> None:
    share(cast, "Invoice alert", kind="alert", severity=4)
    share(cast, "Invoice practice", kind="practice", severity=1)
    page = sign_in(client, cast.ben)
    for path in ("/member/search/?q=invoice&", "/member/search/?", "/member/feed/?"):
        for narrowed in ("kind=alert", "severity=critical", "kind=alert&days=7", "severity=critical&tlp=AMBER"):
            content = opened(page, path + narrowed)
            assert "Invoice alert" in content, path + narrowed
            assert "Invoice practice" not in content, path + narrowed
        for nothing in ("days=8", "tlp=PURPLE", "severity=awful", "group=GR-NONE"):
            assert "Invoice alert" not in opened(page, path + nothing), path + nothing


def test_a_search_is_kept_for_its_person_alone_and_can_be_removed(client: Client, cast: Cast) -> None:
    share(cast, "Invoice alert")
    page = sign_in(client, cast.ben)
    for _ in range(2):
        answer = page.post("/member/search/save/?q=invoice&kind=alert&page=3&evil=1", {"name": "Invoices"})
        assert answer["Location"] == "/member/search/?q=invoice&kind=alert"
    kept = SavedSearch.objects.get()
    assert (kept.person, kept.name, kept.query) == (cast.ben, "Invoices", "q=invoice&kind=alert")
    assert "Invoices" in opened(page, "/member/search/")
    other = sign_in(Client(), cast.cara)
    assert "Invoices" not in opened(other, "/member/search/")
    other.post("/member/search/forget/", {"search": kept.pk})
    assert SavedSearch.objects.exists()
    page.post("/member/search/forget/", {"search": kept.pk})
    assert not SavedSearch.objects.exists()


def test_a_person_keeps_fifty_searches_and_hears_why_no_more(client: Client, cast: Cast) -> None:
    for number in range(SEARCHES_PER_PERSON):
        save_search(cast.as_(cast.ben), name=f"n{number}", query="q=a")
    page = sign_in(client, cast.ben)
    answer = page.post("/member/search/save/?q=b", {"name": "one more"}, follow=True)
    assert "50 searches" in answer.content.decode()
    page.post("/member/search/save/?q=b", {"name": "n3"})
    assert SavedSearch.objects.get(name="n3").query == "q=b"
    assert SavedSearch.objects.count() == SEARCHES_PER_PERSON


def test_an_export_is_what_the_viewer_reads_harmless_for_spreadsheets_and_recorded(client: Client, cast: Cast) -> None:
    share(cast, "=HYPERLINK(invoice)")
    share(cast, "Other matter", kind="news")
    rows = exported(sign_in(client, cast.ben), "?q=invoice&order=best")
    assert [row["title"] for row in rows] == ["'=HYPERLINK(invoice)"]
    assert (rows[0]["tlp"], rows[0]["kind"], rows[0]["indicators"]) == ("TLP:AMBER", "alert", "0")
    assert len(exported(client, "")) == 2
    assert [row["title"] for row in exported(client, "?kind=news")] == ["Other matter"]
    assert exported(sign_in(Client(), cast.cara), "") == []
    counts = list(Record.objects.filter(verb="export").order_by("pk").values_list("detail", flat=True))
    assert [detail["entries"] for detail in counts] == [1, 2, 1, 0]


def exported(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/member/export.csv{query}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_suggestions_complete_the_last_word_from_what_one_may_read(client: Client, cast: Cast) -> None:
    share(cast, "Invoice alert about couriers")
    page = sign_in(client, cast.ben)
    for typed in ("invo", "alert cour", "INVOICE"):
        assert "Invoice alert about couriers" in opened(page, f"/member/suggest/?q={typed}"), typed
    for typed in ("", "i", "nvoice", "invo zzz"):
        assert "Invoice" not in opened(page, f"/member/suggest/?q={typed}"), typed
    assert "Banking" in opened(page, "/member/suggest/?q=bank")
    outsider = sign_in(Client(), cast.cara)
    assert "Invoice" not in opened(outsider, "/member/suggest/?q=invo")


def test_people_are_found_as_far_as_they_let_themselves_be_found(client: Client, cast: Cast) -> None:
    colleague, stranger = sign_in(client, cast.ben), sign_in(Client(), cast.cara)
    for path in ("/member/search/?q=ann", "/member/suggest/?q=ann"):
        assert "Ann, Bank" in opened(colleague, path)
        assert "Ann, Bank" in opened(stranger, path)
    Person.objects.filter(pk=cast.ann.pk).update(in_directory=False)
    for path in ("/member/search/?q=ann", "/member/suggest/?q=ann"):
        assert "Ann, Bank" in opened(colleague, path)
        assert "Ann, Bank" not in opened(stranger, path)


def test_an_unlisted_group_is_found_by_its_members_alone(client: Client, cast: Cast) -> None:
    make.group("Hidden canary room", cast.ben, listed=False)
    for path in ("/member/search/?q=canary", "/member/suggest/?q=canary"):
        assert "Hidden canary room" in opened(sign_in(client, cast.ben), path)
        assert "Hidden canary room" not in opened(sign_in(Client(), cast.cara), path)


def test_a_value_is_answered_from_the_collections_one_reads_in_words(client: Client, cast: Cast) -> None:
    to = agreed("sensors", cast.bank)
    ended = speaking("[domain-name:value = 'bad.example.org']", valid_until="2026-02-01T00:00:00Z")
    sent(to, speaking("[domain-name:value = 'bad.example.org']"), ended, by=cast.bank)
    sent(to, speaking("[domain-name:value = 'old.example.org']") | {"valid_until": ended["valid_until"]}, by=cast.bank)
    sent(to, speaking("[domain-name:value = 'a.bad.example.org']"), by=cast.bank)
    page, stranger = sign_in(client, cast.ben), sign_in(Client(), cast.cara)
    for written, said in (
        ("bad[.]example[.]org", "<strong>2 objects</strong> in the collection “Sensors”. Still counting: 1."),
        (
            "old.example.org",
            "<strong>1 object</strong> in the collection “Sensors”. Revoked, past its time or a false positive.",
        ),
    ):
        content = " ".join(opened(page, f"/member/search/?q={written}").split())
        assert said in content
        assert "Not known here." not in content
        assert "Not known here." in opened(stranger, f"/member/search/?q={written}")
    places(opened(page, "/member/search/?q=bad.example.org"), "name below it:", "a.bad.example[.]org")
    places(opened(page, "/member/search/?q=a.bad.example.org"), "name above it:", "bad.example[.]org")
    for written in ("bad.example.org", "never.example.org"):
        content = opened(stranger, f"/member/search/?q={written}")
        assert "Sensors" not in content
        assert "Around it" not in content


def test_where_no_piece_has_all_words_the_nearest_come_and_the_page_says_so(client: Client, cast: Cast) -> None:
    share(cast, "Courier parcels", body="They ask for a fee by card before the parcel is delivered.")
    share(cast, "Quiet week", body="Nothing happened.")
    asked = "/member/search/?q=parcel+fee+by+card+asked+of+patients+at+reception"
    page = opened(sign_in(client, cast.ben), asked)
    assert "Courier parcels" in page
    assert "Quiet week" not in page
    assert "These have some of them" in page
    assert "These have some of them" not in opened(client, "/member/search/?q=parcel")
    stranger = opened(sign_in(Client(), cast.cara), asked)
    assert "Courier parcels" not in stranger
    assert "No piece you may read has any of these words" in stranger


def test_filters_narrow_the_nearest_too(client: Client, cast: Cast) -> None:
    share(cast, "Courier parcels", body="They ask for a fee.", kind="alert")
    page = sign_in(client, cast.ben)
    assert "Courier parcels" in opened(page, "/member/search/?q=courier+unheardof&kind=alert")
    assert "Courier parcels" not in opened(page, "/member/search/?q=courier+unheardof&kind=news")


def test_more_like_this_leads_to_pieces_with_its_telling_words_but_not_to_itself(client: Client, cast: Cast) -> None:
    first = share(cast, "Courier parcels", body="The quokka gang asks for a fee by card.")
    share(cast, "Quokka again", body="The quokka gang is back.")
    page = sign_in(client, cast.ben)
    assert f"/member/search/?like={first.ref}" in opened(page, f"/items/{first.ref}")
    answer = opened(page, f"/member/search/?like={first.ref}")
    assert "Quokka again" in answer
    assert "These have some of them" not in answer
    stranger = opened(sign_in(Client(), cast.cara), f"/member/search/?like={first.ref}")
    assert "Quokka" not in stranger
    assert "Courier parcels" not in stranger


@pytest.mark.parametrize(
    "query", ["'", '"', "a\\b | & ! ( * :", "釣魚電郵 要求 付款 unheardof", "*" * 2000, "or not near and"]
)
def test_any_signs_may_stand_in_a_query(client: Client, cast: Cast, query: str) -> None:
    share(cast, "Courier parcels")
    assert sign_in(client, cast.ben).get("/member/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize("most", [2, frequent.MOST_HAVING])
@pytest.mark.parametrize("word", ["zwibber", "quorble"])
def test_the_order_of_the_nearest_tells_nothing_of_pieces_one_may_not_read(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, word: str, most: int
) -> None:
    monkeypatch.setattr(frequent, "MOST_HAVING", most)
    for own in ("zwibber", "quorble"):
        words = text(f"Own {own}", body=f"The {own} came by mail.", tlp=Tlp.GREEN)
        shared(cast.as_(cast.cara), Choice(everyone=True), words)
    page = sign_in(client, cast.cara)
    path = "/member/search/?q=zwibber+quorble"
    before = places(opened(page, path), "Own zwibber", "Own quorble")
    for number in range(4):
        share(cast, f"Hidden {number}", body=f"Here too a {word} was seen.")
    after = places(opened(page, path), "Own zwibber", "Own quorble")
    assert (before == sorted(before)) == (after == sorted(after))


def test_what_too_many_pieces_have_is_no_word_to_choose_by_and_the_longest_address_has_an_answer(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequent, "MOST_HAVING", 2)
    for number in range(3):
        share(cast, f"Usual {number}", body="A zwibber was seen.")
    share(cast, "Seldom", body="A quorble was seen.")
    page = sign_in(client, cast.ben)
    found = opened(page, "/member/search/?q=zwibber+quorble")
    assert "Seldom" in found
    assert "Usual" not in found
    opened(page, f"/member/search/?q=https://evil.example/{'.'.join(f'a{number}' for number in range(400))}")
