"""The value of an attribute as what a STIX pattern compares, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from infohub.standards.stix21.patterns import quoted

from .kinds import ADDRESS, SPELLINGS, TYPES
from .legal import Value, address, legal

LONGEST_PATTERN = 16_000

_FILE = re.compile(r"(?P<folder>.*)(?P<separator>[\\/])(?P<name>[^\\/]*)\Z", re.DOTALL)
_TERM = re.compile(
    r"\s*([a-z0-9-]+:(?:'[^']+'|[\w.*\[\]-])+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([0-9]{1,10}))\s*", re.DOTALL
)
_NEEDLESS = re.compile(r"'([A-Za-z_]\w*)'(?=\.|\Z)", re.ASCII)


class Comparison(NamedTuple):
    """One equality of a pattern."""

    path: str
    value: Value


def comparisons(kind: str, value: str) -> tuple[Comparison, ...]:
    """What a pattern compares to find the value of a MISP type; nothing where STIX has no word for it."""
    paths = TYPES[kind].paths if kind in TYPES else ()
    parts = value.split("|", 1) if len(paths) > 1 else [value]
    if not paths or len(parts) != len(paths):
        return ()
    compared = [_compared(path, part.strip()) for path, part in zip(paths, parts, strict=True)]
    return tuple(one for some in compared for one in some) if all(compared) else ()


def type_of(compared: Sequence[Comparison]) -> tuple[str, str] | None:
    """The MISP type and value that a pattern with these comparisons finds; None where MISP has no type for it."""
    parts = {_place(one): str(one.value) for one in _joined(compared) if not one.path.endswith("_ref.type")}
    for kind, paths in _BY_PATHS.get(frozenset(parts), ()):
        value = "|".join(parts[path] for path in paths)
        if comparisons(kind, value):
            return kind, f"AS{value}" if kind == "AS" else value
    return None


def pattern_of(compared: Iterable[Comparison]) -> str:
    terms = (f"{path} = {value if isinstance(value, int) else quoted(value)}" for path, value in compared)
    return f"[{' AND '.join(terms)}]"


def compared_in(pattern: str) -> tuple[Comparison, ...]:
    """The comparisons of a pattern that is one observation of equalities, all to be met; nothing for other patterns."""
    inside = pattern.strip()
    if not (inside.startswith("[") and inside.endswith("]")) or len(inside) > LONGEST_PATTERN:
        return ()
    found: list[Comparison] = []
    position, end = 1, len(inside) - 1
    while term := _TERM.match(inside, position, end):
        path, written, number = term.groups()
        value = int(number) if number else re.sub(r"\\(.)", r"\1", written, flags=re.DOTALL)
        found.append(Comparison(plain(path), value))
        position = term.end()
        if position == end:
            return tuple(found)
        if not inside.startswith("AND", position):
            break
        position += len("AND")
    return ()


def plain(path: str) -> str:
    """A path with no step in quotes that can do without."""
    return _NEEDLESS.sub(r"\1", path)


def _by_paths() -> dict[frozenset[str], list[tuple[str, tuple[str, ...]]]]:
    table: dict[frozenset[str], list[tuple[str, tuple[str, ...]]]] = {}
    for name, paths in (*((name, kind.paths) for name, kind in TYPES.items()), *SPELLINGS):
        if paths:
            table.setdefault(frozenset(paths), []).append((name, paths))
    return table


_BY_PATHS = _by_paths()


def _compared(path: str, written: str) -> tuple[Comparison, ...]:
    """The comparisons for one part of a value; none where it is not legal there."""
    value = legal(path, written) if written else None
    if value is None or value == "":
        return ()
    if path == "file:name":
        return _file(written)
    return (Comparison(_real(path, value), value),)


def _file(written: str) -> tuple[Comparison, ...]:
    """A file, in its folder where the name has one, or the folder itself."""
    found = _FILE.match(written)
    if found is None:
        return (Comparison("file:name", written),)
    folder, separator, name = found.groups()
    if not name:
        return (Comparison("directory:path", folder or separator),)
    return Comparison("file:name", name), Comparison("file:parent_directory_ref.path", folder or separator)


def _joined(compared: Sequence[Comparison]) -> Iterable[Comparison]:
    """The same with each file's folder in its name, as MISP has it."""
    parts = dict(compared)
    folder = parts.pop("file:parent_directory_ref.path", None)
    if folder is None and (path := parts.pop("directory:path", None)) is not None:
        folder, parts["file:name"] = path, parts.get("file:name", "")
    if folder is not None and "file:name" in parts:
        start = str(folder)
        separator = "\\" if "\\" in start or start[1:2] == ":" else "/"
        parts["file:name"] = f"{start}{'' if start.endswith(separator) else separator}{parts['file:name']}"
    return [Comparison(*part) for part in parts.items()]


def _real(path: str, value: Value) -> str:
    """What a pattern calls this place."""
    if path == ADDRESS:
        return f"ipv{6 if ':' in str(value) else 4}-addr:value"
    return re.sub(r"_ref\.(?:ip|name)\Z", "_ref.value", path)


def _place(one: Comparison) -> str:
    """What the table of types calls this place."""
    if one.path in {"ipv4-addr:value", "ipv6-addr:value"}:
        return ADDRESS
    if one.path.startswith("network-traffic:"):
        return re.sub(r"(?<=_ref)\.value\Z", ".ip" if address(str(one.value)) else ".name", one.path)
    return one.path
