"""What public catalogues say of CVE numbers is kept together, up to date, and shown beside the numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from gzip import compress

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from infohub.intel import actions
from infohub.intel.models import CveFacts, Placement, Source
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.web.cves import sentences
from tests.cast import Cast, sign_in
from tests.intel.outside import Answers, counted, outside, pulled, source, there
from tests.intel.test_file_sources import advisory, catalogue, provided
from tests.sharing.acts import shared, text
from tests.standards.feeds.test_csaf import FLAW
from tests.standards.feeds.test_kev import ENTRY
from tests.support.host import whole

pytestmark = pytest.mark.django_db

KEV, EPSS = "/kev.json", "/epss.csv.gz"
ONE, TWO, THREE = "CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"


def listed(*entries: Mapping[str, object]) -> bytes:
    return whole(catalogue(*entries))


def scores(day: str, **epss: float) -> bytes:
    """A file as FIRST publishes it; the names are the numbers of 2026."""
    rows = "".join(f"CVE-2026-{name.strip('n')},{share},0.5\n" for name, share in epss.items())
    head = f"#model_version:v2025.03.14,score_date:{day}T12:55:00Z\ncve,epss,percentile\n"
    return whole(compress(f"{head}{rows}".encode()))


def told(cve: str) -> list[str]:
    return sentences(CveFacts.objects.get(cve=cve))


def test_what_several_sources_say_of_a_number_stands_together() -> None:
    answers = {KEV: [listed(ENTRY)], EPSS: [scores("2026-03-01", n0001=0.94321, n0002=0.0004)]}
    with outside(answers) as host:
        catalogued, scored = source(host.url(KEV), kind="kev"), source(host.url(EPSS), kind="epss")
        assert (counted(pulled(catalogued)), counted(pulled(scored))) == ((1, 0, 0, 0), (2, 0, 0, 0))
    assert told(ONE) == [
        "Exploited: yes, says CISA; to be mended by 21 February 2026.",
        "Known from ransomware.",
        "Likely exploited in the next 30 days: 94% (EPSS, 1 March 2026).",
    ]
    assert told(TWO) == ["Likely exploited in the next 30 days: less than 1% (EPSS, 1 March 2026)."]
    assert (len(there(catalogued)), there(scored)) == (1, [])


def test_what_is_not_said_any_more_is_forgotten() -> None:
    other, third = (
        ENTRY | {"cveID": TWO, "dueDate": "", "knownRansomwareCampaignUse": "Unknown"},
        ENTRY | {"cveID": THREE},
    )
    answers = {
        KEV: [listed(ENTRY, other, third), listed(other, third | {"dueDate": "2026-04-01"})],
        EPSS: [scores("2026-03-01", n0001=0.5, n0002=0.4), scores("2026-03-02", n0002=0.3)],
    }
    with outside(answers) as host:
        sources = source(host.url(KEV), kind="kev"), source(host.url(EPSS), kind="epss")
        for _twice in range(2):
            assert {pulled(one).problem for one in sources} == {""}
    assert told(ONE) == []
    assert told(TWO) == [
        "Exploited: yes, says CISA.",
        "Likely exploited in the next 30 days: 30% (EPSS, 2 March 2026).",
    ]
    assert CveFacts.objects.get(cve=THREE).due == date(2026, 4, 1)


def test_a_catalogue_that_lost_most_of_its_entries_changes_nothing_until_an_officer_accepts_it(cast: Cast) -> None:
    entries = [ENTRY | {"cveID": f"CVE-2026-{number:04}"} for number in range(1, 6)]
    answers = {
        KEV: [listed(*entries), listed(*entries[:2])],
        EPSS: [scores("2026-03-01", n0001=0.5, n0002=0.4, n0003=0.1), scores("2026-03-02", n0001=0.9)],
    }
    with outside(answers) as host:
        for made in (source(host.url(KEV), kind="kev"), source(host.url(EPSS), kind="epss")):
            pulled(made)
            assert (pulled(made).problem[:6], made.has_shrunk) == ("shrunk", True)
            before = list(CveFacts.objects.order_by("cve").values())
            actions.accept_shrunk(cast.as_(cast.opal), source=made)
            assert pulled(made).problem == ""
            assert list(CveFacts.objects.order_by("cve").values()) != before
    assert (CveFacts.objects.exploited().count(), CveFacts.objects.scored().count()) == (2, 1)


@pytest.mark.parametrize(
    ("label", "level", "known"),
    [
        ({"tlp": {"label": "WHITE"}}, Tlp.AMBER, True),
        ({"tlp": {"label": "GREEN"}}, Tlp.CLEAR, False),
        ({}, Tlp.CLEAR, True),
        ({}, Tlp.GREEN, False),
    ],
)
def test_how_severe_a_number_is_comes_from_public_advisories_alone(
    label: Mapping[str, object], level: Tlp, known: bool
) -> None:
    rated = FLAW | {"cve": ONE, "scores": [{"cvss_v3": {"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N"}}]}
    answers: Answers = {}
    changes = whole(b'"a.json","2026-02-02T00:00:00Z"\n')
    with outside(answers) as host:
        answers |= provided(host.port, [changes], a=advisory("A-1", [rated], distribution=label))
        pulled(source(host.url("/metadata.json"), kind="csaf", tlp=level))
    assert Placement.objects.filter(type="vulnerability").exists()
    assert [sentences(row) for row in CveFacts.objects.all()] == ([["CVSS 9.8 of 10."]] if known else [])


def test_with_the_last_source_that_says_it_a_fact_goes_if_its_objects_go(cast: Cast) -> None:
    with outside({KEV: [listed(ENTRY)], EPSS: [scores("2026-03-01", n0001=0.5)]}) as host:
        made = [source(host.url(path), kind=kind) for path, kind in ((KEV, "kev"), (KEV, "kev"), (EPSS, "epss"))]
        for one in made:
            pulled(one)

    def removed(one: Source, *, take_out: bool = True) -> int:
        actions.remove_source(cast.as_(cast.opal), source=one, take_out_objects=take_out)
        return len(told(ONE))

    assert len(told(ONE)) == 3
    assert [removed(one) for one in made] == [3, 1, 0]
    with outside({EPSS: [scores("2026-03-01", n0001=0.5)]}) as host:
        scored = source(host.url(EPSS), kind="epss")
        pulled(scored)
    assert removed(scored, take_out=False) == 1


def test_members_read_it_beside_the_number_in_their_language_and_the_public_nowhere(cast: Cast) -> None:
    piece = shared(
        cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text("Patch the gate", body=f"It is {ONE}, not {TWO}.")
    )
    with outside({KEV: [listed(ENTRY)]}) as host:
        made = source(host.url(KEV), kind="kev")
        pulled(made)
    ben = sign_in(Client(), cast.ben)
    given = reverse("member:collection_object", args=[made.collection.uuid, there(made)[0]])
    for path in (f"/items/{piece.ref}", f"/member/search/?q={ONE}", given):
        assert ben.get(path).text.count("Exploited: yes, says CISA; to be mended by 21 February 2026.") == 1, path
        assert "Exploited" not in Client().get(path, follow=True).text
    assert "Exploited" not in ben.get(f"/member/search/?q={TWO}").text
    for language in ("zh-hant", "zh-hans"):
        with translation.override(language):
            assert not any(word in " ".join(told(ONE)) for word in ("Exploited", "ransomware"))


def test_scores_come_in_as_many_turns_and_parts_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.intel.pulls.catalogues.SCORES_AT_ONCE", 2)
    monkeypatch.setattr("infohub.intel.pulls.asking.ENOUGH", 0.0)
    answer = scores("2026-03-01", n0001=0.1, n0002=0.2, n0003=0.3, n0004=0.4, n0005=0.5)
    with outside({EPSS: [answer]}) as host:
        made = source(host.url(EPSS), kind="epss")
        for number in (2, 4, 5):
            assert (pulled(made).ended, CveFacts.objects.scored().count()) == (None, number)
        monkeypatch.setattr("infohub.intel.pulls.asking.ENOUGH", 300.0)
        run = pulled(made)
    assert (run.taken, run.ended is None, made.runs.count()) == (5, False, 1)
    assert json.dumps(made.cursor).count("done") == 0
