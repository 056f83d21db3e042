"""Keeps the heads of each test's chain apart."""

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path, db: None) -> None:
    """The heads of this test's chain and no other's."""
    settings.DATA = tmp_path
