"""Search: which documents answer names, techniques, behaviours told at length, and Chinese words in either script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from infohub.analysis.rank.query import understood
from infohub.analysis.rank.ranking import Read, ranked, read
from infohub.config.evals.attack import described_techniques
from infohub.config.evals.counting import Scores
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, rows_of, text
from infohub.config.evals.scores import search
from infohub.standards.jsontext import Json

_MOST = 100
_DESCRIPTION = 600
_TYPES = {"TECHNIQUE": "technique", "TACTIC": "tactic"}


def _predictions(rows: Iterable[Row]) -> Iterator[Row]:
    """For each query the documents that came before it, in order; a document is judged by its own words alone."""
    names, texts = list[str](), list[Read]()
    for row in rows:
        if "qid" not in row:
            names.append(text(row, "id"))
            texts.append(read("\n".join(filter(None, (text(row, "title"), text(row, "text"))))))
            continue
        order: list[Json] = [names[one.place] for one in ranked(understood(text(row, "query")), texts)[:_MOST]]
        yield {"qid": key_of(row), "ranked": order}


class Search:
    """Queries by names of actors, malware and tools, of techniques and tactics, and by descriptions of techniques."""

    name, documents = "search", "search_docs/annoctr_docs.jsonl"

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The documents in order for each query."""
        return _predictions(rows)

    def figures(self, data: Path) -> list[Figure]:
        """Each kind of query by itself. A behaviour is the description of a technique instead of its name."""
        asked: dict[str, list[Row]] = {}
        descriptions = {one.name: one.text[:_DESCRIPTION] for one in described_techniques(data).values()}
        for row in rows_of(data / "search/annoctr_concepts.jsonl"):
            kind = _TYPES.get(text(row, "type"), "entity")
            asked.setdefault(kind, []).append(row)
            if kind == "technique" and (told := descriptions.get(text(row, "query"))):
                asked.setdefault("behaviour", []).append({**row, "qid": f"{key_of(row)}-told", "query": told})
        documents = list(rows_of(data / self.documents))
        predicted = list(self.predict(chain(documents, *asked.values())))
        scores: Scores = {}
        for kind, queries in sorted(asked.items()):
            keys = {key_of(row) for row in queries}
            found = search(queries, [row for row in predicted if key_of(row) in keys])
            scores |= {f"ndcg10_{kind}": found["ndcg10"], f"r10_{kind}": found["r10"]}
        return figures(self.name, scores)


class ChineseSearch:
    """Names of techniques in one script, documents in either."""

    name, documents = "search-chinese", "search_docs/zh_docs.jsonl"

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The documents in order for each query."""
        return _predictions(rows)

    def figures(self, data: Path) -> list[Figure]:
        """Both scripts together and each alone; English queries of Chinese documents are another matter."""
        queries = [row for row in rows_of(data / "search/zh_queries.jsonl") if text(row, "script") != "en"]
        predicted = list(self.predict(chain(rows_of(data / self.documents), queries)))
        scores: Scores = dict(search(queries, predicted))
        for script in ("Hant", "Hans"):
            of_it = [row for row in queries if text(row, "script") == script]
            keys = {key_of(row) for row in of_it}
            scores[f"r10_{script}"] = search(of_it, [row for row in predicted if key_of(row) in keys])["r10"]
        return figures(self.name, scores)


TASKS = (Search(), ChineseSearch())
