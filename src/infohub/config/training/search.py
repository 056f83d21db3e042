"""Weighs the words in which ATT&CK speaks of each technique: those that tell it from all the others."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import log, sqrt
from pathlib import Path

from infohub.analysis.rank.profiles import FILE
from infohub.analysis.rank.stems import stems
from infohub.config.evals.attack import Described, described_techniques
from infohub.config.evals.rows import rows_of, text

_WORDS = 300
_NAME = 3.0
_PROCEDURE = 0.3  # a technique with hundreds of them is still to be known by its description
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SHORTEST = 20


def train(data: Path, models: Path) -> None:
    """Read names, descriptions and procedures, write the profiles."""
    known = described_techniques(data)
    procedures: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(data / "procedures/procedures.jsonl"):
        procedures[text(row, "technique")].append(text(row, "text").replace(text(row, "source_name"), " "))
    counted = {number: _counted(one, procedures[number]) for number, one in known.items()}
    lines = (f"{number}\t{known[number].name}\t{words}" for number, words in _lines(counted))
    (models / FILE).write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def _counted(technique: Described, procedures: Sequence[str]) -> dict[str, float]:
    """In how many sentences each stem stands, those of the name counting more."""
    counted = dict.fromkeys(stems(technique.name), _NAME)
    told = [one for one in _SENTENCE.split(technique.text) if len(one) > _SHORTEST]
    for sentences, share in ((told, 1.0), (procedures, _PROCEDURE)):
        for stem, times in Counter(chain.from_iterable(set(stems(one)) for one in sentences)).items():
            counted[stem] = counted.get(stem, 0.0) + share * times
    return counted


def _lines(counted: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str]]:
    """For each technique its words by how much likelier they are there than anywhere."""
    together: dict[str, float] = defaultdict(float)
    for words in counted.values():
        for word, n in words.items():
            together[word] += n
    whole = sum(together.values())
    for number in sorted(counted):
        words = counted[number]
        size = sum(words.values())
        weights = {
            word: more * log(1 + n)
            for word, n in words.items()
            if (more := log((n + 0.01) / (size + 1) * whole / (together[word] + 5))) > 0
        }
        best = sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS]
        length = sqrt(sum(weights[word] ** 2 for word in best)) or 1.0
        yield number, "\t".join(f"{word} {round(1000 * weights[word] / length)}" for word in best)
