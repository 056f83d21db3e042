"""Tags of MISP and the markings and labels of STIX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp, tlp_from

from .fields import Given, flag, rows, text
from .frame import Level, strictest
from .remarks import Remark

NO_LEVEL = Level()
TAGS = {level: f"tlp:{level.word.lower()}" for level in Tlp}
_TECHNIQUE = re.compile(r'misp-galaxy:mitre-(?:[a-z]+-)*attack-pattern="(?:[^"]* - )?(T[0-9]{4}(?:\.[0-9]{3})?)"\Z')


@dataclass(frozen=True, slots=True)
class Tags:
    """What stands on an event or attribute: the names in their order, the strictest level, what is not taken."""

    names: tuple[str, ...] = ()
    level: Level = NO_LEVEL
    problems: tuple[Problem, ...] = ()

    def labels(self, level: Level) -> tuple[str, ...]:
        """The names that are true of something at this level."""
        overruled = self.overruled(level)
        return tuple(name for name in self.names if name not in overruled)

    def overruled(self, level: Level) -> tuple[str, ...]:
        """The names that are not, because something stricter counts."""
        true = {*level.unread, *(name for name in self.names if _is_tlp(name) and tlp_from(name) is level.tlp)}
        return tuple(name for name in self.names if _is_tlp(name) and name not in true)


def read_tags(given: Given, path: str) -> Tags:
    """The tags of an event or attribute, and those of the galaxies on it."""
    names: dict[str, None] = {}
    level = NO_LEVEL
    problems: list[Problem] = []
    for place, name, tag in _tags(given, path):
        if _is_tlp(name):
            tlp = tlp_from(name)
            level = strictest(level, Level(unread=(name,)) if tlp is None else Level(tlp))
        problems += _losses(place, name, tag)
        if not flag(tag, "local"):
            names[name] = None
    return Tags(tuple(names), level, tuple(problems))


def colours(given: Given) -> Iterator[tuple[str, str]]:
    """The colours of tags, which belong to the tag wherever it stands."""
    for _, tag in rows(given, "Tag"):
        if tag is not None and (colour := text(tag, "colour")) and (name := text(tag, "name")):
            yield name, colour


def technique(name: str) -> str:
    """The number of the ATT&CK technique that a galaxy's tag names; empty for other tags."""
    found = _TECHNIQUE.match(name)
    return found[1] if found else ""


def technique_tag(number: str, name: str) -> str:
    """The galaxy's tag for a technique."""
    said = name.replace('"', "'")
    return f'misp-galaxy:mitre-attack-pattern="{number if said in {"", number} else f"{said} - {number}"}"'


def tag_names(labels: Iterable[str], level: Tlp, *, above: Tlp | None) -> list[str]:
    """The tags of something at this level; its marking is left out where what holds it says the same."""
    names = list(dict.fromkeys(name for name in labels if not _is_tlp(name) or tlp_from(name) is level))
    if level is not above and not any(map(_is_tlp, names)):
        names.append(TAGS[level])
    return names


def _tags(given: Given, path: str) -> Iterator[tuple[str, str, Given]]:
    for place, tag in rows(given, "Tag", path=path):
        if tag is not None and (name := text(tag, "name").strip()):
            yield place, name, tag
    for _, galaxy in rows(given, "Galaxy", path=path):
        for place, cluster in rows(galaxy or {}, "GalaxyCluster"):
            if cluster is not None and (name := text(cluster, "tag_name").strip()):
                yield place, name, cluster


def _losses(place: str, name: str, tag: Given) -> Iterator[Problem]:
    """What of a tag, or of the cluster of a galaxy behind one, is not taken."""
    if flag(tag, "local"):
        yield Problem(place, Remark.LOCAL_TAG, name)
    elif relation := text(tag, "relationship_type"):
        yield Problem(place, Remark.TAG_RELATION, relation)
    if text(tag, "description") or tag.get("meta"):
        yield Problem(place, Remark.CLUSTER, name)


def _is_tlp(name: str) -> bool:
    return name.strip().lower().startswith("tlp:")
