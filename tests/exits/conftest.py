"""The world of the exits, made once for a module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.exits.meeting import Reader
from tests.exits.world import kept


@pytest.fixture(scope="module")
def reader(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Reader]:
    """The world, and what tells its canaries."""
    with kept(django_db_blocker) as world:
        yield Reader(world)
