"""Everything is read anew after an upgrade; what stopped in the middle goes on where it was."""

from datetime import timedelta

import pytest

from infohub.assist.models import Reading
from infohub.config.analysing import read_all
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


def test_what_other_models_read_is_read_anew_once_and_what_a_worker_has_is_left_to_it(cast: Cast) -> None:
    for number in range(3):
        shared(
            cast.as_(cast.ann),
            Choice(everyone=True),
            text(f"Mail {number}", body="A loader asked for a code.", tlp=Tlp.GREEN),
        )
    assert read_all() == (3, 0)
    assert read_all() == (0, 0)
    Reading.objects.update(version="earlier models")
    held = Reading.objects.order_by("pk").values("pk")[:1]
    Reading.objects.filter(pk__in=held).update(read_at=None, leased_until=now() + timedelta(minutes=1))
    assert read_all() == (2, 1)
    Reading.objects.update(leased_until=now())
    assert read_all() == (1, 0)
    assert not Reading.objects.filter(version="earlier models").exists()
