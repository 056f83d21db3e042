"""Any list of pieces as a table: what the viewer sees with these filters, nothing more."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from infohub.catalogue.actions import note_export
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.support.tables import lines
from infohub.web.member.filters import filters_of
from infohub.web.member.search import answers, asked_for
from infohub.web.rows import severity_word
from infohub.web.viewer import viewer_of

ROWS = 10_000
COLUMNS = ("reference", "tlp", "kind", "severity", "title", "author", "indicators", "shared", "link")


@require_safe
def table(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The feed or a search, with its filters, as comma-separated values; at most ten thousand pieces."""
    viewer = viewer_of(request)
    filters = filters_of(request, viewer)
    searched = bool(asked_for(request))
    rows = answers(request, viewer, filters) if searched else filters.narrow(Entry.objects.readable(viewer)).newest()
    entries = rows.carded()[:ROWS]
    note_export(viewer, entries=entries.count())
    response = StreamingHttpResponse(lines(_rows(entries)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="pieces.csv"'
    return response


def _rows(entries: EntryQuerySet) -> Iterator[tuple[object, ...]]:
    yield COLUMNS
    for entry in entries:
        yield (
            entry.ref,
            entry.tlp.mark,
            entry.kind,
            severity_word(entry.severity),
            entry.title,
            entry.author,
            entry.indicator_count,
            entry.published_at.isoformat(timespec="seconds"),
            f"{settings.BASE_URL}/items/{entry.ref}",
        )
