"""The forms in which a list of pieces leaves: how much each holds, what it does not, and how its file is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from infohub.catalogue.models import Severity
from infohub.sharing.lists.gathering import Gathered
from infohub.sharing.lists.whole import bundle, bundle_lines, event_lines, events
from infohub.standards.blocklists import Listed, hosts_file, plain_list, policy_zone
from infohub.standards.detection import (
    BROKEN,
    NO_CHECKER,
    NOT_INSTALLED,
    NOT_NOW,
    DetectionRule,
    RuleFiles,
    Verdict,
    rule_files,
)
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.suricata import suricata_rules
from infohub.standards.tlp import Tlp
from infohub.support import rule_check
from infohub.support.tables import harmless, lines

APOSTROPHE = "A spreadsheet would run it as a formula, so an apostrophe stands before it."
SENTENCES = (APOSTROPHE,)

PIECE_COLUMNS = ("reference", "tlp", "kind", "severity", "title", "author", "indicators", "confirmed", "shared", "link")
INDICATOR_COLUMNS = ("type", "value", "tlp", "pap", "piece", "first_shared", "valid_until")
_ZIPPED_AT = (1980, 1, 1, 0, 0, 0)  # the same rules are the same bytes


class Form(StrEnum):
    """What a list of pieces can become; `losses` tells what the others leave out or change, and why."""

    STIX = "stix"
    MISP = "misp"
    PIECES = "pieces"
    INDICATORS = "indicators"
    LIST = "list"
    HOSTS = "hosts"
    RPZ = "rpz"
    SURICATA = "suricata"
    RULES = "rules"
    LOSSES = "losses"


FORMS = tuple(form for form in Form if form is not Form.LOSSES)
OF_VALUES = (Form.LIST, Form.HOSTS, Form.RPZ, Form.SURICATA)
"""What programs obey line by line."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many pieces, indicators or rules a form holds, the strictest marking among them, and what is to be known."""

    number: int
    tlp: Tlp
    lines: tuple[Line, ...]
    made: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """Where what has the values is: the address below which its references are, and what it is."""

    below: str
    of: str = "piece"


def held(gathered: Gathered, form: Form, *, kind: str = "") -> Held:
    """What the form would hold; `kind` narrows the plain list to one kind of indicator."""
    if form in OF_VALUES:
        return held_of(gathered.values, form, at=gathered.at, place=Place(pieces_below()), kind=kind)
    return _HOLDS[form](gathered)


def held_of(values: Sequence[Listed], form: Form, *, at: datetime, place: Place, kind: str = "") -> Held:
    """What a form that knows values alone would hold of these."""
    if form is Form.HOSTS:
        made = hosts_file(values)
    elif form is Form.RPZ:
        made = policy_zone(values, serial=int(at.timestamp()))
    elif form is Form.SURICATA:
        made = suricata_rules(values, below=place.below.partition("://")[2], of=place.of)
    else:
        made = plain_list(values, kind=kind)
    return Held(made.taken, made.tlp, made.lines, made.text.encode)


def _stix(gathered: Gathered) -> Held:
    return Held(len(gathered.pieces), gathered.tlp, tuple(bundle_lines(gathered)), lambda: bundle(gathered))


def _misp(gathered: Gathered) -> Held:
    return Held(len(gathered.pieces), gathered.tlp, tuple(event_lines(gathered)), lambda: events(gathered))


def _pieces(gathered: Gathered) -> Held:
    entries = gathered.entries
    confirmed = {
        gathered.pieces[pk].ref: "; ".join(one.name for one in some) for pk, some in gathered.confirmed.items()
    }
    rows = [
        (
            entry.ref,
            entry.tlp.mark,
            entry.kind,
            Severity(entry.severity).name.lower() if entry.severity else "",
            entry.title,
            entry.author,
            entry.indicator_count,
            confirmed.get(entry.ref, ""),
            entry.published_at.isoformat(timespec="seconds"),
            f"{settings.BASE_URL}/items/{entry.ref}",
        )
        for entry in entries
    ]
    texts = ((entry.ref, (entry.title, entry.author, confirmed.get(entry.ref, ""))) for entry in entries)
    told = run([(ref, text) for ref, some in texts for text in some])
    return Held(len(rows), gathered.tlp, tuple(told), lambda: table(PIECE_COLUMNS, rows))


def _indicators(gathered: Gathered) -> Held:
    """A row for each piece that has the value: what a list says once."""
    rows: list[tuple[object, ...]] = []
    tlp = Tlp.CLEAR
    for row in gathered.rows:
        piece = gathered.pieces[row.item_id]
        tlp = max(tlp, piece.marking)
        pap = "" if piece.pap is None else f"PAP:{Tlp(piece.pap).word}"
        until = row.valid_until.date().isoformat() if row.valid_until else ""
        since = row.valid_from.date().isoformat()
        rows.append((row.kind, row.value, piece.marking.mark, pap, piece.ref, since, until))
    told = run([(one.refs[0], one.value) for one in gathered.values])
    return Held(len(rows), tlp, tuple(told), lambda: table(INDICATOR_COLUMNS, rows))


def run(texts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """What a spreadsheet would run, by its reference."""
    for ref, text in texts:
        if harmless(text) != text:
            yield Line(text, Outcome.CHANGED, (Problem(ref, APOSTROPHE),))


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    """A table for a spreadsheet, which runs nothing of it."""
    return "".join(lines([head, *rows])).encode()


def _rules(gathered: Gathered) -> Held:
    files = rule_files(_checked(gathered.rules), pieces=pieces_below())
    return Held(len(files.files), files.tlp, files.lines, lambda: _zipped(files))


def pieces_below() -> str:
    """The address below which the pages of the pieces are."""
    return f"{settings.BASE_URL}/items/"


def _checked(rules: list[DetectionRule]) -> Iterator[tuple[DetectionRule, Verdict]]:
    said = rule_check.compiled([(rule.language.value, rule.text) for rule in rules])
    nobody = NOT_NOW if rule_check.checks_rules() else NOT_INSTALLED
    for rule, found in zip(rules, said, strict=True):
        if rule.language.value not in rule_check.LANGUAGES:
            yield rule, Verdict(NO_CHECKER)
        elif found is None:
            yield rule, Verdict(nobody)
        else:
            yield rule, Verdict(BROKEN, found) if found else Verdict()


def _zipped(rules: RuleFiles) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in rules.files.items():
            entry = zipfile.ZipInfo(name, _ZIPPED_AT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


_HOLDS: dict[Form, Callable[[Gathered], Held]] = {
    Form.STIX: _stix,
    Form.MISP: _misp,
    Form.PIECES: _pieces,
    Form.INDICATORS: _indicators,
    Form.RULES: _rules,
}
