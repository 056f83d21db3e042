"""The scores of FIRST's Exploit Prediction Scoring System: how likely each CVE is exploited in the next 30 days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from infohub.standards.feeds.facts import Score
from infohub.standards.feeds.fields import NO_CVE, TOO_MANY, cve_of, lines_of, moment_of, refused
from infohub.standards.gzipped import MAGIC, unpacked
from infohub.standards.losses import Line
from infohub.standards.problem import Problem

MOST, MOST_BYTES, MOST_LINES = 2_000_000, 200_000_000, 1000
_FACT = re.compile(r"(model_version|score_date):([^,\s]{1,40})")
_HEAD = ["cve", "epss", "percentile"]


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one day; a third of a million CVEs are scored, so only what was refused has a line."""

    model: str
    scored: datetime | None
    rows: tuple[Score, ...]
    lines: tuple[Line, ...]


def read(raw: bytes) -> Scores | Problem:
    """The scores in these bytes, packed or not, or why they are none."""
    content = unpacked([raw], most=MOST_BYTES) if raw.startswith(MAGIC) else raw
    if isinstance(content, Problem):
        return content
    lines = lines_of(content)
    facts = dict(_FACT.findall(lines[0])) if lines[0].startswith("#") else {}
    begin = 1 if lines[0].startswith("#") else 0
    if len(lines) <= begin or [word.strip() for word in lines[begin].split(",")] != _HEAD:
        return Problem("", "this is no table of EPSS scores")
    if len(lines) > MOST:
        return Problem("", TOO_MANY, str(len(lines)))
    rows: dict[str, Score] = {}
    losses: list[Line] = []
    for number, line in enumerate(lines[begin + 1 :], begin + 2):
        if line.strip():
            score = _score(line)
            if isinstance(score, Score):
                rows[score.cve] = score
            elif len(losses) < MOST_LINES:
                losses.append(refused(f"line {number}", [score]))
    scored = moment_of(facts.get("score_date", ""))
    return Scores(facts.get("model_version", ""), scored, tuple(rows.values()), tuple(losses))


def _score(line: str) -> Score | Problem:
    parts = line.strip().split(",")
    if len(parts) != 3:
        return Problem("", "this row has not three fields")
    cve = cve_of(parts[0])
    if not cve:
        return Problem("cve", NO_CVE, parts[0][:40])
    try:
        epss, percentile = float(parts[1]), float(parts[2])
    except ValueError:
        return Problem("epss", "this is no number", line[:80])
    if not (0 <= epss <= 1 and 0 <= percentile <= 1):
        return Problem("epss", "this is no share between 0 and 1", line[:80])
    return Score(cve, epss, percentile)
