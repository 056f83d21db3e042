"""What analysis made of a piece, as its page shows it, and the decisions of who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infohub.analysis.pipeline import Span
from infohub.assist.actions import digest_of, text_of
from infohub.assist.learning import Sureness, sureness_here
from infohub.assist.models import Assertion, Reading, Said, State
from infohub.catalogue.models import Entry, Severity
from infohub.members.models import Sector
from infohub.policy import offices
from infohub.sharing.actions import confirming
from infohub.sharing.models import ItemKind
from infohub.sharing.refusals import NotAllowedError
from infohub.support.markdown import plain
from infohub.web.items.door import readable_piece
from infohub.web.viewer import viewer_of

LIKELY, VERY_LIKELY = 0.6, 0.85
IN_WORDS = frozenset({Said.TECHNIQUE, Said.MALWARE, Said.ACTOR, Said.TOOL, Said.CAMPAIGN, Said.PRODUCT})
"""What stands in certain words, which are marked: a sector, a kind or a severity follows from the whole."""

QUOTED, SENTENCE = 160, 600  # characters of the text that a row quotes at most, and of a sentence of the summary


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said of the piece: what, how sure, from which words, and who stands behind it.

    `lang` is that of its name where it is English in every language.
    """

    pk: int
    subject: str
    name: str
    lang: str
    sure: str
    quote: str
    state: str
    decided_by: str
    place: Span


@dataclass(frozen=True, slots=True)
class Shown:
    """A summary made of the piece's own sentences, and what is said of it, by subject; `waits` = not read yet.

    The places count in title, line end and text, and are there only where these are still what was read.
    """

    summary: Sequence[str] = ()
    sentences: Sequence[Span] = ()
    said: Sequence[tuple[str, Sequence[Row]]] = ()
    waits: bool = False


def shown_reading(entry: Entry, *, decides: bool) -> Shown:
    """What its readers see of an entry they may read; what was rejected only who decides sees."""
    reading = Reading.objects.filter(entry=entry).first()
    if reading is None or reading.read_at is None:
        return Shown(waits=reading is not None and reading.due_at is not None)
    fits = reading.digest == digest_of(entry)
    text = text_of(entry) if fits else ""
    sentences = [(start, end) for start, end in reading.summary] if fits else []
    rows = Assertion.objects.of(entry).select_related("decided_by__person")
    rows = rows if decides else rows.standing()
    told = [row for row in _of_the_programme(rows) if not _goes_without_saying(row, entry)]
    sureness = sureness_here()
    told.sort(key=lambda row: (row.subject, -sureness.of(row), row.pk))
    by_subject = groupby(told, key=lambda row: row.subject)
    return Shown(
        summary=[plain(text[start:end], SENTENCE) for start, end in sentences],
        sentences=sentences,
        said=[(str(Said(subject).label), [_row(row, text, sureness) for row in some]) for subject, some in by_subject],
    )


@require_POST
def decide_finding(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Confirm or reject one thing that is said of the piece."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    accepted = request.POST.get("do") == "confirm"
    try:
        confirming.decide_finding(viewer, item=piece, assertion=Assertion(pk=pk), accepted=accepted)
    except (NotAllowedError, offices.NotAllowedError, Assertion.DoesNotExist, Entry.DoesNotExist):
        raise Http404 from None
    confirmed = _("Confirmed. Readers see that you stand behind it, and machines get it with the piece.")
    messages.success(request, confirmed if accepted else _("Rejected. It leaves with the piece in no form."))
    return redirect(f"/items/{piece.ref}#reading")


def _of_the_programme(rows: Iterable[Assertion]) -> Iterator[Assertion]:
    """The same; sectors as the programme calls them now. One that it has no more stays where somebody decided on it."""
    sectors = {sector.key: sector.name for sector in Sector.objects.all()}
    for row in rows:
        if row.subject == Said.SECTOR:
            row.name = sectors.get(row.value, row.name)
        if row.subject != Said.SECTOR or row.value in sectors or row.state != State.SUGGESTED:
            yield row


def _goes_without_saying(row: Assertion, entry: Entry) -> bool:
    """What the author chose as well: the kind and the severity that the piece has."""
    own = {Said.KIND.value: entry.kind, Said.SEVERITY.value: Severity(entry.severity).name.lower()}
    return row.subject in own and (row.value == own[row.subject] or row.state == State.SUGGESTED)


def _row(row: Assertion, text: str, sureness: Sureness) -> Row:
    quote = plain(text[row.start : row.end], QUOTED)
    return Row(
        pk=row.pk,
        subject=str(Said(row.subject).label),
        name=name_of(row.subject, row.value, row.name),
        lang=lang_of(row.subject),
        sure=sure_word(sureness.of(row)),
        quote="" if quote.casefold() == row.name.casefold() else quote,
        state=row.state,
        decided_by=row.decided_by.person.name if row.decided_by else "",
        place=(row.start, row.end) if text and row.subject in IN_WORDS else (0, 0),
    )


def name_of(subject: str, value: str, name: str) -> str:
    """What people call it: an id of ATT&CK with its name, the rest in the reader's language."""
    if subject == Said.KIND:
        return str(ItemKind(value).label) if value in ItemKind.values else name
    if subject == Said.SEVERITY:
        return next((str(one.label) for one in Severity if one.name.lower() == value), name)
    return f"{value} {name}" if subject == Said.TECHNIQUE and name != value else name


def lang_of(subject: str) -> str:
    """The language of a name that is English in every language; empty where it may be any."""
    return "en" if subject == Said.TECHNIQUE else ""


def sure_word(confidence: float) -> str:
    """How sure it is, in a word."""
    if confidence >= VERY_LIKELY:
        return _("very likely")
    return _("likely") if confidence >= LIKELY else _("perhaps")
