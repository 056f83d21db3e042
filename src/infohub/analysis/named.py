"""How people and organisations of a register may be written in a text."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from infohub.standards.refang import fold

from .tokens import simplified

_FORMS = "bhd co company corp corporation gmbh inc incorporated limited llc llp ltd plc pte pty"
_PLACES = "asia china group hk hong holdings international kong"
"""Words in brackets between a name and its legal form: `Ferries (Hong Kong) Company Limited`."""
_BODIES = frozenset({"foundation", "group", "holdings"})
_BEHIND = rf"(?:[\s,]{{1,2}}\(?(?:{f'{_FORMS} {_PLACES}'.replace(' ', '|')})\b\)?\.?){{0,5}}"
_CHINESE_FORM = "(?:股份)?有限公司|有限责任公司|公司"
_CHINESE_BEHIND = rf"(?-i:\([\u3400-\u9fff]{{2,6}}\))?(?:{_CHINESE_FORM})?"
_CHINESE = re.compile(r"[\u3400-\u9fff]+(?:\([\u3400-\u9fff]+\)[\u3400-\u9fff]*)?")
_AS_ASCII = str.maketrans("（）［］‐‑‒–—―’‘ʼ\u3000\u00a0", "()[]------'''  ")
_EITHER_WAY = frozenset({"&", "and", "St", "Saint"})
_NOT_ALWAYS = re.compile("['.,&()-]+")
_SIGNS = r"[\s,._-]"  # patterns of single names do without signs beyond Latin-1, which take long to compile
_SHORTEST, _ONE_WORD, _SQUEEZED = 3, 4, 9

_FOLDER = re.compile(
    r"(?:\\(?:Users|Documents and Settings)\\|/(?:home|Users)/)(?P<user>[\w.-]{3,30})(?![\w.-])", re.IGNORECASE
)

_AROUND = 80
_MOST_REMEMBERED = 4096


class Way(NamedTuple):
    """One way to write a name: parts in small letters that must be in a text for it, and what it looks like."""

    parts: tuple[str, ...]
    pattern: str


Ways = tuple[tuple[str, tuple[Way, ...]], ...]
"""The ways to write one name, by the first of the parts they need."""


def comparable(text: str) -> str:
    """The text as long as it is, in simplified characters, with full-width letters, dashes and quotes as ASCII."""
    folded = fold(text).translate(_AS_ASCII)
    common = simplified(folded) if _CHINESE.search(folded) else folded
    return common if len(common) == len(folded) else folded


def organisations_in(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places of names in a comparable text: in any case, with or without legal form, either script of a name in two."""
    return _places(text, names, _ways_of_organisation)


