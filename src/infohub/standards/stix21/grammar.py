"""Reads STIX patterns (section 9 of the standard): the comparisons one makes, or what is misspelt in it and where.

The syntax is that of the standard's text. Where the grammar that OASIS publishes beside it says something else (that
one takes `+5`, `REPEATS 0 TIMES`, lists of mixed types, the 30th of February and comments), the text counts.
"""

import re
from typing import NamedTuple, NoReturn

from infohub.standards.problem import Problem

from . import misspelt
from .literals import CONSTANT, GAP, MOMENT, NO_KEYWORD, TEXT, WORD_END, constants_of, is_a_day, moments_in, sort_of

_STEP = rf"(?:{NO_KEYWORD}[A-Za-z_][0-9A-Za-z_]*+|{TEXT})"
_PATH = rf"{_STEP}(?:{GAP}(?:\.{GAP}{_STEP}|\[{GAP}(?:0|[1-9][0-9]*+|\*){GAP}\]))*+"
_OPERATOR = rf"==?|!=|<[=>]?|>=?|(?:IN|LIKE|MATCHES|ISSUBSET|ISSUPERSET){WORD_END}"
_LIST = rf"\({GAP}(?:{CONSTANT}{GAP}(?:,{GAP}{CONSTANT}{GAP})*+)?\)"
# A comparison whose end is missing matches as far as it goes: so it is known where the end should stand.
_OPERAND = re.compile(
    rf"{GAP}(?:(?P<open>\()|(?P<exists>(?P<absent>NOT{WORD_END}{GAP})?EXISTS{WORD_END}{GAP})?"
    rf"(?P<kind>{NO_KEYWORD}[A-Za-z_][0-9A-Za-z_-]*+){GAP}:{GAP}(?P<path>{_PATH})"
    rf"(?:{GAP}(?P<not>NOT{WORD_END}{GAP})?(?P<operator>{_OPERATOR})(?:{GAP}(?P<value>{CONSTANT}|{_LIST}))?)?)"
)
_JOINT = re.compile(rf"{GAP}((?:AND|OR){WORD_END}|[)\]])")
_OPENING = re.compile(rf"{GAP}([(\[])")
_FOLLOWING = re.compile(
    rf"{GAP}(?:(?P<close>\))|(?P<join>(?:AND|OR|FOLLOWEDBY){WORD_END})|(?P<end>\Z)"
    rf"|(?P<within>WITHIN{WORD_END}{GAP}(?=[0.]*+[1-9])(?:[0-9]*+\.[0-9]++|[1-9][0-9]*+){GAP}SECONDS{WORD_END})"
    rf"|(?P<repeats>REPEATS{WORD_END}{GAP}[1-9][0-9]*+{GAP}TIMES{WORD_END})"
    rf"|(?P<span>START{WORD_END}{GAP}(?P<start>{MOMENT}){GAP}STOP{WORD_END}{GAP}(?P<stop>{MOMENT})))"
)
_EQUALITY = frozenset({"=", "==", "!=", "<>"})
_PARTS = ("exists", "absent", "kind", "path", "not", "operator", "value")


class Comparison(NamedTuple):
    """One comparison as it is written; `joined` is the word before it in its observation: AND, OR, or none.

    `operator` may be `EXISTS`, whose `value` is empty; the value of `IN` is its list with the parentheses.
    """

    kind: str
    path: str
    negated: bool
    operator: str
    value: str
    joined: str


def pattern_problem(text: str) -> Problem | None:
    """What is wrong with a pattern; the path says at which character, counted from 1, the message what to do."""
    read = comparisons(text)
    return read if isinstance(read, Problem) else None


def comparisons(text: str) -> list[Comparison] | Problem:
    """Every comparison of a pattern in the order of the text, or the first thing that is wrong."""
    if len(text.encode(errors="surrogatepass")) > misspelt.LONGEST:
        return Problem("", misspelt.LONG)
    reader = _Reader(text)
    try:
        reader.observations()
    except _MisspeltError as error:
        return misspelt.problem(text, error.at, error.remedy)
    return reader.found


class _MisspeltError(Exception):
    """Never leaves this module."""

    def __init__(self, at: int, remedy: misspelt.Remedy) -> None:
        super().__init__(at)
        self.at, self.remedy = at, remedy


class _Group:
    """The types of objects that can satisfy what stands between two parentheses, read from left to right.

    AND binds more tightly than OR: `both` belongs to what follows the last OR, `either` to all before it.
    """

    __slots__ = ("both", "either", "joined")

    def __init__(self) -> None:
        self.either: set[str] = set()
        self.both: set[str] = set()
        self.joined = ""

    def add(self, kinds: set[str]) -> bool:
        """Whether any type is left that satisfies both sides of an AND."""
        if self.joined == "AND":
            self.both &= kinds
        else:
            self.either |= self.both
            self.both = kinds
        return bool(self.both)

    def kinds(self) -> set[str]:
        self.either |= self.both
        return self.either


