"""The release desk: nothing becomes public without the owner's consent to these words and a second person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError

from infohub.audit.models import Record
from infohub.delivery.models import Event, Notice
from infohub.members.models import Person, Role
from infohub.policy.viewer import Viewer
from infohub.register.actions import leave
from infohub.releases.actions import (
    agree,
    bring_in,
    consent,
    decline,
    prepare,
    propose,
    release,
    send_back,
    take_down,
    withdraw_release,
)
from infohub.releases.models import Proposal, ProposalState, Release, ReleaseState
from infohub.releases.refusals import (
    AlreadyReleasedError,
    ChangedError,
    NobodyAnswersError,
    NotAllowedError,
    SecondPersonError,
    WordingError,
)
from infohub.sharing.actions import withdraw
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.releases.acts import agreed, offered, prepared, released, second_moderator, shared_piece, words


def state(row: Proposal) -> str:
    return Proposal.objects.as_system("a test looks").get(pk=row.pk).state


def sees(cast: Cast, person: Person, row: Proposal) -> bool:
    return Proposal.objects.readable(cast.as_(person)).filter(pk=row.pk).exists()


def told(event: Event) -> list[int]:
    return list(Notice.objects.filter(event=event).values_list("person", flat=True))


# --- offering and asking


def test_an_offered_piece_is_read_by_the_desk_and_its_author_and_nobody_else(cast: Cast) -> None:
    row = offered(cast)
    assert row.state == ProposalState.PROPOSED
    seen = {name: sees(cast, getattr(cast, name), row) for name in ("ann", "mori", "ben", "cara", "opal", "grace")}
    assert seen == {"ann": True, "mori": True, "ben": False, "cara": False, "opal": False, "grace": False}


def test_a_reader_may_ask_and_until_the_author_agrees_the_desk_sees_nothing(cast: Cast) -> None:
    item = shared_piece(cast)
    row = propose(cast.as_(cast.ben), item=item)
    assert row.state == ProposalState.ASKED
    assert not row.texts.exists()
    assert [sees(cast, person, row) for person in (cast.ann, cast.ben, cast.mori)] == [True, False, False]
    assert told(Event.CONSENT) == [cast.ann.pk]
    with pytest.raises(NotAllowedError):
        consent(cast.as_(cast.ann), proposal=row, wording=row.wording)
    agree(cast.as_(cast.ann), proposal=row)
    assert state(row) == ProposalState.PROPOSED
    assert sees(cast, cast.mori, row)


def test_only_who_may_read_a_piece_may_ask_for_it(cast: Cast) -> None:
    item = shared_piece(cast)
    with pytest.raises(item.DoesNotExist):
        propose(cast.as_(cast.cara), item=item)
    assert propose(cast.as_(cast.ben), item=item).item_id == item.pk


def test_a_piece_has_one_open_proposal_and_the_author_offers_the_one_a_reader_asked_for(cast: Cast) -> None:
    item = shared_piece(cast)
    asked = propose(cast.as_(cast.ben), item=item)
    assert propose(cast.as_(cast.ben), item=item).pk == asked.pk
    assert propose(cast.as_(cast.ann), item=item).pk == asked.pk
    assert state(asked) == ProposalState.PROPOSED
    decline(cast.as_(cast.ann), proposal=asked, reason="Not yet")
    assert propose(cast.as_(cast.ann), item=item).pk != asked.pk


def test_a_piece_has_one_public_copy_until_it_is_taken_back(cast: Cast) -> None:
    public = released(cast)
    item = Proposal.objects.as_system("a test looks").select_related("item").get(release=public).item
    with pytest.raises(AlreadyReleasedError):
        propose(cast.as_(cast.ann), item=item)
    withdraw_release(cast.as_(cast.mori), public=public, reason="")
    assert propose(cast.as_(cast.ann), item=item).state == ProposalState.PROPOSED


def test_after_the_author_left_the_steward_answers_and_without_one_nobody_is_asked(cast: Cast) -> None:
    item = shared_piece(cast)
    leave(cast.as_(cast.grace), membership=make.membership(cast.ann))
    with pytest.raises(NobodyAnswersError):
        propose(cast.as_(cast.ben), item=item)
    cast.bank.steward = make.membership(cast.ben)
    cast.bank.save()
    row = agree(cast.as_(cast.ben), proposal=propose(_reader(cast), item=item))
    row = prepared(cast, row)
    assert told(Event.CONSENT)[-1] == cast.ben.pk
    assert consent(cast.as_(cast.ben), proposal=row, wording=row.wording).state == ProposalState.READY


def _reader(cast: Cast) -> Viewer:
    """A member of the banking group who wrote nothing and looks after nothing."""
    iris = make.person("Iris", cast.clinic)
    cast.banking.seats.create(membership=make.membership(iris), started=make.START)
    return cast.as_(iris)


# --- consent


def test_an_amber_piece_is_not_released_before_its_owner_agreed_to_the_words(cast: Cast) -> None:
    row = offered(cast)
    nico = cast.as_(second_moderator(cast))
    with pytest.raises(NotAllowedError):
        release(nico, proposal=row, wording=row.wording)
    row = prepared(cast, row)
    with pytest.raises(NotAllowedError):
        release(nico, proposal=row, wording=row.wording)
    row = agreed(cast, row)
    assert release(nico, proposal=row, wording=row.wording).original.title == words().title
    assert told(Event.RELEASED) == [cast.ann.pk]


def test_offering_what_is_clear_is_consent_to_its_words_until_the_desk_changes_them(cast: Cast) -> None:
    row = offered(cast, tlp=Tlp.CLEAR)
    assert row.is_consented
    row = prepared(cast, row)
    assert not row.is_consented
    with pytest.raises(NotAllowedError):
        release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)


def test_a_clear_piece_is_released_as_its_author_offered_it(cast: Cast) -> None:
    row = offered(cast, tlp=Tlp.CLEAR)
    Role.objects.create(person=cast.ann, name="moderator")
    with pytest.raises(SecondPersonError):
        release(cast.as_(cast.ann), proposal=row, wording=row.wording)
    public = release(cast.as_(cast.mori), proposal=row, wording=row.wording)
    assert public.original.body == row.original_body


def test_every_new_wording_needs_a_new_consent_and_the_owner_hears_of_each(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    assert row.state == ProposalState.READY
    row = prepared(cast, row, words(title="Other words"))
    assert (row.state, row.is_consented) == (ProposalState.CONSENT, False)
    with pytest.raises(ChangedError):
        consent(cast.as_(cast.ann), proposal=row, wording=row.wording - 1)
    assert told(Event.CONSENT) == [cast.ann.pk] * 2
    agreed(cast, row)
    assert state(row) == ProposalState.READY


def test_nobody_but_the_owner_consents(cast: Cast) -> None:
    row = prepared(cast, offered(cast))
    for person in (cast.mori, cast.ben, cast.cara, cast.opal, cast.grace):
        with pytest.raises((NotAllowedError, Proposal.DoesNotExist)):
            consent(cast.as_(person), proposal=row, wording=row.wording)
    assert state(row) == ProposalState.CONSENT
    agreed(cast, row)
    assert state(row) == ProposalState.READY


def test_who_releases_saw_the_words_that_are_released(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    nico = second_moderator(cast)
    later = agreed(cast, prepared(cast, row, words(title="Other words")))
    with pytest.raises(ChangedError):
        release(cast.as_(nico), proposal=row, wording=row.wording)
    with pytest.raises(ChangedError):
        prepare(cast.as_(nico), proposal=row, wording=row.wording, texts=[words()], indicators=[], severity=1)
    assert release(cast.as_(nico), proposal=row, wording=later.wording).original.title == "Other words"


# --- the second person


def test_who_wrote_the_words_does_not_release_them(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    with pytest.raises(SecondPersonError):
        release(cast.as_(cast.mori), proposal=row, wording=row.wording)
    assert release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording).is_published


def test_an_author_at_the_desk_works_on_pieces_of_others_only(cast: Cast) -> None:
    Role.objects.create(person=cast.ann, name="moderator")
    row = offered(cast)
    with pytest.raises(SecondPersonError):
        prepare(cast.as_(cast.ann), proposal=row, wording=1, texts=[words()], indicators=[], severity=1)
    row = agreed(cast, prepared(cast, row))
    with pytest.raises(SecondPersonError):
        release(cast.as_(cast.ann), proposal=row, wording=row.wording)
    assert release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording).is_published


@pytest.mark.parametrize("role", ["programme_manager", "vetting_officer", "auditor", "site_administrator"])
def test_only_the_power_to_release_works_at_the_desk(cast: Cast, role: str) -> None:
    officer = make.person("Otto", cast.office)
    Role.objects.create(person=officer, name=role)
    row = agreed(cast, prepared(cast, offered(cast)))
    viewer = cast.as_(officer)
    acts: list[Callable[[], object]] = [
        lambda: release(viewer, proposal=row, wording=row.wording),
        lambda: send_back(viewer, proposal=row, reason="no"),
        lambda: prepare(viewer, proposal=row, wording=row.wording, texts=[words()], indicators=[], severity=1),
    ]
    for act in acts:
        with pytest.raises((NotAllowedError, Proposal.DoesNotExist)):
            act()
    assert state(row) == ProposalState.READY
    nico = second_moderator(cast)
    assert release(cast.as_(nico), proposal=row, wording=row.wording).is_published


def test_a_token_neither_offers_nor_releases(cast: Cast) -> None:
    item = shared_piece(cast)
    with pytest.raises(NotAllowedError):
        propose(replace(cast.as_(cast.ann), token=1), item=item)
    row = agreed(cast, prepared(cast, propose(cast.as_(cast.ann), item=item)))
    with pytest.raises(NotAllowedError):
        release(replace(cast.as_(second_moderator(cast)), token=1), proposal=row, wording=row.wording)


def test_the_database_itself_refuses_a_release_without_consent_or_by_its_editor(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    public = released_elsewhere(cast)
    row.state, row.release, row.released_by = ProposalState.RELEASED, public, cast.mori
    with pytest.raises(IntegrityError, match="a_second_person_releases"):
        row.save()


def released_elsewhere(cast: Cast) -> Release:
    return Release.objects.create(ref="PZ-222222", kind="alert", published_at=now(), updated_at=now())


# --- saying no


def test_the_owner_takes_the_consent_back_until_the_release(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    decline(cast.as_(cast.ann), proposal=row, reason="Changed my mind")
    with pytest.raises(NotAllowedError):
        release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)
    assert not Release.objects.exists()


def test_the_desk_sends_back_with_a_reason_and_the_owner_hears_of_it(cast: Cast) -> None:
    row = offered(cast)
    with pytest.raises(NotAllowedError):
        decline(cast.as_(cast.mori), proposal=row, reason="The desk uses its own verb")
    send_back(cast.as_(cast.mori), proposal=row, reason="Too early")
    assert state(row) == ProposalState.DECLINED
    assert told(Event.RETURNED) == [cast.ann.pk]
    for act in (decline, send_back):
        with pytest.raises(NotAllowedError):
            act(cast.as_(cast.ann if act is decline else cast.mori), proposal=row, reason="again")


def test_a_withdrawn_piece_leaves_the_desk_at_once_and_cannot_be_released(cast: Cast) -> None:
    row = agreed(cast, prepared(cast, offered(cast)))
    withdraw(cast.as_(cast.ann), item=row.item, reason="wrong")
    assert not sees(cast, cast.mori, row)
    assert sees(cast, cast.ann, row)
    with pytest.raises(Proposal.DoesNotExist):
        release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)
    assert not Proposal.objects.readable(cast.as_(cast.ann)).asking(cast.as_(cast.ann)).exists()
    with pytest.raises(NotAllowedError):
        propose(cast.as_(cast.ann), item=row.item)


# --- the seal


def test_a_sealed_author_stays_sealed_through_the_whole_way(cast: Cast) -> None:
    row = offered(cast, unattributed=True)
    assert (row.label.author, row.label.owner, row.editor) == (None, None, None)
    row = agreed(cast, prepared(cast, row))
    public = release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)
    verbs = {"propose", "offer", "consent", "publish"}
    records = Record.objects.filter(verb__in=verbs)
    assert set(records.values_list("verb", flat=True)) == verbs
    assert {(entry.person, entry.organisation, bool(entry.seal)) for entry in records} == {(None, None, True)}
    assert "Ann" not in repr(Proposal.objects.as_system("a test looks").filter(pk=row.pk).values()) + repr(public)


def test_a_sealed_author_declines_under_the_seal(cast: Cast) -> None:
    row = offered(cast, unattributed=True)
    decline(cast.as_(cast.ann), proposal=row, reason="")
    record = Record.objects.get(verb="decline")
    assert (record.person, record.organisation, bool(record.seal)) == (None, None, True)


# --- the release


def test_a_release_is_a_copy_that_points_back_to_nothing(cast: Cast) -> None:
    public = released(cast)
    row = Proposal.objects.as_system("a test looks").select_related("item").get(release=public)
    assert public.ref.startswith("PZ-")
    assert public.ref[3:] != row.item.ref[3:]
    assert public.uuid != row.item.uuid
    assert row.item.ref not in repr(list(public.texts.values())) + repr(public.__dict__)
    assert Record.objects.get(verb="release").subject == public.ref


def test_only_indicators_of_the_original_can_be_released_and_the_desk_can_leave_some_out(cast: Cast) -> None:
    row = offered(cast)
    assert ["url", "http://198.51.100.7/pay"] in row.offered
    row = prepared(cast, row, indicators=[["ipv4", "203.0.113.9"], ["url", "http://198.51.100.7/pay"]])
    assert row.indicators == [["url", "http://198.51.100.7/pay"]]
    row = prepared(cast, row, indicators=[])
    assert row.indicators == []
    assert prepared(cast, row).indicators == row.offered


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": " "}, "title"), ({"summary": ""}, "summary"), ({"body": ""}, "body"), ({"teams": "x" * 401}, "teams")],
)
def test_an_incomplete_wording_is_refused_and_names_its_field(cast: Cast, change: dict[str, str], field: str) -> None:
    row = offered(cast)
    with pytest.raises(WordingError) as refusal:
        prepared(cast, row, replace(words("zh-hant"), **change))
    assert (refusal.value.language, refusal.value.field) == ("zh-hant", field)
    assert state(row) == ProposalState.PROPOSED


def test_a_wording_has_at_least_one_language_and_each_once(cast: Cast) -> None:
    row = offered(cast)
    for texts in ([], [words(), words()]):
        with pytest.raises(WordingError):
            prepare(cast.as_(cast.mori), proposal=row, wording=1, texts=texts, indicators=[], severity=1)
    assert prepared(cast, row, words(), words("zh-hant")).texts.count() == 2


def test_a_missing_simplified_text_is_converted_and_says_so(cast: Cast) -> None:
    public = released(cast, words(), words("zh-hant", title="騙徒來電索取一次性密碼", body="請勿告訴任何人。"))
    texts = {text.language: text for text in public.texts.all()}
    assert set(texts) == {"en", "zh-hant", "zh-hans"}
    assert texts["zh-hans"].title == "骗徒来电索取一次性密码"
    assert [texts[code].origin for code in ("en", "zh-hant", "zh-hans")] == ["human", "human", "converted"]
    assert public.text_in("zh-hans") == texts["zh-hans"]
    assert public.original == texts["en"]


def test_a_simplified_text_by_a_person_is_kept(cast: Cast) -> None:
    public = released(cast, words("zh-hant", title="騙徒"), words("zh-hans", title="骗子"))
    assert public.text_in("zh-hans").title == "骗子"
    assert public.text_in("en").language in {"zh-hant", "zh-hans"}


def test_a_piece_that_moves_in_brings_its_release_without_a_second_person(cast: Cast) -> None:
    item = shared_piece(cast, tlp=Tlp.CLEAR)
    public = bring_in(cast.as_(cast.grace), item=item)
    assert (public.imported, public.published_at) == (True, item.published_at)
    assert Record.objects.get(verb="import_release").subject == public.ref


# --- taking back


def test_a_release_is_taken_back_by_the_desk_only_and_its_text_can_go_too(cast: Cast) -> None:
    public = released(cast)
    for person in (cast.ann, cast.ben, cast.opal, cast.grace):
        with pytest.raises(NotAllowedError):
            withdraw_release(cast.as_(person), public=public, reason="no")
    assert Release.objects.public().count() == 1
    gone = withdraw_release(cast.as_(cast.mori), public=public, reason="It was wrong.")
    assert (gone.state, gone.withdrawn_reason) == (ReleaseState.WITHDRAWN, "It was wrong.")
    assert not Release.objects.public().exists()
    assert list(Release.objects.gone(since=make.START)) == [public]
    with pytest.raises(NotAllowedError):
        withdraw_release(cast.as_(cast.mori), public=public, reason="again")
    assert take_down(cast.as_(cast.mori), public=public, reason="It named somebody.").is_taken_down
    with pytest.raises(NotAllowedError):
        withdraw_release(cast.as_(cast.mori), public=public, reason="up again")


def test_a_release_stays_when_its_piece_is_withdrawn(cast: Cast) -> None:
    public = released(cast)
    row = Proposal.objects.as_system("a test looks").select_related("item").get(release=public)
    withdraw(cast.as_(cast.ann), item=row.item, reason="")
    assert Release.objects.public().get() == public
    assert Proposal.objects.readable(cast.as_(cast.ann)).about(row.item.ref).get().release == public
