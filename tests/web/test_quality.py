"""The page of the analysis' quality: measured figures, decisions without a cell of too few, labels, readings."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.analysis.measured import Measured, shipped_figures
from infohub.assist import actions
from infohub.assist.models import Reading, Said, Verdict
from infohub.audit.models import Record
from infohub.config.evals.figure import TARGETS
from infohub.members.models import Organisation
from infohub.policy.offices import NotAllowedError
from infohub.programme.quality import labels, months
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.web.office.quality import MEASURES
from tests import make
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.django_db

QUALITY, READ = "/office/quality/", "/office/quality/read/"


def decided(
    by: Organisation | None, *, subject: str = "technique", month: int = 3, accepted: bool = True, tlp: Tlp = Tlp.GREEN
) -> None:
    entry = make.entry(make.label(tlp))
    entry.owner = by
    entry.save(update_fields=["owner"])
    at = datetime(2026, month, 15, 12, tzinfo=UTC)
    told = {"value": "T1566", "method": "linear", "confidence": 0.9, "tlp": tlp.value, "accepted": accepted}
    Verdict.objects.create(entry=entry, subject=subject, at=at, **told)


def organisations(number: int) -> list[Organisation]:
    return [make.organisation(f"Member {place}") for place in range(number)]


def of(subject: Said) -> tuple[int | None, int | None]:
    row = next(row for row in labels() if row.subject is subject)
    return row.decisions.decided, row.open


@pytest.mark.parametrize("tlp", list(Tlp))
def test_no_cell_tells_of_fewer_than_five_organisations_whatever_the_marking(cast: Cast, tlp: Tlp) -> None:
    one, *four = organisations(5)
    for _times in range(20):
        decided(one, tlp=tlp)
    decided(None, tlp=tlp)  # an unattributed piece is of no organisation
    for other in four[:3]:
        decided(other, tlp=tlp)
    assert of(Said.TECHNIQUE) == (None, None)
    assert [month.decisions.decided for month in months(Said.TECHNIQUE)] == [None]
    decided(four[3], tlp=tlp, accepted=False)
    (month,) = months(Said.TECHNIQUE)
    assert (month.decisions.accepted, month.decisions.rejected, month.decisions.share) == (24, 1, 96)
    assert of(Said.TECHNIQUE) == (25, 25 if tlp in {Tlp.CLEAR, Tlp.GREEN} else 0)


def test_what_would_follow_from_the_others_is_withheld_too(cast: Cast) -> None:
    five = organisations(5)
    for one in five:
        decided(one, month=1)
        decided(one, month=2, tlp=Tlp.GREEN)
        decided(one, month=2)
    decided(five[0], month=4, tlp=Tlp.RED)
    told = [month.decisions.decided for month in months(Said.TECHNIQUE)]
    assert told == [None, 10, 0, None], "the sum of all months less the others would be the last"
    assert of(Said.TECHNIQUE) == (16, None), "the open ones would tell how many are not"
    assert of(Said.MALWARE) == (0, 0)


def test_the_page_says_what_is_met_and_what_is_not(client: Client, cast: Cast) -> None:
    sign_in(client, cast.grace)
    page = client.get(QUALITY).text
    for words in ("Nobody has decided", "No label yet", "Related reports (nDCG@10)"):
        assert words in page
    told = [one.met for one in shipped_figures()]
    assert page.count("<strong>not met</strong>") == told.count(False)
    assert page.count(">met<") == told.count(True)
    assert page.count("not measured for this version") == len(MEASURES) - told.count(True) - told.count(False)
    five = organisations(5)
    for one in five:
        decided(one, month=2)
        decided(one, month=3, subject="malware", accepted=False)
    page = client.get(QUALITY).text
    assert '<svg class="chart"' in page
    assert "100 %" in page
    assert "Nobody has decided" not in page
    assert 'href="?kind=technique" aria-current="true"' in page
    assert "0 %" in client.get(f"{QUALITY}?kind=malware").text
    assert client.get(f"{QUALITY}?kind=nonsense").status_code == 200


def test_the_page_is_there_for_who_steers_alone(client: Client, cast: Cast) -> None:
    for stranger in (cast.ann, cast.mori, cast.audra, cast.vera):
        sign_in(client, stranger)
        assert client.get(QUALITY).status_code == client.get(READ).status_code == 404
        assert client.post(READ).status_code == 404
        with pytest.raises(NotAllowedError):
            actions.read_all_anew(cast.as_(stranger))


def test_everything_is_read_anew_after_a_second_look(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    entries = [make.entry(make.label(Tlp.GREEN)) for _each in range(3)]
    Reading.objects.create(entry=entries[0], read_at=now(), version="v1")
    Reading.objects.create(entry=entries[1], problem="ValueError")
    assert "every piece is read again" in client.get(READ).text
    assert not Reading.objects.unread().exclude(due_at=None).exists()
    assert "3 pieces are read again" in client.post(READ, follow=True).text
    assert Reading.objects.unread().exclude(due_at=None).count() == 3
    assert Record.objects.get(verb="read_anew").detail == {"number": 3}


def test_many_decisions_take_as_many_queries_as_few(client: Client, cast: Cast) -> None:
    sign_in(client, cast.grace)
    asked = []
    for number in (1, 40):
        for _each in range(number):
            decided(cast.bank)
        client.get(QUALITY)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUALITY)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_every_measure_that_has_a_target_has_its_words() -> None:
    assert list(MEASURES) == [(one.task, one.measure) for one in TARGETS]


def test_the_shipped_figures_are_the_committed_ones() -> None:
    committed = json.loads((Path(__file__).parents[2] / "docs/analysis/figures.json").read_text())
    assert {(one.task, one.measure): one.value for one in shipped_figures()} == {
        (row["task"], row["measure"]): row["value"] for row in committed
    }


@pytest.mark.parametrize(
    ("value", "target", "below", "met"),
    [
        (0.8, 0.8, False, True),
        (0.79, 0.8, False, False),
        (50, 50, True, False),
        (49, 50, True, True),
        (1, None, True, None),
    ],
)
def test_a_target_is_met_or_not(value: float, target: float | None, below: bool, met: bool | None) -> None:
    assert Measured("search", "ndcg10", value, value, value, target, below).met is met
