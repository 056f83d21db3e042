"""Publishing: exactly the right people read it, at once, in one transaction, once."""

from __future__ import annotations

import pytest

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.delivery.models import Notice
from infohub.intel.models import Placement
from infohub.members.models import Group, Membership, Seat
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import approve, comment, publish, save_draft, send_back, start_draft, withdraw
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.models import Comment, Item, ItemState
from infohub.sharing.refusals import ChangedSinceCheckError, NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.sharing.acts import shared, text


def reads(viewer: Viewer, item: Item) -> bool:
    return Item.objects.readable(viewer).filter(pk=item.pk).exists()


@pytest.fixture
def banking(cast: Cast) -> Group:
    return make.group("Banking", cast.ann, cast.ben)


def test_an_amber_alert_reaches_its_group_and_nobody_else(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    assert item.state == ItemState.PUBLISHED
    assert [reads(cast.as_(person), item) for person in (cast.ann, cast.ben, cast.cara, cast.opal)] == [
        True,
        True,
        False,
        False,
    ]
    assert not reads(cast.public, item)
    assert list(Notice.objects.values_list("person", flat=True)) == [cast.ben.pk]
    assert Entry.objects.readable(cast.as_(cast.ben)).count() == 1
    assert not Entry.objects.readable(cast.as_(cast.cara)).exists()


def test_search_finds_what_is_readable_in_words_and_indicators(cast: Cast, banking: Group) -> None:
    shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    for query in ("accounts team", "198.51.100.7", "198.51.100[.]7"):
        assert matching(Entry.objects.readable(cast.as_(cast.ben)), query).count() == 1, query
        assert matching(Entry.objects.readable(cast.as_(cast.cara)), query).count() == 0, query


def test_check_counts_the_readers_that_sharing_gives(cast: Cast, banking: Group) -> None:
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=text(), choice=Choice(groups=[banking.pk]))
    outcome = check(viewer, item=item)
    published = publish(viewer, item=item, nonce=outcome.nonce)
    assert (outcome.reach.people, outcome.reach.organisations) == (1, ("Bank",))
    assert published.label.audience().exclude(pk=cast.ann.pk).count() == outcome.reach.people


def test_a_nonce_is_good_for_the_checked_text_and_audience_alone(cast: Cast, banking: Group) -> None:
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=text(), choice=Choice(groups=[banking.pk]))
    nonce = check(viewer, item=item).nonce
    item = save_draft(viewer, item=item, text=text(), choice=Choice(everyone=True, confirmed=True))
    with pytest.raises(ChangedSinceCheckError):
        publish(viewer, item=item, nonce=nonce)
    with pytest.raises(ChangedSinceCheckError):
        publish(viewer, item=item, nonce="forged")
    assert Item.objects.readable(viewer).get().state == ItemState.DRAFT


def test_sharing_twice_is_sharing_once(cast: Cast, banking: Group) -> None:
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=text(), choice=Choice(groups=[banking.pk]))
    nonce = check(viewer, item=item).nonce
    publish(viewer, item=item, nonce=nonce)
    with pytest.raises(NotAllowedError):
        publish(cast.as_(cast.ann), item=item, nonce=nonce)
    assert Notice.objects.count() == 1
    assert Record.objects.filter(verb="publish").count() == 1


def test_a_draft_is_its_authors_alone(cast: Cast) -> None:
    item = start_draft(cast.as_(cast.ann), text=text(), choice=Choice(colleagues=True))
    assert reads(cast.as_(cast.ann), item)
    assert not reads(cast.as_(cast.ben), item)
    with pytest.raises(Item.DoesNotExist):
        save_draft(cast.as_(cast.ben), item=item, text=text("mine now"), choice=Choice())


@pytest.mark.parametrize(
    ("choice", "tlp", "words"),
    [
        (Choice(), Tlp.GREEN, "no one would receive"),
        (Choice(everyone=True), Tlp.RED, "RED cannot go to everyone"),
        (Choice(sectors=[1]), Tlp.RED, "RED cannot go to a sector"),
        (Choice(organisations=[1]), Tlp.RED, "RED cannot go to an organisation"),
        (Choice(everyone=True), Tlp.AMBER, "needs your confirmation"),
        (Choice(everyone=True), Tlp.AMBER_STRICT, "needs your confirmation"),
    ],
)
def test_a_forbidden_pair_is_refused_in_words(cast: Cast, choice: Choice, tlp: Tlp, words: str) -> None:
    finance = make.sector("finance")
    known = Choice(
        everyone=choice.everyone,
        sectors=[finance.pk] * len(choice.sectors),
        organisations=[cast.clinic.pk] * len(choice.organisations),
    )
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=text(tlp=tlp), choice=known)
    with pytest.raises(RefusedError, match=words):
        check(viewer, item=item)


@pytest.mark.parametrize(
    ("written", "field"),
    [(text(""), "title"), (text(body="  "), "body"), (text(tlp=None), "tlp"), (text(body="x" * 2_000_001), "body")],
)
def test_what_is_missing_is_named(cast: Cast, banking: Group, written: object, field: str) -> None:
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=written, choice=Choice(groups=[banking.pk]))  # type: ignore[arg-type]
    with pytest.raises(NotReadyError) as refusal:
        check(viewer, item=item)
    assert refusal.value.field == field


def test_red_to_a_group_is_frozen_to_those_seated_that_day(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk], colleagues=True), text(tlp=Tlp.RED))
    Seat.objects.create(group=banking, membership=make.membership(cast.cara), started=make.START)
    assert reads(cast.as_(cast.ben), item)
    assert not reads(cast.as_(cast.cara), item)
    assert not Placement.objects.exists()


