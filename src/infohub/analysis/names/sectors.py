"""Sectors by one id each: what a text says of banks, hospitals or carriers, in English and Chinese."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from infohub.analysis.tokens import simplified

from .gazetteer import read_list
from .kinds import Method, NameKind
from .sentence import Sentence, Span
from .words import MOST_CHARACTERS

_HEADS = r"(?:sectors?|industr(?:y|ies))"
_FIRMS = (
    rf"(?:{_HEADS}|compan(?:y|ies)|organi[sz]ations?|firms?|providers?|institutions?|entit(?:y|ies)|suppliers?"
    r"|verticals?)"
)
_MARKED = re.compile(
    r"(?<![\w-])(?:[Ff]inancial (?:[Ii]nstitutions?|[Ss]ervices|[Ss]ystem|organi[sz]ations?)|FIs|[Ee]-commerce"
    r"|[Cc]ritical (?:national )?infrastructure|[Dd]efense industrial base|defense contractors?|[Pp]ublic utilities"
    r"|[Gg]overnment (?:bodies|body|entities|entity)|gas pipelines?|oil and gas|insurance company|healthcare providers?"
    r"|[Ss]upply chains|[Bb]usiness services)(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector named in a text: `text[start:end]` names it, `sector` is our id."""

    sector: str
    start: int
    end: int


@cache
def _words() -> dict[str, tuple[str, bool]]:
    """Sector ids by the words that name them, in small letters and simplified characters; whether they need company."""
    found = {}
    for first, *others in read_list("sectors.txt"):
        identity, _, name = first.partition("=")
        for word in (name.strip(), *others):
            found[simplified(word.removeprefix("~")).lower()] = (identity.strip(), word.startswith("~"))
    return found


def _either(*, weak: bool) -> str:
    names = (word for word, (_, needs) in _words().items() if word.isascii() and (weak or not needs))
    return f"(?i:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """One sector word; one with a word that says so; several in a row."""
    anyone = _either(weak=True)
    one = re.compile(rf"(?<![\w-]){anyone}(?![\w-])")
    headed = re.compile(rf"(?<![\w-]){anyone}(?: and {anyone})?(?= {_FIRMS}(?![\w-]))")
    row = re.compile(
        rf"(?<![\w-]){anyone}(?:(?: ?[,/] ?){anyone})+(?:(?: ?,)? (?:and|or) {anyone}|(?: ?[,/] ?){anyone})(?![\w-])"
    )
    return one, headed, row


@cache
def _strong() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_either(weak=False)}(?![\w-])")


@cache
def _chinese() -> re.Pattern[str]:
    return re.compile("|".join(sorted((word for word in _words() if not word.isascii()), key=len, reverse=True)))


def sectors_in(text: str) -> list[Sector]:
    """The sectors that a text names, in order; a word that means more counts only beside one that says so."""
    read = text[:MOST_CHARACTERS]
    one, headed, row = _patterns()
    places = {found.span() for found in _strong().finditer(read)}
    for run in (*headed.finditer(read), *row.finditer(read)):
        places |= {found.span() for found in one.finditer(read, *run.span())}
    found = [Sector(_words()[read[start:end].lower()][0], start, end) for start, end in places]
    return sorted([*found, *_chinese_sectors(read)], key=lambda sector: (sector.start, -sector.end))


def _chinese_sectors(text: str) -> Iterator[Sector]:
    plain = text if text.isascii() else simplified(text)
    if text.isascii() or len(plain) != len(text):
        return
    for found in _chinese().finditer(plain):
        yield Sector(_words()[found.group()][0], found.start(), found.end())


def own_sectors(names: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Of each of our ids the keys of a programme's own sectors that cover it, told by their names in any language.

    A programme that calls one of its sectors "Utilities and transport" means our `water` and `transport`. What none
    of its sectors covers has no key: it must not be said of a text there.
    """
    keys: dict[str, tuple[str, ...]] = {}
    for key, called in names.items():
        for one in {one for name in called for one in _named(name)}:
            keys[one] = (*keys.get(one, ()), key)
    return keys


def _named(name: str) -> Iterator[str]:
    """Our ids of a sector's name, where every word counts."""
    for word in _patterns()[0].finditer(name):
        yield _words()[word.group().lower()][0]
    for sector in _chinese_sectors(name):
        yield sector.sector


@cache
def _spans() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Sectors with a word that says so, which reports mark whole: a company of a kind, a sector."""
    anyone = _either(weak=True)
    company = re.compile(
        rf"(?<![\w-])(?:(?:South |North |New )?[A-Z][a-z]+(?:n|sh|ch|se) )?"
        rf"(?:(?!the |an |as |of |in |to |by )(?:[a-z]+-)?[a-z]{{2,}} )?{anyone}"
        r" (?:company|contractor|manufacturer|firm)(?![\w-])"
    )
    return company, re.compile(rf"(?<![\w-]){anyone}(?: and {anyone})? {_HEADS}(?![\w-])")


def sectors_among(sentence: Sentence) -> Iterator[Span]:
    """Sectors as people mark them: with the word that says so, or several in a row."""
    one, _, row = _patterns()
    for run in row.finditer(sentence.line):
        for found in one.finditer(sentence.line, *run.span()):
            yield Span(*sentence.place(*found.span()), NameKind.SECTOR, Method.PATTERN)
    for pattern in (*_spans(), _MARKED):
        for start, end in sentence.matches(pattern):
            yield Span(start, end, NameKind.SECTOR, Method.LIST)
