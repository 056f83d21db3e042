"""The lists of names: what is known to be a name, of whom, and whether it is also an ordinary word."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from .kinds import NameKind

LONGEST = 8
_WITHIN = frozenset("-–.’'&$!")
_PROGRAMS = frozenset({NameKind.MALWARE, NameKind.TOOL})
_LISTS = (
    ("malware.txt", NameKind.MALWARE),
    ("actors.txt", NameKind.ACTOR),
    ("tools.txt", NameKind.TOOL),
    ("organisations.txt", NameKind.ORGANISATION),
    ("places.txt", NameKind.PLACE),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something with one canonical name; `attack` is its ATT&CK id where it has one."""

    kind: NameKind
    canonical: str
    attack: str = ""


@dataclass(slots=True)
class Form:
    """One way of writing a name, without regard to case, spaces and hyphens."""

    entries: list[Entry] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    words: int = 1
    common: bool = False
    strict: bool = False


def key(words: Iterable[str]) -> str:
    """Letters and digits alone, in small letters: the same for `Cobalt Strike`, `CobaltStrike` and `cobalt-strike`."""
    return "".join(character for word in words for character in word.lower() if character.isalnum())


class Gazetteer:
    """All forms by their key."""

    def __init__(self, lines: Iterable[tuple[NameKind, str, Sequence[str]]], ordinary: frozenset[str]) -> None:
        self.forms: dict[str, Form] = {}
        self.ordinary = ordinary
        for kind, attack, names in lines:
            self._add(kind, attack, names)
        self.begin()

    def begin(self) -> None:
        """Note the beginnings of all forms, so that a search for a longer one knows when to end."""
        self._beginnings = {form[:length] for form in self.forms for length in range(1, len(form) + 1)}

    def _add(self, kind: NameKind, attack: str, names: Sequence[str]) -> None:
        """A line joins what is there under one of its names; a name that is taken for such a kind stays where it is."""
        known = [self._same(kind, name) for name in names]
        entry = next((one for one in known if one), None) or Entry(kind, names[0], attack)
        for name, taken in zip(names, known, strict=True):
            if taken in (None, entry):
                self._write(entry, name)

    def _same(self, kind: NameKind, name: str) -> Entry | None:
        form = self.forms.get(key([name]))
        alike = _PROGRAMS if kind in _PROGRAMS else {kind}
        return next((entry for entry in form.entries if entry.kind in alike), None) if form else None

    def _write(self, entry: Entry, name: str) -> None:
        if len(folded := key([name])) < 2:
            return
        form = self.forms.setdefault(folded, Form())
        if entry not in form.entries:
            form.entries.append(entry)
        form.written.add(name)
        form.words = max(form.words, len(name.replace("-", " ").split()))
        form.strict = len(folded) < 4 or all(_is_strict(one, form.written) for one in form.entries)
        form.common = name.lower() in self.ordinary or len(folded) < 4

    def at(self, words: Sequence[str], start: int) -> Iterator[tuple[int, Form]]:
        """Ends and forms of the names that begin at this word, the longest last."""
        folded = ""
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            folded += key(words[end - 1 : end])
            if folded not in self._beginnings or not (words[end - 1][0].isalnum() or words[end - 1] in _WITHIN):
                return
            form = self.forms.get(folded)
            if form and words[end - 1][-1:].isalnum() and _written_like(words[start:end], form):
                yield end, form

    def without(self, gone: AbstractSet[Entry]) -> "Gazetteer":
        """The same less these."""
        left = Gazetteer((), self.ordinary)
        for folded, form in self.forms.items():
            if entries := [entry for entry in form.entries if entry not in gone]:
                left.forms[folded] = replace(form, entries=entries)
        left.begin()
        return left

    def entries(self, name: str) -> list[Entry]:
        """All that go by this name."""
        form = self.forms.get(key([name]))
        return form.entries if form else []

    def canonical(self, name: str) -> Entry | None:
        """Who goes by this name first."""
        return next(iter(self.entries(name)), None)


def _is_strict(entry: Entry, written: set[str]) -> bool:
    """Organisations and products are named as they write themselves, as are attackers named by one word in capitals."""
    if entry.kind is NameKind.ACTOR:
        return all(name.isupper() and name.isalpha() for name in written)
    return entry.kind in (NameKind.ORGANISATION, NameKind.PRODUCT)


def _written_like(words: Sequence[str], form: Form) -> bool:
    """One word in small letters must be written so in the lists, and an organisation exactly so.

    A name of one word may be cut where a capital or a digit begins, and nowhere else.
    """
    if len(words) == 1:
        return words[0] in form.written or not (words[0].islower() or form.strict)
    if len(words) <= form.words:
        return any(word[:1].isupper() or word[:1].isdigit() for word in words)
    return all(not word[0].isalnum() or word[0].isupper() or word[0].isdigit() for word in words)


def read_list(name: str) -> Iterator[list[str]]:
    """The lines of one of our own lists, each as its names."""
    text = files(__package__).joinpath("lists", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield [part.strip() for part in line.split(" | ")]


def read_model(name: str) -> list[str]:
    """The lines of a shipped file."""
    return files("infohub.analysis").joinpath("models", name).read_text("utf-8").splitlines()


@cache
def ordinary_words() -> frozenset[str]:
    """Words that reports mostly write in small letters."""
    return frozenset(read_model("names_words.txt"))


@cache
def gazetteer() -> Gazetteer:
    """The shipped lists, read at first use."""
    spoken = (word for line in read_list("ordinary.txt") for word in line)
    return Gazetteer(_shipped(), ordinary_words().union(spoken))


def _shipped() -> Iterator[tuple[NameKind, str, Sequence[str]]]:
    """ATT&CK first, whose names and ids count; our own lists join it or bring their own; vendors last.

    What ATT&CK calls a tool is malware where our list says so: reports call QuasarRAT that.
    """
    malware = {key([name]) for names in read_list("malware.txt") for name in names}
    for line in read_model("names_attack.txt"):
        kind, number, every = line.split("\t")
        aliases = every.split(" | ")
        spoken = kind == NameKind.TOOL and any(key([name]) in malware for name in aliases)
        yield NameKind.MALWARE if spoken else NameKind(kind), number, aliases
    for name, kind in _LISTS:
        for names in read_list(name):
            yield kind, "", names
    products = {name for line in read_list("products.txt") for name in line}
    for vendor in read_model("names_vendors.txt"):
        if vendor not in products:
            yield NameKind.ORGANISATION, "", [vendor]


@cache
def attack_numbers() -> dict[tuple[str, str], str]:
    """The numbers in ATT&CK of what it calls by this name, by kind and name."""
    lines = (line.split("\t") for line in read_model("names_attack.txt"))
    return {(kind, every.split(" | ")[0]): number for kind, number, every in lines}
