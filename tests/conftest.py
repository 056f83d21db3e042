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
    """`--kills 50` makes the test of power cuts as long as we promise; without it, it is a short one."""
    parser.addoption("--kills", type=int, default=2, help="how often tests/flows/test_kill.py kills the instance")
