"""Which TLP may go to which audience, and the words in which a forbidden pair is refused."""

from django.utils.translation import gettext as _

from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp


class RefusedError(Exception):
    """A rule of the handling policy forbids it; the message says the rule in words."""


def demand_allowed(tlp: Tlp, clause: Clause, *, confirmed: bool) -> None:
    """Refuse a pair of TLP and audience that the handling policy forbids (product.md, the first table)."""
    refusal = _refusal(tlp, clause, confirmed=confirmed)
    if refusal:
        raise RefusedError(refusal)


def needs_confirmation(tlp: Tlp, clause: Clause) -> bool:
    """AMBER and AMBER+STRICT reach all members only after an explicit confirmation."""
    return clause.everyone and tlp in {Tlp.AMBER, Tlp.AMBER_STRICT}


def must_freeze(tlp: Tlp) -> bool:
    """RED is always for the people of that day."""
    return tlp is Tlp.RED


def _refusal(tlp: Tlp, clause: Clause, *, confirmed: bool) -> str:
    if not clause.grants_anything:
        return _("Choose who should read it: with nobody chosen, no one would receive this.")
    if tlp is Tlp.RED and clause.everyone:
        return _("RED cannot go to everyone: name the people, or choose a group whose present members may read it.")
    if tlp is Tlp.RED and clause.sectors:
        return _("RED cannot go to a sector: name the people, or choose a group whose present members may read it.")
    if tlp is Tlp.RED and clause.organisations:
        return _("RED cannot go to an organisation: name the people, or choose a group.")
    if needs_confirmation(tlp, clause) and not confirmed:
        return _("%(tlp)s for all members needs your confirmation: tick “Yes, all members, although it is AMBER”.") % {
            "tlp": tlp.mark
        }
    return ""


def releasable(tlp: Tlp) -> bool:
    """Only what is CLEAR already can be public as it stands; everything else needs the release desk."""
    return tlp is Tlp.CLEAR


def may_teach(tlp: Tlp) -> bool:
    """Whether models may learn from pieces of this TLP: they then say nothing that a member might not know."""
    return tlp in {Tlp.CLEAR, Tlp.GREEN}


def asks_anything(pap: Tlp) -> bool:
    """Whether a PAP asks its readers for anything: PAP:CLEAR lets them do as they like."""
    return pap is not Tlp.CLEAR


def asks_not_to_block(pap: Tlp) -> bool:
    """PAP:AMBER and stricter let readers look on, not act: who is blocked learns that they were seen."""
    return pap >= Tlp.AMBER
