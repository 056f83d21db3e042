"""What a tagger that an installation taught with labelled texts of its own adds to the names found, and takes away."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from .features import features
from .kinds import Method, NameKind
from .sentence import Sentence, Span
from .tagger import Floats, Tagger

TAGGER = "names_tagger.npz"
_SURE, _UNLIKELY = 0.7, 0.05


def own_tagger(folder: Path) -> Tagger | None:
    """The tagger that the installation taught itself, if it did: `infohub evals train names DATA --local FOLDER`."""
    path = folder / TAGGER
    return Tagger.read(path) if path.is_file() else None


def taught(sentence: Sentence, found: Sequence[Span], tagger: Tagger) -> list[Span]:
    """What was found, less what the tagger thinks unlikely, with what it is sure of and nothing else claims."""
    if not len(sentence):
        return list(found)
    path, likely = tagger.best(features(sentence, found))
    kept = [span for span in found if _likelihood(tagger, likely, span) >= _UNLIKELY]
    taken = {place for span in kept for place in range(span.start, span.end)}
    added = [
        span._replace(confidence=sure)
        for span in _spans(tagger, path)
        if not taken & set(range(span.start, span.end)) and (sure := _likelihood(tagger, likely, span)) >= _SURE
    ]
    return sorted([*kept, *added])


def _likelihood(tagger: Tagger, likely: Floats, span: Span) -> float:
    columns = [column for column, label in enumerate(tagger.labels) if label[2:] == span.kind]
    return float(np.mean(likely[span.start : span.end, columns].sum(axis=1))) if columns else 1.0


def _spans(tagger: Tagger, path: Sequence[int]) -> Iterator[Span]:
    """The names that a row of labels makes."""
    start, kind = 0, ""
    for place, column in enumerate([*path, 0]):
        label = tagger.labels[column]
        if kind and label != f"I-{kind}":
            yield Span(start, place, NameKind(kind), Method.TAGGER)
            kind = ""
        if label != "O" and not kind:
            start, kind = place, label[2:]
