"""The seal of an unattributed piece: two officers open it, its author is told, and in time it is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.delivery.models import Notice
from infohub.members.models import Person
from infohub.policy.models import Seal
from infohub.sharing.actions import (
    ask_to_open,
    forget_seals,
    keep_sealed,
    open_seal,
    retract_indicator,
    suggest,
    withdraw,
)
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, Opening, OpeningState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

WHY = "A court asks who warned of this."


@pytest.fixture
def sealed(cast: Cast) -> Item:
    """Ann's piece for the clinic, without her name."""
    choice = Choice(organisations=[cast.clinic.pk])
    return shared(cast.as_(cast.ann), choice, text(tlp=Tlp.AMBER, unattributed=True))


def asked(cast: Cast, item: Item) -> Opening:
    return ask_to_open(cast.as_(cast.mori), ref=item.ref, reason=WHY)


def test_two_officers_see_who_wrote_it_and_nobody_else_does(cast: Cast, sealed: Item) -> None:
    opening = asked(cast, sealed)
    for person in (cast.mori, cast.grace, cast.cara):
        assert opening.author_shown_to(cast.as_(person), now()) is None
    opened = open_seal(cast.as_(cast.grace), opening=opening)
    for person in (cast.mori, cast.grace):
        assert opened.author_shown_to(cast.as_(person), now()) == make.membership(cast.ann)
    for person in (cast.cara, cast.opal, cast.audra, cast.ben):
        assert opened.author_shown_to(cast.as_(person), now()) is None
    assert opened.author_shown_to(cast.as_(cast.mori), now() + timedelta(days=8)) is None
    assert not Item.objects.readable(cast.as_(cast.mori)).filter(pk=sealed.pk).exists()


def test_one_officer_alone_opens_nothing(cast: Cast, sealed: Item) -> None:
    opening = asked(cast, sealed)
    with pytest.raises(NotAllowedError):
        open_seal(cast.as_(cast.mori), opening=opening)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(state="opened", decided_by=cast.mori, decided_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(state="opened")


@pytest.mark.parametrize("who", ["ann", "cara", "opal", "audra", "vera"])
def test_only_moderators_and_the_programme_manager_ask_and_decide(who: str, cast: Cast, sealed: Item) -> None:
    viewer = cast.as_(getattr(cast, who))
    with pytest.raises(NotAllowedError):
        ask_to_open(viewer, ref=sealed.ref, reason=WHY)
    with pytest.raises(NotAllowedError):
        open_seal(viewer, opening=asked(cast, sealed))


def test_the_author_is_told_at_once_and_why(cast: Cast, sealed: Item) -> None:
    open_seal(cast.as_(cast.grace), opening=asked(cast, sealed))
    told = Notice.objects.get(event="unsealed")
    assert (told.person, told.entry.ref) == (cast.ann, sealed.ref)
    page = sign_in(Client(), cast.ann).get(f"/items/{sealed.ref}").content.decode()
    assert "Grace" in page
    assert WHY in page
    assert WHY not in sign_in(Client(), cast.cara).get(f"/items/{sealed.ref}").content.decode()


def test_what_was_asked_and_done_is_in_the_audit_without_the_author(cast: Cast, sealed: Item) -> None:
    open_seal(cast.as_(cast.grace), opening=asked(cast, sealed))
    rows = {row.verb: row for row in Record.objects.filter(verb__in=["ask_to_open_seal", "open_seal"])}
    assert (rows["ask_to_open_seal"].person, rows["open_seal"].person) == (cast.mori.pk, cast.grace.pk)
    assert rows["open_seal"].detail == {"asked_by": cast.mori.pk, "reason": WHY}
    assert rows["open_seal"].subject == sealed.ref


def test_a_no_keeps_the_seal_and_another_request_may_follow(cast: Cast, sealed: Item) -> None:
    asked(cast, sealed)
    with pytest.raises(NotReadyError):
        asked(cast, sealed)
    declined = keep_sealed(cast.as_(cast.grace), opening=Opening.objects.get())
    assert declined.state == OpeningState.DECLINED
    assert declined.author_shown_to(cast.as_(cast.mori), now()) is None
    assert Notice.objects.filter(event="unsealed").count() == 0
    assert asked(cast, sealed).state == OpeningState.ASKED


def test_an_attributed_piece_and_none_at_all_are_told_apart_by_nothing(cast: Cast, sealed: Item) -> None:
    signed = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text(tlp=Tlp.AMBER))
    words = set()
    for ref in (signed.ref, "IH-ZZZZZZ", ""):
        with pytest.raises(NotReadyError) as refused:
            ask_to_open(cast.as_(cast.mori), ref=ref, reason=WHY)
        words.add(str(refused.value))
    assert len(words) == 1


def test_a_withdrawn_piece_keeps_its_seal_openable(cast: Cast, sealed: Item) -> None:
    withdraw(cast.as_(cast.ann), item=sealed, reason="")
    opened = open_seal(cast.as_(cast.grace), opening=asked(cast, sealed))
    assert opened.author_shown_to(cast.as_(cast.grace), now()) == make.membership(cast.ann)


