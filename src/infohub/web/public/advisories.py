"""The list of releases with its filters, the page of one release, and its indicators for machines."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from infohub.members.models import Sector
from infohub.releases.export import bundle, indicator_table
from infohub.releases.models import Release, ReleaseQuerySet
from infohub.support.markdown import render as rendered
from infohub.support.pdf import NotPrintedError, prints
from infohub.web.lists import address, chips, paged
from infohub.web.public.page import public_file, public_page
from infohub.web.public.rows import SEVERITIES, rows_of, telling_of
from infohub.web.public.sheet import paper_of

PAGE = 20
FILTERS = ("kind", "severity", "sector")


@public_page
def advisories(request: HttpRequest) -> HttpResponse:
    """Everything released, newest first, as narrow as the address says."""
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    page, newer, older = paged(request, filtered(Release.objects.public(), chosen), size=PAGE)
    kinds = Release._meta.get_field("kind").flatchoices
    severities = Release._meta.get_field("severity").flatchoices
    sectors: QuerySet[Sector] = Sector.objects.all()
    query = address(request, page="").removeprefix("?")
    context = {
        "nav": "advisories",
        "rows": rows_of(page),
        "newer": newer,
        "older": older,
        "filtered": any(chosen.values()),
        "feed": f"{reverse('public:atom')}{'?' if query else ''}{query}",
        "json_feed": f"{reverse('public:jsonfeed')}{'?' if query else ''}{query}",
        "filters": [
            (_("Severity"), chips(request, "severity", _by_word(severities))),
            (_("Kind"), chips(request, "kind", [(str(value), str(label)) for value, label in kinds])),
            (_("Sector"), chips(request, "sector", [(sector.key, sector.name) for sector in sectors])),
        ],
    }
    return render(request, "public/advisories.html", context)


@public_page
def advisory(request: HttpRequest, ref: str) -> HttpResponse:
    """One release, in the language of the page as far as there is a text in it."""
    return _page(request, _release(ref))


def _page(request: HttpRequest, release: Release, *, problem: str = "", status: int = 200) -> HttpResponse:
    telling = telling_of(release)
    body = mark_safe(rendered(telling.text.body))  # noqa: S308  (nh3 has cleaned it)
    context = {"nav": "advisories", "told": telling, "release": release, "text": telling.text, "body": body}
    said = {"prints": prints(), "problem": problem}
    return render(request, "public/advisory.html", context | said, status=status)


@public_page
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """A standing release on paper, where this installation makes PDFs."""
    release = _release(ref)
    if not release.is_published or not prints():
        raise Http404
    try:
        content = paper_of(release)
    except NotPrintedError as problem:
        return _page(request, release, problem=str(problem), status=503)
    return _download(HttpResponse(content, content_type="application/pdf"), f"{ref}.pdf")


@public_file
def indicators_csv(_request: HttpRequest, ref: str) -> HttpResponse:
    """The live indicators of a standing release as a table."""
    release = _release(ref)
    if not release.is_published:
        raise Http404
    return _download(HttpResponse(indicator_table(release), content_type="text/csv; charset=utf-8"), f"{ref}.csv")


@public_file
def stix(_request: HttpRequest, ref: str) -> HttpResponse:
    """The release as a STIX bundle; of a withdrawn one the version that takes it back."""
    response = JsonResponse(bundle(_release(ref)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Type"] = "application/stix+json;version=2.1"
    return _download(response, f"{ref}.json")


def filtered(releases: ReleaseQuerySet, chosen: dict[str, str]) -> ReleaseQuerySet:
    """Narrow by the filters of an address; a value nobody knows finds nothing."""
    if chosen["kind"]:
        releases = releases.filter(kind=chosen["kind"])
    if chosen["severity"]:
        levels = [level for level, word in SEVERITIES.items() if word == chosen["severity"]]
        releases = releases.filter(severity__in=levels)
    if chosen["sector"]:
        releases = releases.filter(sectors__key=chosen["sector"])
    return releases


def _by_word(severities: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """The worst first; "none" is no filter."""
    return [(SEVERITIES[level], str(label)) for level, label in reversed(severities) if level in SEVERITIES]


def _release(ref: str) -> Release:
    release = Release.objects.worded().filter(ref=ref).first()
    if release is None:
        raise Http404
    return release


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
