"""A lost second step: whose yes is still missing, who may give it, and the link with which the person stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from infohub.members.models import Membership, Organisation, Person, Role
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.models import Recovery
from infohub.support.clock import now

_STOP = "register.recovery-stop"


@dataclass(frozen=True, slots=True)
class Standing:
    """A request as it stands now: whose yes it lacks, and from when the office may say yes alone."""

    recovery: Recovery
    organisation: Organisation | None
    roles: frozenset[str]
    lacks_administrator: bool
    lacks_officer: bool
    alone_from: datetime | None

    @property
    def is_early(self) -> bool:
        """Whether the office has to wait, because it alone decides."""
        return self.alone_from is not None and now() < self.alone_from

    def as_administrator(self, viewer: Viewer) -> bool:
        """Whether the viewer gives the organisation's yes."""
        person = self.recovery.person_id
        may = offices.vouches_for_colleague(viewer, person=person, organisation=self.organisation)
        return self.lacks_administrator and may and viewer.person != self.recovery.officer_id

    def as_officer(self, viewer: Viewer) -> bool:
        """Whether the viewer gives the office's yes."""
        may = offices.vouches_for_office(viewer, person=self.recovery.person_id, roles=self.roles)
        return self.lacks_officer and may and viewer.person != self.recovery.administrator_id

    def waits_for(self, viewer: Viewer) -> bool:
        """Whether a yes of the viewer would count now."""
        return not self.is_early and (self.as_administrator(viewer) or self.as_officer(viewer))


def standing(recovery: Recovery) -> Standing:
    """The request as the register stands now."""
    return standings([recovery])[0]


def standings(recoveries: Sequence[Recovery]) -> list[Standing]:
    """The same of several requests; an administrator who has left since is not waited for."""
    people = [recovery.person_id for recovery in recoveries]
    running = Membership.objects.filter(person__in=people, ended__isnull=True).select_related("organisation")
    present = {membership.person_id: membership.organisation for membership in running}
    cared_for = Membership.objects.current().filter(administrator=True, organisation__in=present.values())
    carers = set(cared_for.values_list("organisation", "person"))
    held = set(Role.objects.filter(person__in=people).values_list("person", "name"))
    return [_standing(recovery, present.get(recovery.person_id), carers, held) for recovery in recoveries]


def _standing(
    recovery: Recovery, organisation: Organisation | None, carers: set[tuple[int, int]], held: set[tuple[int, str]]
) -> Standing:
    person = recovery.person_id
    alone = not any(of == (organisation and organisation.pk) and who != person for of, who in carers)
    return Standing(
        recovery=recovery,
        organisation=organisation,
        roles=frozenset(name for who, name in held if who == person),
        lacks_administrator=not alone and recovery.administrator_id is None,
        lacks_officer=recovery.officer_id is None,
        alone_from=recovery.asked_at + Recovery.PATIENCE if alone else None,
    )


def recovery_of(person: Person) -> Recovery | None:
    """The request of this person that waits for a yes."""
    return Recovery.objects.asked().filter(person=person).first()


def stop_secret(recovery: Recovery) -> str:
    """What the mails to the person carry: it stops this request and opens nothing."""
    return signing.dumps(recovery.pk, salt=_STOP)


def stopped_by(secret: str) -> Recovery | None:
    """The request that this secret stops, if there is anything left to stop."""
    try:
        pk = signing.loads(secret, salt=_STOP)
    except signing.BadSignature:
        return None
    return Recovery.objects.stoppable().select_related("person").filter(pk=pk).first()
