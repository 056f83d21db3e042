"""Counts in how many texts of the trade each word stands: the background that tells rare words from usual ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from infohub.analysis.livetext import live_text
from infohub.analysis.relate.rarity import USUAL
from infohub.analysis.tokens import words_of
from infohub.config.evals.rows import rows_of, text

_FEWEST, _LEAST_PROCEDURES = 3, 8


def train(data: Path, models: Path) -> None:
    """Count the words of TRAM's reports, and of what ATT&CK tells of each group and software together."""
    counted = Counter[str]()
    texts = 0
    for texts, whole in enumerate(_texts(data), 1):  # noqa: B007  (how many there were is written down)
        counted.update({word for word in words_of(live_text(whole).text) if len(word) > 1 and word.isascii()})
    lines = (f"{word} {times}" for word, times in sorted(counted.items()) if times >= _FEWEST)
    (models / USUAL).write_text("\n".join([str(texts), *lines]) + "\n", encoding="utf-8")


def _texts(data: Path) -> Iterator[str]:
    for row in rows_of(data / "tram/docs.jsonl"):
        yield text(row, "text")
    told: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(data / "procedures/procedures.jsonl"):
        told[text(row, "source")].append(text(row, "text"))
    yield from (" ".join(each) for each in told.values() if len(each) >= _LEAST_PROCEDURES)
