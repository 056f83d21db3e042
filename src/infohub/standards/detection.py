"""Detection rules that travel in the text of a piece, in code blocks named after their language, as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp

BROKEN = "It does not compile. Read it before you use it."
NO_CHECKER = "It was not checked: nothing here reads rules of this language."
NOT_INSTALLED = "It was not checked: this installation has no programs that check rules."
NOT_NOW = "It was not checked: that took too long, or others are checked just now. Try again in a minute."
SAME_AGAIN = "The same rule stands in another code block too, and is in the file once."
EMPTY = "There is nothing in this code block."

SENTENCES = (BROKEN, NO_CHECKER, NOT_INSTALLED, NOT_NOW, SAME_AGAIN, EMPTY)

FOUND_CHARACTERS = 200


class Language(StrEnum):
    """Languages of rules, as the first word of a code block names them."""

    SIGMA = "sigma"
    YARA = "yara"
    SURICATA = "suricata"
    SNORT = "snort"


_ENDINGS = {Language.SIGMA: "yml", Language.YARA: "yar", Language.SURICATA: "rules", Language.SNORT: "rules"}
_COMMENTS = {Language.SIGMA: "#", Language.YARA: "//", Language.SURICATA: "#", Language.SNORT: "#"}


@dataclass(frozen=True, slots=True)
class DetectionRule:
    """A rule as its author wrote it; `number` is its place among those of its piece."""

    language: Language
    text: str
    tlp: Tlp
    ref: str
    number: int

    @property
    def name(self) -> str:
        """The name of its file, in a folder of its language."""
        return f"{self.language}/{self.ref}-{self.number}.{_ENDINGS[self.language]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker said of a rule: no `reason` where it compiles; `found` is in the checker's own words."""

    reason: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The files by name, the strictest marking among them, and what is to be known of them."""

    files: dict[str, str]
    tlp: Tlp
    lines: tuple[Line, ...]


def rules_in(blocks: Iterable[tuple[str, str]], *, tlp: Tlp, ref: str) -> list[DetectionRule]:
    """The rules among the code blocks (what stands behind the fence, and the code) of a piece."""
    rules: list[DetectionRule] = []
    for info, code in blocks:
        word = info.strip().partition(" ")[0].lower()
        if word in set(Language):
            rules.append(DetectionRule(Language(word), code, tlp, ref, len(rules) + 1))
    return rules


def rule_files(checked: Iterable[tuple[DetectionRule, Verdict]], *, pieces: str) -> RuleFiles:
    """A file for each rule; `pieces` is the address below which the pieces are.

    A rule that does not compile goes along, with a word about it: its reader mends it sooner than they miss it.
    """
    files: dict[str, str] = {}
    lines: list[Line] = []
    levels = [Tlp.CLEAR]
    met: set[tuple[Language, str]] = set()
    for rule, verdict in checked:
        left_out = EMPTY if not rule.text.strip() else SAME_AGAIN if (rule.language, rule.text) in met else ""
        met.add((rule.language, rule.text))
        if left_out:
            lines.append(Line(rule.name, Outcome.REFUSED, (Problem(rule.ref, left_out),)))
            continue
        files[rule.name] = _file(rule, verdict, pieces)
        levels.append(rule.tlp)
        if verdict.reason:
            lines.append(Line(rule.name, Outcome.TAKEN, (Problem(rule.ref, verdict.reason, _short(verdict.found)),)))
    return RuleFiles(files, max(levels), tuple(lines))


def _file(rule: DetectionRule, verdict: Verdict, pieces: str) -> str:
    """The marking first, then where the rule is from and what a checker said; then the rule, untouched."""
    sign, said = _COMMENTS[rule.language], f"{verdict.reason} {_short(verdict.found)}".strip()
    head = [rule.tlp.mark, f"{pieces}{rule.ref}", *([said] if said else [])]
    return "\n".join([*(f"{sign} {words}" for words in head), rule.text.removesuffix("\n"), ""])


def _short(found: str) -> str:
    """One line of it: a checker quotes what a stranger wrote, and a comment ends with its line."""
    seen = "".join(sign if sign.isprintable() else " " for sign in found)
    return " ".join(seen.split())[:FOUND_CHARACTERS]
