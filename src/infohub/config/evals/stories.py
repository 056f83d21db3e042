"""The labelled set of stories: hashes of texts with the story each belongs to, and the texts where the data is there.

How it was labelled is in docs/analysis/relate.md; the texts themselves do not come with the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import orjson

from infohub.config.evals.rows import Row, rows_of, text

LABELS = Path(__file__).with_name("stories.json")
_SOURCES = {
    "dup": ("dup/pairs.jsonl", ("a", "b")),
    "annoctr": ("search_docs/annoctr_docs.jsonl", ("text",)),
    "tram": ("tram/docs.jsonl", ("text",)),
}
_EXPLOITED = "../kev/known_exploited_vulnerabilities.json"


def labelled(data: Path) -> list[Row]:
    """Rows with text, date, story and whether it is among the hard ones, in the order of their dates."""
    texts = dict(_texts(data))
    rows = orjson.loads(LABELS.read_bytes())
    return [
        {
            "id": f"{row['set']}-{row['id']}",
            "text": texts[row["id"]],
            "date": row["date"],
            "cluster": row["story"] or row["id"],
            "near": row.get("near", False),
        }
        for row in rows
        if row["id"] in texts
    ]


def _texts(data: Path) -> Iterator[tuple[str, str]]:
    for path, names in _SOURCES.values():
        for row in rows_of(data / path):
            for name in names:
                yield sha256(text(row, name).encode()).hexdigest()[:16], text(row, name)
    for one in orjson.loads((data / _EXPLOITED).read_bytes())["vulnerabilities"]:
        yield one["cveID"], f"{one['vulnerabilityName']}\n{one['shortDescription']} {one['cveID']}"
