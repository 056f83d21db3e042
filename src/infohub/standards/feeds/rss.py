"""News feeds (RSS 2.0, RSS 1.0, Atom 1.0) as STIX reports: what each entry says, and where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from infohub.standards.feeds.fields import (
    CUT,
    MISSING,
    NAME,
    NO_LINK,
    TEXT,
    TOO_MANY,
    TWICE,
    done,
    link_of,
    moment_of,
    plain,
    refused,
)
from infohub.standards.feeds.objects import Stix, identity, made, reference, references
from infohub.standards.feeds.syndication import Entry, entries
from infohub.standards.losses import Line
from infohub.standards.mail import text_of_html
from infohub.standards.problem import Problem
from infohub.standards.stix21.timestamp import milliseconds

NO_DATE = "this entry says no time; that of reading stands for it"
SENTENCES = (NO_DATE,)
MOST_LABELS = 20
LONGEST_KEY = 2000


@dataclass(frozen=True, slots=True)
class Feed:
    """The identity of the source, a report for each entry, and a line for each entry.

    A report refers to the identity, as STIX asks for something to refer to. An entry without a time takes the moment
    of reading: whoever has its id already keeps what it has.
    """

    title: str
    objects: tuple[Stix, ...]
    lines: tuple[Line, ...]


def read(raw: bytes, *, url: str, name: str, now: datetime) -> Feed | Problem:
    """The feed in these bytes, which came from this address and is called so here."""
    found = entries(raw)
    if isinstance(found, Problem):
        return found
    author = identity(f"feed {url}", name)
    reports: dict[str, Stix] = {}
    lines = list(_reports(found.entries, reports, author=author, url=url, now=now))
    if found.more:
        lines.append(refused("", [Problem("", TOO_MANY, str(found.more))]))
    return Feed(_one_line(found.title), (author, *reports.values()), tuple(lines))


def _reports(found: list[Entry], reports: dict[str, Stix], *, author: Stix, url: str, now: datetime) -> Iterator[Line]:
    """Put the reports under their ids, and say what became of each entry."""
    for number, entry in enumerate(found):
        link = _link(url, entry.link) or link_of(entry.fields.get("guid", ""))
        key = plain(entry.fields.get("guid") or entry.fields.get("id") or link)[:LONGEST_KEY]
        if not key or key in reports:
            yield refused(key[:NAME] or f"entry {number + 1}", [Problem("id", TWICE if key else MISSING)])
            continue
        problems: list[Problem] = []
        if entry.link and not link:
            problems.append(Problem("link", NO_LINK, entry.link[:NAME]))
        reports[key] = _report(entry, key, link, problems, author=author, url=url, now=now)
        yield done(key[:NAME], problems)


def _report(
    entry: Entry, key: str, link: str, problems: list[Problem], *, author: Stix, url: str, now: datetime
) -> Stix:
    text = _text(entry)
    if len(text) > TEXT:
        problems.append(Problem("description", CUT))
    created = _moment(entry, "published", "pubDate", "dc:date", "updated")
    if created is None:
        problems.append(Problem("published", NO_DATE))
    published = created or now
    labels = dict.fromkeys(label for label in map(_one_line, entry.categories) if label)
    return made(
        "report",
        f"feed {url} {key}",
        created=published,
        modified=_moment(entry, "updated") or published,
        created_by_ref=author["id"],
        name=_one_line(entry.fields.get("title", "")) or " ".join(text.split())[:80] or key[:NAME],
        description=text[:TEXT].rstrip(),
        report_types=["threat-report"],
        published=milliseconds(published),
        object_refs=[author["id"]],
        labels=list(labels)[:MOST_LABELS],
        external_references=references(reference(str(author["name"]), number="" if key == link else key, url=link)),
    )


def _text(entry: Entry) -> str:
    """The words of an entry, the fullest that it has, as plain text."""
    for name in ("content:encoded", "content", "description", "summary"):
        if name in entry.fields and (said := plain(text_of_html(entry.fields[name]))):
            return said
    return ""


def _one_line(html: str) -> str:
    return " ".join(plain(text_of_html(html[:TEXT])).split())[:NAME]


def _link(url: str, written: str) -> str:
    try:
        return link_of(urljoin(url, written.strip())) if written.strip() else ""
    except ValueError:  # brackets that close nothing
        return ""


def _moment(entry: Entry, *names: str) -> datetime | None:
    """The first of these that is a time: RFC 3339, or RFC 5322 as RSS has it; without a zone it is UTC."""
    for name in names:
        written = plain(entry.fields.get(name, ""))[:60]
        found = moment_of(written)
        if found is None:
            try:
                found = parsedate_to_datetime(written.replace(" HKT", " +0800"))
                found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
        return found
    return None
