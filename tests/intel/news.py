"""Reports as sources outside tell them."""

from datetime import datetime
from uuid import uuid4

from infohub.standards.stix21.timestamp import milliseconds


def report(title: str, text: str, *, source: str, at: datetime, **more: object) -> dict[str, object]:
    """What a source of this name told at this moment; what else is named is said as well, or instead."""
    return {
        "type": "report",
        "spec_version": "2.1",
        "id": f"report--{uuid4()}",
        "created": milliseconds(at),
        "modified": milliseconds(at),
        "published": milliseconds(at),
        "name": title,
        "description": text,
        "report_types": ["threat-report"],
        "object_refs": ["identity--28bb3599-77cd-4a82-a950-b5bc3caf07c4"],
        "external_references": [{"source_name": source, "url": f"https://{source.lower()}.example/1"}],
    } | more
