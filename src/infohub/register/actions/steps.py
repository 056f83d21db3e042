"""What is done with second steps: set up an app or a passkey, rename, remove, and the recovery codes beside them."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Person, Token
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import second_step
from infohub.register.actions.entry import spend_link
from infohub.register.actions.people import subject
from infohub.register.models import TrustedBrowser
from infohub.register.refusals import RegisterError
from infohub.support import sealing
from infohub.support.clock import now

MOST_PASSKEYS = 10


@transaction.atomic
def set_up_second_step(viewer: Viewer, *, person: Person, secret: str, link: Token | None = None) -> None:
    """Keep an authenticator app whose first code was right; the app before it stops working.

    With a link it ends the set-up of somebody new, who is active from here on.
    """
    if link is not None:
        person = spend_link(link)
    Authenticator.objects.filter(user=person, type=second_step.TOTP).delete()
    Authenticator.objects.create(user=person, type=second_step.TOTP, data={"secret": sealing.seal(secret)})
    _changed(person)
    record(viewer, "set_up_second_step", subject(person))


@transaction.atomic
def add_passkey(
    viewer: Viewer, *, person: Person, name: str, credential: dict[str, object], link: Token | None = None
) -> Authenticator:
    """Keep a passkey whose first answer was right; what signed this person in before still does."""
    if link is not None:
        person = spend_link(link)
    passkeys = Authenticator.objects.select_for_update().filter(user=person, type=second_step.PASSKEY)
    if len(passkeys) >= MOST_PASSKEYS:
        raise RegisterError(_("You have ten passkeys already. Remove one first."))
    made = Authenticator.objects.create(
        user=person, type=second_step.PASSKEY, data={"name": name.strip(), "credential": credential}
    )
    _changed(person)
    record(viewer, "added_passkey", subject(person))
    return made


@transaction.atomic
def rename_passkey(viewer: Viewer, *, passkey: Authenticator, name: str) -> None:
    """Call one's own passkey something else."""
    offices.demand_own(viewer, passkey.user_id)
    held = Authenticator.objects.select_for_update().get(pk=passkey.pk, type=second_step.PASSKEY)
    held.data["name"] = name.strip()
    held.save(update_fields=["data"])
    record(viewer, "renamed_passkey", f"person:{passkey.user_id}")


@transaction.atomic
def remove_second_step(viewer: Viewer, *, step: Authenticator) -> None:
    """Remove one's own app or passkey; the last one stays."""
    offices.demand_own(viewer, step.user_id)
    held = list(second_step.steps_of(step.user).select_for_update())
    if [one.pk for one in held] == [step.pk]:
        raise RegisterError(_("This is your only second step. Add another one first."))
    Authenticator.objects.filter(pk__in=[one.pk for one in held if one.pk == step.pk]).delete()
    _changed(step.user)
    record(viewer, "removed_second_step", subject(step.user), detail={"kind": step.type})


@transaction.atomic
def renew_codes(viewer: Viewer, *, person: Person) -> None:
    """Make new recovery codes; the old ones stop working."""
    Authenticator.objects.filter(user=person, type=second_step.CODES).delete()
    _changed(person)
    record(viewer, "renewed_codes", subject(person))


@transaction.atomic
def store_codes(viewer: Viewer, *, person: Person) -> None:
    """The person has stored the recovery codes: they are never shown again."""
    row = Authenticator.objects.select_for_update().get(user=person, type=second_step.CODES)
    row.data["stored"] = now().isoformat()
    row.save(update_fields=["data"])
    record(viewer, "stored_codes", subject(person))


def _changed(person: Person) -> None:
    """After a change no browser is trusted, and there are recovery codes beside the step."""
    TrustedBrowser.objects.filter(person=person).end()
    if second_step.codes_of(person) is None:
        Authenticator.objects.create(user=person, type=second_step.CODES, data=second_step.fresh_codes())
