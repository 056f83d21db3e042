"""What sources bring in, as stories: from collections one may read alone, with why, and a draft at a click."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.delivery.models import Rule
from infohub.intel.actions import ensure_collections
from infohub.intel.tasks import place_due
from infohub.members.models import Group
from infohub.policy.clause import Clause
from infohub.sharing.incoming import stories_for
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.intel import news, pieces
from tests.intel.pieces import Stix

pytestmark = pytest.mark.django_db

INCOMING = "/member/incoming/"
FLAW = "CVE-2026-41234 in Lanternware Gateway"
WORDS = (
    f"Attackers exploit {FLAW} to run commands on the gateway. The vendor has published a patch for it. "
    "Banks and hospitals in several cities have seen the attacks since Monday. Close the management port first."
)


def report(title: str, text: str = WORDS, *, source: str = "Daily", days: int = 0, **more: object) -> Stix:
    return news.report(title, text, source=source, at=now() - timedelta(days=days, minutes=1), **more)


def bring(*reports: Stix, source: str = "", group: Group | None = None, tlp: Tlp = Tlp.GREEN) -> None:
    """As a source brings them: to all members, or to a group's collection."""
    ensure_collections()
    clauses = [Clause(groups=frozenset({group.pk}))] if group else []
    pieces.place(source or f"feed-{uuid4().hex}", *reports, tlp=tlp, clauses=clauses, due=now())
    place_due(now() + timedelta(seconds=1))


def test_reports_of_one_happening_are_one_story_and_others_are_others(client: Client, cast: Cast) -> None:
    bring(
        report(f"Gateways under attack through {FLAW}"),
        report(f"{FLAW} is exploited", source="Other"),
        report("A festival of lights opens", "Lamps are lit along the harbour for a week.", source="Other"),
        report("Of last week", days=9),
    )
    told = [sorted(one.title for one in story.reports) for story in stories_for(cast.as_(cast.ann))]
    assert sorted(told) == sorted(
        [[f"{FLAW} is exploited", f"Gateways under attack through {FLAW}"], ["A festival of lights opens"]]
    )
    page = sign_in(client, cast.ann).get(INCOMING).text
    assert 'href="https://other.example/1"' in page
    assert "Of last week" not in page


def test_what_came_into_a_collection_one_may_not_read_is_nowhere(client: Client, cast: Cast) -> None:
    secret = report(f"Canary {FLAW}", source="Canary")
    bring(secret, group=cast.banking)
    path = f"{INCOMING}{secret['id']}/draft/"
    assert "Canary" in sign_in(client, cast.ann).get(INCOMING).text
    bring(report(f"Everybody hears of {FLAW}"))
    for stranger in (cast.cara, cast.opal, cast.grace):
        sign_in(client, stranger)
        page = client.get(INCOMING).text
        assert "Canary" not in page
        assert client.post(path).status_code == 404
    sign_in(client, cast.cara)
    assert "Everybody hears" in client.get(INCOMING).text
    (story,) = stories_for(cast.as_(cast.cara))
    assert len(story.reports) == 1
    assert not Item.objects.as_system("a test counts").exists()
    assert client.get(path).status_code == 405


def test_a_piece_and_what_was_taken_back_are_no_reports_of_sources(client: Client, cast: Cast) -> None:
    bring(report("From a piece"), source="IH-AAAAAA")
    bring(report("Taken back", revoked=True))
    page = sign_in(client, cast.ann).get(INCOMING).text
    assert "Nothing came in" in page
    assert "From a piece" not in page
    assert "/office/sources/" not in page
    assert "/office/sources/" in sign_in(client, cast.grace).get(INCOMING).text


def test_what_concerns_the_reader_comes_first_and_says_why(client: Client, cast: Cast) -> None:
    sector = make.sector("health")
    cast.clinic.sectors.add(sector)
    rule = {"pace": "none", "created_at": now()}
    Rule.objects.create(person=cast.ann, name="Our gateways", words="lanternware gateway", **rule)
    Rule.objects.create(person=cast.ann, name="Paused one", words="lanternware", paused_at=now(), **rule)
    Rule.objects.create(person=cast.ann, name="Other kinds", words="lanternware", kinds=["question"], **rule)
    Rule.objects.create(person=cast.ben, name="Of a colleague", words="lanternware", **rule)
    bring(report(f"About {FLAW}"), report("Harbour lights", "Lamps are lit along the harbour for a week."))
    first, second = stories_for(cast.as_(cast.ann))
    assert (first.rules, first.sectors, second.rules) == (("Our gateways",), (), ())
    assert stories_for(cast.as_(cast.cara))[0].sectors == ("Health",)
    page = sign_in(client, cast.ann).get(INCOMING).text
    assert "it matches your rule “Our gateways”" in page
    for other in ("Paused one", "Other kinds", "Of a colleague", "Health"):
        assert other not in page


def test_one_click_makes_a_draft_that_names_its_sources_and_is_no_wider(client: Client, cast: Cast) -> None:
    one, two = report(f"About {FLAW}"), report(f"More on {FLAW}", source="Other", report_types=["vulnerability"])
    bring(one)
    bring(two, tlp=Tlp.AMBER_STRICT)
    sign_in(client, cast.ann)
    answer = client.post(f"{INCOMING}{one['id']}/draft/", follow=True)
    item = Item.objects.readable(cast.as_(cast.ann)).get()
    assert (item.state, item.kind, item.tlp) == ("draft", "advisory", Tlp.AMBER_STRICT)
    for words in ("https://daily.example/1", "Other: More on", "> Attackers exploit"):
        assert words in item.body
    assert answer.redirect_chain[-1][0] == f"/member/share/{item.ref}/"
    assert not Item.objects.readable(cast.as_(cast.ben)).exists()


HOSTILE = {
    "markup": {"name": "<script>alert(1)</script>", "description": "<img src=x onerror=alert(1)>"},
    "an address that runs": {"external_references": [{"source_name": "x", "url": "javascript:alert(1)"}]},
    "no words": {"name": "", "description": "", "external_references": []},
    "nothing a database takes": {"name": "a\0b", "description": "c\0d " * 10},
    "endless": {"name": "n" * 5000, "description": "[" * 20_000},
    "other shapes": {"external_references": [7], "report_types": "x", "lang": ["x"]},
    "Chinese": {"name": "銀行遭攻擊", "description": "攻擊者利用漏洞。" * 50, "lang": "zh-Hant"},
}


@pytest.mark.parametrize("wrong", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_source_says_is_inert(client: Client, cast: Cast, wrong: dict[str, object]) -> None:
    made = report("Title") | wrong
    bring(made)
    sign_in(client, cast.ann)
    page = client.get(INCOMING).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "javascript:" not in page
    assert client.post(f"{INCOMING}{made['id']}/draft/", follow=True).status_code == 200


def test_many_reports_take_as_many_queries_as_few(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    asked = []
    for number in (2, 30):
        bring(*(report(f"Report {number} {each} about {FLAW}") for each in range(number)))
        client.get(INCOMING)
        with CaptureQueriesContext(connection) as queries:
            client.get(INCOMING)
        asked.append(len(queries))
    assert asked[0] == asked[1]
