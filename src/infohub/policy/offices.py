"""Who may change the register: organisations, people, roles, seats and tokens. Nobody widens their own access."""

from django.utils.translation import gettext as _

from infohub.members.models import Group, Membership, Organisation, Token, TokenKind
from infohub.policy.powers import OFFICE, Power, powers_of
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp

_REGISTER = (Power.VET, Power.RUN_PROGRAMME, Power.OPERATE)
_STEERING = (Power.RUN_PROGRAMME, Power.OPERATE)
_PEER_SCOPES = frozenset({"read", "taxii", "misp", "feed"})
SCOPES = frozenset({*_PEER_SCOPES, "write", "taxii-write"})


# Scopes whose face exists: only they are offered to people who issue a token. The last two are a person's alone.
_OPEN_SCOPES = ("taxii", "taxii-write", "misp", "read", "write", "feed")
_PERSONAL_SCOPES = frozenset({"write", "feed"})


class NotAllowedError(Exception):
    """The viewer has not the power; the message says whose it is."""


def keeps_register(viewer: Viewer) -> bool:
    """Whether the viewer looks after organisations and people for the programme."""
    return any(viewer.may(power) for power in _REGISTER)


def steers(viewer: Viewer) -> bool:
    """Whether the viewer runs the programme: its roles, groups and peers."""
    return any(viewer.may(power) for power in _STEERING)


def works_in_office(viewer: Viewer) -> bool:
    """Whether the viewer holds any office of the programme."""
    return any(viewer.may(power) for power in OFFICE)


def reviews(viewer: Viewer) -> bool:
    """Whether pieces may wait for this viewer: a moderator of the programme or of a group."""
    return viewer.may(Power.MODERATE) or (viewer.token is None and bool(viewer.moderates))


def keeps_groups(viewer: Viewer) -> bool:
    """Whether the viewer seats people: in all groups, or in those the viewer moderates."""
    return steers(viewer) or (viewer.token is None and bool(viewer.moderates))


def keeps_group(viewer: Viewer, group: int) -> bool:
    """Whether the viewer seats people in this group."""
    return steers(viewer) or (viewer.token is None and group in viewer.moderates)


def demand_keeping(viewer: Viewer, group: int) -> None:
    """Demand who keeps this group."""
    if not keeps_group(viewer, group):
        raise NotAllowedError(_("Only a moderator of the group, or the programme manager, may do this."))


