"""Set-up links: how a person who was invited gets in for the first time."""

from datetime import timedelta

from infohub.members.models import Person, PersonStatus, Token, TokenKind
from infohub.register import second_step
from infohub.support.clock import now
from infohub.support.ids import keyed_digest

LIFETIME = timedelta(days=7)
_PLACE_HOLDER = "first-operator@unset.invalid"


def path_of(secret: str) -> str:
    """The address below the site's where the link leads."""
    return f"/accounts/set-up/{secret}/"


def open_link(secret: str) -> Token | None:
    """The link with this secret, if it still opens anything."""
    link = Token.objects.select_related("person").filter(kind=TokenKind.SETUP, digest=keyed_digest(secret)).first()
    return link if link and is_open(link) else None


def is_open(link: Token) -> bool:
    """Whether the link was neither used nor revoked, has time left, and its person still needs it."""
    if link.used_at or link.revoked or link.expires is None or link.expires <= now() or link.person is None:
        return False
    return link.person.status in {PersonStatus.INVITED, PersonStatus.ACTIVE} and not second_step.is_set_up(link.person)


def is_newcomer(person: Person) -> bool:
    """Whether this person was never inside."""
    return person.terms_accepted_at is None


def place_holder() -> str:
    """The address of the first operator until that person gives a real one; `.invalid` never receives mail."""
    return _PLACE_HOLDER


def lacks_address(link: Token) -> bool:
    """Whether the set-up page has to ask for name and address first."""
    return link.person is not None and link.person.email == _PLACE_HOLDER
