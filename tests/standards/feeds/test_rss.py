"""News become reports in plain words, and no XML makes the reader reach out, swell or stumble."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import rss
from infohub.standards.feeds.rss import Feed
from infohub.standards.losses import Outcome
from infohub.standards.problem import Problem
from tests.standards.feeds.valid import faults, parsed

NOW = datetime(2026, 2, 3, tzinfo=UTC)
URL = "https://cert.example/news/feed.xml"
ITEM = """
<title>Fake &amp;amp; bank &lt;b&gt;pages&lt;/b&gt;</title><link>../a?x=1&amp;y=2</link>
<guid isPermaLink="false">n-1</guid><pubDate>Mon, 02 Feb 2026 09:00:00 +0800</pubDate>
<description>Short</description>
<content:encoded><![CDATA[<p>Long <a href="https://b.example/">words</a></p><script>alert(1)</script>]]></content:encoded>
<category>phishing</category><category>phishing</category><other:title>no</other:title>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The &lt;news&gt;</title><id>urn:x</id>
<entry><id>urn:uuid:1</id><title>3 &lt; 4 &amp; 5</title><link rel="self" href="https://a.example/self"/>
<link href="https://a.example/1"/><published>2026-02-02T09:00:00+08:00</published><updated>2026-02-03T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &amp; <a href="https://b.example/">two</a></p></div>
</content><category term="t" label="Threats"/><source><id>no</id><title>no</title></source></entry>
<entry><id>urn:uuid:2</id><title type="html">&lt;i&gt;Two&lt;/i&gt;</title><link href="javascript:alert(1)"/>
<updated>2026-02-02T00:00:00Z</updated><summary type="text">a &lt;b&gt; c</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title></channel><item><title>One</title>
<link>https://a.example/1</link><dc:date>2026-02-02</dc:date></item></rdf:RDF>"""


def channel(*items: str, before: str = "") -> bytes:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:other="urn:other"'
    inside = "".join(f"<item>{item}</item>" for item in items)
    image = "<image><title>A picture</title></image>"
    return (
        f'{before}<rss version="2.0" {spaces}><channel><title>News 新聞</title>{image}{inside}</channel></rss>'.encode()
    )


def read(raw: bytes) -> Feed:
    found = rss.read(raw, url=URL, name="CERT", now=NOW)
    assert isinstance(found, Feed), found
    return found


def why(raw: bytes) -> str:
    found = rss.read(raw, url=URL, name="CERT", now=NOW)
    assert isinstance(found, Problem), found
    return found.message


def test_an_item_of_rss_becomes_a_report_in_plain_words() -> None:
    found = read(channel(ITEM))
    author, report = found.objects
    assert found.title == "News 新聞"
    assert (author["type"], author["name"]) == ("identity", "CERT")
    assert report == {
        "type": "report",
        "spec_version": "2.1",
        "id": report["id"],
        "created": "2026-02-02T01:00:00.000Z",
        "modified": "2026-02-02T01:00:00.000Z",
        "created_by_ref": author["id"],
        "name": "Fake & bank pages",
        "description": "Long words <https://b.example/>",
        "report_types": ["threat-report"],
        "published": "2026-02-02T01:00:00.000Z",
        "object_refs": [author["id"]],
        "labels": ["phishing"],
        "external_references": [{"source_name": "CERT", "url": "https://cert.example/a?x=1&y=2", "external_id": "n-1"}],
    }
    assert [(line.subject, line.outcome) for line in found.lines] == [("n-1", Outcome.TAKEN)]
    assert faults(found.objects) == []


def test_an_entry_of_atom_becomes_a_report_and_a_better_one_a_later_version() -> None:
    found = read(ATOM.encode())
    _author, one, two = found.objects
    assert found.title == "The <news>"
    assert (one["name"], one["description"]) == ("3 < 4 & 5", "One & two <https://b.example/>")
    assert (one["created"], one["modified"]) == ("2026-02-02T01:00:00.000Z", "2026-02-03T00:00:00.000Z")
    assert (one["labels"], one["external_references"]) == (
        ["Threats"],
        [{"source_name": "CERT", "url": "https://a.example/1", "external_id": "urn:uuid:1"}],
    )
    assert (two["name"], two["description"]) == ("Two", "a <b> c")
    assert [str(problem) for problem in found.lines[1].problems] == [
        "link: this is no web address (javascript:alert(1))"
    ]
    assert read(ATOM.replace("2026-02-03", "2026-02-09").encode()).objects[1]["id"] == one["id"]
    assert faults(found.objects) == []


def test_the_oldest_form_is_read_too() -> None:
    _author, report = read(RDF.encode()).objects
    assert (report["name"], report["published"]) == ("One", "2026-02-02T00:00:00.000Z")


