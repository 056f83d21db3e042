"""The people, organisations, sectors and groups of the programme: tables and queries only."""

from infohub.members.models.group import Group, GroupQuerySet
from infohub.members.models.membership import Membership, MembershipQuerySet
from infohub.members.models.naming import LANGUAGE_CHOICES, TLP_CHOICES, named
from infohub.members.models.organisation import Organisation, OrganisationClass, OrganisationQuerySet
from infohub.members.models.person import People, Person, Role, RoleName
from infohub.members.models.programme import Programme, Sector
from infohub.members.models.seat import Seat, SeatQuerySet
from infohub.members.models.standing import OrganisationStatus, PersonStatus
from infohub.members.models.token import Token, TokenKind, TokenQuerySet

__all__ = [
    "LANGUAGE_CHOICES",
    "TLP_CHOICES",
    "Group",
    "GroupQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationClass",
    "OrganisationQuerySet",
    "OrganisationStatus",
    "People",
    "Person",
    "PersonStatus",
    "Programme",
    "Role",
    "RoleName",
    "Seat",
    "SeatQuerySet",
    "Sector",
    "Token",
    "TokenKind",
    "TokenQuerySet",
    "named",
]
