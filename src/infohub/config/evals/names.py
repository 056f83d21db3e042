"""Names in reports: the shipped lists, rules and tagger, judged on sentences that people have marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from infohub.analysis.names.find import found_in
from infohub.analysis.names.gazetteer import Gazetteer, gazetteer
from infohub.analysis.names.kinds import NameKind
from infohub.analysis.names.sentence import Sentence, Span
from infohub.config.evals.annotated import drawn, row_of, texts_of
from infohub.config.evals.counting import Scores
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, rows_of, texts
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
        return _predicted(rows, found_in)

    def figures(self, data: Path) -> list[Figure]:
        """The unread blocks, without sentences that stand in the others too; then the same otherwise.

        `_read`: the blocks that were read, which flatters. `_unlisted`: half of the programs, attackers and tools taken
        off the lists, as if they were new.
        """
        read, unread = _parts(data)
        seen, thinned = _seen(read), _thinned(gazetteer())
        scores = ner(unread, self.predict(unread), seen=seen)
        scores |= _main("read", ner(read, self.predict(read)))
        new = _predicted(unread, partial(found_in, known=thinned))
        return figures(self.name, scores | _main("unlisted", ner(unread, new, seen=seen)))


TASKS = (Names(),)


def _predicted(rows: Iterable[Row], find: Find) -> Iterator[Row]:
    for report in texts_of(rows):
        found = find([line.sentence for line in report])
        for line, spans in zip(report, found, strict=True):
            yield row_of(line, line.spans(span for span in spans if span.confidence >= _LEAST))


def _parts(data: Path) -> tuple[list[Row], list[Row]]:
    """The read and the unread rows, each with the text it comes from."""
    rows = list(rows_of(data / _SET))
    came_from = {line.id: str(number) for number, lines in enumerate(texts_of(rows)) for line in lines}
    parts: tuple[list[Row], list[Row]] = ([], [])
    for place, row in enumerate(rows):
        parts[place * _BLOCKS // len(rows) % 4 == _UNREAD].append({**row, "doc": came_from[key_of(row)]})
    return parts


def _seen(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(" ".join(texts(row, "tokens")) for row in rows)


def _main(way: str, scores: Scores) -> Scores:
    """The two measures of the table of targets, measured in another way."""
    return {f"{measure}_{way}": scores[measure] for measure in ("f1", "f1_MALWARE") if measure in scores}


def _thinned(known: Gazetteer) -> Gazetteer:
    """The lists without every second program, attacker and tool."""
    entries = {entry for form in known.forms.values() for entry in form.entries}
    return known.without({entry for entry in entries if entry.kind in _THINNED and drawn(entry.canonical, 0.5)})
