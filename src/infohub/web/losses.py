"""What an exchange lost, in the reader's language: the fixed sentences of codecs and exports, and counts by reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from infohub.sharing.lists import EXAMPLES, Loss, grouped
from infohub.standards.losses import Line, Outcome
from infohub.standards.refang import defang

FEW = 3  # examples that need no opening


@dataclass(frozen=True, slots=True)
class LossRow:
    """One reason on a page: how often, why, and examples, a line each; `shown` opens them where they are many."""

    count: str
    reason: str
    shown: str
    examples: str


@dataclass(frozen=True, slots=True)
class Losses:
    """All reasons of one exchange, and how much of each outcome there is."""

    total: str
    rows: list[LossRow]


def losses_of(told: Iterable[Line]) -> Losses:
    """The reasons, what is left out first."""
    losses = grouped(told)
    numbers = {outcome: sum(loss.number for loss in losses if loss.outcome is outcome) for outcome in Outcome}
    counts = (_counted(outcome, numbers[outcome]) for outcome in (Outcome.REFUSED, Outcome.CHANGED, Outcome.TAKEN))
    return Losses(", ".join(count for count in counts if count), [_row(loss) for loss in losses])


def _row(loss: Loss) -> LossRow:
    shown = _("Show all") if loss.number <= EXAMPLES else _("Show the first %(n)d") % {"n": EXAMPLES}
    shown = "" if loss.number <= FEW else shown
    examples = "\n".join(_example(*one) for one in loss.examples)
    return LossRow(_counted(loss.outcome, loss.number), said(loss.reason), shown, examples)


def _counted(outcome: Outcome, number: int) -> str:
    words = {
        Outcome.REFUSED: ngettext("%(n)d left out", "%(n)d left out", number),
        Outcome.CHANGED: ngettext("%(n)d changed", "%(n)d changed", number),
        Outcome.TAKEN: ngettext("%(n)d to look at", "%(n)d to look at", number),
    }
    return words[outcome] % {"n": number} if number else ""


def _example(what: str, pieces: str, found: str) -> str:
    return "  ".join(part for part in (pieces, "" if what == pieces else defang(what), found) if part)


def said(sentence: str) -> str:
    """A sentence of a codec in the reader's language."""
    return gettext(sentence)


def sentences() -> tuple[str, ...]:
    """Every sentence that `said` is asked for, named here so that the catalogues have them."""
    return (
        # standards/blocklists.py
        _("It holds signs that end a line or cannot be seen. Take the table of indicators."),
        _("It begins with #, so a program that reads the list may take it for a comment."),
        _("A hosts file knows names alone. Take the RPZ zone, the Suricata rules or the plain list."),
        _("A zone knows names and addresses alone. Take the plain list or the table of indicators."),
        _("This is no name or address that a network uses. Take the plain list."),
        _("It is one page: its whole host would be blocked. Take the Suricata rules or the plain list."),
        _("Its host stands there, for the web address means everything on it."),
        _("The network is too wide: what reads the list would block a large part of the Internet."),
        _("The name is too long for a zone. Take the hosts file."),
        _("Its author asks, by the PAP, that nothing be blocked on it."),
        # standards/suricata.py
        _("It is not seen on the network. Take the plain list: Suricata compares hashes with a list of its own."),
        _("Suricata looks for addresses, names and web addresses here. Take the plain list or the table."),
        _("It is no address of the web (http, https). Take the plain list."),
        _("It is found only where TLS is opened: the page that is asked for is encrypted."),
        _("Only what goes over the wire is looked for: no user name, nothing after #."),
        _("Another value has the number that follows from it; it got the next one, which may change."),
        # standards/detection.py
        _("It does not compile. Read it before you use it."),
        _("It was not checked: nothing here reads rules of this language."),
        _("It was not checked: this installation has no programs that check rules."),
        _("It was not checked: that took too long, or others are checked just now. Try again in a minute."),
        _("The same rule stands in another code block too, and is in the file once."),
        _("There is nothing in this code block."),
        # standards/stix21/sought.py
        _("It is a rule for a program. No list of values can say it."),
        _("Its values count only together. A list would mean more than it does."),
        _("It names no value as it is, so no list can hold it."),
        # sharing/lists
        _("The piece was withdrawn. Only its author still sees it."),
        _("It was retracted as a false positive."),
        _("It was retracted in this piece as a false positive, but leaves because of another one."),
        _("It has expired."),
        _("The text is too long to be searched for detection rules. Copy them from the page of the piece."),
        _("It is of a private or reserved range. Look twice before you block it."),
        _("It is well known, and many rely on it. Look twice before you block it."),
        _("This form has no place for its PAP. Tell it to who gets the file."),
        _("Its files do not leave with it. Take them from the page of the piece."),
        _("Its text stays here. The event leads to the page of the piece."),
        _("STIX has no object for this kind, so it leaves as a note."),
        _("MISP has no type for this kind, so it leaves as text."),
        _("It was confirmed, but STIX has no object for it."),
        _("It was confirmed, but MISP has no galaxy for it."),
        _("It stands in pieces of several markings. Its one object carries the strictest."),
        _("So many more pieces pass the filters than one file holds. The newest leave; narrow the filters."),
        _("So many more indicators count than one file holds. Those of the newest pieces leave; narrow the filters."),
        _("It was revoked by who made it."),
        _("It counts no more in this object, but leaves because of another one."),
        _("There are more objects than a list looks at: the newest leave."),
        _("A spreadsheet would run it as a formula, so an apostrophe stands before it."),
    )
