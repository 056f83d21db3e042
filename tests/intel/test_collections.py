"""A piece is in a collection exactly where every reader of the collection may read it."""

from datetime import timedelta

import pytest

from infohub.intel import actions
from infohub.intel.actions import ensure_collections, retract
from infohub.intel.models import Collection, CollectionKind, Placement
from infohub.intel.tasks import place_due
from infohub.members.models import Group, Organisation, Seat, Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.policy.viewer import NOBODY, person_viewer
from infohub.standards.stix21.markings import marking_definition
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import NOW, indicator, place, placed, reader, shown

pytestmark = pytest.mark.django_db


class World:
    """The cast with a sector and two groups: Ann sits in Banking herself, the clinic as a whole sits in Health."""

    def __init__(self, cast: Cast) -> None:
        self.finance, self.health = make.sector("finance"), make.sector("health")
        cast.bank.sectors.set([self.finance])
        self.banking, self.wards = make.group("Banking", cast.ann), make.group("Wards")
        Seat.objects.create(group=self.wards, organisation=cast.clinic, started=make.START)
        ensure_collections()


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def where(source: str) -> set[str]:
    """The aliases of the collections in which a source stands."""
    rows = Placement.objects.filter(source=source)
    return set(rows.values_list("collection__alias", flat=True))


def of(group: Group) -> str:
    return f"group-{group.ref.lower()}"


def test_collections_exist_once_for_everyone_every_group_and_every_sector(world: World) -> None:
    before = list(Collection.objects.values_list("alias", "uuid"))
    world.banking.names = {"en": "Banks and brokers"}
    world.banking.save()
    ensure_collections()
    assert list(Collection.objects.values_list("alias", "uuid")) == before
    assert {alias for alias, _ in before} == {
        "everything",
        "members",
        *(of(world.banking), of(world.wards)),
        *("sector-finance", "sector-health"),
    }
    assert all(made.version == 4 for _, made in before)
    assert pieces.collection(of(world.banking)).title == "Banks and brokers"


def clauses_of(case: str, world: World, cast: Cast) -> list[Clause]:
    """The audience of each case of the table below."""
    group, sector = frozenset({world.banking.pk}), frozenset({world.finance.pk})
    ann = frozenset({make.membership(cast.ann).pk})
    return {
        "people": [Clause(memberships=ann)],
        "organisation": [Clause(organisations=frozenset({cast.bank.pk}))],
        "group": [Clause(groups=group)],
        "two groups": [Clause(groups=group | {world.wards.pk})],
        "group and people": [Clause(groups=group, memberships=ann)],
        "group but vendors": [Clause(groups=group, except_classes=frozenset({"vendor"}))],
        "group but the clinic": [Clause(groups=group, except_organisations=frozenset({cast.clinic.pk}))],
        "frozen group": [Clause(memberships=ann, frozen=True)],
        "reviewers": [Clause(reviewed_groups=group, programme_review=True)],
        "sector": [Clause(sectors=sector)],
        "sector but vendors": [Clause(sectors=sector, except_classes=frozenset({"vendor"}))],
        "everyone": [Clause(everyone=True)],
        "everyone but vendors": [Clause(everyone=True, except_classes=frozenset({"vendor"}))],
        "group and sector": [Clause(groups=group, sectors=sector)],
        "both of two clauses": [Clause(groups=group), Clause(everyone=True)],
    }[case]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("people", []),
        ("organisation", []),
        ("group", ["Banking"]),
        ("two groups", ["Banking", "Wards"]),
        ("group and people", ["Banking"]),
        ("group but vendors", []),
        ("group but the clinic", []),
        ("frozen group", []),
        ("reviewers", []),
        ("sector", ["finance"]),
        ("sector but vendors", []),
        ("everyone", ["members"]),
        ("everyone but vendors", []),
        ("group and sector", ["Banking", "finance"]),
        ("both of two clauses", []),
    ],
)
def test_a_piece_is_where_every_reader_may_read_it(case: str, expected: list[str], world: World, cast: Cast) -> None:
    names = {"Banking": of(world.banking), "Wards": of(world.wards), "finance": "sector-finance", "members": "members"}
    placed("IH-1", indicator(), tlp=Tlp.AMBER, clauses=clauses_of(case, world, cast))
    assert where("IH-1") == {"everything", *(names[name] for name in expected)}


