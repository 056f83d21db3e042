"""Acts of the release desk as tests perform them: a piece that is shared, offered, written for the public, released."""

from __future__ import annotations

from infohub.members.models import Person, Role
from infohub.releases.actions import consent, prepare, propose, release
from infohub.releases.models import Proposal, Release
from infohub.releases.words import Words
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.sharing.acts import shared, text

SECRET = "Treasury of Bank rang 2345 6789 from 10.20.30.40"
ORIGINAL = f"{SECRET}. They called from hxxp://198.51.100[.]7/pay and asked for a code."
PUBLIC = "They called a member from hxxp://198.51.100[.]7/pay and asked for a code."


def words(language: str = "en", *, title: str = "Calls that ask for a code", body: str = PUBLIC) -> Words:
    """Words the public may read."""
    return Words(
        language=language,
        title=title,
        summary="Fraudsters call and ask for one-time codes.",
        everyone="Nobody honest asks for your code.",
        small_firms="Tell the front desk today.",
        teams="Block the address.",
        body=body,
    )


def second_moderator(cast: Cast) -> Person:
    """Another person of the desk."""
    nico = make.person("Nico", cast.office)
    Role.objects.create(person=nico, name="moderator")
    return nico


def shared_piece(cast: Cast, *, tlp: Tlp = Tlp.AMBER, unattributed: bool = False) -> Item:
    """A piece of Ann's, shared with the banking group."""
    written = text("Calls to Treasury of Bank", body=ORIGINAL, tlp=tlp, unattributed=unattributed)
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)


def offered(cast: Cast, *, tlp: Tlp = Tlp.AMBER, unattributed: bool = False) -> Proposal:
    """A piece of Ann's that she offered to the desk."""
    item = shared_piece(cast, tlp=tlp, unattributed=unattributed)
    return propose(cast.as_(cast.ann), item=item)


def prepared(cast: Cast, row: Proposal, *texts: Words, indicators: list[list[str]] | None = None) -> Proposal:
    """The proposal with a public wording by Mori."""
    return prepare(
        cast.as_(cast.mori),
        proposal=row,
        wording=row.wording,
        texts=texts or (words(),),
        indicators=row.offered if indicators is None else indicators,
        severity=3,
    )


def agreed(cast: Cast, row: Proposal) -> Proposal:
    """Ann's consent to the words as they stand."""
    return consent(cast.as_(cast.ann), proposal=row, wording=row.wording)


def released(cast: Cast, *texts: Words) -> Release:
    """A release that went the whole way."""
    row = agreed(cast, prepared(cast, offered(cast), *texts))
    return release(cast.as_(second_moderator(cast)), proposal=row, wording=row.wording)
