"""Sentences of tokens with marked names (AnnoCTR): the texts they come from, and names between our words and theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from infohub.analysis.names.dates import dates_in
from infohub.analysis.names.kinds import NameKind
from infohub.analysis.names.sentence import Sentence, Span
from infohub.config.evals.rows import Row, key_of, texts
from infohub.standards.jsontext import Json

KINDS = {
    NameKind.MALWARE: "MALWARE",
    NameKind.ACTOR: "GROUP",
    NameKind.TOOL: "TOOL",
    NameKind.ORGANISATION: "ORG",
    NameKind.PLACE: "LOC",
    NameKind.SECTOR: "SECTOR",
    NameKind.DATE: "DATE",
    NameKind.CONCEPT: "CON",
    NameKind.TACTIC: "TACTIC",
    NameKind.TECHNIQUE: "TECHNIQUE",
    NameKind.CODE: "CLICommand/CodeSnippet",
}
_BLANK = "O"
"""A token that stands for odd white space in the set."""
_SHORTEST_TEXT, _LONGEST_DATE = 12, 8
_UNMARKED = frozenset({"QuoIntelligence", "QuoINT"})
"""A publisher whose own name its annotators never marked."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a sentence without its blanks, and which token each word is."""

    id: str
    tokens: Sequence[str]
    places: Sequence[int]
    sentence: Sentence

    def spans(self, found: Iterable[Span]) -> Iterator[tuple[int, int, str]]:
        """Names as spans of tokens; a line of code with its blanks."""
        for span in found:
            kind = KINDS.get(span.kind)
            if span.kind is NameKind.CODE:
                yield 0, len(self.tokens), KINDS[span.kind]
            elif kind and self.tokens[self.places[span.start]] not in _UNMARKED:
                yield self.places[span.start], self.places[span.end - 1] + 1, kind


def texts_of(rows: Iterable[Row]) -> Iterator[list[Line]]:
    """The rows by the reports they seem to come from: where a line is but a date, the one before it is a title."""
    report: list[Line] = []
    for row in rows:
        line = _line(row)
        if len(report) > _SHORTEST_TEXT and _is_date(line.sentence):
            title = report.pop()
            yield report
            report = [title]
        report.append(line)
    if report:
        yield report


def row_of(line: Line, spans: Iterable[tuple[int, int, str]]) -> Row:
    """A prediction."""
    listed: list[Json] = [[start, end, kind] for start, end, kind in spans]
    return {"id": line.id, "spans": listed}


def drawn(name: str, share: float) -> bool:
    """Whether this name is among the share of all names: always the same, and as good as by chance."""
    return crc32(name.encode()) % 10_000 < share * 10_000


def _line(row: Row) -> Line:
    tokens = texts(row, "tokens")
    places = [place for place, token in enumerate(tokens) if token != _BLANK and token]
    return Line(key_of(row), tokens, places, Sentence([tokens[place] for place in places]))


def _is_date(sentence: Sentence) -> bool:
    """Whether the whole sentence is a date of several words."""
    length = len(sentence)
    if not 2 < length <= _LONGEST_DATE:
        return False
    return any(span.end - span.start >= max(3, length - 1) for span in dates_in(sentence))