def test_red_is_nowhere_and_amber_strict_is_where_it_may_be(world: World) -> None:
    placed("IH-1", indicator(), tlp=Tlp.RED, clauses=[Clause(groups=frozenset({world.banking.pk}))])
    placed("IH-2", indicator(), tlp=Tlp.AMBER_STRICT, clauses=[Clause(groups=frozenset({world.banking.pk}))])
    assert where("IH-1") == set()
    assert where("IH-2") == {"everything", of(world.banking)}


def test_a_collection_takes_nothing_above_its_ceiling(world: World) -> None:
    Collection.objects.filter(kind=CollectionKind.MEMBERS).update(ceiling=Tlp.GREEN.value)
    placed("IH-1", indicator(), tlp=Tlp.GREEN)
    placed("IH-2", indicator(), tlp=Tlp.AMBER)
    assert (where("IH-1"), where("IH-2")) == ({"everything", "members"}, {"everything"})


def test_a_draft_is_nowhere(world: World, cast: Cast) -> None:
    membership = make.membership(cast.ann)
    private = Label.objects.intern(tlp=Tlp.GREEN, author=membership, owner=cast.bank, private=True)
    actions.place("IH-1", objects=[indicator()], tlp=Tlp.GREEN, label=private, clauses=[], due_at=NOW)
    assert where("IH-1") == set()


def test_who_reads_a_collection_is_said_twice_alike(world: World, cast: Cast) -> None:
    peer, stranger = reader(None), reader(None)
    agreed = Collection.objects.create(kind="named", alias="agreed", titles={"en": "Agreed"})
    agreed.peers.add(peer.token or 0)
    Collection.objects.get(alias=of(world.banking)).peers.add(peer.token or 0)
    readers = {
        "ann": person_viewer(cast.ann),
        "ann's machine": reader(cast.ann),
        "the bank's machine": reader(cast.bank),
        "the clinic's machine": reader(cast.clinic),
        "cara": person_viewer(cast.cara),
        "opal": person_viewer(cast.opal),
        "peer": peer,
        "another peer": stranger,
        "nobody": NOBODY,
    }
    listed = {name: set(Collection.objects.readable(who)) for name, who in readers.items()}
    asked = {name: {row for row in Collection.objects.all() if row.readable_by(who)} for name, who in readers.items()}
    assert listed == asked
    everybody, bank = {"everything", "members"}, {"sector-finance"}
    assert {name: {row.alias for row in rows} for name, rows in listed.items()} == {
        "ann": everybody | bank | {of(world.banking)},
        "ann's machine": everybody | bank | {of(world.banking)},
        "the bank's machine": everybody | bank,
        "the clinic's machine": everybody | {of(world.wards)},
        "cara": everybody | {of(world.wards)},
        "opal": set(),
        "peer": {"members", "agreed"},
        "another peer": {"members"},
        "nobody": set(),
    }


def test_everything_i_may_read_is_what_the_labels_say(world: World, cast: Cast) -> None:
    for_banking, for_all, for_bank = indicator(), indicator(), indicator()
    placed("IH-1", for_banking, clauses=[Clause(groups=frozenset({world.banking.pk}))])
    placed("IH-2", for_all, tlp=Tlp.AMBER)
    placed("IH-3", for_bank, clauses=[Clause(organisations=frozenset({cast.bank.pk}))])
    ids = [str(made["id"]) for made in (for_banking, for_all, for_bank)]
    assert shown("everything", reader(cast.ann)) == ids
    assert shown("everything", reader(cast.ben)) == ids[1:]
    assert shown("everything", reader(cast.clinic)) == ids[1:2]
    assert shown("everything", reader(cast.ann, ceiling=Tlp.GREEN)) == [ids[0], ids[2]]
    assert shown("everything", reader(None)) == []


def test_narrowing_takes_a_piece_away_and_leaves_the_others_what_they_have(world: World, cast: Cast) -> None:
    made = indicator()
    both = Clause(groups=frozenset({world.banking.pk, world.wards.pk}))
    placed("IH-1", made, clauses=[both])
    added = pieces.collection(of(world.banking)).placements.get().date_added
    placed("IH-1", made, tlp=Tlp.AMBER, clauses=[Clause(groups=frozenset({world.banking.pk}))])
    assert where("IH-1") == {"everything", of(world.banking)}
    assert pieces.collection(of(world.banking)).placements.get().date_added == added
    assert shown(of(world.banking), reader(cast.ann, ceiling=Tlp.GREEN)) == []
    assert shown(of(world.banking), reader(cast.ann)) == [made["id"]]
    assert shown("everything", reader(cast.clinic)) == []
    placed("IH-1", made, tlp=Tlp.RED, clauses=[both])
    assert where("IH-1") == set()


