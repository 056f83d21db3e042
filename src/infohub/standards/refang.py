"""How people write an indicator so that nobody clicks it, and back: `hxxp://evil[.]example` is `http://evil.example`."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

_FULL_WIDTH = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SIGNS = {
    "．": ".",
    "․": ".",
    "﹒": ".",
    "＠": "@",
    "／": "/",
    "＼": "\\",
    "＿": "_",
    "％": "%",
    "＝": "=",
    "＆": "&",
    "＋": "+",
}
_HYPHENS = {"‐": "-", "‑": "-", "－": "-", "﹣": "-"}
_FOLDS = _FULL_WIDTH | _SIGNS | _HYPHENS
_FOLDABLE = re.compile(f"[{''.join(_FOLDS)}]")

IDEOGRAPHIC_DOTS = "。｡"

_OPEN = r"[\[({<（【［｛]"
_CLOSE = r"[\])}>）】］｝]"
_EDGE = r"[^\W_]"
# Every pattern starts with a literal or one set of characters: the engine then skips plain prose quickly.
_BRACKETED = re.compile(
    rf"{_OPEN}(?: ?(?P<dot>\.|[dD][oO0][tT]|點|点|。) ?{_CLOSE} {{0,2}}"
    rf"| ?(?P<at>@|[aA][tT]) ?{_CLOSE} {{0,2}}"
    rf"|(?P<sign>://|//|:|/){_CLOSE}"
    rf"|(?P<half>\.(?<=\[\.)(?<={_EDGE}\[\.)(?={_EDGE})))"
)
_HALF_CLOSED = re.compile(rf"\.\](?<={_EDGE}\.\])(?={_EDGE})")
_ESCAPED = re.compile(rf"\\\.(?<={_EDGE}\\\.)(?={_EDGE})")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_COLON = rf"(?:{_OPEN}:{_CLOSE}|[:：])"
_SLASHES = rf"(?:{_OPEN}//{_CLOSE}|{_OPEN}/{_CLOSE}{_OPEN}/{_CLOSE}|//|/{_OPEN}/{_CLOSE}|\\\\(?={_EDGE}))"
_SCHEME = re.compile(
    r"(?P<word>[hH](?:[tTxX*]{1,3}|\[[tTxX]{2}\])[pP]|[fF][tTxX][pP]|[mM][eE][oO][wW])"
    r"(?P<secure>[sS]|\[[sS]\]|\([sS]\))?"
    rf" ?(?:{_OPEN}://{_CLOSE}|{_COLON}{_SLASHES})"
)
_SPACED_ADDRESS = re.compile(r"[0-9]{1,3}(?: \. [0-9]{1,3}){3}(?![0-9])")

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_][\w-]*\Z")
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/?#]*)(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_QUOTES = {"<": ">", '"': '"', "'": "'", "`": "`", "“": "”", "「": "」", "（": "）", "(": ")"}


class Change(NamedTuple):
    """One defanged spot of a folded text and what it stands for."""

    start: int
    end: int
    live: str


def fold(text: str) -> str:
    """Full-width letters, digits and signs, odd dots and hyphens as ASCII, one character for one character."""
    return text if text.isascii() else _FOLDABLE.sub(lambda found: _FOLDS[found.group()], text)


def defanged_spots(folded: str) -> list[Change]:
    """Every spot of a folded text that must change to make its indicators live, in order and without overlap."""
    spots = [*_scheme_spots(folded), *_bracket_spots(folded), *_single_spots(folded), *_spaced_addresses(folded)]
    spots.sort()
    apart: list[Change] = []
    for spot in spots:
        if not apart or spot.start >= apart[-1].end:
            apart.append(spot)
    return apart


def refang(text: str) -> str:
    """One indicator, however it was defanged, as it is written on the wire."""
    folded = _unquoted(fold(text).strip())
    pieces: list[str] = []
    position = 0
    for spot in defanged_spots(folded):
        pieces += (folded[position : spot.start], spot.live)
        position = spot.end
    live = "".join((*pieces, folded[position:]))
    for dot in IDEOGRAPHIC_DOTS:
        live = live.replace(dot, ".")
    return live


def defang(value: str) -> str:
    """A live indicator as it may be shown: `198.51.100[.]7`, `hxxps://evil[.]example/x`, `a[@]b[.]example`."""
    if url := _URL.match(value):
        scheme = re.sub("^http", "hxxp", url["scheme"], flags=re.IGNORECASE).replace("ftp", "fxp")
        return f"{scheme}://{_defanged_host(url['host'])}{url['rest']}"
    if value.count("@") == 1 and " " not in value:
        name, host = value.split("@")
        return f"{name}[@]{_defanged_host(host)}"
    return _defanged_host(value) if _network(value) or _HOST.match(value) else value


def _defanged_host(host: str) -> str:
    network = _network(host)
    separator = ":" if isinstance(network, IPv6Network) else "."
    before, found, after = host.rpartition(separator)
    return f"{before}[{separator}]{after}" if found else host


def _network(value: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def _unquoted(text: str) -> str:
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


def _scheme_spots(folded: str) -> Iterator[Change]:
    for found in _SCHEME.finditer(folded):
        before = folded[found.start() - 1] if found.start() else " "
        # `hxxp` is never the end of a word: a word before it lost its space. `fxp` and `meow` may be.
        if before.isascii() and (before.isdigit() or (before.isalpha() and found["word"][0] not in "hH")):
            continue
        word = "ftp" if found["word"][0] in "fF" else "http"
        live = f"{word}s://" if found["secure"] else f"{word}://"
        if found.group().lower() != live:
            yield Change(found.start(), found.end(), live)


def _bracket_spots(folded: str) -> Iterator[Change]:
    for found in _BRACKETED.finditer(folded):
        start, end = found.span()
        if found["sign"] or found["half"]:
            yield Change(start, end, found["sign"] or ".")
            continue
        start = _before_spaces(folded, start)
        if found["dot"] and folded[start - 1 : start] == "." and folded[start - 2 : start - 1].isalnum():
            start -= 1  # `198.51.[.]100.7`: two dots where one was meant
        if _joins(folded, start, end):
            yield Change(start, end, "." if found["dot"] else "@")


def _single_spots(folded: str) -> Iterator[Change]:
    for pattern in (_HALF_CLOSED, _ESCAPED):
        for found in pattern.finditer(folded):
            yield Change(found.start(), found.end(), ".")
    if not folded.isascii():
        for found in _UNSEEN.finditer(folded):
            yield Change(found.start(), found.end(), "")


def _spaced_addresses(folded: str) -> Iterator[Change]:
    if " . " in folded:
        for found in _SPACED_ADDRESS.finditer(folded):
            for offset, part in enumerate(found.group()):
                if part == ".":
                    start = found.start() + offset - 1
                    yield Change(start, start + 3, ".")


def _before_spaces(text: str, position: int) -> int:
    """The position moved left over at most two spaces (more is a table, not an indicator)."""
    for _ in range(2):
        if position and text[position - 1] == " ":
            position -= 1
    return position


def _joins(text: str, start: int, end: int) -> bool:
    """Whether something that can be part of an indicator stands on both sides."""
    return start > 0 and end < len(text) and _joinable(text[start - 1]) and _joinable(text[end])


def _joinable(character: str) -> bool:
    return character.isalnum() or character in "-_]"
