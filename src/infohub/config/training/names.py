"""Makes the lists that ATT&CK and the catalogue of vulnerabilities bring, and teaches the tagger of unlisted names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from zlib import crc32

from infohub.analysis.names.features import features
from infohub.analysis.names.gazetteer import gazetteer, key, ordinary_words
from infohub.analysis.names.kinds import NameKind
from infohub.analysis.names.mentions import mentions
from infohub.analysis.names.sentence import Sentence, Span
from infohub.analysis.names.unlisted import TAGGER
from infohub.analysis.names.words import sentences
from infohub.config.evals.annotated import drawn
from infohub.config.evals.rows import rows_of, text
from infohub.config.training.chain import Example, train_chain

_ATTACK = ("attack/enterprise-attack-stix20.json", "attack/ics-attack.json")
_CATALOGUE = "kev/known_exploited_vulnerabilities.json"
_OBJECTS = {"malware": "malware", "tool": "tool", "intrusion-set": "actor", "campaign": "campaign"}
_TAUGHT = (NameKind.MALWARE, NameKind.ACTOR, NameKind.TOOL, NameKind.ORGANISATION, NameKind.PLACE)
_HIDDEN, _HIDDEN_PLACES = 0.9, 0.2
"""The share of names that the tagger must learn to tell by what stands around them; places it mostly may know."""
_PROCEDURES, _TOGETHER, _EMPTY = 5000, 5, 0.4
_LEAST, _SMALLEST = 4, 0.04

Object = Mapping[str, object]


def train(data: Path, models: Path) -> None:
    """Write the lists, then the tagger, which reads them: `models` is where the product looks for them."""
    objects = list(_objects(data.parent))
    _write(models / "names_attack.txt", _attack_lines(objects))
    vulnerabilities = _vulnerabilities(data.parent)
    _write(models / "names_vendors.txt", sorted({str(one["vendorProject"]).strip() for one in vulnerabilities}))
    _write(models / "names_products.txt", sorted(set(_product_lines(vulnerabilities))))
    reports = [text(row, "text") for row in rows_of(data / "tram/docs.jsonl")]
    described = [_prose(one) for one in objects if one.get("description")]
    _write(models / "names_words.txt", _ordinary([*reports, *described]))
    gazetteer.cache_clear()
    ordinary_words.cache_clear()
    labels = ["O", *(f"{part}-{kind}" for kind in _TAUGHT for part in "BI")]
    taught = train_chain(list(_examples(_texts(reports, objects), labels)), labels, rounds=6, rate=0.1, least=_LEAST)
    taught.pruned(_SMALLEST).write(models / TAGGER)


def _examples(texts: Iterable[str], labels: list[str]) -> Iterator[Example]:
    """Sentences with what the lists and rules find in them; sentences without any name are thinned."""
    numbers = {label: number for number, label in enumerate(labels)}
    for place, whole in enumerate(texts):
        lines = [Sentence([word.text for word in row]) for row in sentences(whole) if len(row) > 2]
        for line, spans in zip(lines, mentions(lines, gazetteer()), strict=True):
            example = _example(line, spans, numbers, str(place))
            if any(example.labels) or drawn(line.line, _EMPTY):
                yield example


def _example(line: Sentence, spans: Iterable[Span], numbers: Mapping[str, int], text_number: str) -> Example:
    """Hidden names are neither told by the rules nor by their letters, but labelled all the same.

    A name is hidden in the whole of a text or nowhere in it.
    """
    labels, said, unknown = [0] * len(line), [], set[int]()
    for span in spans:
        if span.kind not in _TAUGHT:
            said.append(span)
            continue
        for place in range(span.start, span.end):
            labels[place] = numbers[f"{'B' if place == span.start else 'I'}-{span.kind}"]
        share = _HIDDEN_PLACES if span.kind is NameKind.PLACE else _HIDDEN
        if drawn(f"{text_number} {key(line.words[span.start : span.end])}", share):
            unknown |= set(range(span.start, span.end))
        else:
            said.append(span)
    return Example(features(line, said, unknown), labels)


def _texts(reports: Iterable[str], objects: Iterable[Object]) -> Iterator[str]:
    """Reports; what ATT&CK says of programs, groups and campaigns; and some of the uses it tells, a few together."""
    yield from reports
    told = list(objects)
    yield from (_prose(one) for one in told if one["type"] in _OBJECTS and one.get("description"))
    uses = [_prose(one) for one in told if one.get("relationship_type") == "uses" and one.get("description")]
    uses.sort(key=lambda use: crc32(use.encode()))
    for first in range(0, min(len(uses), _PROCEDURES), _TOGETHER):
        yield "\n\n".join(uses[first : first + _TOGETHER])


def _prose(one: Object) -> str:
    """A description without links and citations."""
    unlinked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", str(one["description"]))
    return re.sub(r"\(Citation:[^)]*\)", "", unlinked)


def _objects(folder: Path) -> Iterator[Object]:
    for name in _ATTACK:
        yield from json.loads((folder / name).read_text("utf-8"))["objects"]


def _vulnerabilities(folder: Path) -> list[Object]:
    found: list[Object] = json.loads((folder / _CATALOGUE).read_text("utf-8"))["vulnerabilities"]
    return found


def _attack_lines(objects: Iterable[Object]) -> Iterator[str]:
    """Kind, id, and names with the first as the one."""
    found: dict[str, tuple[str, dict[str, None]]] = {}
    for one in objects:
        kind = _OBJECTS.get(str(one["type"]))
        if kind and not one.get("revoked") and not one.get("x_mitre_deprecated"):
            references = one["external_references"]
            assert isinstance(references, list)
            names = [one["name"], *_listed(one, "aliases"), *_listed(one, "x_mitre_aliases")]
            known = found.setdefault(references[0]["external_id"], (kind, {}))[1]
            known.update(dict.fromkeys(map(str, names)))
    for number, (kind, every) in sorted(found.items()):
        yield f"{kind}\t{number}\t{' | '.join(every)}"


def _listed(one: Object, name: str) -> list[object]:
    value = one.get(name)
    return value if isinstance(value, list) else []


def _product_lines(vulnerabilities: Iterable[Object]) -> Iterator[str]:
    """A product with its maker, and alone where that tells it; several that stand in one name apart."""
    for one in vulnerabilities:
        vendor = str(one["vendorProject"]).strip()
        for part in re.split(r",? and |, ", re.sub(r" ?\([^)]*\)", "", str(one["product"]))):
            name = part.strip()
            if len(name) > 2 and not name.startswith("Multiple"):
                whole = name if name.startswith(vendor) else f"{vendor} {name}"
                yield f"{whole} | {name}" if _telling(name) else whole


def _telling(name: str) -> bool:
    """Whether the name alone tells the product: `ColdFusion` does, `Server` and `Mobile Devices` do not."""
    return len(name) > 4 and any(character.isupper() for character in name[1:].replace(" ", "")) and " " not in name


def _ordinary(texts: Iterable[str]) -> list[str]:
    """Words that are written in small letters more often than with a capital."""
    small, capital = Counter[str](), Counter[str]()
    for whole in texts:
        prose = re.sub(r"\S*[/\\@_]\S*|\S+\.\S+", " ", whole)
        for word in re.findall(r"[A-Za-z]+(?:[-'][A-Za-z]+)*", prose):
            (small if word.islower() else capital)[word.lower()] += 1
    return sorted(word for word, times in small.items() if times > max(1, capital[word]) and len(word) > 1)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
