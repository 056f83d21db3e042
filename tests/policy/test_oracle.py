"""The oracle itself, held against the sentences of the handling policy, one after the other."""

import ast
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from infohub.standards.tlp import Tlp
from tests.policy import oracle, random_worlds
from tests.policy import worlds as small
from tests.policy.oracle import (
    Clause,
    Label,
    Nobody,
    OrganisationToken,
    PeerToken,
    Person,
    PersonalToken,
    Session,
    Viewer,
    World,
    may_read,
    readers,
    roster,
)
from tests.policy.worlds import ANN, BEN, CARA, DAN, EVE, FAY, GIL, HAL, IVY, JON, KIM, LEA, MAX, NED

EVERYONE = Clause(everyone=True)
BANKING = Clause(groups=frozenset({small.BANKING}))
INCIDENT = Clause(groups=frozenset({small.INCIDENT}))
ALL_MEMBERS = {ANN, BEN, CARA, DAN, EVE, IVY}


@pytest.fixture
def world() -> World:
    """The small world."""
    return small.small_world()


def shared(*clauses: Clause, tlp: Tlp = Tlp.GREEN) -> Label:
    """A piece whose author has left the programme, so that nobody reads it as its author."""
    return Label(tlp, owner=small.VENDOR, author=small.HAL_BANK, clauses=clauses)


def named(*memberships: int) -> Clause:
    """A clause of people named."""
    return Clause(memberships=frozenset(memberships))


def without_steward(world: World) -> World:
    """The same world with no steward in it."""
    return replace(world, stewards={})


@pytest.fixture
def plain(world: World) -> World:
    """The small world without stewards, where only clauses and authorship count."""
    return without_steward(world)


def test_a_member_is_an_active_person_with_an_active_membership_in_an_active_organisation(plain: World) -> None:
    assert readers(plain, shared(EVERYONE)) == ALL_MEMBERS


def test_officers_without_a_membership_match_no_everyone(plain: World) -> None:
    assert not may_read(plain, shared(EVERYONE), Session(GIL))
    assert may_read(plain, shared(EVERYONE), Session(ANN))


def test_an_empty_audience_is_read_by_nobody_but_the_author(plain: World) -> None:
    empty = Label(Tlp.GREEN, owner=small.BANK, author=small.ANN_BANK)
    assert readers(plain, empty) == {ANN}
    assert readers(plain, replace(empty, clauses=(Clause(),))) == {ANN}


def test_whoever_is_suspended_or_leaves_has_lost_it_at_the_next_request(plain: World) -> None:
    before = readers(plain, shared(EVERYONE))
    people = tuple(Person(p.id, "suspended") if p.id == ANN else p for p in plain.people)
    memberships = tuple(replace(m, ended=True) if m.id == small.BEN_BANK else m for m in plain.memberships)
    after = replace(plain, people=people, memberships=memberships)
    assert before - readers(after, shared(EVERYONE)) == {ANN, BEN}
    assert not may_read(after, shared(EVERYONE), PersonalToken(small.ANN_BANK, Tlp.GREEN))
    assert not may_read(after, shared(EVERYONE), PersonalToken(small.BEN_BANK, Tlp.GREEN))


def test_a_suspended_organisation_loses_its_people_and_its_tokens(plain: World) -> None:
    organisations = tuple(replace(o, status="suspended") if o.id == small.BANK else o for o in plain.organisations)
    after = replace(plain, organisations=organisations)
    assert readers(after, shared(EVERYONE)) == {CARA, DAN, IVY}
    token = OrganisationToken(small.BANK, Tlp.GREEN)
    assert may_read(plain, shared(EVERYONE), token)
    assert not may_read(after, shared(EVERYONE), token)


def test_people_of_pending_and_suspended_organisations_read_nothing_they_are_named_in(plain: World) -> None:
    clause = Clause(
        memberships=frozenset({small.JON_REGULATOR, small.KIM_NEWCOMER}),
        organisations=frozenset({small.REGULATOR, small.NEWCOMER}),
    )
    assert readers(plain, shared(clause)) == set()


def test_leaving_ends_access_and_coming_back_does_not_restore_it(plain: World) -> None:
    assert not may_read(plain, shared(named(small.EVE_FIRST)), Session(EVE))
    assert may_read(plain, shared(named(small.EVE_AGAIN)), Session(EVE))


def test_a_person_who_moves_starts_with_nothing(plain: World) -> None:
    assert not may_read(plain, shared(named(small.DAN_BANK)), Session(DAN))
    assert not may_read(plain, shared(Clause(organisations=frozenset({small.BANK}))), Session(DAN))
    assert may_read(plain, shared(Clause(organisations=frozenset({small.VENDOR}))), Session(DAN))