def test_what_is_widened_reaches_those_who_had_it_not(world: World, cast: Cast) -> None:
    made, group = indicator(), Clause(groups=frozenset({world.banking.pk}))
    placed("IH-1", made, tlp=Tlp.AMBER, clauses=[group])
    assert shown(of(world.banking), reader(cast.ann, ceiling=Tlp.GREEN)) == []
    placed("IH-1", made, tlp=Tlp.GREEN, clauses=[group])
    assert shown(of(world.banking), reader(cast.ann, ceiling=Tlp.GREEN)) == [made["id"]]
    assert shown(of(world.banking), reader(cast.ann)) == [made["id"]]


def test_withdrawn_before_it_is_due_it_never_appears(world: World) -> None:
    made = indicator()
    place("IH-1", made)
    assert place_due(NOW - timedelta(seconds=1)) == 0
    retract("IH-1", objects=[indicator(of=pieces.uuid(), revoked=True)])
    assert place_due(NOW + timedelta(days=1)) == 0
    assert not Placement.objects.exists()


def test_revised_before_it_is_due_only_the_revision_appears(world: World, cast: Cast) -> None:
    own = pieces.uuid()
    place("IH-1", indicator(of=own))
    place("IH-1", indicator(of=own, day=2), tlp=Tlp.AMBER)
    place_due(NOW)
    (row,) = pieces.collection("members").placements.all()
    assert (row.version.day, row.tlp) == (2, Tlp.AMBER.value)


def test_revised_later_both_versions_are_there_and_neither_is_laxer_than_the_piece(world: World) -> None:
    own = pieces.uuid()
    placed("IH-1", indicator(of=own))
    placed("IH-1", indicator(of=own, day=2), tlp=Tlp.AMBER)
    rows = pieces.collection("members").placements.order_by("date_added")
    assert [(row.version.day, row.tlp) for row in rows] == [(1, Tlp.AMBER.value), (2, Tlp.AMBER.value)]


def test_withdrawn_later_its_readers_find_the_revoked_version_and_only_they(world: World, cast: Cast) -> None:
    own, banking = pieces.uuid(), of(world.banking)
    in_banking = Clause(groups=frozenset({world.banking.pk}))
    marking = marking_definition(Tlp.GREEN)
    placed("IH-1", marking, indicator(of=own), address := pieces.address(), clauses=[in_banking])
    retract("IH-1", objects=[marking, revoked := indicator("IH-1", of=own, day=2, revoked=True)])
    for alias in (banking, "everything"):
        rows = pieces.collection(alias).shown_to(reader(cast.ann)).order_by("date_added")
        assert [row.object.raw for row in rows] == [pieces.text(marking), pieces.text(revoked)]
        assert address["id"] not in {row.stix_id for row in rows}
    assert where("IH-1") == {"everything", banking}
    assert shown("everything", reader(cast.clinic)) == []
    again = list(Placement.objects.order_by("pk").values("pk", "date_added"))
    retract("IH-1", objects=[marking, revoked])
    assert list(Placement.objects.order_by("pk").values("pk", "date_added")) == again


def test_what_two_pieces_share_stays_when_one_is_withdrawn(world: World, cast: Cast) -> None:
    placed("IH-1", pieces.address(), indicator())
    placed("IH-2", pieces.address())
    retract("IH-1", objects=[])
    assert shown("members", reader(cast.ben)) == [pieces.address()["id"]]


def test_due_counts_what_waits_too_long(world: World) -> None:
    place("IH-1", indicator())
    waiting = actions.due
    assert (waiting(NOW - timedelta(seconds=1)), waiting(NOW)) == (0, 2)
    place_due(NOW)
    assert waiting(NOW) == 0


def test_new_groups_and_sectors_get_theirs(world: World, cast: Cast) -> None:
    Sector.objects.create(key="energy", names={"en": "Energy"})
    pumps = make.group("Pumps", cast.cara)
    ensure_collections()
    assert {"sector-energy", of(pumps)} <= set(Collection.objects.values_list("alias", flat=True))
    assert not Organisation.objects.filter(sectors__key="energy").exists()
