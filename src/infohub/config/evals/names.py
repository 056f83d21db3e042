"""Names in reports: the shipped lists, rules and tagger, judged on sentences that people have marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from infohub.analysis.names.find import found_in
from infohub.analysis.names.gazetteer import Gazetteer, gazetteer
from infohub.analysis.names.kinds import NameKind
from infohub.analysis.names.sentence import Sentence, Span
from infohub.config.evals.annotated import Line, drawn, row_of, texts_of
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, rows_of, texts
from infohub.config.evals.scores import ner

_SET = "ner/annoctr.jsonl"
_LEAST = 0.4
"""How sure a name must be to be said: less is wrong more often than it helps."""
_BLOCKS, _UNREAD = 24, 3
"""The set is cut into blocks of neighbouring sentences; whoever wrote rules never read the fourth of each four."""
_THINNED = (NameKind.MALWARE, NameKind.ACTOR, NameKind.TOOL)

Find = Callable[[Sequence[Sentence]], list[list[Span]]]


class Names:
    """Everything that is shipped, as it is."""

    name, documents = "names", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Names for each sentence; neighbouring rows are read as the text they come from."""
        return _predicted(texts_of(rows), found_in)

    def figures(self, data: Path) -> list[Figure]:
        """The blocks that nobody read who wrote rules, without the sentences that stand in the others too."""
        read, unread = _parts(data)
        return figures(self.name, ner(unread, self.predict(unread), seen=_seen(read)))


class Read(Names):
    """The same on the blocks that were read: flattering, to be compared with the unread ones."""

    name = "names-read"

    def figures(self, data: Path) -> list[Figure]:
        """The two figures of the table of targets."""
        read, _ = _parts(data)
        return _two(self.name, read, self.predict(read), frozenset())


class Unlisted(Names):
    """Every second malicious program, attacker and tool taken off the lists: how names are found that are new."""

    name = "names-unlisted"

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Names for each sentence with the thinned lists."""
        known = _thinned(gazetteer())
        return _predicted(texts_of(rows), lambda lines: found_in(lines, known=known))

    def figures(self, data: Path) -> list[Figure]:
        """The two figures of the table of targets, on the unread blocks."""
        read, unread = _parts(data)
        return _two(self.name, unread, self.predict(unread), _seen(read))


TASKS = (Names(), Read(), Unlisted())


def _predicted(reports: Iterable[list[Line]], find: Find) -> Iterator[Row]:
    for report in reports:
        found = find([line.sentence for line in report])
        for line, spans in zip(report, found, strict=True):
            yield row_of(line, line.spans(span for span in spans if span.confidence >= _LEAST))


def _parts(data: Path) -> tuple[list[Row], list[Row]]:
    """The read and the unread rows."""
    rows = list(rows_of(data / _SET))
    parts: tuple[list[Row], list[Row]] = ([], [])
    for place, row in enumerate(rows):
        parts[place * _BLOCKS // len(rows) % 4 == _UNREAD].append(row)
    return parts


def _seen(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(" ".join(texts(row, "tokens")) for row in rows)


def _two(name: str, gold: Sequence[Row], said: Iterable[Row], seen: frozenset[str]) -> list[Figure]:
    scores = ner(gold, said, seen=seen)
    return figures(name, {measure: scores[measure] for measure in ("f1", "f1_MALWARE") if measure in scores})


def _thinned(known: Gazetteer) -> Gazetteer:
    """The lists without every second program, attacker and tool."""
    entries = {entry for form in known.forms.values() for entry in form.entries}
    return known.without({entry for entry in entries if entry.kind in _THINNED and drawn(entry.canonical, 0.5)})
