"""Indicators in a text, by written rules: whatever the defanging, in English or against Chinese characters."""

from collections.abc import Iterator

from infohub.standards.refang import refang

from .addresses import PRIVATE, RESERVED, WELL_KNOWN, ipv4_in, ipv6_in
from .candidates import Candidate
from .codes import codes_in
from .filenames import spaced_names_in
from .findings import Finding, Kind
from .hosts import names_in
from .known import WEAK
from .links import bare_urls_in, emails_in, urls_in
from .livetext import LiveText, live_text
from .paths import paths_in
from .references import REFERENCE, told_apart

_DEFANGED = frozenset({Kind.IPV4, Kind.IPV6, Kind.DOMAIN, Kind.URL, Kind.EMAIL, Kind.FILE})


NOT_BY_ITSELF = frozenset({PRIVATE, RESERVED, WELL_KNOWN, WEAK, REFERENCE})
"""Notes of findings that are indicators only where the author says so."""


def extract(text: str) -> list[Finding]:
    """Everything found, in the order of the text; no two findings overlap and the larger one wins."""
    return findings_in(live_text(text))


def findings_in(live: LiveText) -> list[Finding]:
    """The same for a text that was made live already."""
    taken = bytearray(len(live.original))
    findings: list[Finding] = []
    for finding in _proposed(live):
        if taken.find(1, finding.start, finding.end) < 0:
            taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            findings.append(finding)
    findings.sort(key=lambda finding: finding.start)
    return findings


def finding_of(query: str) -> Finding | None:
    """The finding when the whole query is one indicator, defanged or not."""
    written = query.strip()
    if not written or len(written) > 4096 or "\n" in written:
        return None
    return _all_of(query, whole=query) or _all_of(refang(written), whole=query)


def _all_of(candidate: str, *, whole: str) -> Finding | None:
    """The one finding in the candidate, which stands for the whole query.

    Whatever is proposed first is a finding, as nothing is taken yet: another could only stand beside it.
    """
    first = next(_proposed(live_text(candidate)), None)
    if first is None or not _covers(first, candidate):
        return None
    return Finding(first.kind, first.value, 0, len(whole), candidate == whole and first.live, first.note)


def _covers(finding: Finding, text: str) -> bool:
    """Whether nothing but signs and spaces stands around the finding."""
    return not any(character.isalnum() for character in text[: finding.start] + text[finding.end :])


def _proposed(live: LiveText) -> Iterator[Finding]:
    """Proposals of all scanners, the ones that contain others first."""
    text = live.text
    yield from told_apart(_mapped(live, urls_in(text)), live.original)
    yield from told_apart(_mapped(live, emails_in(text)), live.original)
    for candidate in paths_in(live.folded):
        yield Finding(candidate.kind, candidate.value, candidate.start, candidate.end, True, candidate.note)
    yield from _mapped(live, spaced_names_in(text))
    yield from told_apart(_mapped(live, bare_urls_in(text)), live.original)
    yield from _mapped(live, ipv6_in(text))
    yield from _mapped(live, codes_in(text))
    yield from _mapped(live, ipv4_in(live))
    yield from _mapped(live, names_in(live))


def _mapped(live: LiveText, candidates: Iterator[Candidate]) -> Iterator[Finding]:
    for candidate in candidates:
        start, end = live.span(candidate.start, candidate.end)
        as_it_is = candidate.kind not in _DEFANGED or live.as_written(candidate.start, candidate.end)
        yield Finding(candidate.kind, candidate.value, start, end, as_it_is, candidate.note)
