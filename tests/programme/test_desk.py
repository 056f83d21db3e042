"""The demonstration's release desk: one piece at each step, and a release in three languages."""

import pytest

from infohub.members.models import Role
from infohub.programme.showcase import fill_desk
from infohub.releases.models import Proposal, Release
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.sharing.acts import shared, text

TITLES = {
    "Courier-fee texts, third wave: now with the right street name": "released",
    "Stickers with false payment codes on parking machines": "ready",
    "Mail gateway flaw: exploited at one member since 3 am": "proposed",
    "Rebuild a mail gateway or clean it?": "asked",
}


@pytest.fixture
def pieces(cast: Cast) -> None:
    for title in TITLES:
        written = text(title, tlp=Tlp.GREEN, unattributed=title.startswith("Courier"))
        shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)


def test_the_desk_has_a_piece_at_every_step(cast: Cast, pieces: None) -> None:
    Role.objects.create(person=cast.mori, name="site_administrator")
    Role.objects.create(person=cast.opal, name="moderator")
    fill_desk()
    rows = Proposal.objects.as_system("a test looks")
    assert {row.original_title: row.state for row in rows} == TITLES
    public = Release.objects.get()
    assert {text.language for text in public.texts.all()} == {"en", "zh-hant", "zh-hans"}
    assert all(text.everyone and text.small_firms and text.teams for text in public.texts.all())


def test_without_two_moderators_or_without_pieces_nothing_happens(cast: Cast) -> None:
    Role.objects.create(person=cast.mori, name="site_administrator")
    fill_desk()
    Role.objects.create(person=cast.opal, name="moderator")
    fill_desk()
    assert not Proposal.objects.as_system("a test looks").exists()
