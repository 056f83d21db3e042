"""What every test may ask for; the modules named here say how each is made."""

import pytest

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
