"""A piece in another language: for the same readers, found like the original, and honest about where it comes from."""

from __future__ import annotations

from typing import cast as as_type

import pytest
from django.test import Client

from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.members.models import Person
from infohub.sharing.actions import drop_text, put_text, revise, take_back_to_edit, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemText, Origin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
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
