"""The Traffic Light Protocol 2.0 (FIRST, 2022): five markings in order of strictness."""

import re
from enum import IntEnum


class Tlp(IntEnum):
    """A marking; a larger number is stricter, so `max` of several is the strictest."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    def __str__(self) -> str:
        return self.word

    @property
    def word(self) -> str:
        """The marking as FIRST writes it, without the `TLP:` prefix."""
        return "AMBER+STRICT" if self is Tlp.AMBER_STRICT else self.name

    @property
    def mark(self) -> str:
        """The marking as it stands on a document: `TLP:AMBER+STRICT`."""
        return f"TLP:{self.word}"


_MARKING = re.compile(
    r"(?<![a-z0-9])TLP\s?[:：]\s?(RED|AMBER\s?\+\s?STRICT|AMBER|GREEN|CLEAR|WHITE)(?![a-z0-9])", re.IGNORECASE
)
_WORDS = {level.word: level for level in Tlp} | {"WHITE": Tlp.CLEAR}


def tlp_from(text: str) -> Tlp | None:
    """Read a marking in any usual spelling (`tlp:amber`, `TLP:WHITE`, `Amber+Strict`); None if it is none."""
    word = text.strip().upper().removeprefix("TLP:").replace("_", "+").replace(" ", "")
    return _WORDS.get(word)


def demanded_by(text: str, *, above: Tlp | None) -> Tlp | None:
    """The strictest marking that a text carries, where it is stricter than the one it has; None if it demands none."""
    marked = [level for found in _MARKING.findall(text) if (level := tlp_from(found)) is not None]
    strictest = max(marked, default=None)
    return strictest if strictest is not None and (above is None or strictest > above) else None
