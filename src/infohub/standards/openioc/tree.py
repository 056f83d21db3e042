"""The elements of an OpenIOC document, whatever its version calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from infohub.standards.feeds.fields import plain
from infohub.standards.problem import Problem
from infohub.standards.xmltext import follow

from .remarks import Remark

_SPACES = frozenset(
    {
        "",
        "http://schemas.mandiant.com/2010/ioc",
        "http://schemas.mandiant.com/2010/ioc/TR/",
        "http://openioc.org/schemas/OpenIOC_1.1",
    }
)
_ROOTS = frozenset({"ioc", "openioc"})


@dataclass(slots=True)
class Node:
    """An element: its name without the space, its attributes and words, and the elements inside."""

    name: str
    attributes: Mapping[str, str]
    words: list[str] = field(default_factory=list)
    inside: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words, without signs that no text has."""
        return plain("".join(self.words))

    def attribute(self, name: str) -> str:
        return plain(self.attributes.get(name, ""))

    def each(self, *names: str) -> Iterator[Node]:
        """The elements inside of these names."""
        return (one for one in self.inside if one.name in names)

    def first(self, *names: str) -> Node:
        """The first element inside of this name; an empty one where there is none."""
        return next(self.each(*names), Node(names[0], {}))


def parsed(raw: bytes) -> Node | Problem:
    """The root of an OpenIOC document, or why it is none."""
    builder = _Builder()
    problem = follow(raw, builder)
    if problem is not None:
        return problem
    return builder.root if builder.root is not None else Problem("", Remark.NO_DOCUMENT)


class _Builder:
    """Makes nodes of the elements; those of other spaces keep a name that nobody asks for."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _gap, local = name.rpartition(" ")
        node = Node(local if space in _SPACES else name, attributes)
        if self.open:
            self.open[-1].inside.append(node)
        elif local.lower() in _ROOTS and space in _SPACES:
            self.root = node
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def words(self, said: str) -> None:
        if self.open:
            self.open[-1].words.append(said)
