"""The names in a text, each with its one canonical name; and the canonical name of any name."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from .chinese import chinese_names
from .confidence import confidence
from .gazetteer import Entry, Gazetteer, gazetteer, key
from .kinds import Name
from .mentions import beside, mentions
from .patterns import typed_names
from .sentence import Sentence, Span
from .unlisted import shipped_tagger, unlisted
from .words import MOST_CHARACTERS, Word, sentences

_NOBODY: frozenset[str] = frozenset()


def names_in(text: str, *, stop: AbstractSet[str] = _NOBODY) -> list[Name]:
    """The names in order; no two overlap.

    `stop` holds names that somebody rejected: they are names no more, however they are written.
    """
    rows = list(sentences(text))
    lines = [Sentence([word.text for word in row]) for row in rows]
    found = found_in(lines)
    latin = [_name(text, row, span) for row, spans in zip(rows, found, strict=True) for span in spans]
    taken = {place for name in latin for place in range(name.start, name.end)}
    chinese = [name for name in chinese_names(text[:MOST_CHARACTERS]) if taken.isdisjoint(range(name.start, name.end))]
    rejected = {key([name]) for name in stop}
    names = (name for name in [*latin, *chinese] if not rejected & {key([name.surface]), key([name.canonical])})
    return sorted(names, key=lambda name: name.start)


def found_in(lines: Sequence[Sentence], *, known: Gazetteer | None = None) -> list[list[Span]]:
    """The names of each sentence of one text, with how sure each is; `known` are other lists than the shipped ones."""
    listed = mentions(lines, known or gazetteer())
    heard = unlisted(lines, listed, shipped_tagger())
    whole = [
        beside(beside(spans, more), typed_names(line)) for line, spans, more in zip(lines, listed, heard, strict=True)
    ]
    return confidence(lines, whole)


def canonical(name: str) -> Entry | None:
    """Who or what goes by this name, whatever its case, spaces and hyphens; nobody if no list knows it."""
    return gazetteer().canonical(name)


def _name(text: str, row: Sequence[Word], span: Span) -> Name:
    start, end = row[span.start].start, row[span.end - 1].end
    surface = text[start:end]
    return Name(span.kind, surface, span.canonical or surface, span.attack, start, end, span.confidence, span.method)