def test_groups_seat_persons_or_a_whole_organisation(plain: World) -> None:
    assert readers(plain, shared(BANKING)) == {ANN, DAN, IVY}
    assert readers(plain, shared(INCIDENT)) == {BEN, CARA}


def test_an_ended_seat_reads_nothing(plain: World) -> None:
    assert not may_read(plain, shared(BANKING), Session(CARA))
    assert not may_read(plain, shared(INCIDENT), Session(ANN))


def test_an_organisation_token_reads_a_group_only_where_its_organisation_holds_an_organisation_seat(
    plain: World,
) -> None:
    assert may_read(plain, shared(BANKING), OrganisationToken(small.VENDOR, Tlp.GREEN))
    assert not may_read(plain, shared(BANKING), OrganisationToken(small.BANK, Tlp.GREEN))


def test_an_organisation_token_is_never_a_person_named_or_a_reviewer(plain: World) -> None:
    clause = Clause(
        memberships=frozenset({small.ANN_BANK}), reviewer_groups=frozenset({small.INCIDENT}), programme_reviewers=True
    )
    assert not may_read(plain, shared(clause), OrganisationToken(small.BANK, Tlp.AMBER_STRICT))
    assert may_read(plain, shared(clause), PersonalToken(small.ANN_BANK, Tlp.AMBER_STRICT))


def test_organisation_and_sector_mean_members_as_they_are_now(plain: World) -> None:
    assert readers(plain, shared(Clause(organisations=frozenset({small.BANK})))) == {ANN, BEN, EVE}
    assert readers(plain, shared(Clause(sectors=frozenset({small.FINANCE})))) == {ANN, BEN, DAN, EVE, IVY}
    assert may_read(
        plain, shared(Clause(sectors=frozenset({small.HEALTH}))), OrganisationToken(small.CLINIC, Tlp.GREEN)
    )


def test_any_audience_may_except_classes_or_named_organisations(plain: World) -> None:
    no_vendors = Clause(everyone=True, except_classes=frozenset({"vendor"}))
    no_bank = Clause(everyone=True, except_organisations=frozenset({small.BANK}))
    assert readers(plain, shared(no_vendors)) == ALL_MEMBERS - {DAN, IVY}
    assert readers(plain, shared(no_bank)) == ALL_MEMBERS - {ANN, BEN, EVE}
    assert not may_read(plain, shared(no_vendors), OrganisationToken(small.VENDOR, Tlp.GREEN))


def test_an_exception_beats_naming_and_reviewing_but_not_authorship(plain: World) -> None:
    clause = Clause(
        memberships=frozenset({small.IVY_VENDOR}), programme_reviewers=True, except_classes=frozenset({"vendor"})
    )
    assert readers(plain, shared(clause)) == {GIL, JON}
    by_ivy = Label(Tlp.GREEN, owner=small.VENDOR, author=small.IVY_VENDOR, clauses=(clause,))
    assert readers(plain, by_ivy) == {GIL, JON, IVY}


def test_an_exception_holds_only_for_its_own_clause(plain: World) -> None:
    no_vendors = Clause(sectors=frozenset({small.FINANCE}), except_classes=frozenset({"vendor"}))
    assert readers(plain, shared(no_vendors)) == {ANN, BEN, EVE}
    assert readers(plain, shared(EVERYONE, no_vendors)) == {ANN, BEN, EVE}


def test_all_clauses_must_match(plain: World) -> None:
    finance = Clause(sectors=frozenset({small.FINANCE}))
    assert readers(plain, shared(finance, BANKING)) == {ANN, DAN, IVY}
    assert readers(plain, shared(finance, BANKING, named(small.ANN_BANK))) == {ANN}


def test_the_author_reads_its_pieces_while_that_membership_lasts(plain: World) -> None:
    assert readers(plain, Label(Tlp.RED, owner=small.BANK, author=small.ANN_BANK)) == {ANN}
    assert readers(plain, Label(Tlp.RED, owner=small.BANK, author=small.DAN_BANK)) == set()
    assert readers(plain, Label(Tlp.CLEAR, owner=small.CLINIC, author=small.FAY_CLINIC)) == set()


def test_the_colleagues_of_the_author_read_only_where_their_organisation_is_in_the_audience(plain: World) -> None:
    by_ann = Label(Tlp.AMBER, owner=small.BANK, author=small.ANN_BANK, clauses=(named(small.CARA_CLINIC),))
    assert readers(plain, by_ann) == {ANN, CARA}


