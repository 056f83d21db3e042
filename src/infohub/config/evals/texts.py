"""The texts of labelled documents, made again from the data sets they come from, as only their places are kept."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


class ChangedTextError(Exception):
    """A data set no longer holds the text that was labelled."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: a file as seen from the data folder, the rows or entries of it, and the part of them."""

    source: str
    picks: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """What was put in the place of `removed` characters at `start` of the text as it was."""

    start: int
    removed: int
    inserted: str


def text_at(data: Path, place: Place) -> str:
    """The text of one place."""
    path = data / place.source
    kind = place.source.removeprefix("../").partition("/")[0]
    if path.suffix == ".jsonl":
        whole = _rows(path, place.picks)
    elif kind == "kev":
        whole = _vulnerabilities(path, place.picks)
    elif kind == "csaf":
        whole = _advisory(path)
    elif kind == "misp":
        whole = _event(path)
    elif kind == "attack":
        whole = _techniques(path, place.picks)
    else:
        whole = path.read_text(encoding="utf-8")
    return whole[place.start : place.end]


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with its edits, which are in order and count in the text as it was."""
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (text[position : edit.start], edit.inserted)
        position = edit.start + edit.removed
    return "".join((*pieces, text[position:]))


def digest(text: str) -> str:
    """What a text or a value is known by here."""
    return sha256(text.encode()).hexdigest()


def _rows(path: Path, picks: tuple[str, ...]) -> str:
    with path.open(encoding="utf-8") as lines:
        rows = {str(number): line for number, line in enumerate(lines) if str(number) in picks}
    return "\n\n".join(str(json.loads(rows[pick])["text"]) for pick in picks)


def _vulnerabilities(path: Path, picks: tuple[str, ...]) -> str:
    """A note on several known exploited vulnerabilities, as an office would send it round."""
    entries = {entry["cveID"]: entry for entry in json.loads(path.read_bytes())["vulnerabilities"]}
    return "\n\n".join(
        f"{entry['vulnerabilityName']} ({entry['cveID']}, {', '.join(entry['cwes'])})\n"
        f"Affected: {entry['vendorProject']} {entry['product']}. Added {entry['dateAdded']}, due {entry['dueDate']}.\n"
        f"{entry['shortDescription']}\n{entry['requiredAction']}\nSee {entry['notes']}"
        for entry in (entries[pick] for pick in picks)
    )


def _advisory(path: Path) -> str:
    """A CSAF document as a reader would see it: title, notes, references, vulnerabilities."""
    advisory = json.loads(path.read_bytes())
    document = advisory["document"]
    parts = [document["title"], *_notes(document), *_links(document)]
    for flaw in advisory.get("vulnerabilities", []):
        weakness = flaw.get("cwe", {}).get("id", "")
        parts += [f"{flaw.get('cve', '')} {weakness}".strip(), *_notes(flaw), *_links(flaw)]
        parts += [one["details"] for one in flaw.get("remediations", [])]
    return "\n\n".join(parts)


def _notes(holder: dict[str, list[dict[str, str]]]) -> list[str]:
    return [f"{note.get('title', '')}\n{note['text']}".strip() for note in holder.get("notes", [])]


def _links(holder: dict[str, list[dict[str, str]]]) -> list[str]:
    return [f"{link['summary']}: {link['url']}" for link in holder.get("references", [])]


def _event(path: Path) -> str:
    """A MISP event as a list: one attribute a line, objects after their names."""
    event = json.loads(path.read_bytes())["Event"]
    lines = [event["info"], *map(_attribute, event.get("Attribute", []))]
    for thing in event.get("Object", []):
        lines += [f"{thing['name']} {thing.get('comment', '')}".strip(), *map(_attribute, thing["Attribute"])]
    return "\n".join(lines)


def _attribute(attribute: dict[str, str]) -> str:
    comment = f" ({attribute['comment']})" if attribute.get("comment") else ""
    return f"{attribute['type']}: {attribute['value']}{comment}"


def _techniques(path: Path, picks: tuple[str, ...]) -> str:
    found: dict[str, str] = {}
    for thing in json.loads(path.read_bytes())["objects"]:
        for reference in thing.get("external_references", []):
            if reference.get("source_name") == "mitre-attack" and reference["external_id"] in picks:
                found.setdefault(reference["external_id"], f"{thing['name']}\n{thing.get('description', '')}")
    return "\n\n".join(f"{pick} {found[pick]}" for pick in picks)
