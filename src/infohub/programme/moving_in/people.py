"""People of a programme file: who they are, whom they represented when, their offices, and how they get in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from infohub.members.models import Membership, Person, PersonStatus, RoleName
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.run import Run
from infohub.register import actions as register
from infohub.register import links, second_step
from infohub.register.refusals import RegisterError

NAMES = frozenset({"id", "name", "email", "language", "roles", "status", "topics", "memberships"})
STAY_NAMES = frozenset({"organisation", "from", "to"})
ADMINISTRATOR = "organisation_administrator"
MEMBER_ROLES = ("representative", ADMINISTRATOR)


def person(row: Row, run: Run, earlier: Person | None) -> Person:
    """Bring a person in, or up to date; a membership that cannot be is refused alone."""
    run.look_over(row, NAMES)
    roles = _roles(row)
    details = {
        "name": row.text("name", most=120),
        "email": _address(row),
        "language": row.one_of("language", [code for code, _name in settings.LANGUAGES], "en"),
        "topics": row.texts("topics", most=120),
        "status": row.one_of("status", PersonStatus.values, "active"),
    }
    made = earlier or register.enrol(SYSTEM, **details)  # type: ignore[arg-type]  # one dict for both actions
    for one in row.rows("memberships"):
        _stay(row, run, one, made, new=earlier is None, administrator=ADMINISTRATOR in roles)
    _offices(made, {role for role in roles if role in RoleName.values}, new=earlier is None)
    if earlier is not None and earlier.email != details["email"]:
        run.result.moved.append((earlier.pk, earlier.email))
    if earlier is not None or made.status != details["status"]:
        register.correct_person(SYSTEM, person=made, **details)  # type: ignore[arg-type]  # as above
    if earlier is None:
        run.facts.update(_way_in(run, made))
    return made


def _way_in(run: Run, made: Person) -> dict[str, str]:
    """A set-up link; on a demonstration a password and a second step, so that a script can sign in."""
    invited = made.status == PersonStatus.INVITED
    if run.credentials and not invited:
        secret = second_step.fresh_secret()
        register.give_demonstration_credentials(SYSTEM, person=made, hashed=run.credentials.hashed, secret=secret)
        return {"email": made.email, "password": run.credentials.password, "totp_secret": secret}
    if invited or made.status == PersonStatus.ACTIVE:
        return {"setup_url": settings.BASE_URL + links.path_of(register.invite(SYSTEM, person=made))}
    return {}


def _address(row: Row) -> str:
    address = row.text("email", most=254)
    try:
        validate_email(address)
    except ValidationError:
        raise row.refuse("this is no e-mail address", "email") from None
    return address


def _roles(row: Row) -> set[str]:
    roles = set(row.texts("roles"))
    unknown = roles - {*MEMBER_ROLES, *RoleName.values}
    if unknown:
        raise row.refuse(f"unknown role {', '.join(sorted(unknown))}", "roles")
    return roles


def _stay(of: Row, run: Run, row: Row | RowRefusedError, made: Person, *, new: bool, administrator: bool) -> None:
    """One membership; what is wrong with it is named and leaves the person without it."""
    if isinstance(row, RowRefusedError):
        run.refuse(of, row)
        return
    run.look_over(row, STAY_NAMES)
    try:
        _represented(row, run, made, new=new, administrator=administrator)
    except RowRefusedError as refusal:
        run.refuse(of, refusal)
    except RegisterError as refusal:
        run.refuse(of, row.refuse(str(refusal)))


def _represented(row: Row, run: Run, made: Person, *, new: bool, administrator: bool) -> None:
    at_home = run.known.organisation(row, "organisation")
    begins, ends = row.past("from"), row.past_or_none("to")
    if ends is not None and ends < begins:
        raise row.refuse("this ends before it begins", "to")
    present = None if new else made.memberships.filter(organisation=at_home, started=begins).first()
    if present is not None:
        _brought_up_to_date(row, present, ends, administrator=administrator)
        return
    register.join(
        SYSTEM,
        person=made,
        organisation=at_home,
        administrator=administrator and ends is None,
        started=begins,
        ended=ends,
    )


def _brought_up_to_date(row: Row, present: Membership, ends: datetime | None, *, administrator: bool) -> None:
    if present.ended is None and ends is not None:
        register.leave(SYSTEM, membership=present, ended=ends)
    elif present.ended is not None and present.ended != ends:
        raise row.refuse("a membership that has ended stays as it was: who comes back begins a new one", "to")
    elif present.ended is None and present.administrator != administrator:
        register.make_administrator(SYSTEM, membership=present, administrator=administrator)


def _offices(made: Person, wanted: set[str], *, new: bool) -> None:
    present = set() if new else set(made.roles.values_list("name", flat=True))
    for role in sorted(wanted - present):
        register.grant_role(SYSTEM, person=made, role=role)
    for role in sorted(present - wanted):
        register.withdraw_role(SYSTEM, person=made, role=role)
