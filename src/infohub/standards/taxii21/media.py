"""The TAXII 2.1 media type, and which requests it satisfies (section 1.6.8 of the specification)."""

import re
from collections.abc import Iterator

TAXII = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"

_SUITABLE = frozenset({"application/taxii+json", "application/json", "application/*", "*/*"})
_PARTS = re.compile(r'((?:[^,"]|"(?:[^"\\]|\\.)*"|")+)')
_PARAMETERS = re.compile(r';\s*([^=;,\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,]*)')


def accept_allows(header: str | None) -> bool:
    """Whether a client with this Accept header takes a TAXII 2.1 answer; refused only where it clearly does not."""
    if header is None or not header.strip():
        return True
    weights = [(specific, quality) for kind, specific, quality in _ranges(header) if kind]
    if not weights:
        return False
    # The most specific range decides (RFC 9110, 12.5.1): `application/taxii+json;q=0, */*` is a refusal.
    return max(weights)[1] > 0


def content_type_allows(header: str | None) -> bool:
    """Whether a body sent with this Content-Type is a TAXII 2.1 envelope."""
    if header is None:
        return False
    kind, version, _ = _read(header)
    return kind == "application/taxii+json" and version in {"", "2.1"}


def _ranges(header: str) -> Iterator[tuple[bool, int, float]]:
    """For each range of the header: whether a TAXII 2.1 answer is in it, how specific it is, and its weight."""
    for part in _PARTS.findall(header):
        kind, version, quality = _read(part)
        specific = 3 if version else 2 - kind.count("*") if kind != "application/json" else 1
        yield kind in _SUITABLE and version in {"", "2.1"}, specific, quality


def _read(part: str) -> tuple[str, str, float]:
    """Media type, version and weight of one range, without regard to case, quotes and spaces."""
    kind = part.partition(";")[0].strip().lower()
    parameters = {name.lower(): value.strip().strip('"').strip().lower() for name, value in _PARAMETERS.findall(part)}
    return kind, parameters.get("version", ""), _quality(parameters.get("q", ""))


def _quality(text: str) -> float:
    """A weight from 0 to 1; what cannot be read does not count against the client."""
    return float(text) if re.fullmatch(r"[01](?:\.[0-9]{0,3})?", text) else 1.0
