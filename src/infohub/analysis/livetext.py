"""A text with its indicators made live, which still knows where every character stood in the original."""

from bisect import bisect_right
from dataclasses import dataclass

from infohub.standards.refang import IDEOGRAPHIC_DOTS, defanged_spots, fold


@dataclass(frozen=True, slots=True)
class LiveText:
    """`text` is live; `folded` is as long as `original` and differs from it only in full-width characters and the like.

    The live text is cut into segments, alternately kept and changed; segment i starts at `live_starts[i]` in the
    live text and at `original_starts[i]` in the original. Odd segments are the changed ones.
    """

    original: str
    folded: str
    text: str
    live_starts: tuple[int, ...]
    original_starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the live characters from `start` to `end` stand in the original."""
        if len(self.live_starts) == 1:
            return start, end
        first = bisect_right(self.live_starts, start) - 1
        last = bisect_right(self.live_starts, end - 1) - 1
        begin = self.original_starts[first] + (0 if first % 2 else start - self.live_starts[first])
        finish = (
            self.original_starts[last + 1] if last % 2 else self.original_starts[last] + end - self.live_starts[last]
        )
        return begin, finish

    def as_written(self, start: int, end: int) -> bool:
        """Whether the author wrote the live characters from `start` to `end` just so, with dots that machines read."""
        first, last = self.span(start, end)
        live = self.text[start:end]
        return self.original[first:last] == live and not any(dot in live for dot in IDEOGRAPHIC_DOTS)


def live_text(original: str) -> LiveText:
    """Fold and refang the whole of a text."""
    folded = fold(original)
    pieces: list[str] = []
    live_starts, original_starts = [0], [0]
    length = position = 0
    for spot in defanged_spots(folded):
        kept = folded[position : spot.start]
        pieces += (kept, spot.live)
        length += len(kept)
        live_starts += (length, length + len(spot.live))
        original_starts += (spot.start, spot.end)
        length += len(spot.live)
        position = spot.end
    pieces.append(folded[position:])
    return LiveText(original, folded, "".join(pieces), tuple(live_starts), tuple(original_starts))