def knows_group(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer may hear of this group: it is listed, or the viewer sits in it or keeps it."""
    return group.listed or group.pk in viewer.groups or keeps_group(viewer, group.pk)


def shares(viewer: Viewer) -> bool:
    """Whether the viewer may share: a member in person, or a program of theirs whose token was issued for it."""
    return viewer.membership is not None and (viewer.token is None or "write" in viewer.scopes)


def opens_seals(viewer: Viewer) -> bool:
    """Whether the viewer is one of the officers of whom two together open the seal of an unattributed piece."""
    return viewer.may(Power.MODERATE) or viewer.may(Power.RUN_PROGRAMME)


def operates(viewer: Viewer) -> bool:
    """Whether the viewer keeps the installation running."""
    return viewer.may(Power.OPERATE)


def sees_records(viewer: Viewer) -> bool:
    """Whether the viewer reads the audit: who did what when, never what it was about."""
    return viewer.may(Power.SEE_RECORDS) or operates(viewer)


def administers(viewer: Viewer, organisation: Organisation | None) -> bool:
    """Whether the viewer is an administrator of this organisation, in person."""
    return (
        organisation is not None
        and viewer.token is None
        and viewer.administrator
        and viewer.organisation == organisation.pk
    )


def cares_for_people(viewer: Viewer) -> bool:
    """Whether anybody is in the viewer's care: everybody for the office, colleagues for an administrator."""
    return keeps_register(viewer) or (viewer.token is None and viewer.administrator)


def demand_register(viewer: Viewer, organisation: Organisation | None = None) -> None:
    """Demand the office, or an administrator of the organisation where one is named."""
    if not looks_after(viewer, organisation):
        raise NotAllowedError(_("Only the programme office, or the organisation's administrator, may do this."))


def demand_steering(viewer: Viewer) -> None:
    """Demand a power over the programme itself."""
    if not steers(viewer):
        raise NotAllowedError(_("Only the programme manager or the site administrator may do this."))


def demand_operating(viewer: Viewer) -> None:
    """Demand the power over the installation."""
    if not operates(viewer):
        raise NotAllowedError(_("Only a site administrator may do this."))


def demand_another(viewer: Viewer, person: int | None) -> None:
    """Refuse what would change one's own standing; the command line has none."""
    if person is not None and viewer.person == person:
        raise NotAllowedError(_("Nobody changes their own standing: ask another officer."))


def demand_another_organisation(viewer: Viewer, organisation: int | None) -> None:
    """Refuse what would change the standing of the viewer's own organisation."""
    if organisation is not None and viewer.organisation == organisation:
        raise NotAllowedError(_("Nobody changes their own standing: ask another officer."))


def demand_rank(viewer: Viewer, roles: frozenset[str]) -> None:
    """Refuse to touch somebody whose office is higher than the viewer's."""
    if outranks(viewer, roles):
        return
    if Power.OPERATE in powers_of(roles):
        raise NotAllowedError(_("Only a site administrator may do this to a site administrator."))
    raise NotAllowedError(_("This person holds an office: ask the programme manager."))


def outranks(viewer: Viewer, roles: frozenset[str]) -> bool:
    """Whether the viewer may touch somebody who holds these roles, or hand them out."""
    powers = powers_of(roles)
    if Power.OPERATE in powers:
        return viewer.may(Power.OPERATE)
    return not powers or steers(viewer)


def looks_after(viewer: Viewer, organisation: Organisation | None) -> bool:
    """Whether the viewer keeps the register, or administers this organisation."""
    return keeps_register(viewer) or administers(viewer, organisation)


def may_change(viewer: Viewer, *, person: int, roles: frozenset[str], organisation: Organisation | None) -> bool:
    """Whether the viewer may invite, suspend or remove this person, who now represents the organisation."""
    return looks_after(viewer, organisation) and viewer.person != person and outranks(viewer, roles)


def demand_person(viewer: Viewer) -> int:
    """Demand a person, not a machine; who it is."""
    if viewer.person is None or viewer.token is not None:
        raise NotAllowedError(_("Only a person who is signed in may do this."))
    return viewer.person


def demand_own(viewer: Viewer, person: int) -> None:
    """Demand the person whose sign-in it is."""
    if demand_person(viewer) != person:
        raise NotAllowedError(_("Nobody changes how somebody else signs in."))


def vouches_for_colleague(viewer: Viewer, *, person: int, organisation: Organisation | None) -> bool:
    """Whether the viewer says for the organisation that a colleague's second step is lost."""
    return administers(viewer, organisation) and viewer.person != person


def vouches_for_office(viewer: Viewer, *, person: int, roles: frozenset[str]) -> bool:
    """Whether the viewer, an officer in person, says so for the office."""
    return keeps_register(viewer) and viewer.person not in {None, person} and outranks(viewer, roles)


def demand_seating(
    viewer: Viewer, group: int, *, membership: Membership | None, organisation: Organisation | None
) -> None:
    """Demand a moderator of the group or the programme manager, who seat others and never themselves."""
    if not keeps_group(viewer, group):
        raise NotAllowedError(_("Only a moderator of the group, or the programme manager, may seat somebody."))
    demand_another(viewer, membership.person_id if membership else None)
    demand_another_organisation(viewer, organisation.pk if organisation else None)


def may_unseat(viewer: Viewer, group: int, *, membership: Membership | None, organisation: Organisation | None) -> bool:
    """Whether the viewer may end a seat: its group's moderators, the programme manager, its holder."""
    if keeps_group(viewer, group):
        return True
    if membership is not None:
        own = viewer.token is None and viewer.membership == membership.pk
        return own or administers(viewer, membership.organisation)
    return administers(viewer, organisation)


def demand_unseating(
    viewer: Viewer, group: int, *, membership: Membership | None, organisation: Organisation | None
) -> None:
    """Demand who may end a seat."""
    if not may_unseat(viewer, group, membership=membership, organisation=organisation):
        raise NotAllowedError(_("Only whose seat it is, a moderator of the group or the programme manager may end it."))


def demand_issuing(viewer: Viewer, token: Token) -> None:
    """Demand whose token it is: an office gives no content, so it issues nobody else's token."""
    if viewer.is_system:
        return
    if token.kind == TokenKind.PEER:
        demand_steering(viewer)
    elif token.kind == TokenKind.ORGANISATION:
        if not administers(viewer, token.organisation):
            raise NotAllowedError(_("Only the organisation's administrator issues its tokens."))
    elif viewer.token is not None or token.membership_id is None or viewer.membership != token.membership_id:
        raise NotAllowedError(_("Personal tokens are issued by the person alone."))


def may_revoke(viewer: Viewer, token: Token) -> bool:
    """Whether the viewer may end this token: its holder, the organisation's administrator, the office."""
    holder = token.organisation or (token.membership.organisation if token.membership else None)
    own = viewer.token is None and token.membership_id is not None and viewer.membership == token.membership_id
    return own or keeps_register(viewer) or administers(viewer, holder)


def may_watch(viewer: Viewer, token: Token) -> bool:
    """Whether the viewer may see what a token asks for: its person, or the administrator of the organisation it is of.

    The office sees that there is a token and when it was used, never what it did; an administrator none of a colleague.
    """
    if token.membership_id is not None:
        return viewer.token is None and viewer.membership == token.membership_id
    return administers(viewer, token.organisation)


def demand_revoking(viewer: Viewer, token: Token) -> None:
    """Demand who may end a token."""
    if not may_revoke(viewer, token):
        raise NotAllowedError(_("Only its holder, the organisation's administrator or the office may revoke a token."))


def open_scopes(kind: str) -> tuple[str, ...]:
    """What a token of this kind is offered: a feed is read by a person, and a piece has a person as author."""
    if kind == TokenKind.PEER:
        return tuple(scope for scope in _OPEN_SCOPES if scope in _PEER_SCOPES - _PERSONAL_SCOPES)
    return tuple(scope for scope in _OPEN_SCOPES if scope not in _PERSONAL_SCOPES or kind == TokenKind.PERSONAL)


def highest_ceiling(kind: str) -> Tlp:
    """The highest TLP a token of this kind may ever read; no machine reads RED."""
    return Tlp.GREEN if kind == TokenKind.PEER else Tlp.AMBER_STRICT


def limits_programs(organisation: Organisation) -> bool:
    """Whether the organisation keeps its programs below what any token might read."""
    return Tlp(organisation.ceiling) < highest_ceiling(TokenKind.ORGANISATION)


def ceilings(kind: str, holder: Organisation | None) -> list[Tlp]:
    """Up to where such a token may be issued: no higher than its kind, nor than its organisation lets programs read."""
    highest = highest_ceiling(kind) if holder is None else min(highest_ceiling(kind), Tlp(holder.ceiling))
    return [level for level in Tlp if level <= highest]


def demand_reach(kind: str, *, scopes: frozenset[str], ceiling: Tlp) -> None:
    """Refuse scopes that are not known or not for this kind of token, and a ceiling above the kind's."""
    allowed = _PEER_SCOPES if kind == TokenKind.PEER else SCOPES
    if not scopes <= allowed:
        unknown = ", ".join(sorted(scopes - allowed))
        raise NotAllowedError(_("A token of this kind cannot have the scope %(scopes)s.") % {"scopes": unknown})
    highest = highest_ceiling(kind)
    if ceiling > highest:
        raise NotAllowedError(_("A token of this kind reads up to %(tlp)s.") % {"tlp": highest.mark})
