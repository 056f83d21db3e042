"""What a text gives away: the canaries in it, piece by piece, held against what the table says."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from tests.exits.table import CHANNELS, Canary, Said, reads, said
from tests.exits.world import UNLISTED, VEIL, Piece, World, word

Met = dict[str, Said]
_BIRDS = "kestrel|plover|godwit|avocet|siskin|dunlin|curlew|phalarope|whimbrel"
_ANY = re.compile(rf"(?:{_BIRDS})[a-z]{{2}}zz|203\.0\.113\.\d+|IH-[0-9A-Z]{{6}}|report--[0-9a-f-]{{36}}")
_WORDED = tuple(one for one in Canary if one not in {Canary.REF, Canary.OBJECT})


class Reader:
    """Finds the canaries of a world in texts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.meaning: dict[str, tuple[str, Canary]] = {}
        for piece in world.pieces:
            name = name_of(piece)
            self.meaning |= {word(canary, piece.number): (name, canary) for canary in _WORDED}
            self.meaning |= {piece.item.ref: (name, Canary.REF)}
            self.meaning |= {f"report--{piece.item.uuid}": (name, Canary.OBJECT)}

    def met(self, text: str) -> Met:
        """Which canaries of which pieces stand in the text, however it is escaped or defanged."""
        found: dict[str, set[Canary]] = {}
        for sign in _ANY.findall(plain(text)):
            if sign in self.meaning:
                name, canary = self.meaning[sign]
                found.setdefault(name, set()).add(canary)
        return {name: frozenset(canaries) for name, canaries in found.items()}

    def readable(self, relation: str) -> list[Piece]:
        """What the table says this relation reads, the newest first."""
        return [piece for piece in reversed(self.world.pieces) if reads(relation, piece.audience, piece.tlp)]

    def betrays_group(self, text: str) -> bool:
        """Whether the unlisted group's name or reference stands there."""
        refs = {ref.upper() for ref in re.findall(r"\bGR-\w+", text, re.IGNORECASE)}
        return UNLISTED in plain(text) or self.world.unlisted.ref in refs


def names_author(text: str) -> bool:
    """Whether the sealed author's name or organisation stands there."""
    return any(name.lower() in plain(text).lower() for name in VEIL)


def name_of(piece: Piece) -> str:
    return f"{piece.tlp.word} for {piece.audience}"


def plain(text: str) -> str:
    """The text as a person reads it, addresses of a zone the right way round."""
    return re.sub(r"32\.(\d+)\.113\.0\.203\.rpz-ip", r"203.0.113.\1", html.unescape(text)).replace("[.]", ".")


def unpacked(content: bytes) -> str:
    """Every name and every text in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())


def expected(channel: str, pieces: Iterable[Piece]) -> Met:
    """What the channel says of these pieces, and of no other."""
    told = {name_of(piece): CHANNELS[channel].says(piece.tlp) for piece in pieces}
    return {name: canaries for name, canaries in told.items() if canaries}


def differences(told: Mapping[str, tuple[Met, Met]]) -> list[str]:
    """For every text that is wrong: where, of which piece, what stands there and should not, and what is missing."""
    lines = []
    for where, (got, wanted) in told.items():
        for name in sorted(got.keys() | wanted.keys()):
            here, due = got.get(name, said("")), wanted.get(name, said(""))
            if here != due:
                lines.append(f"{where}: {name}: leaks {sorted(here - due)}, lacks {sorted(due - here)}")
    return lines


def together(*several: Met) -> Met:
    """All of them as one."""
    joined: Met = {}
    for one in several:
        for name, canaries in one.items():
            joined[name] = joined.get(name, said("")) | canaries
    return joined