def test_a_steward_reads_what_a_leaver_wrote_but_not_red_and_not_private(world: World) -> None:
    by_leaver = Label(Tlp.AMBER_STRICT, owner=small.BANK, author=small.DAN_BANK)
    assert readers(world, by_leaver) == {BEN}
    assert readers(world, replace(by_leaver, tlp=Tlp.RED)) == set()
    assert readers(world, replace(by_leaver, private=True)) == set()
    assert readers(world, replace(by_leaver, author=small.ANN_BANK)) == {ANN}
    assert readers(without_steward(world), by_leaver) == set()


def test_a_steward_of_another_organisation_and_an_organisation_token_are_no_steward(world: World) -> None:
    by_leaver = Label(Tlp.GREEN, owner=small.CLINIC, author=small.LEA_CLINIC)
    assert readers(world, by_leaver) == {CARA}
    assert not may_read(world, by_leaver, OrganisationToken(small.CLINIC, Tlp.GREEN))
    assert may_read(world, by_leaver, PersonalToken(small.CARA_CLINIC, Tlp.GREEN))


def test_roles_give_no_content(plain: World) -> None:
    assert readers(plain, shared(named(small.CARA_CLINIC), tlp=Tlp.AMBER)) == {CARA}


def test_reviewers_see_what_is_submitted_to_them_and_only_that(plain: World) -> None:
    to_banking = Clause(reviewer_groups=frozenset({small.BANKING}))
    assert readers(plain, shared(to_banking)) == {GIL, IVY}
    assert readers(plain, shared(Clause(reviewer_groups=frozenset({small.INCIDENT})))) == {ANN, JON}
    assert readers(plain, shared(Clause(programme_reviewers=True))) == {GIL, IVY, JON}
    assert readers(plain, shared(BANKING)) & {GIL} == set()


def test_a_suspended_reviewer_reads_nothing(plain: World) -> None:
    both = Clause(reviewer_groups=frozenset({small.BANKING, small.INCIDENT}), programme_reviewers=True)
    assert not {FAY, MAX} & readers(plain, shared(both))
    assert GIL in readers(plain, shared(both))


def test_a_reviewer_of_a_suspended_organisation_counts_as_an_officer(plain: World) -> None:
    clause = Clause(programme_reviewers=True, except_classes=frozenset({"regulator"}))
    assert may_read(plain, shared(clause), Session(JON))
    organisations = tuple(replace(o, status="active") for o in plain.organisations)
    assert not may_read(replace(plain, organisations=organisations), shared(clause), Session(JON))


def test_drafts_and_withdrawn_pieces_are_read_by_their_author_alone(world: World) -> None:
    for tlp in Tlp:
        draft = Label(tlp, owner=small.BANK, author=small.ANN_BANK, private=True)
        assert readers(world, draft) == {ANN}
        assert readers(world, replace(draft, clauses=(EVERYONE,))) == {ANN}


def test_the_author_under_a_seal_reads_until_the_mapping_is_deleted(world: World) -> None:
    assert readers(world, Label(Tlp.AMBER, seal=small.SEAL_OF_ANN)) == {ANN}
    assert readers(world, Label(Tlp.AMBER, seal=small.SEAL_DELETED)) == set()
    assert readers(world, Label(Tlp.AMBER, seal=small.SEAL_OF_MOVER)) == set()


def test_a_frozen_audience_is_the_roster_of_memberships_seated_now(plain: World) -> None:
    both = Clause(groups=frozenset({small.BANKING}), reviewer_groups=frozenset({small.BANKING}))
    assert roster(plain, both) == {small.ANN_BANK, small.DAN_VENDOR, small.IVY_VENDOR}
    assert roster(plain, replace(both, except_classes=frozenset({"vendor"}))) == {small.ANN_BANK}
    assert readers(plain, shared(Clause(memberships=frozenset(roster(plain, both))))) == {ANN, DAN, IVY}


def test_no_token_carries_red(plain: World) -> None:
    red = Label(Tlp.RED, owner=small.BANK, author=small.ANN_BANK, clauses=(named(small.BEN_BANK), EVERYONE))
    assert readers(plain, red) == {ANN, BEN}
    machines: list[Viewer] = [
        PersonalToken(small.ANN_BANK, Tlp.RED),
        OrganisationToken(small.BANK, Tlp.RED),
        PeerToken(Tlp.RED),
    ]
    assert not any(may_read(plain, red, machine) for machine in machines)


@pytest.mark.parametrize("ceiling", [tlp for tlp in Tlp if tlp is not Tlp.RED])
def test_a_token_reads_within_its_ceiling_and_not_above_it(plain: World, ceiling: Tlp) -> None:
    machines: list[Viewer] = [PersonalToken(small.ANN_BANK, ceiling), OrganisationToken(small.BANK, ceiling)]
    for tlp in Tlp:
        reads = [may_read(plain, shared(EVERYONE, tlp=tlp), machine) for machine in machines]
        assert reads == [tlp <= ceiling] * 2


