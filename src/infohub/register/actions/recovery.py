"""A lost second step: ask, say yes, stop; with the last yes everything of the old sign-in ends."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Person, PersonStatus
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.actions.entry import close_links, fresh_link
from infohub.register.actions.people import subject
from infohub.register.models import Recovery, RecoveryStatus, TrustedBrowser, Visit
from infohub.register.recovery import standing, stopped_by
from infohub.register.refusals import RegisterError
from infohub.support.clock import now


@transaction.atomic
def ask_recovery(viewer: Viewer, *, person: Person) -> tuple[Recovery, bool]:
    """Ask for a new second step, after a right password; asking again changes nothing. Whether it is a new request."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    before = Recovery.objects.asked().filter(person=held).first()
    if before is not None:
        return before, False
    at = now()
    Recovery.objects.stoppable().filter(person=held).update(status=RecoveryStatus.STOPPED, changed_at=at)
    made = Recovery.objects.create(person=held, asked_at=at, changed_at=at)
    record(viewer, "asked_recovery", subject(held))
    return made, True


@transaction.atomic
def allow_recovery(viewer: Viewer, *, recovery: Recovery) -> str:
    """Say yes, as the organisation's administrator or for the office.

    The last yes ends the old sign-in, and gives the secret of the set-up link; before that there is none.
    """
    person = Person.objects.select_for_update().get(pk=recovery.person_id)
    held = Recovery.objects.asked().filter(pk=recovery.pk, person__status=PersonStatus.ACTIVE).first()
    if held is None:
        raise RegisterError(_("This request has ended."))
    stands = standing(held)
    if stands.as_administrator(viewer):
        held.administrator_id = viewer.person
    elif stands.as_officer(viewer):
        _demand_patience(early=stands.is_early)
        held.officer_id = viewer.person
    else:
        raise offices.NotAllowedError(_("Two others must say yes: the organisation’s administrator and the office."))
    held.changed_at = now()
    held.save(update_fields=["administrator", "officer", "changed_at"])
    record(viewer, "allowed_recovery", subject(person))
    after = standing(held)
    return "" if after.lacks_administrator or after.lacks_officer else _grant(viewer, held, person)


@transaction.atomic
def stop_recovery(viewer: Viewer, *, recovery: Recovery, secret: str = "") -> None:
    """Stop one's own request: from any signed-in session, or with the secret of the mail."""
    if secret:
        if stopped_by(secret) != recovery:
            raise offices.NotAllowedError(_("This link no longer works."))
    else:
        offices.demand_own(viewer, recovery.person_id)
    open_one = Recovery.objects.stoppable().filter(pk=recovery.pk)
    if open_one.update(status=RecoveryStatus.STOPPED, changed_at=now()):
        close_links(recovery.person)
        record(viewer, "stopped_recovery", subject(recovery.person))


def _demand_patience(*, early: bool) -> None:
    if early:
        raise RegisterError(_("The office decides alone here, so it waits until 24 hours after the request."))


def _grant(viewer: Viewer, recovery: Recovery, person: Person) -> str:
    """Nothing of the old sign-in works any more, the password included: only the link that is mailed leads in."""
    recovery.status = RecoveryStatus.GRANTED
    recovery.save(update_fields=["status"])
    Authenticator.objects.filter(user=person).delete()
    Visit.objects.filter(person=person).end()
    TrustedBrowser.objects.filter(person=person).end()
    person.password = make_password(None)
    person.save(update_fields=["password"])
    record(viewer, "granted_recovery", subject(person))
    return fresh_link(person)
