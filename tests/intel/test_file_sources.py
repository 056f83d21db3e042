"""Files of others are pulled when they changed: news, the catalogue of exploited vulnerabilities, lists, advisories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest
from django.test import override_settings

from infohub.intel.models import Observable, Placement, StixObject
from infohub.intel.pulls import asking, in_words
from infohub.standards.targets import allowance
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.intel.outside import Answers, counted, outside, pulled, source, status, there
from tests.standards.feeds.test_csaf import DOCUMENT, FLAW
from tests.standards.feeds.test_kev import ENTRY
from tests.support.host import whole

pytestmark = pytest.mark.django_db

NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n\r\n"
NEWS = """<rss version="2.0"><channel><title>News</title>
<item><title>Two banks warn</title><link>https://news.example/1</link><guid>one</guid>
<pubDate>Mon, 02 Mar 2026 09:00:00 +0800</pubDate><description>{words}</description></item>
<item><title>No time is said</title><link>https://news.example/2</link></item></channel></rss>"""


def catalogue(*entries: object) -> bytes:
    return json.dumps({"catalogVersion": "2026.01.31", "vulnerabilities": entries}).encode()


def raws() -> list[dict[str, object]]:
    """All objects that are kept, in the order they came."""
    return [orjson.loads(raw) for raw in StixObject.objects.order_by("pk").values_list("raw", flat=True)]


def test_a_file_is_asked_for_only_if_it_changed() -> None:
    validators = ('ETag: "seven"', "Last-Modified: Mon, 02 Mar 2026 01:00:00 GMT")
    answers = {"/kev.json": [whole(catalogue(ENTRY), *validators), NOT_MODIFIED]}
    with outside(answers) as host:
        made = source(host.url("/kev.json"), kind="kev")
        assert counted(pulled(made)) == (1, 0, 0, 0)
        run = pulled(made)
    assert (counted(run), run.problem) == ((0, 0, 0, 0), "")
    assert "If-None-Match" not in host.asked[0]
    assert '\r\nIf-None-Match: "seven"\r\nIf-Modified-Since: Mon, 02 Mar 2026 01:00:00 GMT\r\n' in host.asked[1]
    assert list(Observable.objects.values_list("value", flat=True)) == ["CVE-2026-0001"]


def test_what_is_bettered_later_is_a_later_version_and_what_is_the_same_is_left_alone() -> None:
    other = ENTRY | {"cveID": "CVE-2026-0002"}
    bettered = ENTRY | {"shortDescription": "Any file can be read, and written."}
    answers = {"/kev.json": [whole(catalogue(ENTRY, other)), whole(catalogue(bettered, other))]}
    with outside(answers) as host:
        made = source(host.url("/kev.json"), kind="kev")
        assert counted(pulled(made)) == (2, 0, 0, 0)
        assert counted(pulled(made)) == (1, 0, 0, 0)
    first, _other, second = raws()
    assert (first["id"], first["created"]) == (second["id"], second["created"])
    assert "and written" in str(second["description"])
    assert str(second["modified"]) > str(first["modified"])
    assert Placement.objects.filter(is_newest=True).count() == 2


def test_news_without_times_is_not_new_at_each_pull() -> None:
    answers = {
        "/feed": [whole(NEWS.format(words=words).encode()) for words in ("They call.", "They call.", "They write.")]
    }
    answers["/feed"][1] += b""
    with outside(answers) as host:
        made = source(host.url("/feed"), kind="rss")
        assert counted(pulled(made)) == (3, 1, 0, 0)
        made.cursor = {}
        made.save(update_fields=["cursor"])
        assert counted(pulled(made))[0] == 0
        assert counted(pulled(made))[0] == 1
    assert len(there(made)) == 4