def people_in(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places of full names in a comparable text, family name first or last, given names perhaps as initials."""
    return _places(text, names, _ways_of_person)


def accounts_in(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places where a folder of a user is called by a name and initials: `C:\\Users\\chantm`, `/home/tmchan`."""
    if folders := list(_FOLDER.finditer(text)):
        accounts = {account for name in names for account in _accounts_of(name)}
        yield from (found.span("user") for found in folders if found["user"].lower() in accounts)


def acronyms_in(text: str, names: Iterable[str], labels: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places where initials in capitals stand for an organisation whose own domain begins with them."""
    known = {piece for label in labels for piece in (label, label.partition("-")[0]) if len(piece) >= _SHORTEST}
    if shared := known.intersection(letters for name in names for letters in initials_of(name)):
        pattern = rf"(?<![\w.@/\\-])(?:{'|'.join(sorted(shared)).upper()})(?![\w@]|[./\\-]\w)"
        yield from (found.span() for found in re.finditer(pattern, text))


@lru_cache(_MOST_REMEMBERED)
def initials_of(name: str) -> tuple[str, ...]:
    """The capitals that the words of a name begin with, in lower case."""
    parts = [_without_form(part.split()) for part in _scripts(comparable(name)) if not _CHINESE.fullmatch(part)]
    return tuple("".join(word[0] for word in words if word[0].isupper()).lower() for words in parts)


@lru_cache(_MOST_REMEMBERED)
def _accounts_of(name: str) -> frozenset[str]:
    """A family name with the initials of the other names, at either end."""
    found = set[str]()
    for words in (part.replace("-", " ").lower().split() for part in _scripts(comparable(name))):
        for place, family in enumerate(words):
            others = "".join(word[0] for word in words[:place] + words[place + 1 :])
            found |= {family + others, others + family, others[:1] + family, family + others[:1]}
    return frozenset(account for account in found if account.isascii() and len(account) > _ONE_WORD)


def lowered(text: str) -> str:
    """The text in small letters, as long as it is."""
    return text.replace("İ", "i").lower()


def occurrences(part: str, text: str) -> Iterator[int]:
    """Where a part of a text stands."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _places(text: str, names: Iterable[str], ways: Callable[[str], Ways]) -> Iterator[tuple[int, int]]:
    """Patterns are tried only where the longest of their words stands: the rest of the text costs a glance."""
    lower = lowered(text)
    seen: dict[str, bool] = {}

    def stands(part: str) -> bool:
        if part not in seen:
            seen[part] = part in lower
        return seen[part]

    given = (name.strip() for name in names)
    groups = (group for name in given if len(name) >= _SHORTEST for first, group in ways(name) if stands(first))
    possible = {way for group in groups for way in group if all(map(stands, way.parts))}
    for way in sorted(possible, key=lambda way: len(way.pattern), reverse=True):
        pattern, longest = re.compile(way.pattern, re.IGNORECASE), max(way.parts, key=len)
        around = len(way.pattern) + _AROUND
        for at in occurrences(longest, lower):
            yield from (found.span() for found in pattern.finditer(text, max(0, at - around), at + around))


@lru_cache(_MOST_REMEMBERED)
def _ways_of_organisation(name: str) -> Ways:
    return _grouped(way for part in _scripts(comparable(name)) for way in _ways_of_names(part))


@lru_cache(_MOST_REMEMBERED)
def _ways_of_person(name: str) -> Ways:
    return _grouped(way for part in _scripts(comparable(name)) for way in _ways_of_full_name(part.split()))


def _grouped(ways: Iterable[Way]) -> Ways:
    groups: dict[str, list[Way]] = {}
    for way in (way for way in ways if way.parts):
        groups.setdefault(way.parts[0], []).append(way)
    return tuple((first, tuple(group)) for first, group in groups.items())


def _ways_of_names(name: str) -> Iterator[Way]:
    """Of one name of an organisation, in one script."""
    if _CHINESE.fullmatch(name):
        core = re.sub(rf"(?:\([\u3400-\u9fff]+\))?(?:{_CHINESE_FORM})?\Z", "", name)
        core, behind = (core, _CHINESE_BEHIND) if len(core) >= _SHORTEST else (name, "")
        yield Way((core,), re.escape(core) + behind)
        return
    words = _without_form(name.split())
    if words[0] == "The" and len(words) > 2:
        words = words[1:]
    if len(words) > 1 or words == name.split():
        yield Way(_parts(words), r"(?:\bthe\s)?" + _spelt(words) + _BEHIND)
        if len(words) > 2 and words[-1].lower() in _BODIES:
            yield Way(_parts(words[:-1]), _spelt(words[:-1]))
    elif len(words[0]) >= _ONE_WORD:  # one word may be any word, unless it is written as a name
        written = rf"(?-i:{re.escape(words[0])}|{re.escape(words[0].upper())})"
        yield Way(_parts(words), _whole(written) + _BEHIND)


def _ways_of_full_name(words: list[str]) -> Iterator[Way]:
    if _CHINESE.fullmatch(words[0]):
        yield Way((words[0][1:],), rf"{words[0][0]}\s?{re.escape(words[0][1:])}")
        return
    orders = [words[turn:] + words[:turn] for turn in {0, 1 % len(words), len(words) - 1}]
    families = [(words[0], words[1:]), (words[-1], words[:-1])]
    if len(words) == 3:  # Chan Tai Man is also Chan Taiman, Mary Jane Watson also Mary J. Watson
        orders += [[words[0], "".join(words[1:])], ["".join(words[1:]), words[0]]]
        yield _with_middle_initials(words[0], words[2], words[1:2])
    if len(words) > 3:  # Grace Yeung Sze Wan is also Yeung Sze Wan, Grace Sze Wan Yeung, Grace Yeung, Yeung Grace
        given = words[2:]
        orders += [words[1:], [words[0], *given, words[1]], [*given, words[1]], given + words[:2]]
        orders += [words[:2], words[1::-1], [words[1], "".join(given)], ["".join(given), words[1]]]
        families += [(words[1], words[:1]), (words[1], given)]
        yield _with_middle_initials(words[0], words[1], given)
    yield from (Way(_parts(order), _spelt(order)) for order in orders if len("".join(order)) >= _SHORTEST)
    for family, given in families:
        letters = [part[0].upper() for word in given for part in word.split("-") if part[:1].isalpha()]
        if letters and len(family) > 1 and family.isascii():
            yield from _with_initials(family, letters)


def _with_initials(family: str, letters: list[str]) -> Iterator[Way]:
    """`T.M. Chan` and `Chan T M`; the dot may only be missing where there are two."""
    small, first, last = family.lower(), letters[0].lower(), letters[-1].lower()
    dot = r"\.?" if len(letters) > 1 else r"\."
    short = "[ -]?".join(re.escape(letter) + dot for letter in letters)
    long = rf"(?:{re.escape(family)}|{re.escape(family.upper())})"
    for between in (". ", ".", " "):
        yield Way((small, last + between + small), _whole(rf"(?-i:{short} ?{long})"))
    for between in (", ", " "):
        yield Way((small, small + between + first), _whole(rf"(?-i:{long},? {short})"))


def _with_middle_initials(first: str, family: str, given: list[str]) -> Way:
    """`Grace S.W. Yeung`."""
    short = "[ -]?".join(re.escape(word[0].upper()) + r"\.?" for word in given)
    names = [rf"(?:{re.escape(name)}|{re.escape(name.upper())})" for name in (first, family)]
    return Way(_parts([first, family]), _whole(rf"(?-i:{names[0]} {short} ?{names[1]})"))


def _parts(words: Iterable[str]) -> tuple[str, ...]:
    """What of the words is always there."""
    pieces = (part for word in words if word.rstrip(".,") not in _EITHER_WAY for part in _NOT_ALWAYS.split(word))
    return tuple(part.lower() for part in pieces if part)


def _scripts(name: str) -> list[str]:
    """The name, or where it is written in two scripts each of them."""
    latin = _CHINESE.sub("\n", name).split("\n")
    return [part.strip() for part in (*_CHINESE.findall(name), *latin) if len(part.strip()) >= _SHORTEST]


def _without_form(words: list[str]) -> list[str]:
    """The words of a name without its legal form and, where that stands in brackets, the place of its business."""
    left = list(words)
    while len(left) > 1 and left[-1].strip(".,").lower() in _FORMS.split():
        left.pop()
    if left[-1].endswith(")"):
        while len(left) > 1 and left[-1].strip("()").lower() in _PLACES.split():
            left.pop()
    return left


def _spelt(words: list[str]) -> str:
    """The words one after the other.

    Where they are long enough to be no other word they may be squeezed into one, and stand in the name of a file.
    """
    if len("".join(words)) >= _SQUEEZED:
        return _whole(f"{_SIGNS}{{0,3}}".join(map(_word, words)), beside="[A-Za-z\\xc0-\\xff]")
    return _whole(f"{_SIGNS}{{1,3}}".join(map(_word, words)))


def _word(written: str) -> str:
    """One word however its signs are written: `O’Neill`, `St`, `and`."""
    bare = written.rstrip(".,")
    if bare in {"&", "and"}:
        return "(?:&(?:amp;)?|and)"
    if bare in {"St", "Saint"}:
        return r"(?:St\.?|Saint)"
    signs = re.escape(bare).replace(r"\-", r"[\s-]?").replace("'", "'?")
    return signs + (r"\.?" if written.endswith(".") else "")


def _whole(pattern: str, *, beside: str = "[0-9A-Za-z_\\xc0-\\xff]") -> str:
    """As whole words, with none of these signs beside; Chinese has no word boundaries."""
    return rf"(?<!(?-i:{beside})){pattern}(?!(?-i:{beside}))"
