"""Promises about asking the hub: sentences with their sources, of what one may read and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest
from django.conf import LazySettings
from django.test import Client

from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.targets import allowance
from infohub.standards.tlp import Tlp
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text
from tests.support.host import Host, hosting, says, whole

pytestmark = pytest.mark.django_db

QUESTION = "How do callers get patients to pay a deposit by phone?"
SENTENCE = "Callers ask patients for a deposit and let them pay by phone."
BODY = f"Much else happened.\n\n{SENTENCE} The weather was fine."
MODEL_SAYS = "They ask for a deposit."


def share(cast: Cast, title: str = "Deposits", *, body: str = BODY, tlp: Tlp = Tlp.GREEN) -> Item:
    """Ann shares with Banking."""
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(title, body=body, tlp=tlp))


def answer(client: Client, question: str = QUESTION) -> str:
    got = client.get("/member/ask/", {"q": question})
    assert got.status_code == 200
    return got.content.decode()


def test_a_question_is_answered_by_a_sentence_with_its_source_and_marking(client: Client, cast: Cast) -> None:
    item = share(cast)
    page = answer(sign_in(client, cast.ben))
    assert SENTENCE in page
    assert f"/items/{item.ref}" in page
    assert "TLP:GREEN" in page
    assert "The weather was fine" not in page
    assert "model" not in page


def test_who_may_not_read_a_piece_gets_the_same_answer_as_if_it_were_not_there(client: Client, cast: Cast) -> None:
    stranger = sign_in(client, cast.cara)
    before = answer(stranger)
    share(cast)
    assert "Nothing you may read answers this." in before
    after = answer(stranger)
    assert [line for line in after.splitlines() if "csrf" not in line] == [
        line for line in before.splitlines() if "csrf" not in line
    ]


def test_nothing_found_says_so_and_offers_to_ask_members(client: Client, cast: Cast) -> None:
    share(cast)
    page = answer(sign_in(client, cast.ben), "Which satellites orbit Neptune nowadays?")
    assert "Nothing you may read answers this." in page
    assert "/member/share/?kind=question" in page


def test_at_most_five_sentences_and_what_is_repeated_once(client: Client, cast: Cast) -> None:
    for number in range(8):
        extra = f"Callers number {number} let patients pay a deposit by phone."
        share(cast, f"Deposits {number}", body=f"{SENTENCE}\n\n{extra}")
    page = answer(sign_in(client, cast.ben))
    assert page.count("<q") == 5
    assert page.count(SENTENCE) == 1


def test_nobody_asks_without_signing_in_and_any_signs_may_stand_in_a_question(client: Client, cast: Cast) -> None:
    assert client.get("/member/ask/").status_code == 302
    share(cast, body=f"{SENTENCE} <script>alert(1)</script> for a deposit patients pay by phone callers.")
    page = sign_in(client, cast.ben)
    for question in ("", "'\"\\|&!(*:", "<script>alert(1)</script>", "電話" * 400):
        assert "<script>alert" not in answer(page, question)


@pytest.fixture
def endpoint(settings: LazySettings) -> Iterator[Host]:
    content = orjson.dumps({"sentences": [{"text": MODEL_SAYS, "sources": [1]}]}).decode()
    with hosting(says(whole(orjson.dumps({"choices": [{"message": {"content": content}}]})))) as host:
        settings.OUTBOUND_ALLOW = (allowance(f"127.0.0.1:{host.port}"),)
        settings.AI_URL, settings.AI_MODEL, settings.AI_KEY = host.url("/v1"), "small", ""
        settings.AI_CEILING, settings.OUTBOX_SECONDS = Tlp.GREEN, 0
        yield host


def test_a_model_outside_is_asked_only_when_the_reader_says_so_and_its_words_are_marked(
    client: Client, cast: Cast, endpoint: Host
) -> None:
    item = share(cast)
    page = sign_in(client, cast.ben)
    assert "Let the model outside write an answer" in answer(page)
    assert endpoint.asked == []
    written = page.post("/member/ask/", {"q": QUESTION}).content.decode()
    assert "Written by a model" in written
    assert MODEL_SAYS in written
    assert written.count(f"/items/{item.ref}") == 2
    assert SENTENCE in written


def test_what_is_restricted_never_reaches_the_model_and_its_reader_still_gets_sentences(
    client: Client, cast: Cast, endpoint: Host
) -> None:
    share(cast, tlp=Tlp.AMBER)
    written = sign_in(client, cast.ben).post("/member/ask/", {"q": QUESTION}).content.decode()
    assert endpoint.asked == []
    assert "Written by a model" not in written
    assert SENTENCE in written


def test_a_stranger_sends_nothing_to_the_model(client: Client, cast: Cast, endpoint: Host) -> None:
    share(cast)
    written = sign_in(client, cast.cara).post("/member/ask/", {"q": QUESTION}).content.decode()
    assert endpoint.asked == []
    assert SENTENCE not in written


def test_who_asks_the_model_too_often_waits_and_nobody_else_and_keeps_what_was_typed(
    client: Client, cast: Cast, endpoint: Host
) -> None:
    share(cast)
    ben = sign_in(client, cast.ben)
    for _time in range(5):
        assert ben.post("/member/ask/", {"q": QUESTION}).status_code == 200
    refused = ben.post("/member/ask/", {"q": QUESTION})
    page = refused.content.decode()
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "as often as one person may" in page
    assert f'value="{QUESTION}"' in page
    assert SENTENCE in page
    assert "Let the model outside write an answer" in page
    assert len(endpoint.asked) == 5
    assert SENTENCE in answer(ben), "what this server finds itself is not counted"
    assert sign_in(Client(), cast.ann).post("/member/ask/", {"q": QUESTION}).status_code == 200


def test_what_may_not_be_sent_is_not_counted(client: Client, cast: Cast, endpoint: Host) -> None:
    share(cast, tlp=Tlp.AMBER)
    ben = sign_in(client, cast.ben)
    for _time in range(8):
        assert ben.post("/member/ask/", {"q": QUESTION}).status_code == 200
    assert endpoint.asked == []