def test_a_list_becomes_indicators_each_once_and_what_is_no_indicator_a_line() -> None:
    written = b"# bad\n192.0.2.7\n198.51.100.0/24\nevil[.]example.net\nhxxp://bad.example.net/x\n192.0.2.7\nhello\n2001:db8::1\n"
    with outside({"/list.txt": [whole(written), whole(written + b"192.0.2.8\n")]}) as host:
        made = source(host.url("/list.txt"), kind="list", tlp=Tlp.AMBER)
        run = pulled(made)
        assert counted(run) == (5, 0, 1, 0)
        assert counted(pulled(made))[0] == 1
    assert run.lines[0][:2] == ["line 7", "refused"]
    assert {str(one["pattern"]) for one in raws()} >= {
        "[ipv4-addr:value = '192.0.2.7']",
        "[ipv4-addr:value = '198.51.100.0/24']",
        "[ipv6-addr:value = '2001:db8::1']",
        "[domain-name:value = 'evil.example.net']",
        "[url:value = 'http://bad.example.net/x']",
    }
    assert set(Placement.objects.values_list("tlp", flat=True)) == {Tlp.AMBER.value}


@pytest.mark.parametrize("part", ["2", "value"])
def test_a_list_may_be_a_column_of_a_table(part: str) -> None:
    with outside({"/list.csv": [whole(b"number,value\n1,192.0.2.7\n2,192.0.2.8\n")]}) as host:
        made = source(host.url("/list.csv"), kind="list", part=part)
        assert pulled(made).taken == 2


def test_a_turn_that_ends_inside_a_file_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    written = "\n".join(f"10.{number // 250}.{number % 250}.7" for number in range(2500)).encode()
    monkeypatch.setattr(asking, "ENOUGH", 0.0)
    with outside({"/list.txt": [whole(written, 'ETag: "one"')]}) as host:
        made = source(host.url("/list.txt"), kind="list")
        for number in (1000, 2000, 2500):
            run = pulled(made)
            assert (len(there(made)), made.runs.count(), run.ended) == (number, 1, None)
        monkeypatch.undo()
        run = pulled(made)
    assert (run.taken, run.ended is None, made.runs.count(), len(there(made))) == (2500, False, 1, 2500)


