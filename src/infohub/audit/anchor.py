"""The chain's head kept outside the database: who rewrites the chain, or cuts its tail, does not match it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from infohub.audit.models import Link
from infohub.support.clock import now

_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Anchor:
    """One head the chain once had."""

    position: int
    digest: str


def anchor_path() -> Path:
    """The file of heads; copy it to where the database's administrator cannot write."""
    return Path(settings.DATA) / "audit-head.jsonl"


def anchor_head() -> None:
    """Append the chain's head unless it stands there already; after a crash the next call makes up for it."""
    head = Link.objects.order_by("position").last()
    if head is None:
        return
    last = last_anchor()
    if last is not None and last.position >= head.position:
        return
    line = json.dumps({"position": head.position, "digest": head.digest, "at": now().isoformat()})
    _append(f"{line}\n".encode())


def anchors() -> Iterator[Anchor | None]:
    """Every head written so far, oldest first; None for a line that is none."""
    if not anchor_path().exists():
        return
    with anchor_path().open("rb") as file:
        for line in file:
            yield _read(line)


def last_anchor() -> Anchor | None:
    """The last head that was written in full."""
    if not anchor_path().exists():
        return None
    with anchor_path().open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 2 * _LONGEST_LINE))
        read = [_read(line) for line in file.read().splitlines()]
    return next((anchor for anchor in reversed(read) if anchor is not None), None)


def _append(line: bytes) -> None:
    """One write at the end of the file, on the disk when this returns; a torn line before it is ended first."""
    path = anchor_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _read(line: bytes) -> Anchor | None:
    try:
        content = json.loads(line)
        return Anchor(int(content["position"]), str(content["digest"]))
    except (ValueError, KeyError, TypeError):
        return None
