"""A piece on paper: what its page shows of it, and who took it out and when."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext

from infohub.analysis.findings import Kind
from infohub.catalogue.models import Severity
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Course, Item, ItemKind, ItemState, Origin
from infohub.standards.refang import defang
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.pdf import Sheet
from infohub.web.context import ViewerPerson
from infohub.web.findings import KINDS
from infohub.web.handling import may_pass_on
from infohub.web.items.door import entry_of
from infohub.web.items.page import readers_of
from infohub.web.items.texts import Shown, shown_of
from infohub.web.moments import day_in_words, in_words


def sheet_of(viewer: Viewer, piece: Item, who: ViewerPerson, language: str) -> Sheet:
    """The sheet for this reader, in the language asked for as the page is; live indicators alone, as in all exports."""
    shown, entry, readers = shown_of(piece, language), entry_of(viewer, piece), readers_of(viewer, piece)
    where = [*(group.name for group in readers.groups), str(ItemKind(piece.kind).label), piece.ref]
    by = [*_severity(piece), entry.author, in_words(entry.published_at)]
    if piece.revision > 1:
        by.append(gettext("revision %(number)s") % {"number": piece.revision})
    return Sheet(
        language=shown.language.html,
        marking=piece.marking,
        title=shown.title,
        above=(" / ".join(where),),
        below=(", ".join(by), *_origin(shown)),
        stamp=_stamp(piece, who),
        audience=_audience(piece, who, people=readers.reach.people, organisations=len(readers.reach.organisations)),
        facts=tuple(_facts(piece)),
        body=shown.body,
        indicators_title=gettext("Indicators"),
        indicators_head=(gettext("Type"), gettext("Value")),
        indicators=tuple(
            (str(KINDS[Kind(row.kind)]), defang(row.value)) for row in piece.indicators.readable(viewer).live(now())
        ),
        files_title=gettext("Files"),
        files=tuple(f"{file.name}, {filesizeformat(file.size)}" for file in piece.attachments.readable(viewer)),
    )


def _stamp(piece: Item, who: ViewerPerson) -> str:
    printed_at = timezone.localtime(now()).strftime("%Y-%m-%d %H:%M")
    words = gettext("Printed by %(name)s, %(organisation)s, %(printed_at)s")
    told = words % {"name": who.name, "organisation": who.organisation_name, "printed_at": printed_at}
    return f"{piece.marking.mark}, {told}"


def _audience(piece: Item, who: ViewerPerson, *, people: int, organisations: int) -> str:
    words = gettext("%(people)s in %(organisations)s can see this.") % {
        "people": ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
        "organisations": ngettext("%(n)d organisation", "%(n)d organisations", organisations) % {"n": organisations},
    }
    return f"{words} {may_pass_on(piece.marking, who.organisation_name)}"


def _facts(piece: Item) -> list[tuple[str, str]]:
    state = Course(piece.course) if piece.course else ItemState(piece.state)
    facts = [(gettext("Kind"), str(ItemKind(piece.kind).label))]
    facts += [(gettext("Severity"), word) for word in _severity(piece)]
    if piece.published_at is not None:
        facts.append((gettext("First shared"), day_in_words(piece.published_at)))
    facts.append((gettext("Status"), str(state.label)))
    if piece.pap is not None:
        facts.append(("PAP", f"PAP:{Tlp(piece.pap).word}"))
    return [*facts, (gettext("Reference"), piece.ref)]


def _severity(piece: Item) -> list[str]:
    words = {
        Severity.LOW: pgettext("severity", "Low"),
        Severity.MEDIUM: pgettext("severity", "Medium"),
        Severity.HIGH: pgettext("severity", "High"),
        Severity.CRITICAL: pgettext("severity", "Critical"),
    }
    return [words[Severity(piece.severity)]] if piece.severity else []


def _origin(shown: Shown) -> list[str]:
    """Where the words come from, as the page says it."""
    said = []
    if shown.origin == Origin.CONVERTED:
        said.append(gettext("Converted from the other Chinese script by a program."))
    elif shown.origin:
        said.append(gettext("In your language by its author."))
    return [*said, gettext("The original was corrected since.")] if shown.stale else said
