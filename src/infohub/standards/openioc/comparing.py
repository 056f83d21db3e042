"""One item of OpenIOC as what a STIX pattern compares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from infohub.standards.misp.comparisons import comparisons
from infohub.standards.problem import Problem
from infohub.standards.stix21.patterns import quoted

from .remarks import Remark
from .terms import REQUEST, TERMS, Sort, Term
from .tree import Node

_NUMBER = re.compile(r"[0-9]{1,18}\Z", re.ASCII)
_RANGE = re.compile(r"\[?\s*([0-9]{1,18})\s+TO\s+([0-9]{1,18})\s*\]?\Z", re.ASCII)
_SPLIT = re.compile(r"(?P<folder>.*)[\\/](?P<name>[^\\/]*)\Z", re.DOTALL)
_PARTS = {"contains": ("", ""), "starts-with": ("^", ""), "begins-with": ("^", ""), "ends-with": ("", "$")}
_FOLDER = "file:parent_directory_ref.path"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks: `negated`, in capitals or not, under which condition of what term and value."""

    search: str
    condition: str
    value: str
    negated: bool
    exact_case: bool

    @classmethod
    def of(cls, item: Node) -> Asked:
        """As the item says it, in either version."""
        condition = item.attribute("condition").lower() or "is"
        negative = condition.removesuffix("not") if condition in {"isnot", "containsnot"} else ""
        return cls(
            search=item.first("Context").attribute("search"),
            condition=negative or condition,
            value=item.first("Content").text,
            negated=bool(negative) != (item.attribute("negate").lower() in {"true", "1"}),
            exact_case=item.attribute("preserve-case").lower() in {"true", "1"},
        )

    @property
    def term(self) -> Term | None:
        """What STIX calls the term."""
        return TERMS.get(self.search.lower())

    @property
    def minds_case(self) -> bool:
        """Whether the pattern is narrower than the item: equal means equal in STIX, whatever the letters."""
        term = self.term
        return self.condition == "is" and not self.exact_case and term is not None and term.sort is Sort.TEXT


def compared(asked: Asked) -> str | Remark:
    """The comparison, several joined in parentheses; or why there is none."""
    term = asked.term
    if term is None:
        return Remark.NO_TERM
    if not asked.value:
        return Remark.NO_VALUE
    if term.sort is Sort.NUMBER:
        return _of_number(asked, term)
    if asked.condition == "is":
        return _equal(asked, term)
    return _matching(asked, term)


def remark_of(asked: Asked, remark: Remark, path: str) -> Problem:
    """The remark with what was there."""
    found = {Remark.NO_TERM: asked.search, Remark.NO_CONDITION: asked.condition}.get(remark, asked.value)
    return Problem(path, remark, found[:80])


def _equal(asked: Asked, term: Term) -> str | Remark:
    if term.path == "url:value" and "://" not in asked.value:
        return _part_of_address(asked)
    if term.kind:
        parts = [(one.path, one.value) for one in comparisons(term.kind, asked.value)]
    else:
        written = asked.value if term.sort is not Sort.EXACT else _address(asked.value)
        parts = [(term.path, written)] if written else []
    if not parts:
        return Remark.ODD_VALUE
    sign = " NOT =" if asked.negated else " ="
    terms = [f"{path}{sign} {value if isinstance(value, int) else quoted(value)}" for path, value in parts]
    return _joined(terms, "OR" if asked.negated else "AND")


def _part_of_address(asked: Asked) -> str:
    """What is asked for on a host, or an address without its scheme."""
    if asked.value.startswith("/"):
        return f"{REQUEST}.request_value{' NOT' if asked.negated else ''} = {quoted(asked.value)}"
    return _matches(asked, "url:value", f"^[a-z]+://{re.escape(asked.value)}$")


def _of_number(asked: Asked, term: Term) -> str | Remark:
    negation = " NOT" if asked.negated else ""
    sign = {"is": "=", "greater-than": ">", "less-than": "<"}.get(asked.condition)
    if sign and _NUMBER.match(asked.value):
        return f"{term.path}{negation} {sign} {int(asked.value)}"
    between = _RANGE.match(asked.value)
    if asked.condition == "is" and between:
        least, most = int(between[1]), int(between[2])
        ends = [f"{term.path}{negation} >= {least}", f"{term.path}{negation} <= {most}"]
        return _joined(ends, "OR" if asked.negated else "AND")
    return Remark.NO_CONDITION if sign is None else Remark.ODD_VALUE


def _matching(asked: Asked, term: Term) -> str | Remark:
    """A regular expression, which takes large and small letters for the same unless it is told not to."""
    if term.sort in {Sort.EXACT, Sort.RULE} or (asked.condition != "matches" and asked.condition not in _PARTS):
        return Remark.NO_CONDITION
    if term.sort is Sort.WHOLE_PATH:
        return _in_path(asked)
    if asked.condition == "matches":
        return _matches(asked, term.path, asked.value)
    before, after = _PARTS[asked.condition]
    return _matches(asked, term.path, f"{before}{re.escape(asked.value)}{after}")


def _in_path(asked: Asked) -> str | Remark:
    """A part of a whole path, which may lie across the end of the folder."""
    if asked.condition not in {"contains", "ends-with"}:
        return Remark.NO_CONDITION
    after = "$" if asked.condition == "ends-with" else ""
    found = _SPLIT.match(asked.value)
    if found is None:
        name = _matches(asked, "file:name", f"{re.escape(asked.value)}{after}")
        if after:
            return name
        folder = _matches(asked, _FOLDER, re.escape(asked.value))
        return _joined([name, folder], "AND" if asked.negated else "OR")
    folder = _matches(asked, _FOLDER, f"{re.escape(found['folder'])}$")
    name = _matches(asked, "file:name", f"^{re.escape(found['name'])}{after}")
    return _joined([name, folder] if found["folder"] else [name], "OR" if asked.negated else "AND")


def _matches(asked: Asked, path: str, expression: str) -> str:
    written = expression if asked.exact_case else f"(?i){expression}"
    return f"{path}{' NOT' if asked.negated else ''} MATCHES {quoted(written)}"


def _joined(terms: list[str], by: str) -> str:
    return terms[0] if len(terms) == 1 else f"({f' {by} '.join(terms)})"


def _address(written: str) -> str:
    try:
        return str(ip_address(written))
    except ValueError:
        return ""
