"""Makes rows for tests: each function fills in what the test does not care about."""

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import count

from infohub.catalogue.models import Entry, Severity
from infohub.members.models import Group, Membership, Organisation, Person, Seat, Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Label, Seal
from infohub.standards.tlp import Tlp

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

_numbers = count(1)


def organisation(name: str, *, organisation_class: str = "member", sectors: Collection[Sector] = ()) -> Organisation:
    """An active organisation."""
    made = Organisation.objects.create(
        ref=f"OR-{next(_numbers)}", name=name, organisation_class=organisation_class, status="active", since=START
    )
    made.sectors.set(sectors)
    return made


def sector(key: str) -> Sector:
    """A sector named after its key."""
    return Sector.objects.create(key=key, names={"en": key.capitalize()})


def person(name: str, of: Organisation | None = None, *, language: str = "en") -> Person:
    """An active person, a representative of the organisation if there is one."""
    address = f"{name.lower()}@{of.name.lower() if of else 'office'}.example"
    made = Person.objects.create(email=address, name=name, language=language, status="active", password="!")
    if of is not None:
        Membership.objects.create(person=made, organisation=of, started=START)
    return made


def membership(of: Person) -> Membership:
    """The membership a person has now."""
    return Membership.objects.get(person=of, ended=None)


def group(name: str, *seated: Person, listed: bool = True) -> Group:
    """A group in which these people have a seat."""
    made = Group.objects.create(ref=f"GR-{next(_numbers)}", names={"en": name}, listed=listed)
    for one in seated:
        Seat.objects.create(group=made, membership=membership(one), started=START)
    return made


def label(tlp: Tlp, *clauses: Clause, author: Person | None = None, seal: Seal | None = None) -> Label:
    """A label of these clauses, all members if there are none."""
    written = membership(author) if author else None
    return Label.objects.intern(
        tlp=tlp,
        clauses=clauses or (Clause(everyone=True),),
        owner=written.organisation if written else None,
        author=written,
        seal=seal,
    )


def entry(
    own: Label,
    *,
    title: str = "Phishing of treasury staff",
    text: str = "They call first.",
    safe_line: str = "",
    kind: str = "alert",
    severity: Severity = Severity.HIGH,
    author_name: str = "Ann, Bank",
    groups: Collection[Group] = (),
) -> Entry:
    """A catalogue entry under the label, as publishing makes it."""
    made = Entry.objects.as_system("a test makes it").create(
        label=own,
        ref=f"IH-{next(_numbers)}",
        kind=kind,
        title=title,
        text=text,
        safe_line=safe_line,
        severity=severity,
        author_name=author_name,
        published_at=START,
        updated_at=START,
    )
    made.groups.set(groups)
    return made
