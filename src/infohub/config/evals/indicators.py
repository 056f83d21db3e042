"""How well indicators are told from the rest of a text, and how well what gives the author's organisation away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from infohub.analysis.addresses import DOCUMENTATION
from infohub.analysis.extract import NOT_BY_ITSELF, extract
from infohub.analysis.findings import Finding, Kind
from infohub.analysis.hosts import DOCUMENTATION_NAME
from infohub.analysis.redact import Known, Remark, own_remarks
from infohub.config.evals import scores
from infohub.config.evals.counting import Scores, by_kind, micro, share
from infohub.config.evals.estimate import Units
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.labels import Labelled, labelled, mark, parts
from infohub.config.evals.rows import Row, key_of, rows_of, text, texts
from infohub.standards.refang import refang

GENERATED = "ioc/ioc.jsonl"

_NOT_PROPOSED = NOT_BY_ITSELF | {DOCUMENTATION, DOCUMENTATION_NAME}
"""What a reader would have to tick. The hub proposes documentation names too, as its demonstration is made of them."""
_NAMES = {Kind.PATH: "filepath"}
_ASKED = frozenset(
    {Kind.IPV4, Kind.IPV6, Kind.DOMAIN, Kind.URL, Kind.EMAIL, Kind.MD5, Kind.SHA1, Kind.SHA256, Kind.CVE}
    | {Kind.ASN, Kind.PATH, Kind.REGISTRY}
)
"""The kinds that sets of this form know."""


def proposed(written: str) -> list[Finding]:
    """What the hub would offer to share without being told to."""
    return [finding for finding in extract(written) if finding.note not in _NOT_PROPOSED]


class Indicators:
    """Kinds and values per document, as sets; on generated texts and on real ones labelled by hand."""

    name, documents = "indicators", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The indicators of each text."""
        for row in rows:
            written = text(row, "text")
            found = (one for one in proposed(written) if one.kind in _ASKED)
            yield {"id": key_of(row), "iocs": [[*_named(one, written)] for one in found]}

    def figures(self, data: Path) -> list[Figure]:
        """The kept part of the labelled texts first, then the part that rules were mended by, then generated texts."""
        measured: Scores = {}
        every = labelled("indicators", data)
        for beginning, documents in parts(every):
            measured |= {f"{beginning}{name}": one for name, one in judged(documents).items()}
        true, found, units = _values(every)
        measured |= by_kind(true, found, units)
        generated = list(rows_of(data / GENERATED))
        measured |= {f"generated_{name}": one for name, one in scores.ioc(generated, self.predict(generated)).items()}
        return figures(self.name, measured)


def _named(finding: Finding, written: str) -> tuple[str, str]:
    """Kind and value as sets of this form have them: they hold an IPv6 address as it was written, only live."""
    if finding.kind is Kind.IPV6:
        return finding.kind.value, refang(written[finding.start : finding.end]).lower()
    return _NAMES.get(finding.kind, finding.kind.value), finding.value


class OwnDetails:
    """What would tell a stranger who the author is, found by the profile that the programme has of its members."""

    name, documents = "own-details", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Spans with their traces; a row brings the profile (`organisations`, `domains`, `people`) and its text."""
        for row in rows:
            profile = row.get("profile")
            holder = profile if isinstance(profile, dict) else row
            known = Known(*(tuple(texts(holder, name)) for name in ("organisations", "domains", "people")))
            remarks = own_remarks(text(row, "text"), known)
            yield {"id": key_of(row), "spans": [[one.start, one.end, one.trace.value] for one in remarks]}

    def figures(self, data: Path) -> list[Figure]:
        """The share of details that are flagged whole, and of remarks that are no false alarm."""
        measured: Scores = {}
        for beginning, documents in parts(labelled("own_details", data)):
            measured |= {f"{beginning}{name}": one for name, one in flagged(documents).items()}
        return figures(self.name, measured)


def judged(documents: list[Labelled]) -> Scores:
    """Precision, recall and F1 of values, and the F1 of exact places."""
    true, found, units = _values(documents)
    places = [{(one.start, one.end, one.kind) for one in document.labels if one.must} for document in documents]
    said = [{(one.start, one.end, one.kind.value) for one in proposed(document.text)} for document in documents]
    kept = [
        {one for one in there if one in right or not document.neutral(one[0], one[1])}
        for there, right, document in zip(said, places, documents, strict=True)
    ]
    return micro(true, found, units) | {"place_f1": micro(places, kept, units)["f1"]}


def _values(documents: list[Labelled]) -> tuple[list[set[tuple[str, ...]]], list[set[tuple[str, ...]]], Units]:
    true: list[set[tuple[str, ...]]] = [
        {(one.kind, one.value) for one in document.labels if one.must} for document in documents
    ]
    found = [set(_counted(document, right)) for document, right in zip(documents, true, strict=True)]
    return true, found, Units(document.name for document in documents)


def _counted(document: Labelled, right: set[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """What is proposed, without what may be found or not."""
    free = {(one.kind, one.value) for one in document.labels if not one.must}
    for finding in proposed(document.text):
        one = (finding.kind.value, mark(finding.kind.value, finding.value))
        if one in right or not (one in free or document.neutral(finding.start, finding.end)):
            yield one


def flagged(documents: list[Labelled]) -> Scores:
    """Recall of details whose every character is covered, precision of remarks that touch any label."""
    units = Units(document.name for document in documents)
    counts = [_covering(document, own_remarks(document.text, document.known)) for document in documents]
    return {
        "r": share(units, [(covered, of) for covered, of, _, _ in counts]),
        "p": share(units, [(right, of) for _, _, right, of in counts]),
    }


def _covering(document: Labelled, remarks: list[Remark]) -> tuple[int, int, int, int]:
    covered = {place for one in remarks for place in range(one.start, one.end)}
    must = [one for one in document.labels if one.must]
    whole = sum(covered.issuperset(range(one.start, one.end)) for one in must)
    judged_remarks = [one for one in remarks if not document.neutral(one.start, one.end)]
    right = sum(any(one.start < label.end and label.start < one.end for label in must) for one in judged_remarks)
    return whole, len(must), right, len(judged_remarks)


TASKS = (Indicators(), OwnDetails())
