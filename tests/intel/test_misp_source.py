"""A MISP feed is pulled event by event: what is new or changed, under its marking, with every loss named."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import uuid4

import orjson
import pytest
from django.core.cache import cache

from infohub.intel import actions
from infohub.intel.actions import ensure_collections
from infohub.intel.actions.adding import TOO_STRICT
from infohub.intel.models import Placement, Quarantined, StixObject
from infohub.intel.pulls import in_words
from infohub.members.models import Organisation, Programme
from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.remarks import Remark
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel.outside import Answers, counted, outside, pulled, source, status, there
from tests.intel.pieces import indicator, placed
from tests.misp.machine import Machine, machine
from tests.misp.test_feed import report
from tests.standards.misp_events import LANTERN, Row, attribute, event, rich
from tests.support.host import Host, whole

pytestmark = pytest.mark.django_db

FOLDER = "/feed"
MANIFEST = f"{FOLDER}/manifest.json"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n\r\n"
TECHNIQUE = 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"'

Event = dict[str, Row]


def uuid_of(of: Event) -> str:
    return str(of["Event"]["uuid"])


def at(of: Event, seconds: int, **more: object) -> Event:
    """The event as it was changed at that time."""
    return {"Event": of["Event"] | {"timestamp": str(seconds)} | more}


def listed(*events: Event, **promised: str) -> bytes:
    """The manifest of these events; `promised` are digests that do not follow from them."""
    return orjson.dumps(
        {
            uuid_of(one): {
                "info": one["Event"]["info"],
                "timestamp": one["Event"]["timestamp"],
                "Orgc": LANTERN,
                "integrity:sha256": promised.get("sha256") or hashlib.sha256(orjson.dumps(one)).hexdigest(),
            }
            for one in events
        }
    )


def feed(*steps: Sequence[Event], etag: str = "") -> Answers:
    """A feed that is these events at the first pull, those at the second and so on."""
    headers = (f'ETag: "{etag}"',) if etag else ()
    answers: Answers = {MANIFEST: [whole(listed(*step), *headers) for step in steps]}
    for step in steps:
        for one in step:
            answers[f"{FOLDER}/{uuid_of(one)}.json"] = [whole(orjson.dumps(one))]
    return answers


def asked(host: Host, *, after: int = 0) -> list[str]:
    """The events that were asked for."""
    paths = [one.split(" ")[1] for one in host.asked[after:]]
    return [path.removeprefix(f"{FOLDER}/").removesuffix(".json") for path in paths if path != MANIFEST]


def simple(value: str = "toll.example", *tags: str) -> Event:
    return event(attribute("domain", value, *tags), tags=("tlp:green",))


def values() -> set[str]:
    """What indicators in the collection are called."""
    rows = StixObject.objects.filter(type="indicator", placements__isnull=False).values_list("raw", flat=True)
    return {str(orjson.loads(raw)["name"]) for raw in rows}


@pytest.mark.parametrize("address", [FOLDER, f"{FOLDER}/", MANIFEST])
def test_an_event_becomes_a_report_with_all_that_is_in_it(address: str) -> None:
    made_of = rich()
    with outside(feed([made_of])) as host:
        made = source(host.url(address), kind="misp", tlp=Tlp.CLEAR)
        run = pulled(made)
    kinds = set(Placement.objects.values_list("type", flat=True))
    assert kinds >= {"report", "indicator", "attack-pattern", "note", "sighting", "vulnerability", "relationship"}
    assert there(made)[-1] == f"report--{uuid_of(made_of)}"
    assert (run.problem, run.held) == ("", 0)
    levels = dict(Placement.objects.exclude(type="marking-definition").values_list("type", "tlp"))
    assert (levels["report"], levels["identity"]) == (Tlp.AMBER.value, Tlp.CLEAR.value)


def test_what_is_stricter_than_the_collection_is_refused_and_said_with_its_event() -> None:
    given = event(attribute("domain", "a.example", "tlp:red"), attribute("domain", "b.example"), tags=("tlp:amber",))
    with outside(feed([given])) as host:
        run = pulled(source(host.url(FOLDER), kind="misp"))
    assert values() == {"b.example"}
    assert {one.message for line in run.told for one in line.problems} == {TOO_STRICT.message}
    assert not Placement.objects.filter(tlp=Tlp.RED.value).exists()


def test_each_loss_of_an_event_is_named_by_the_event_and_its_part() -> None:
    odd, known = attribute("btc", "1Toll"), attribute("domain", "toll.example", TECHNIQUE)
    given = event(odd, known, tags=("tlp:green",), CryptographicKey=[{"uuid": "not one"}])
    with outside(feed([given])) as host:
        run = pulled(source(host.url(FOLDER), kind="misp"))
    of, key = uuid_of(given), "Event.CryptographicKey[0]"
    assert run.told == [
        Line(f"{of} / {odd['uuid']}", Outcome.CHANGED, (Problem("Event.Attribute[0].type", Remark.NO_WORD, "btc"),)),
        Line(f"{of} / {key}", Outcome.REFUSED, (Problem(key, Remark.KEY),)),
    ]
    assert Placement.objects.filter(type="attack-pattern").count() == 1


def test_only_what_is_new_or_changed_is_asked_for() -> None:
    one, two = simple("one.example"), simple("two.example")
    changed, late = at(two, 1_770_000_500, info="More of it"), at(simple("late.example"), 1_600_000_000)
    answers = feed([one, two], [one, changed, late])
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        pulled(made)
        assert sorted(asked(host)) == sorted(map(uuid_of, (one, two)))
        before = len(host.asked)
        answers[f"{FOLDER}/{uuid_of(two)}.json"] = [whole(orjson.dumps(changed))]
        pulled(made)
        assert asked(host, after=before) == [uuid_of(late), uuid_of(changed)]
        before = len(host.asked)
        assert counted(pulled(made)) == (0, 0, 0, 0)
        assert asked(host, after=before) == []
    names = Placement.objects.filter(type="report", is_newest=True).values_list("object__raw", flat=True)
    assert {orjson.loads(raw)["name"] for raw in names} >= {"More of it"}


def test_an_unchanged_list_is_not_sent_again() -> None:
    answers = feed([simple()], etag="seven")
    answers[MANIFEST].append(NOT_MODIFIED)
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        for _twice in range(2):
            assert pulled(made).problem == ""
    assert len(host.asked) == 3
    assert 'If-None-Match: "seven"' in host.asked[2]
    assert "If-None-Match" not in host.asked[0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (status(404), "there is nothing at this address"),
        (whole(b"x" * 20_000_001), "this is larger than is read"),
        (whole(b"{}"), Remark.DIGEST),
    ],
)
def test_an_event_that_cannot_be_had_is_a_line_and_asked_for_again_when_it_changes(answer: bytes, why: str) -> None:
    bad, good = simple("bad.example"), simple("good.example")
    answers = feed([bad, good], [bad, good, simple("more.example")], [at(bad, 1_770_000_900), good])
    answers[f"{FOLDER}/{uuid_of(bad)}.json"] = [answer, whole(orjson.dumps(at(bad, 1_770_000_900)))]
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        run = pulled(made)
        assert run.told == [Line(uuid_of(bad), Outcome.REFUSED, (Problem("", why),))]
        assert values() == {"good.example"}
        assert (pulled(made).refused, asked(host).count(uuid_of(bad))) == (0, 1)
        assert (pulled(made).refused, asked(host).count(uuid_of(bad))) == (0, 2)
    assert "bad.example" in values()


@pytest.mark.parametrize("content", [b"[]", b'{"Event": 5}', b"{}", b"<html>", b"", b'{"Event": {"uuid": "x"}}'])
def test_a_file_that_is_no_event_takes_nothing(content: bytes) -> None:
    given = simple()
    answers = feed([given])
    answers[MANIFEST] = [whole(listed(given, sha256="-"))]
    answers[f"{FOLDER}/{uuid_of(given)}.json"] = [whole(content)]
    with outside(answers) as host:
        run = pulled(source(host.url(FOLDER), kind="misp"))
    assert (run.refused, Placement.objects.count(), run.problem) == (1, 0, "")


@pytest.mark.parametrize("content", [b"[]", b"<html>", b'{"a": 1, "a": 2}', b"5"])
def test_a_list_that_is_none_is_a_failure_in_words(content: bytes) -> None:
    with outside({MANIFEST: [whole(content)]}) as host:
        assert in_words(pulled(source(host.url(FOLDER), kind="misp")).problem).startswith("The answer cannot be read.")


def test_names_in_a_list_that_are_no_events_are_lines() -> None:
    with outside({MANIFEST: [whole(b'{"../../etc/passwd": {}, "x": 1}')]}) as host:
        run = pulled(source(host.url(FOLDER), kind="misp"))
    assert (run.refused, asked(host)) == (2, [])


def test_an_unknown_marking_waits_by_its_name_until_somebody_decides(cast: Cast) -> None:
    hidden = event(attribute("domain", "hidden.example"), tags=("tlp:ex:chr",))
    partly = event(attribute("domain", "partly.example", "tlp:ex:chr"), attribute("domain", "open.example"))
    with outside(feed([hidden, partly], [hidden, partly, simple("new.example")])) as host:
        made = source(host.url(FOLDER), kind="misp")
        run = pulled(made)
        assert (values(), run.held) == ({"open.example"}, Quarantined.objects.count())
        marking = Quarantined.objects.values_list("marking", flat=True).distinct().get()
        assert made.names_of([marking]) == {marking: "tlp:ex:chr"}
        assert Remark.WAITS in str(run.lines)
        pulled(made)
        assert asked(host).count(uuid_of(hidden)) == 1
    actions.decide_marking(cast.as_(cast.opal), source=made, marking=marking, tlp=Tlp.GREEN)
    assert values() == {"open.example", "hidden.example", "partly.example", "new.example"}
    levels = {
        str(orjson.loads(raw)["name"]): tlp
        for raw, tlp in Placement.objects.filter(type="indicator").values_list("object__raw", "tlp")
    }
    assert (levels["hidden.example"], levels["partly.example"]) == (Tlp.GREEN.value, Tlp.AMBER.value)


def test_a_pull_that_is_cut_off_goes_on_with_the_next_event(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [at(simple(f"h{number}.example"), 1_770_000_000 + number) for number in range(4)]
    refused = at(event(), 1_770_000_001)
    answers = feed([*events, refused], etag="seven")
    monkeypatch.setattr("infohub.intel.pulls.asking.ENOUGH", 0.0)
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        run = pulled(made, turns=5)
        assert (run.ended, made.runs.count(), len(values())) == (None, 1, 4)
        monkeypatch.setattr("infohub.intel.pulls.asking.ENOUGH", 300.0)
        assert pulled(made).ended is not None
    assert sorted(asked(host)) == sorted(map(uuid_of, [*events, refused]))
    assert "If-None-Match" not in "".join(host.asked)


def test_a_feed_that_fails_half_way_is_asked_later_for_the_rest() -> None:
    one, two = at(simple("one.example"), 1_770_000_001), at(simple("two.example"), 1_770_000_002)
    answers = feed([one, two])
    answers[f"{FOLDER}/{uuid_of(two)}.json"] = [status(503, "Retry-After: 3600"), whole(orjson.dumps(two))]
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        assert (pulled(made).problem, values()) == ("busy", {"one.example"})
        assert (pulled(made).problem, values()) == ("", {"one.example", "two.example"})
    assert asked(host) == [uuid_of(one), uuid_of(two), uuid_of(two)]


def test_an_event_does_not_speak_for_an_organisation_of_the_programme(cast: Cast) -> None:
    given = simple()
    given["Event"]["Orgc"] = {"name": "Bank", "uuid": str(cast.bank.uuid)}
    with outside(feed([given])) as host:
        run = pulled(source(host.url(FOLDER), kind="misp"))
    assert (values(), "another organisation of this programme" in str(run.lines)) == (set(), True)


def test_what_our_own_feed_gives_comes_back_as_it_left(cast: Cast) -> None:
    """One programme pulls what another has: both are this one, the other under new names."""
    cache.clear()  # other tests had tokens of the same number
    ensure_collections()
    ours = machine(cast)
    two = indicator("two") | {"pattern": "[domain-name:value = 'two.example']"}
    placed("org-1", indicator("198.51.100.3"), two, report(two))
    answers = answers_of(ours)
    Placement.objects.all().delete()
    Programme.objects.update(uuid=uuid4())
    for row in Organisation.objects.all():
        Organisation.objects.filter(pk=row.pk).update(uuid=uuid4())
    with outside(answers) as host:
        made = source(host.url(FOLDER), kind="misp")
        run = pulled(made)
    assert (run.refused, run.held, run.problem) == (0, 0, "")
    patterns = [
        orjson.loads(raw)["pattern"]
        for raw in Placement.objects.filter(source=made.placing, type="indicator").values_list("object__raw", flat=True)
    ]
    assert sorted(patterns) == ["[domain-name:value = 'two.example']", "[ipv4-addr:value = '198.51.100.3']"]
    assert {str(two["id"])} <= set(there(made))


def answers_of(ours: Machine) -> Answers:
    """Our own feed as a host outside gives it."""
    answers: Answers = {MANIFEST: [whole(ours.feed("manifest.json").content)]}
    for uuid in ours.manifest():
        answers[f"{FOLDER}/{uuid}.json"] = [whole(ours.feed(f"{uuid}.json").content)]
    return answers
