"""What was found in a piece, marked in its text: techniques and names, indicators, and the sentences of its summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from infohub.analysis.extract import extract
from infohub.analysis.pipeline import Span
from infohub.assist.models import Said
from infohub.sharing.models import Item
from infohub.support.marks import Mark
from infohub.web.findings import KINDS
from infohub.web.items.indicators import IndicatorRow
from infohub.web.items.reading import Shown

SEARCHED_CHARACTERS = 50_000
"""Longer texts are shown without marks: they would be searched anew for every reader."""


def marks_in(piece: Item, body: str, *, reading: Shown, indicators: Sequence[IndicatorRow]) -> list[Mark]:
    """Marks for the text that is shown; none in another language than the one that was read."""
    if body != piece.body or len(body) > SEARCHED_CHARACTERS:
        return []
    before = len(piece.title) + 1
    return [mark.moved(-before) for mark in (*_read(reading), *_indicated(piece, indicators)) if mark.end > before]


def found_mark(place: Span, subject: str, name: str, *, leads_to: str) -> Mark:
    """The mark of something that was read: a name, or what a passage says."""
    title = _("%(subject)s: %(name)s") % {"subject": subject, "name": name}
    return Mark(*place, leads_to=leads_to, title=title, is_broad=subject == str(Said.TECHNIQUE.label))


def _read(reading: Shown) -> Iterator[Mark]:
    """What readers see that was read: what was rejected is no finding any more."""
    for _subject, rows in reading.said:
        for row in rows:
            if row.state != "rejected" and row.place[1]:
                yield found_mark(row.place, row.subject, row.name, leads_to=f"#finding-{row.pk}")
    for number, (start, end) in enumerate(reading.sentences, start=1):
        yield Mark(start, end, name=f"sentence-{number}")


def _indicated(piece: Item, indicators: Sequence[IndicatorRow]) -> Iterator[Mark]:
    rows = {(one.row.kind, one.row.value): one.row for one in indicators if one.row.retracted_at is None}
    if not rows:
        return
    for found in extract(f"{piece.title}\n{piece.body}"):
        row = rows.get((found.kind.value, found.value))
        if row is not None:
            yield Mark(found.start, found.end, leads_to=f"#indicator-{row.pk}", title=str(KINDS[found.kind]))