def test_in_time_nobody_can_tell_who_wrote_it(cast: Cast, sealed: Item) -> None:
    opening = asked(cast, sealed)
    assert forget_seals(now() + timedelta(days=364)) == 0
    assert forget_seals(now() + timedelta(days=366)) == 1
    assert forget_seals(now() + timedelta(days=366)) == 0
    assert Seal.objects.get().membership is None
    with pytest.raises(NotReadyError):
        open_seal(cast.as_(cast.grace), opening=opening)
    with pytest.raises(Item.DoesNotExist):
        withdraw(cast.as_(cast.ann), item=sealed, reason="")
    record = Record.objects.get(verb="forget_seal")
    assert (record.person, record.organisation) == (None, None)
    reader = sign_in(Client(), cast.cara).get(f"/items/{sealed.ref}")
    assert reader.status_code == 200
    assert "A member" in reader.content.decode()


def officer(person: Person) -> Client:
    return sign_in(Client(), person)


def test_the_page_leads_two_officers_through_it(cast: Cast, sealed: Item) -> None:
    first, second = officer(cast.mori), officer(cast.grace)
    page = first.post("/office/seals/", {"ref": sealed.ref.lower(), "reason": WHY}, follow=True).content.decode()
    assert sealed.ref in page
    pk = Opening.objects.get().pk
    assert first.get(f"/office/seals/{pk}/").status_code == 404
    assert "asks you to open a seal" in second.get("/office/").content.decode()
    assert "Ann, Bank" not in second.get(f"/office/seals/{pk}/").content.decode()
    done = second.post(f"/office/seals/{pk}/", follow=True).content.decode()
    assert "Ann, Bank" in done
    assert "Ann, Bank" in first.get("/office/seals/").content.decode()
    assert second.get(f"/office/seals/{pk}/").status_code == 404
    for stranger in (cast.ann, cast.opal, cast.vera):
        assert officer(stranger).get("/office/seals/").status_code == 404


def test_a_refused_request_comes_back_as_it_was_typed(cast: Cast) -> None:
    answer = officer(cast.mori).post("/office/seals/", {"ref": "IH-ZZZZZZ", "reason": WHY})
    assert answer.status_code == 422
    assert WHY in answer.content.decode()
    assert officer(cast.mori).post("/office/seals/", {"ref": "IH-ZZZZZZ"}).status_code == 422


def test_the_second_officer_may_say_no_on_the_page(cast: Cast, sealed: Item) -> None:
    opening = asked(cast, sealed)
    officer(cast.grace).post(f"/office/seals/{opening.pk}/", {"do": "keep"})
    opening.refresh_from_db()
    assert opening.state == OpeningState.DECLINED


def test_an_officer_who_wrote_the_piece_decides_nothing_about_it(cast: Cast) -> None:
    choice = Choice(organisations=[cast.clinic.pk])
    own = shared(cast.as_(cast.grace), choice, text(tlp=Tlp.AMBER, unattributed=True))
    opening = asked(cast, own)
    for act in (open_seal, keep_sealed):
        with pytest.raises(NotAllowedError):
            act(cast.as_(cast.grace), opening=opening)


def test_who_asked_must_still_hold_the_office(cast: Cast, sealed: Item) -> None:
    opening = asked(cast, sealed)
    cast.mori.roles.all().delete()
    with pytest.raises(NotAllowedError):
        open_seal(cast.as_(cast.grace), opening=opening)


def test_neither_the_mail_log_nor_what_is_left_of_a_forgotten_seal_names_the_author(cast: Cast, sealed: Item) -> None:
    suggest(cast.as_(cast.cara), item=sealed, title="Better", body="Words")
    open_seal(cast.as_(cast.grace), opening=asked(cast, sealed))
    page = sign_in(Client(), cast.opal).get("/office/jobs/mail/").content.decode()
    assert cast.cara.email in page
    assert cast.ann.email not in page
    sign_in(Client(), cast.ann).get(f"/items/{sealed.ref}")
    assert Notice.objects.filter(person=cast.ann).exists()
    forget_seals(now() + timedelta(days=366))
    entry = Entry.objects.as_system("a test looks").get(ref=sealed.ref)
    assert not Notice.objects.filter(person=cast.ann, entry=entry).exists()
    assert not entry.receipts.filter(membership__person=cast.ann).exists()


def test_a_moderator_who_reads_it_stands_in_for_a_forgotten_author(cast: Cast) -> None:
    choice = Choice(everyone=True, confirmed=True)
    item = shared(cast.as_(cast.ann), choice, text(tlp=Tlp.GREEN, unattributed=True))
    with pytest.raises(NotAllowedError):
        withdraw(cast.as_(cast.mori), item=item, reason="")
    forget_seals(now() + timedelta(days=366))
    row = item.indicators.as_system("a test looks").first()
    assert row is not None
    retract_indicator(cast.as_(cast.mori), item=item, indicator=row, reason="ours")
    for stranger in (cast.cara, cast.ann):
        with pytest.raises(NotAllowedError):
            withdraw(cast.as_(stranger), item=item, reason="")
    assert "Withdraw this piece" not in sign_in(Client(), cast.cara).get(f"/items/{item.ref}").content.decode()
    there = sign_in(Client(), cast.mori)
    assert "Withdraw this piece" in there.get(f"/items/{item.ref}").content.decode()
    assert there.post(f"/items/{item.ref}/withdraw", {"reason": "Nobody answers for it"}).status_code == 302
    assert not Item.objects.readable(cast.as_(cast.cara)).filter(pk=item.pk).exists()