class _Reader:
    """Goes once through a pattern from left to right; never calls itself, so nesting costs no stack."""

    __slots__ = ("at", "depth", "found", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.found: list[Comparison] = []

    def observations(self) -> None:
        """Observations in brackets, in parentheses, joined and qualified, to the end of the text."""
        more = True
        while more:
            while self._next(_OPENING, misspelt.OBSERVATION)[1] == "(":
                self._open()
            self._observation()
            more = self._more()

    def _more(self) -> bool:
        """Reads what may follow an observation, and whether that joins another one."""
        seen: set[str] = set()
        while True:
            before = self.at
            found = self._next(_FOLLOWING, misspelt.FOLLOWING)
            following = str(found.lastgroup)
            if following == "join":
                return True
            if following == "end":
                if self.depth:
                    self._wrong(before, misspelt.UNCLOSED)
                return False
            if following == "close":
                self._close(before)
                seen.clear()
                continue
            if following in seen:
                self._wrong(before, misspelt.TWICE)
            seen.add(following)
            self._demand_days(found, "start", "stop")

    def _observation(self) -> None:
        """Comparisons from behind the opening bracket to behind the closing one."""
        outside, groups, joined = self.depth, [_Group()], ""
        while joined != "]":
            operand = self._next(_OPERAND, misspelt.OPERAND)
            if operand["open"]:
                self._open()
                groups.append(_Group())
                continue
            self._comparison(operand, joined)
            joined = self._joint(groups, {operand["kind"]}, operand.start("kind"))
        if self.depth != outside:
            self._wrong(self.at - 1, misspelt.UNCLOSED)

    def _joint(self, groups: list[_Group], kinds: set[str], start: int) -> str:
        """Reads what follows a comparison, with the parentheses closed there: AND, OR or the closing bracket."""
        while True:
            if not groups[-1].add(kinds):
                self._wrong(start, misspelt.DIFFERENT)
            before = self.at
            joint = self._next(_JOINT, misspelt.JOINT)[1]
            if joint != ")":
                groups[-1].joined = joint
                return joint
            if len(groups) == 1:
                self._wrong(before, misspelt.UNOPENED)
            self.depth -= 1
            kinds = groups.pop().kinds()

    def _comparison(self, operand: re.Match[str], joined: str) -> None:
        exists, absent, kind, path, negated, operator, value = operand.group(*_PARTS)
        if exists:
            self.at = operand.end("path")
            self.found.append(Comparison(kind, path, bool(absent), "EXISTS", "", joined))
            return
        if operator is None:
            self._wrong(self.at, misspelt.OPERATOR)
        if value is None:
            self._wrong(self.at, misspelt.VALUE)
        if operator != "=" or value[0] != "'":
            self._demand_fit(operand, operator, value)
        self.found.append(Comparison(kind, path, bool(negated), operator, value, joined))

    def _demand_fit(self, operand: re.Match[str], operator: str, value: str) -> None:
        """The constants that an operator takes (section 9.6.1)."""
        start = operand.start("value")
        if operator == "IN":
            if value[0] != "(":
                self._wrong(start, misspelt.LIST)
            if len(set(map(sort_of, constants_of(value)))) > 1:
                self._wrong(start, misspelt.MIXED)
        elif operator.isalpha():
            if value[0] != "'":
                self._wrong(start, misspelt.TEXT)
        elif value[0] == "(":
            self._wrong(start, misspelt.ONE)
        elif operator not in _EQUALITY and sort_of(value) == "true":
            self._wrong(start, misspelt.ORDER)
        self._demand_days(operand, "value")

    def _demand_days(self, found: re.Match[str], *names: str) -> None:
        for name in names:
            written = found[name]
            if written and "t'" in written and not all(map(is_a_day, moments_in(written))):
                self._wrong(found.start(name), misspelt.DAY)

    def _next(self, form: re.Pattern[str], remedy: misspelt.Remedy) -> re.Match[str]:
        found = form.match(self.text, self.at)
        if found is None:
            self._wrong(self.at, remedy)
        self.at = found.end()
        return found

    def _open(self) -> None:
        self.depth += 1
        if self.depth > misspelt.DEEPEST:
            self._wrong(self.at - 1, misspelt.DEEP)

    def _close(self, before: int) -> None:
        if not self.depth:
            self._wrong(before, misspelt.UNOPENED)
        self.depth -= 1

    def _wrong(self, at: int, remedy: misspelt.Remedy) -> NoReturn:
        raise _MisspeltError(at, remedy)
