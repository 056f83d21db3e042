"""Products by one name each, maker first: what a text says of Exchange, FortiGate or WinRAR."""

from collections.abc import Iterator, Sequence
from functools import cache

from .gazetteer import Gazetteer, ordinary_words, read_list, read_model
from .kinds import Method, Name, NameKind
from .sentence import Sentence
from .words import sentences

_CONFIDENCE = 0.8


def products_in(text: str) -> list[Name]:
    """The products that a text names, in order."""
    return [name for row in sentences(text) for name in _products(text, row)]


def product(name: str) -> str:
    """The one name of a product, or nothing if it is not known."""
    entry = _known().canonical(name)
    return entry.canonical if entry else ""


def _products(text: str, row: Sequence[tuple[str, int, int]]) -> Iterator[Name]:
    sentence = Sentence([word for word, _, _ in row])
    taken = 0
    for start in range(len(sentence)):
        ends = [end for end, _ in _known().at(sentence.words, start)]
        if start < taken or not ends or start in sentence.addressed:
            continue
        taken = ends[-1]
        first, last = row[start][1], row[taken - 1][2]
        canonical = product(text[first:last])
        yield Name(NameKind.PRODUCT, text[first:last], canonical, "", first, last, _CONFIDENCE, Method.LIST)


@cache
def _known() -> Gazetteer:
    """Our own list, then the catalogue's, which joins it where a name is the same."""
    lines = [*read_list("software.txt"), *(line.split(" | ") for line in read_model("names_products.txt"))]
    return Gazetteer(((NameKind.PRODUCT, "", names) for names in lines), ordinary_words())
