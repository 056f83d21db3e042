"""A piece in another language: for the same readers, found like the original, and honest about where it comes from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast as as_type

import pytest
from django.test import Client

from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.intel.actions import ensure_collections
from infohub.intel.models import StixObject
from infohub.intel.tasks import place_due
from infohub.members.models import Person
from infohub.sharing.actions import drop_text, put_text, retract_indicator, revise, take_back_to_edit, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemText, Origin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.api.program import program
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

HANT = {"language": "zh-hant", "title": "致電會計部的騙徒", "body": "騙徒致電索取一次性密碼。", "origin": Origin.HUMAN}


@pytest.fixture
def item(cast: Cast) -> Item:
    return shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text(tlp=Tlp.AMBER))


def put(cast: Cast, item: Item, **changes: object) -> ItemText:
    return put_text(cast.as_(cast.ann), item=item, **(HANT | changes))  # type: ignore[arg-type]


def reader(person: Person, language: str) -> Client:
    Person.objects.filter(pk=person.pk).update(language=language)
    return sign_in(Client(), person)


def page(client: Client, item: Item, query: str = "") -> str:
    return client.get(f"/items/{item.ref}{query}").content.decode()


def test_each_reader_gets_the_piece_in_their_language_and_may_look_at_the_original(cast: Cast, item: Item) -> None:
    put(cast, item)
    chinese = reader(cast.cara, "zh-hant")
    told = page(chinese, item)
    assert "騙徒致電索取一次性密碼" in told
    assert f"<h1>{HANT['title']}</h1>" in told
    original = page(chinese, item, "?language=en")
    assert item.title in original
    assert 'lang="en"' in original
    assert item.title in page(reader(cast.cara, "en"), item)


def test_the_other_chinese_is_converted_while_it_is_read_and_says_so(cast: Cast, item: Item) -> None:
    put(cast, item)
    told = page(reader(cast.cara, "zh-hans"), item)
    assert "骗徒致电索取一次性密码" in told
    assert "由程序" in told
    assert not ItemText.objects.filter(language="zh-hans").exists()
    put(cast, item, language="zh-hans", title="冒充客服", body="骗子来电。")
    assert "骗子来电" in page(reader(cast.cara, "zh-hans"), item)


def test_lists_show_the_title_in_the_readers_language_and_search_finds_it(cast: Cast, item: Item) -> None:
    put(cast, item)
    assert HANT["title"] in reader(cast.cara, "zh-hant").get("/member/feed/").content.decode()
    assert item.title in reader(cast.cara, "en").get("/member/feed/").content.decode()
    for words, found in (("騙徒致電", 1), ("骗徒致电", 1), ("accounts", 1), ("不存在", 0)):
        entries = Entry.objects.readable(cast.as_(cast.cara))
        assert matching(entries, words).count() == found, words
    assert not matching(Entry.objects.readable(cast.as_(cast.eve)), "騙徒致電").exists()


def test_a_correction_of_the_original_makes_the_other_words_stale(cast: Cast, item: Item) -> None:
    put(cast, item)
    chinese = reader(cast.cara, "zh-hant")
    assert "原文其後已更正" not in page(chinese, item)
    revise(cast.as_(cast.ann), item=item, text=text("Calls, corrected", tlp=Tlp.AMBER))
    assert "原文其後已更正" in page(chinese, item)
    put(cast, item, title="更新")
    assert "原文其後已更正" not in page(chinese, item)


def test_nobody_but_who_answers_for_the_piece_writes_or_drops_them(cast: Cast, item: Item) -> None:
    put(cast, item)
    with pytest.raises(NotAllowedError):
        put_text(cast.as_(cast.cara), item=item, **HANT)  # type: ignore[arg-type]
    with pytest.raises(NotAllowedError):
        drop_text(cast.as_(cast.cara), item=item, language="zh-hant")
    with pytest.raises(Item.DoesNotExist):
        put_text(cast.as_(cast.eve), item=item, **HANT)  # type: ignore[arg-type]
    drop_text(cast.as_(cast.ann), item=item, language="zh-hant")
    assert item.title in page(reader(cast.cara, "zh-hant"), item)
    assert not matching(Entry.objects.readable(cast.as_(cast.cara)), "騙徒致電").exists()


def test_empty_words_and_its_own_language_are_refused(cast: Cast, item: Item) -> None:
    for changes in ({"title": " "}, {"body": ""}):
        with pytest.raises(NotReadyError):
            put(cast, item, **changes)
    for language in ("en", "fr"):
        with pytest.raises(NotAllowedError):
            put(cast, item, language=language)


def test_withdrawing_takes_them_from_their_readers_too(cast: Cast, item: Item) -> None:
    put(cast, item)
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert reader(cast.cara, "zh-hant").get(f"/items/{item.ref}").status_code == 404


def test_words_that_were_overtaken_stay_so_in_the_draft_of_a_piece_taken_back(cast: Cast, item: Item) -> None:
    put(cast, item)
    put(cast, item, language="zh-hans", title="冒充客服", body="骗子来电。")
    revise(cast.as_(cast.ann), item=item, text=text("Calls, corrected", tlp=Tlp.AMBER))
    put(cast, item, title="更新")
    draft = take_back_to_edit(cast.as_(cast.ann), item=item)
    fresh = {words.language: words.revision >= draft.revision for words in draft.texts.all()}
    assert fresh == {"zh-hant": True, "zh-hans": False}


def test_programs_get_every_language(cast: Cast, item: Item) -> None:
    put(cast, item)
    texts = as_type(list[dict[str, object]], program(cast.cara).ask(f"items/{item.ref}").body["texts"])
    (told,) = texts
    assert (told["language"], told["title"], told["origin"]) == ("zh-hant", HANT["title"], "human")


def test_the_page_offers_a_conversion_and_says_whether_a_person_wrote_it(cast: Cast) -> None:
    body = "騙徒致電索取密碼。"
    written = text("騙徒來電", body=body, tlp=Tlp.AMBER)
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), written)
    Item.objects.as_system("a test").filter(pk=item.pk).update(language="zh-hant")
    author = sign_in(Client(), cast.ann)
    there = f"/items/{item.ref}/words/zh-hans"
    assert "骗徒致电索取密码" in author.get(there).content.decode()
    author.post(there, {"title": "骗徒来电", "body": "骗徒致电索取密码。"})
    assert ItemText.objects.get().origin == Origin.CONVERTED
    author.post(there, {"title": "骗徒来电", "body": "骗子打电话索要密码。"})
    assert ItemText.objects.get().origin == Origin.HUMAN
    assert author.post(there, {"title": "", "body": "只有正文"}).status_code == 422
    author.post(there, {"do": "drop"})
    assert not ItemText.objects.exists()
    assert sign_in(Client(), cast.cara).get(there).status_code == 404
    assert author.get(f"/items/{item.ref}/words/zh-hant").status_code == 404


# --- for machines


def pulled(item: Item) -> list[dict[str, object]]:
    """The newest version of each language-content that machines find, in the order it came."""
    place_due(now() + timedelta(hours=1))
    rows = StixObject.objects.filter(type="language-content", placements__source=item.ref).distinct()
    newest: dict[object, dict[str, object]] = {}
    for row in rows.order_by("version"):
        words = json.loads(row.raw)
        assert newest.get(words["id"], {}).get("revoked") is None, "what was taken back stays taken back"
        newest[words["id"]] = words
    return list(newest.values())


def report(item: Item) -> dict[str, object]:
    place_due(now() + timedelta(hours=1))
    rows = StixObject.objects.filter(type="report", placements__source=item.ref).order_by("-version")
    return as_type(dict[str, object], json.loads(rows[0].raw))


@pytest.fixture
def placed(cast: Cast) -> Item:
    ensure_collections()
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(tlp=Tlp.GREEN))


def test_machines_get_the_words_beside_the_report_under_its_marking_and_author(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (words,), original = pulled(placed), report(placed)
    assert words["contents"] == {"zh-HK": {"name": HANT["title"], "description": HANT["body"]}}
    assert words["labels"] == ["human"]
    for here, there in (("object_ref", "id"), ("object_modified", "modified")):
        assert words[here] == original[there]
    for name in ("created_by_ref", "object_marking_refs"):
        assert words[name] == original[name]
    exported = sign_in(Client(), cast.ben).get(f"/items/{placed.ref}/export/stix").json()["objects"]
    assert words in exported


def test_machines_get_words_as_late_as_a_new_piece(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    place_due(now())
    assert not StixObject.objects.filter(type="language-content", placements__source=placed.ref).exists()
    assert pulled(placed)


def test_better_words_are_a_new_version_and_the_report_stays(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (before,), original = pulled(placed), report(placed)
    put(cast, placed, title="冒充客服", origin=Origin.CONVERTED)
    (after,) = pulled(placed)
    assert after["id"] == before["id"]
    assert str(after["modified"]) > str(before["modified"])
    assert after["labels"] == ["converted"]
    assert report(placed) == original


def test_words_follow_the_report_to_its_next_version(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (before,) = pulled(placed)
    row = placed.indicators.as_system("a test").get(kind="url")
    retract_indicator(cast.as_(cast.ann), item=placed, indicator=row, reason="")
    (after,) = pulled(placed)
    assert (after["id"], after["contents"]) == (before["id"], before["contents"])
    assert after["object_modified"] == report(placed)["modified"] != before["object_modified"]


def test_a_correction_takes_the_words_from_machines_until_there_are_new_ones(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (before,) = pulled(placed)
    for title in ("Calls, corrected", "Calls, corrected again"):
        revise(cast.as_(cast.ann), item=placed, text=text(title, tlp=Tlp.GREEN))
    (gone,) = pulled(placed)
    assert (gone["id"], gone["revoked"]) == (before["id"], True)
    assert str(HANT["title"]) not in json.dumps(gone, ensure_ascii=False)
    assert sign_in(Client(), cast.ben).get(f"/items/{placed.ref}/export/stix").json()["objects"][-1] == gone
    put(cast, placed, title="更新")
    first, second = pulled(placed)
    assert first == gone
    assert second["contents"]["zh-HK"]["name"] == "更新"  # type: ignore[index]
    assert second["object_modified"] == report(placed)["modified"]


def test_dropped_words_are_taken_back_and_new_ones_are_another_object(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (before,) = pulled(placed)
    drop_text(cast.as_(cast.ann), item=placed, language="zh-hant")
    (gone,) = pulled(placed)
    assert (gone["id"], gone["revoked"]) == (before["id"], True)
    put(cast, placed)
    assert [words.get("revoked", False) for words in pulled(placed)] == [True, False]


def test_withdrawing_takes_the_words_back_from_machines(cast: Cast, placed: Item) -> None:
    put(cast, placed)
    (before,) = pulled(placed)
    withdraw(cast.as_(cast.ann), item=placed, reason="")
    (gone,) = pulled(placed)
    assert (gone["id"], gone["revoked"]) == (before["id"], True)
    assert str(HANT["title"]) not in json.dumps(gone, ensure_ascii=False)


def test_the_words_of_an_unattributed_piece_name_its_author_no_more_than_its_report(cast: Cast) -> None:
    ensure_collections()
    written = text(tlp=Tlp.GREEN, unattributed=True)
    piece = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)
    put(cast, piece)
    (words,) = pulled(piece)
    assert words["created_by_ref"] == report(piece)["created_by_ref"] != f"identity--{cast.bank.uuid}"
