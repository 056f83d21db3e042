"""What belongs together: near-duplicates, stories, related reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from infohub.analysis.relate.imprint import imprint_of
from infohub.analysis.relate.rarity import rarity_of
from infohub.analysis.relate.related import related
from infohub.analysis.relate.stories import WINDOW, Told, story_of
from infohub.analysis.relate.subjects import Subject
from infohub.analysis.relate.twins import likeness
from infohub.config.evals.estimate import mean, percentile
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, number, rows_of, text
from infohub.config.evals.scores import clusters, pairs, search
from infohub.config.evals.shelf import lookup_times
from infohub.config.evals.stories import labelled
from infohub.config.evals.subjects import MemoryRegister, subject
from infohub.standards.jsontext import Json


class Duplicates:
    """Pairs of texts, one made from the other or not; nothing learns, the one threshold was chosen with these."""

    name, documents = "duplicates", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Score and decision for each pair."""
        for row in rows:
            found = likeness(imprint_of(text(row, "a")), imprint_of(text(row, "b")))
            yield {"id": key_of(row), "score": round(found.score, 6), "dup": found.same}

    def figures(self, data: Path) -> list[Figure]:
        """All pairs; and how long the search for a copy's original takes among a hundred thousand pieces."""
        rows = list(rows_of(data / "dup/pairs.jsonl"))
        copied = [row for row in rows if number(row, "label")]
        taken, found = lookup_times([text(row, "b") for row in copied], [text(row, "a") for row in copied])
        lookup = {"lookup_p95_ms": percentile(taken, 0.95), "lookup_found": mean(found)}
        return figures(self.name, pairs(rows, self.predict(rows)) | lookup)


class Stories:
    """Texts as they come, each put to the story it goes on with; thresholds were chosen with the labelled set."""

    name, documents = "stories", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The story of each text, told by nothing but the texts before it; rows without a date come on one day."""
        register, told = MemoryRegister(), list[Told]()
        for piece, row in enumerate(sorted(rows, key=lambda row: text(row, "date"))):
            day = date.fromisoformat(text(row, "date") or "2000-01-01").toordinal()
            about = subject(text(row, "text"))
            register.add(piece, about)
            told = [one for one in told if day - one.day <= 2 * WINDOW]
            rarity = rarity_of(about.keys.union(*(one.subject.keys for one in told)), register)
            found = story_of(about, day, told, rarity)
            story = piece if found is None else found
            told.append(Told(story, day, about))
            yield {"id": key_of(row), "cluster": f"story-{story}"}

    def figures(self, data: Path) -> list[Figure]:
        """Texts of stories with the single ones nearest to others, then all texts; each beside nothing joined."""
        rows = labelled(data)
        hard = [row for row in rows if row["near"]]
        scores = clusters(hard, self.predict(hard))
        whole, alone, all_alone = clusters(rows, self.predict(rows)), clusters(hard, []), clusters(rows, [])
        scores["bcubed_f1_alone"] = alone["bcubed_f1"]
        scores["bcubed_f1_whole"] = whole["bcubed_f1"]
        scores["bcubed_f1_whole_alone"] = all_alone["bcubed_f1"]
        return figures(self.name, scores)


class Related:
    """Reports about the same attackers and malware; weights were chosen with the development queries."""

    name, documents = "related", "search_docs/annoctr_docs.jsonl"

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """For each query the documents in order; a query names one of the documents, or has a text of its own."""
        names, register = list[str](), MemoryRegister()
        subjects: dict[str, Subject] = {}
        for row in rows:
            if "qid" not in row:
                subjects[key_of(row)] = subject(text(row, "text"))
                register.add(len(names), subjects[key_of(row)])
                names.append(key_of(row))
                continue
            asked = subjects.get(key_of(row)) or subject(text(row, "text") or text(row, "query"))
            rarity = rarity_of(asked.keys, register)
            others = ((piece, subjects[name]) for piece, name in enumerate(names) if name != key_of(row))
            ranked: list[Json] = [names[one.piece] for one in related(asked, others, rarity)]
            yield {"qid": key_of(row), "ranked": ranked[:100]}

    def figures(self, data: Path) -> list[Figure]:
        """All queries."""
        queries = list(rows_of(data / "search/related.jsonl"))
        return figures(self.name, search(queries, self.predict(chain(rows_of(data / self.documents), queries))))


TASKS = (Duplicates(), Stories(), Related())
