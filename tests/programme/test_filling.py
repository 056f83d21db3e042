"""The demonstration fills an empty instance once, and says so when it was stopped on its way."""

from pathlib import Path

import pytest
from django.test import override_settings

from infohub.config import serving
from infohub.members.models import Organisation
from tests.cast import Cast
from tests.programme.small import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration of ten pieces, without a release desk."""
    monkeypatch.setattr(serving, "programme_file", lambda _now: SMALL)
    monkeypatch.setattr(serving, "fill_desk", lambda: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of the test."""
    return tmp_path


def filled(data: Path) -> str:
    """Fill a demonstration in this data folder."""
    with override_settings(DEMO=True, DATA=data):
        return serving.fill_demonstration()


def test_an_empty_instance_is_filled_once(data: Path) -> None:
    assert "10 pieces is in" in filled(data)
    assert (data / "demo-people.json").exists()
    assert "nothing was added" in filled(data)
    with override_settings(DATA=data):
        code = serving.demonstration_code("ann@bank.example")
        assert (len(code), code.isdigit()) == (6, True)
        assert "Nobody here" in serving.demonstration_code("nobody@bank.example")


def test_a_programme_that_is_there_is_left_alone(data: Path, cast: Cast) -> None:
    before = Organisation.objects.count()
    assert "nothing was added" in filled(data)
    assert Organisation.objects.count() == before


def test_a_demonstration_that_was_stopped_on_its_way_says_what_to_do(data: Path) -> None:
    (data / "demo-people.part.json").touch()
    assert "start again" in filled(data)
    assert not Organisation.objects.exists()