@pytest.mark.parametrize(
    ("kind", "answer", "problem"),
    [
        ("kev", whole(b"{}"), "The answer cannot be read. this is no catalogue"),
        ("kev", whole(b'{"vulnerabilities": 5}'), "The answer cannot be read. this is no catalogue"),
        ("rss", whole(b"<html>"), "The answer cannot be read."),
        ("rss", whole(b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>'), "The answer cannot be read. a document type"),
        ("csaf", whole(b"[]"), "The answer cannot be read. this is no metadata"),
        ("list", status(404), "There is nothing at this address."),
        ("list", whole(b"x" * 20_000_001), "The answer is larger than is read."),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_broken_file_is_a_failure_in_words_and_takes_nothing(kind: str, answer: bytes, problem: str) -> None:
    with outside({"/file": [answer]}) as host:
        made = source(host.url("/file"), kind=kind)
        assert in_words(pulled(made).problem).startswith(problem)
    assert there(made) == []


def advisory(number: str, flaws: Sequence[object] = (FLAW,), **document: object) -> bytes:
    tracking = {
        "id": number,
        "status": "final",
        "version": "1",
        "initial_release_date": "2026-02-01T09:00:00Z",
        "current_release_date": "2026-02-02T01:00:00Z",
        "revision_history": [],
    }
    told = {**DOCUMENT, "tracking": tracking, "distribution": {"tlp": {"label": "WHITE"}}, **document}
    return whole(json.dumps({"document": told, "vulnerabilities": [*flaws]}).encode())


def provider(folder: str, **more: object) -> bytes:
    told = {
        "canonical_url": "https://lantern.example/provider-metadata.json",
        "publisher": {"name": "Lantern PSIRT", "namespace": "https://lantern.example"},
        "role": "csaf_provider",
        "distributions": [{"directory_url": folder}],
    }
    return whole(json.dumps(told | more).encode())


def provided(port: int, changes: list[bytes], **files: bytes) -> Answers:
    """What a provider with a folder answers; changes are its lists, one after the other."""
    return {
        "/metadata.json": [provider(f"http://127.0.0.1:{port}/white")],
        "/white/changes.csv": changes,
        **{f"/white/{name}.json": [content] for name, content in files.items()},
    }


def test_advisories_that_are_new_or_changed_are_fetched_and_no_others() -> None:
    answers: Answers = {}
    changes = [
        whole(
            b'"b.json","2026-02-02T00:00:00Z"\n"a.json","2026-02-01T00:00:00Z"\n"gone.json","2026-01-31T00:00:00Z"\n'
        ),
        whole(b'"a.json","2026-02-03T00:00:00Z"\n"c.json","2026-02-02T00:00:00Z"\n"b.json","2026-02-02T00:00:00Z"\n'),
    ]
    with outside(answers) as host:
        other = advisory("X-1", publisher={"category": "vendor", "name": "X", "namespace": "https://x.example"})
        answers |= provided(host.port, changes, a=advisory("A-1"), b=advisory("B-1"), c=other)
        made = source(host.url("/metadata.json"), kind="csaf", password="t0ken")
        run = pulled(made)
        assert [asked.split(" ")[1] for asked in host.asked[-3:]] == [
            "/white/gone.json",
            "/white/a.json",
            "/white/b.json",
        ]
        assert (run.refused, run.lines[0][:2]) == (1, ["gone.json", "refused"])
        before = there(made)
        assert sum(one.startswith("report--") for one in before) == 2
        run = pulled(made)
        assert [asked.split(" ")[1] for asked in host.asked[-2:]] == ["/white/c.json", "/white/a.json"]
        assert (run.taken, run.lines[0][:2], there(made)) == (0, ["X-1", "refused"], before)
        assert pulled(made).refused == 0
        assert host.asked[-1].startswith("GET /white/changes.csv")


def test_advisories_without_a_level_get_that_of_their_place_and_no_lower_one_than_the_source() -> None:
    answers: Answers = {}
    entry = {"id": "a", "updated": "2026-02-02T00:00:00Z", "content": {"src": ""}}
    with outside(answers) as host:
        entry["content"] = {"src": host.url("/a.json")}
        feeds = [{"url": host.url("/rolie.json"), "tlp_label": "AMBER"}]
        answers |= {
            "/metadata.json": [provider("", distributions=[{"rolie": {"feeds": feeds}}])],
            "/rolie.json": [whole(json.dumps({"feed": {"entry": [entry]}}).encode())],
            "/a.json": [advisory("A-1", distribution={})],
        }
        made = source(host.url("/metadata.json"), kind="csaf", tlp=Tlp.GREEN)
        assert pulled(made).problem == ""
    assert set(Placement.objects.filter(source=made.placing).values_list("tlp", flat=True)) == {Tlp.AMBER.value}


def test_an_advisory_on_another_host_is_fetched_without_the_credential() -> None:
    answers: Answers = {}
    changes = whole(b'"a.json","2026-02-02T00:00:00Z"')
    with (
        outside({"/white/changes.csv": [changes], "/white/a.json": [advisory("A-1")]}) as other,
        outside(answers) as host,
    ):
        answers["/metadata.json"] = [provider(other.url("/white"))]
        both = tuple(allowance(f"127.0.0.1:{one.port}") for one in (host, other))
        with override_settings(OUTBOUND_ALLOW=both):
            made = source(host.url("/metadata.json"), kind="csaf", password="t0ken")
            assert pulled(made).problem == ""
    assert "t0ken" in host.asked[0]
    assert (len(other.asked), "t0ken" in "".join(other.asked)) == (2, False)


def test_a_source_that_keeps_failing_is_asked_ever_more_rarely() -> None:
    with outside({"/list.txt": [status(500)]}) as host:
        made = source(host.url("/list.txt"), kind="list")
        waits = []
        for _turn in range(8):
            pulled(made)
            assert made.due_at is not None
            waits.append(round((made.due_at - now()) / timedelta(minutes=1)))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360]