def test_what_cannot_be_told_apart_is_named_and_stops_no_other() -> None:
    found = read(channel("<title>Nothing</title>", ITEM, ITEM, "<guid>https://cert.example/2</guid>"))
    assert [(line.subject, line.outcome.value, line.problems[0].message) for line in found.lines if line.problems] == [
        ("entry 1", "refused", "this is missing"),
        ("n-1", "refused", "this came before in the same document"),
        ("https://cert.example/2", "changed", rss.NO_DATE),
    ]
    assert found.objects[-1]["published"] == "2026-02-03T00:00:00.000Z"
    assert found.objects[-1]["name"] == "https://cert.example/2"
    assert faults(found.objects) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mon, 02 Feb 2026 09:00:00 HKT", "2026-02-02T01:00:00.000Z"),
        ("Mon, 02 Feb 2026 01:00:00 GMT", "2026-02-02T01:00:00.000Z"),
        ("2 Feb 2026 01:00 -0000", "2026-02-02T01:00:00.000Z"),
        ("2026-02-02T01:00:00.25Z", "2026-02-02T01:00:00.250Z"),
        ("Mon, 02 Feb 2026 09:00:00 +9999", "2026-02-03T00:00:00.000Z"),
        ("99", "2026-02-03T00:00:00.000Z"),
        ("2026/02/01", "2026-02-03T00:00:00.000Z"),
    ],
)
def test_a_time_is_what_it_says_or_that_of_reading(written: str, meant: str) -> None:
    found = read(channel(f"<guid>x</guid><pubDate>{written}</pubDate>"))
    assert found.objects[1]["created"] == meant


@pytest.mark.parametrize("charset", ["utf-8", "big5", "gb18030", "utf-16", "iso-8859-1"])
def test_usual_character_sets_are_read(charset: str) -> None:
    words = "café" if charset == "iso-8859-1" else "中文"
    declared = f'<?xml version="1.0" encoding="{charset}"?>'
    raw = f"{declared}<rss><channel><title>{words}</title></channel></rss>".encode(charset)
    assert read(raw).title == words
    assert why(raw.replace(charset.encode(), b"utf-7")) if charset != "utf-16" else True


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1/rss-0.91.dtd">',
        "<!DOCTYPE rss>",
    ],
)
def test_no_document_type_is_read_whatever_it_holds(before: str) -> None:
    assert "document type" in why(channel(ITEM, before=before))
    for charset in ("utf-16", "utf-16-le"):
        mark = "\ufeff" if charset == "utf-16-le" else ""
        assert "document type" in why((mark + channel(ITEM, before=before).decode()).encode(charset))


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"<html/>", b"<rss>", b"<rss>&nbsp;</rss>", b"<rss><a></rss>", b"<feed\x00/>", b"\xff\xfe<\x00"]
)
def test_what_is_no_feed_says_so(raw: bytes) -> None:
    assert why(raw)


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda raw: channel(ITEM)[:-24] + raw))
def test_hostile_bytes_do_not_raise(raw: bytes) -> None:
    assert isinstance(rss.read(raw, url=URL, name="CERT", now=NOW), Feed | Problem)


@given(
    st.dictionaries(
        st.sampled_from(["title", "link", "guid", "pubDate", "description", "category"]), st.text(max_size=60)
    )
)
def test_whatever_an_item_holds_what_is_made_is_stix(fields: dict[str, str]) -> None:
    def safe(text: str) -> str:
        return "".join(letter for letter in text if letter.isprintable()).replace("&", "&amp;").replace("<", "&lt;")

    found = read(channel(ITEM, "".join(f"<{name}>{safe(said)}</{name}>" for name, said in fields.items())))
    assert parsed(found.objects) == found.objects


def test_a_hostile_feed_takes_bounded_time() -> None:
    wild = [
        b"\n" * 1_000_000 + channel(ITEM),
        channel("<a>" * 10_000),
        channel("<category>x</category>" * 60_000),
        channel(*["<guid>1</guid>"] * 20_000),
        channel("".join(f"<x{number}:a xmlns:x{number}='urn:{number}'/>" for number in range(20_000))),
        channel(f"<guid>1</guid><description>{'&lt;a ' * 200_000}</description>"),
        channel(f"<guid>1</guid><pubDate>{'1 ' * 200_000}</pubDate><title>{'&lt;' * 200_000}</title>"),
        channel(f"<guid>1</guid><link>{'../' * 100_000}</link>"),
        f"<rss {' '.join(f'a{number}=' + chr(39) * 2 for number in range(50_000))}/>".encode(),
    ]
    begun = time.process_time()
    for raw in wild:
        rss.read(raw, url=URL, name="CERT", now=NOW)
    assert time.process_time() - begun < 10


def test_more_entries_than_are_read_are_counted() -> None:
    found = read(channel(*(f"<guid>{number}</guid>" for number in range(1003))))
    assert len(found.objects) == 1001
    assert [problem.found for problem in found.lines[-1].problems] == ["3"]
