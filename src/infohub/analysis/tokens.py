"""The words search knows a text by: simplified, Chinese in pairs, indicators whole."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2s
from itertools import pairwise
from unicodedata import normalize

from opencc import OpenCC

from .extract import extract, finding_of, findings_in
from .findings import Finding, Kind
from .hosts import registered_domain
from .livetext import live_text
from .synonyms import common_words

MOST_TERMS = 12

_CJK = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<cjk>[{_CJK}]+)|[^\W_{_CJK}]+")
_SCHEME = re.compile(r"[a-z]+://")


def search_text(text: str) -> str:
    """The tokens of a text, separated by spaces and made of letters and digits alone, so that any engine keeps them.

    ASCII words stay words; a run of Chinese becomes overlapping pairs; every indicator with dots or other signs is
    added as one token of its own, so that an exact search for it needs no phrase.
    """
    live = live_text(text)
    return " ".join((*words_of(live.text), *_wholes(findings_in(live))))


def query_terms(query: str) -> list[str]:
    """The tokens a text must all have to answer the query, at most twelve; `search_text` gives the same tokens."""
    if finding := finding_of(query):
        return [_whole(finding.value)]
    findings = extract(query)
    words = words_of(live_text(_without(query, findings)).text)
    return list(dict.fromkeys((*(_whole(finding.value) for finding in findings), *words)))[:MOST_TERMS]


def words_of(live: str) -> Iterator[str]:
    """Lower-case words and pairs of a live text; compatibility forms and Chinese of every region written one way."""
    common = _of_one_region(normalize("NFKC", live).lower())
    for run in _RUNS.finditer(common):
        word = run.group()
        if run["cjk"] and len(word) > 1:
            yield from map("".join, pairwise(word))
        else:
            yield word


def _wholes(findings: Iterable[Finding]) -> list[str]:
    """One token for each finding and for what a reader would also look it up by (host of an address, parent domain)."""
    values = dict.fromkeys(value for finding in findings for value in _also_known_as(finding))
    return [_whole(value) for value in values]


def _also_known_as(finding: Finding) -> Iterator[str]:
    yield finding.value
    if finding.kind is Kind.URL:
        host = _SCHEME.sub("", finding.value).partition("/")[0].partition("?")[0].rpartition("@")[2]
        yield from _host_and_parents(host.partition("]")[0][1:] if host.startswith("[") else host.partition(":")[0])
    elif finding.kind is Kind.EMAIL:
        yield from _host_and_parents(finding.value.rpartition("@")[2])
    elif finding.kind is Kind.DOMAIN:
        yield from _host_and_parents(finding.value)
    elif finding.kind is Kind.ATTACK and "." in finding.value:
        yield finding.value.partition(".")[0]
    elif finding.kind is Kind.PATH:
        yield re.split(r"[\\/]", finding.value)[-1]


def _host_and_parents(host: str) -> Iterator[str]:
    yield host
    labels = host.split(".")
    if not labels[-1].isdigit() and (registered := registered_domain(host)):
        for cut in range(1, len(labels) - registered.count(".")):
            yield ".".join(labels[cut:])


def _whole(value: str) -> str:
    """A value as one token: itself where it is one word, else a digest, because engines cut words at signs."""
    folded = value.lower()
    if folded.isascii() and folded.isalnum():
        return folded
    return f"ih{blake2s(folded.encode(), digest_size=10).hexdigest()}"


def _without(text: str, findings: Iterable[Finding]) -> str:
    pieces: list[str] = []
    position = 0
    for finding in findings:
        pieces.append(text[position : finding.start])
        position = finding.end
    return " ".join((*pieces, text[position:]))


def simplified(text: str) -> str:
    """The text in simplified characters, its words as they are."""
    return text if text.isascii() else _converter("t2s").convert(text)


def traditional(text: str) -> str:
    """The text in traditional characters as Hong Kong writes them, its words as they are."""
    return text if text.isascii() else _converter("s2hk").convert(text)


def _of_one_region(text: str) -> str:
    """Chinese in simplified characters and in the words of one region; other text as it is."""
    if text.isascii():
        return text
    whole = text.encode("utf-8", "replace").decode()  # a lone half of a surrogate pair is no text for a library in C
    return common_words(_converter("tw2sp").convert(whole))


@lru_cache(maxsize=3)
def _converter(way: str) -> OpenCC:
    """Loaded at first use: thirty milliseconds and some megabytes that a reader of English never needs."""
    return OpenCC(way)