def test_an_unlisted_group_of_others_cannot_be_addressed(cast: Cast) -> None:
    hidden = make.group("Hidden", cast.cara, listed=False)
    viewer = cast.as_(cast.ann)
    item = start_draft(viewer, text=text(), choice=Choice(groups=[hidden.pk], colleagues=True))
    with pytest.raises(RefusedError, match="does not exist any more"):
        check(viewer, item=item)


def test_an_unattributed_piece_names_its_author_nowhere(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]), text(unattributed=True))
    entry = Entry.objects.readable(cast.as_(cast.ben)).get()
    assert (item.author, item.label.author, item.label.owner, entry.owner) == (None, None, None, None)
    assert entry.author == "A member"
    record = Record.objects.get(verb="publish")
    assert (record.person, record.organisation, record.seal) == (None, None, str(item.seal.uuid if item.seal else ""))
    assert not Record.objects.filter(person=cast.ann.pk).exists()
    assert "Ann" not in str(list(Placement.objects.values_list("object__raw", flat=True)))
    assert reads(cast.as_(cast.ann), item)


def test_five_organisations_of_a_sector_hide_one_of_them(cast: Cast) -> None:
    finance = make.sector("finance")
    cast.bank.sectors.add(finance)
    for number in range(4):
        make.person(f"Banker{number}", make.organisation(f"Bank {number}", sectors=[finance]))
    shared(cast.as_(cast.ann), Choice(everyone=True), text(unattributed=True, tlp=Tlp.GREEN))
    assert Entry.objects.readable(cast.as_(cast.cara)).get().author == "A member in Finance"


def test_a_reviewed_group_waits_for_its_moderator(cast: Cast, banking: Group) -> None:
    banking.review = True
    banking.save()
    banking.moderators.add(cast.opal)
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    assert item.state == ItemState.SUBMITTED
    assert [reads(cast.as_(person), item) for person in (cast.ann, cast.opal, cast.ben)] == [True, True, False]
    assert not Notice.objects.exists()
    with pytest.raises(NotAllowedError):
        approve(cast.as_(cast.ann), item=item)
    approve(cast.as_(cast.opal), item=item)
    assert [reads(cast.as_(person), item) for person in (cast.ann, cast.opal, cast.ben)] == [True, False, True]
    assert list(Notice.objects.values_list("person", flat=True)) == [cast.ben.pk]


def test_a_piece_sent_back_is_a_draft_again_with_the_reason(cast: Cast, banking: Group) -> None:
    Group.objects.update(review=True)
    banking.moderators.add(cast.opal)
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]), text(unattributed=True))
    send_back(cast.as_(cast.opal), item=item, reason="Name the vendor.")
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert (draft.state, draft.withdrawn_reason, draft.author) == (
        "draft",
        "Name the vendor.",
        make.membership(cast.ann),
    )
    assert not reads(cast.as_(cast.opal), item)


def test_withdrawing_takes_it_from_every_way_out(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    comment(cast.as_(cast.ben), item=item, body="Same here.", nonce=Comment().nonce)
    with pytest.raises(NotAllowedError):
        withdraw(cast.as_(cast.ben), item=item, reason="not mine")
    withdraw(cast.as_(cast.ann), item=item, reason="wrong address")
    assert not reads(cast.as_(cast.ben), item)
    assert not Entry.objects.readable(cast.as_(cast.ben)).exists()
    assert not Notice.objects.filter(sent_at=None, dropped_at=None).exists()
    assert not Placement.objects.exists()
    assert reads(cast.as_(cast.ann), item)


def test_the_author_who_leaves_reads_no_more_and_coming_back_restores_nothing(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk], memberships=[make.membership(cast.ben).pk]))
    for person in (cast.ann, cast.ben):
        Membership.objects.filter(person=person).update(ended=make.START)
        assert not reads(cast.as_(person), item)
        Membership.objects.create(person=person, organisation=cast.bank, started=make.START)
        assert not reads(cast.as_(person), item)


def test_a_comment_is_read_by_the_readers_and_sent_twice_is_kept_once(cast: Cast, banking: Group) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    nonce = Comment().nonce
    first = comment(cast.as_(cast.ben), item=item, body="Same here.", nonce=nonce)
    again = comment(cast.as_(cast.ben), item=item, body="Same here.", nonce=nonce)
    assert first.pk == again.pk
    assert Comment.objects.readable(cast.as_(cast.ann)).count() == 1
    assert not Comment.objects.readable(cast.as_(cast.cara)).exists()
    assert Notice.objects.filter(event="commented").values_list("person", flat=True).get() == cast.ann.pk
    with pytest.raises(Item.DoesNotExist):
        comment(cast.as_(cast.cara), item=item, body="Me too", nonce=Comment().nonce)


def test_a_declined_indicator_does_not_leave(cast: Cast, banking: Group) -> None:
    kept = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]))
    declined = tuple(row.value for row in kept.indicators.readable(cast.as_(cast.ann)))
    without = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]), text("Second", declined=declined))
    assert declined
    assert not without.indicators.readable(cast.as_(cast.ann)).exists()


def test_an_inside_address_is_an_indicator_only_when_its_author_ticks_it(cast: Cast, banking: Group) -> None:
    body = "Seen on 10.20.4.18 and 198.51.100.7."
    plain = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]), text(body=body))
    ticked = shared(cast.as_(cast.ann), Choice(groups=[banking.pk]), text(body=body, confirmed=("10.20.4.18",)))
    viewer = cast.as_(cast.ann)
    assert [row.value for row in plain.indicators.readable(viewer)] == ["198.51.100.7"]
    assert {row.value for row in ticked.indicators.readable(viewer)} == {"10.20.4.18", "198.51.100.7"}
