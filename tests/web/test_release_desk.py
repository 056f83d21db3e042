"""The pages of the release desk and of the owner: the walk from an offered piece to the Public Zone, for whom."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.members.models import Person
from infohub.releases.actions import propose, release, withdraw_release
from infohub.releases.models import Proposal, ProposalState, Release
from infohub.sharing.actions import withdraw
from tests.cast import Cast, sign_in
from tests.releases.acts import (
    ORIGINAL,
    PUBLIC,
    agreed,
    offered,
    prepared,
    released,
    second_moderator,
    shared_piece,
    words,
)

pytestmark = pytest.mark.django_db

DESK = "/office/releases/"


def at(row: Proposal) -> str:
    return f"{DESK}{row.pk}/"


def own(row: Proposal) -> str:
    return f"/member/proposals/{row.pk}/"


def form(row: Proposal, **changes: str) -> dict[str, object]:
    """The form as a browser sends it."""
    written = words()
    fields = {f"en-{name}": getattr(written, name) for name in ("title", "summary", "body", "everyone", "teams")}
    return {"do": "prepare", "wording": str(row.wording), "severity": "3", **fields, "en-origin": "human"} | changes


def stored(row: Proposal) -> Proposal:
    return Proposal.objects.as_system("a test looks").get(pk=row.pk)


def as_(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def test_the_walk_from_an_offered_piece_to_the_public_zone(cast: Cast) -> None:
    item = shared_piece(cast)
    ann, mori, nico = as_(cast.ann), as_(cast.mori), as_(second_moderator(cast))

    assert f'action="/member/propose/{item.ref}/"' in ann.get(f"/items/{item.ref}").text
    answer = ann.post(f"/member/propose/{item.ref}/")
    row = Proposal.objects.as_system("a test looks").get(item=item)
    assert answer["Location"] == own(row)
    assert "The release desk has it." in ann.get(own(row)).text

    assert item.title in mori.get(DESK).text
    answer = mori.post(at(row), form(row, indicators="url http://198.51.100.7/pay"))
    assert answer["Location"] == at(row)
    row = stored(row)
    assert (row.state, row.indicators) == (ProposalState.CONSENT, [["url", "http://198.51.100.7/pay"]])

    page = ann.get(own(row)).text
    assert "I agree to these words" in page
    ann.post(own(row), {"do": "consent", "wording": row.wording})
    assert stored(row).state == ProposalState.READY

    assert "somebody else of the desk must release it" in mori.get(at(row)).text
    mori.post(at(row), {"do": "release", "wording": row.wording})
    assert stored(row).state == ProposalState.READY
    assert nico.post(at(row), {"do": "release", "wording": row.wording})["Location"] == DESK
    public = Release.objects.get()
    assert words().title in Client().get(f"/advisories/{public.ref}").text
    assert public.ref in ann.get(own(row)).text
    assert public.ref in mori.get(DESK).text


def test_the_difference_is_marked_by_shape_on_both_sides(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    for page in (as_(cast.mori).get(at(row)).text, as_(cast.ann).get(own(row)).text):
        taken_out = "".join(re.findall(r"<del>(.*?)</del>", page))
        put_in = "".join(re.findall(r"<ins>(.*?)</ins>", page))
        assert "Treasury of Bank rang 2345 6789 from 10.20.30.40" in taken_out
        assert "a member" in put_in
        assert "2345" not in put_in


def test_the_checks_name_what_the_wording_still_gives_away(cast: Cast) -> None:
    cast.clinic.name, cast.clinic.domains = "Harbour Clinic", ["clinic.example"]
    cast.clinic.save()
    leaky = f"{PUBLIC} Ask harbour clinic, 2345 6789, at 10.20.30.40 or desk@clinic.example."
    row = agreed(cast, prepared(cast, offered(cast), words(body=leaky)))
    nico = as_(second_moderator(cast))
    page = nico.get(at(row)).text
    for found in ("Name of a member", "harbour clinic", "Telephone number", "Inside address", "Domain of a member"):
        assert found in page
    refused = nico.post(at(row), {"do": "release", "wording": row.wording})
    assert refused.status_code == 422
    assert not Release.objects.exists()
    nico.post(at(row), {"do": "release", "wording": row.wording, "looked": "on"})
    assert Release.objects.count() == 1


def test_a_clean_wording_has_nothing_to_look_at(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    page = as_(cast.mori).get(at(row)).text
    assert "The checks do not find everything" in page
    assert "Name of a member" not in page


def test_the_desk_exists_for_those_with_the_power_and_for_nobody_else(cast: Cast) -> None:
    row = offered(cast)
    public = released(cast)
    addresses = (DESK, at(row), f"{DESK}public/{public.ref}/")
    for person in (cast.ann, cast.ben, cast.grace, cast.opal):
        client = as_(person)
        for address in addresses:
            assert client.get(address).status_code == 404, (person, address)
            assert client.post(address, {"do": "release", "wording": 1}).status_code == 404
    mori = as_(cast.mori)
    assert [mori.get(address).status_code for address in addresses] == [200, 200, 200]
    stranger = Client().get(DESK)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


def test_the_owner_s_page_exists_for_the_owner_alone(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    for person in (cast.ben, cast.cara, cast.mori, cast.grace):
        client = as_(person)
        assert client.get(own(row)).status_code == 404
        assert client.post(own(row), {"do": "consent", "wording": row.wording}).status_code == 404
    assert stored(row).state == ProposalState.CONSENT
    assert as_(cast.ann).get(own(row)).status_code == 200


def test_the_piece_s_own_page_says_where_its_public_version_stands(cast: Cast) -> None:
    item = shared_piece(cast)
    ann, ben, mori = as_(cast.ann), as_(cast.ben), as_(cast.mori)
    page = f"/items/{item.ref}"
    assert "Offer for public release" in ann.get(page).text
    assert "Ask to release" in ben.get(page).text
    row = propose(cast.as_(cast.ann), item=item)
    assert own(row) in ann.get(page).text
    assert "Offer for public release" not in ann.get(page).text
    assert own(row) not in ben.get(page).text
    row = agreed(cast, prepared(cast, row))
    public = release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)
    assert "out already" in ann.post(f"/member/propose/{item.ref}/", follow=True).text
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert public.ref in ann.get(page).text
    assert "still out" in ann.get(page).text
    assert ben.get(page).status_code == mori.get(at(row)).status_code == 404
    withdraw_release(cast.as_(cast.mori), public=public, reason="")
    assert "still out" not in ann.get(page).text


def test_a_reader_asks_the_author_and_the_desk_sees_nothing_before_the_author_agrees(cast: Cast) -> None:
    item = shared_piece(cast)
    answer = as_(cast.ben).post(f"/member/propose/{item.ref}/")
    assert answer["Location"] == f"/items/{item.ref}"
    row = Proposal.objects.as_system("a test looks").get(item=item)
    assert as_(cast.mori).get(at(row)).status_code == 404
    assert as_(cast.cara).post(f"/member/propose/{item.ref}/").status_code == 404
    ann = as_(cast.ann)
    assert item.title in ann.get("/member/").text
    assert "A reader asks" in ann.get(own(row)).text
    ann.post(own(row), {"do": "agree"})
    assert as_(cast.mori).get(at(row)).status_code == 200


def test_the_owner_says_no_and_nothing_is_released(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    ann = as_(cast.ann)
    ann.post(own(row), {"do": "decline", "reason": "Not\x00 yet"})
    assert stored(row).state == ProposalState.DECLINED
    assert "Not yet" in ann.get(own(row)).text
    assert ann.post(own(row), {"do": "consent", "wording": row.wording}, follow=True).status_code == 200
    assert stored(row).state == ProposalState.DECLINED
    assert ann.post(own(row), {"do": "dance"}).status_code == 404


def test_the_desk_sends_back_with_a_reason_only(cast: Cast) -> None:
    row = offered(cast)
    mori = as_(cast.mori)
    assert mori.post(at(row), {"do": "back", "reason": " "}).status_code == 422
    assert stored(row).state == ProposalState.PROPOSED
    assert mori.post(at(row), {"do": "back", "reason": "\x00Too early"})["Location"] == DESK
    assert "Too early" in as_(cast.ann).get(own(row)).text


def test_a_refused_wording_keeps_what_was_typed_and_names_the_field(cast: Cast) -> None:
    row = offered(cast)
    typed = form(row, **{"en-title": "", "zh-hant-title": "騙徒來電", "zh-hant-body": "內容"})
    answer = as_(cast.mori).post(at(row), typed)
    assert answer.status_code == 422
    assert "needs a title, a summary and a body" in answer.text
    assert "騙徒來電" in answer.text
    assert words().summary in answer.text
    assert stored(row).state == ProposalState.PROPOSED


def test_two_who_write_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    row = offered(cast)
    prepared(cast, row, words(title="The first wording"))
    answer = as_(second_moderator(cast)).post(at(row), form(row, **{"en-title": "The second wording"}))
    assert answer.status_code == 409
    assert "The first wording" in answer.text
    assert "The second wording" in answer.text
    assert 'name="wording" value="2"' in answer.text
    assert stored(row).wording == 2


def test_words_that_changed_after_the_owner_looked_are_not_agreed_to(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    prepared(cast, row, words(title="Other words"))
    answer = as_(cast.ann).post(own(row), {"do": "consent", "wording": row.wording}, follow=True)
    assert "The desk wrote another wording meanwhile" in answer.text
    assert stored(row).state == ProposalState.CONSENT


def test_the_desk_does_not_learn_who_stands_behind_a_seal(cast: Cast) -> None:
    row = offered(cast, unattributed=True)
    mori = as_(cast.mori)
    page = mori.get(at(row)).text + mori.get(DESK).text
    assert "A member" in page
    assert "Ann" not in page
    assert as_(cast.ann).get(own(row)).status_code == 200


def test_a_release_is_taken_back_with_its_text_or_without(cast: Cast) -> None:
    public = released(cast)
    mori = as_(cast.mori)
    address = f"{DESK}public/{public.ref}/"
    assert mori.get(address).status_code == 200
    assert Release.objects.get().is_published
    mori.post(address, {"do": "withdraw", "reason": "Wrong address"})
    assert "Wrong address" in Client().get(f"/advisories/{public.ref}").text
    mori.post(address, {"do": "take_down", "reason": "It named somebody"})
    assert PUBLIC.split()[-1] not in re.sub(
        r"\s", " ", Client().get(f"/advisories/{public.ref}").text.split("<main")[1]
    )
    assert Release.objects.get().is_taken_down
    assert mori.post(f"{DESK}public/PZ-222222/").status_code == 404


def test_a_very_long_original_is_shown_without_a_comparison(cast: Cast) -> None:
    row = offered(cast)
    row.original_body = f"{ORIGINAL} " * 1000
    row.save()
    page = as_(cast.mori).get(at(row))
    assert page.status_code == 200
    assert "too long to be compared" in page.text


def test_the_pages_of_the_desk_ask_the_database_a_fixed_number_of_times(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast), words(), words("zh-hant")))
    mori = as_(cast.mori)
    mori.get(DESK)
    one = queries(mori, DESK)
    assert one <= 20
    assert queries(mori, at(row)) <= 20
    for _ in range(3):
        offered(cast)
    assert queries(mori, DESK) == one


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
