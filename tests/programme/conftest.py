"""What tests of moving in ask for."""

from pathlib import Path

import pytest

from infohub.programme.moving_in import Outcome
from tests.programme.small import SMALL, Mover


@pytest.fixture
def mover(db: None, tmp_path: Path) -> Mover:
    """Imports into the test's database."""
    return Mover(tmp_path)


@pytest.fixture
def moved(mover: Mover) -> Outcome:
    """The small programme, moved in."""
    return mover.move(SMALL)