def test_a_personal_token_lasts_as_long_as_its_membership(plain: World) -> None:
    assert may_read(plain, shared(EVERYONE), PersonalToken(small.EVE_AGAIN, Tlp.GREEN))
    gone = [small.EVE_FIRST, small.DAN_BANK, small.LEA_CLINIC, small.FAY_CLINIC, small.HAL_BANK, small.KIM_NEWCOMER]
    assert not any(may_read(plain, shared(EVERYONE), PersonalToken(membership, Tlp.GREEN)) for membership in gone)
    review = shared(Clause(programme_reviewers=True))
    assert may_read(plain, review, Session(JON))
    assert not may_read(plain, review, PersonalToken(small.JON_REGULATOR, Tlp.GREEN))


def test_a_personal_token_reads_its_authors_draft_within_the_ceiling(plain: World) -> None:
    draft = Label(Tlp.AMBER, owner=small.BANK, author=small.ANN_BANK, private=True)
    assert may_read(plain, draft, PersonalToken(small.ANN_BANK, Tlp.AMBER))
    assert not may_read(plain, draft, PersonalToken(small.ANN_BANK, Tlp.GREEN))
    assert not may_read(plain, draft, OrganisationToken(small.BANK, Tlp.AMBER))


def test_a_peer_token_reads_clear_and_green_pieces_for_all_members_and_nothing_else(plain: World) -> None:
    peer = PeerToken(Tlp.AMBER_STRICT)
    read = [tlp for tlp in Tlp if may_read(plain, shared(EVERYONE, tlp=tlp), peer)]
    assert read == [Tlp.CLEAR, Tlp.GREEN]
    assert not may_read(plain, shared(BANKING), peer)
    assert not may_read(plain, shared(EVERYONE, BANKING), peer)
    assert not may_read(plain, shared(Clause(everyone=True, except_classes=frozenset({"vendor"}))), peer)
    assert not may_read(plain, replace(shared(EVERYONE), private=True), peer)
    assert not may_read(plain, shared(), peer)
    assert not may_read(plain, shared(EVERYONE), PeerToken(Tlp.CLEAR))


def test_the_public_reads_no_label(plain: World) -> None:
    assert not may_read(plain, shared(EVERYONE, tlp=Tlp.CLEAR), Nobody())


def test_a_person_who_left_or_is_suspended_reads_nothing_in_any_scene() -> None:
    for scene in small.every_scene():
        gone = [Session(person.id) for person in scene.world.people if person.status != "active"]
        assert not any(may_read(scene.world, label, viewer) for label in scene.labels for viewer in gone), scene.name


def test_the_small_world_holds_the_cast_in_every_state(world: World) -> None:
    states = {person.id: person.status for person in world.people}
    assert [states[number] for number in (FAY, HAL, MAX, NED)] == ["suspended", "left", "suspended", "invited"]
    assert set(world.members) == ALL_MEMBERS
    assert {GIL, MAX}.isdisjoint({membership.person for membership in world.memberships})
    assert {JON, KIM, LEA}.isdisjoint(world.members)


def test_the_worlds_hold_two_hundred_thousand_questions_with_both_answers_for_each_kind_of_viewer() -> None:
    pairs = 0
    answers: dict[type, set[bool]] = {}
    for scene in small.every_scene():
        pairs += scene.pairs
        for viewer in scene.viewers:
            seen = answers.setdefault(type(viewer), set())
            seen.update(may_read(scene.world, label, viewer) for label in scene.labels)
    assert pairs >= 200_000
    assert answers.pop(Nobody) == {False}
    assert list(answers.values()) == [{True, False}] * 4


@pytest.mark.parametrize("module", [oracle, small, random_worlds], ids=lambda module: module.__name__)
def test_the_oracle_takes_nothing_from_the_product_but_the_markings(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    plain_imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    taken = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | plain_imports
    foreign = {name for name in taken if name.partition(".")[0] not in sys.stdlib_module_names}
    assert foreign <= {"infohub.standards.tlp", "tests.policy.oracle", "tests.policy.random_worlds"}
    assert "infohub.standards.tlp" in foreign


def test_readers_are_the_people_whose_session_may_read() -> None:
    scene = small.generated_scene(seed=3)
    people = {person.id for person in scene.world.people}
    for label in scene.labels:
        reading = {person for person in people if may_read(scene.world, label, Session(person))}
        assert readers(scene.world, label) == reading
