"""The sensors of the demonstration add what machines can pull, through the same door as anybody's."""

import pytest

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection, Placement, Submission
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.programme.sensing import fill_collections
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces

pytestmark = pytest.mark.django_db


def test_sensors_fill_what_is_open_to_them_once_and_nothing_else(cast: Cast) -> None:
    ensure_collections()
    own = Audience.objects.intern(Clause(organisations=frozenset({cast.bank.pk})))
    shared = Collection.objects.create(alias="shared", kind="named", titles={"en": "Hosts"}, audience=own, writers=own)
    pieces.token(cast.bank, scopes=("taxii", "taxii-write"), ceiling=Tlp.GREEN)
    pieces.token(cast.clinic, scopes=("taxii", "taxii-write"))
    fill_collections()
    count = Placement.objects.filter(collection=shared, type="indicator").count()
    assert count > 30
    assert Submission.objects.get().refused == []
    assert Placement.objects.count() == count + 1
