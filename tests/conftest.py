"""What every test may ask for; the modules named here say how each is made."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.plugin import DjangoDbBlocker

from infohub.policy import rights
from infohub.register.machines import WATCHED
from infohub.support import pace
from infohub.web.accounts import letters

pytest_plugins = [
    "tests.sockets",
    "tests.stage",
    "tests.browser",
    "tests.cast",
    "tests.authenticator",
    "tests.emptying",
    "tests.postbox",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--kills 50` and `--calls 10000` make two tests as long as we promise; without them, they are short ones."""
    parser.addoption("--kills", type=int, default=2, help="how often tests/flows/test_kill.py kills the instance")
    parser.addoption("--calls", type=int, default=600, help="how often tests/flows/test_contract.py asks the REST API")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database counts changes of rights, as `infohub migrate` has it do."""
    with django_db_blocker.unblock():
        rights.watch(WATCHED)


@pytest.fixture(autouse=True)
def letters_are_out_before_the_next() -> Iterator[None]:
    """They are written aside: one that comes late would lie among those of another test."""
    yield
    letters.wait()


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """What other tests asked for in this minute counts for nothing: the numbers of their tokens come again."""
    cache.clear()
    pace.tokens.minute = pace.addresses.minute = 0
