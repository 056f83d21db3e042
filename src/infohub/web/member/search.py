"""One box: a pasted indicator is answered first and exactly, then pieces with all the words, then people and groups."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infohub.analysis.extract import finding_of
from infohub.analysis.findings import Finding, Kind
from infohub.analysis.relate.subjects import telling_words
from infohub.assist.models import Assertion, Said
from infohub.catalogue.actions import TooManyError, forget_search, save_search
from infohub.catalogue.models import Entry, EntryQuerySet, SavedSearch
from infohub.catalogue.search import beginning, matching, nearest, ranked
from infohub.intel.lookup import Shelves, Spoken, around, held, speaking
from infohub.intel.models import Collection
from infohub.members.models import Group, Membership
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Indicator, ItemState
from infohub.support.clock import now
from infohub.web.cves import facts_of
from infohub.web.lists import Chip, address, chosen_id, fragment, paged
from infohub.web.member.filters import NAMES, Filters, filters_of
from infohub.web.rows import rows_of
from infohub.web.typed import line
from infohub.web.viewer import viewer_of

QUERY_CHARACTERS = 2000
PEOPLE, GROUPS, SUGGESTIONS, EXACT, AROUND = 8, 8, 6, 20, 20
LOOSE, ALIKE, TOLD, WORDS_ALIKE, NAMES_ALIKE = 30, 10, 20_000, 16, 4
NAMED = (Said.MALWARE, Said.ACTOR, Said.CAMPAIGN, Said.TOOL)
ENOUGH = 2  # characters: one finds everything and nothing


def search(request: HttpRequest) -> HttpResponse:
    """The answer to a query, from what the viewer may read and nothing else."""
    viewer, query, filters = viewer_of(request), asked_for(request), filters_of(request, viewer_of(request))
    finding = finding_of(query) if query else None
    like = like_of(request, viewer)
    page, newer, older = paged(request, answers(request, viewer, filters).carded())
    loose = not page and not newer and finding is None and bool(query or like)
    if loose:
        entries = filters.narrow(Entry.objects.readable(viewer))
        others, most = (entries.exclude(pk=like.pk), ALIKE) if like else (entries, LOOSE)
        page = nearest(others, query or words_of(like), most=most)
    context: dict[str, object] = {
        "nav": "search",
        "query": query,
        "like": like,
        "loose": loose,
        "rows": rows_of(page),
        "newer": newer,
        "older": older,
        "filters": filters.chips(request),
        "filtered": filters.any,
        "hidden": [(name, value) for name, value in filters.chosen.items() if value],
        "orders": _orders(request),
        "query_string": kept_query(request),
        "saved": list(SavedSearch.objects.filter(person=viewer.person)),
    }
    context |= _exact(viewer, finding) if finding else _who(viewer, query)
    return render(request, "member/search.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search one looks at, under a name."""
    query = kept_query(request)
    name = line(request, "name")[:120] or request.GET.get("q", "").strip()[:120]
    if name and query:
        try:
            save_search(viewer_of(request), name=name, query=query)
        except TooManyError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Saved. You find it on this page."))
    else:
        messages.warning(request, _("Search for something first, then save it under a name."))
    return redirect(f"/member/search/?{query}")


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Remove a search one saved."""
    forget_search(viewer_of(request), number=chosen_id(request, "search"))
    messages.success(request, _("Removed."))
    return redirect("member:search")


def suggest(request: HttpRequest) -> HttpResponse:
    """What somebody may be typing: pieces, groups and people, as a short list below the box."""
    viewer, query = viewer_of(request), asked_for(request)
    context: dict[str, object] = {}
    if len(query) >= ENOUGH:
        entries = beginning(Entry.objects.readable(viewer), query).newest().only("ref", "title", "language")
        context = {"entries": list(entries[:SUGGESTIONS])} | _who(viewer, query)
    return fragment("member/search.html#suggestions", context)


def asked_for(request: HttpRequest) -> str:
    """The words of the box, as far as a database takes them."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_CHARACTERS]


def answers(request: HttpRequest, viewer: Viewer, filters: Filters) -> EntryQuerySet:
    """The pieces that this address asks for, in its order."""
    entries, query = filters.narrow(Entry.objects.readable(viewer)), asked_for(request)
    if not query:
        return entries.newest() if filters.any else entries.none()
    if request.GET.get("order") == "best":
        return ranked(entries, query)
    return matching(entries, query).newest()


def pieces_asked_for(request: HttpRequest, viewer: Viewer, filters: Filters) -> EntryQuerySet:
    """The pieces of a feed or a search of this address, all of them whatever their order there."""
    entries, words = filters.narrow(Entry.objects.readable(viewer)), asked_for(request)
    return matching(entries, words) if words else entries


def like_of(request: HttpRequest, viewer: Viewer) -> Entry | None:
    """The piece that others are to be like, where the address names one that the viewer may read."""
    ref = request.GET.get("like", "").replace("\x00", "")[:16]
    return Entry.objects.readable(viewer).filter(ref=ref).first() if ref and not asked_for(request) else None


def words_of(entry: Entry | None) -> str:
    """The names a piece holds, as analysis read them, and its most telling words."""
    if entry is None:
        return ""
    named = (
        Assertion.objects.of(entry).standing().filter(subject__in=NAMED).values_list("name", flat=True)[:NAMES_ALIKE]
    )
    telling = telling_words(f"{entry.title}\n{entry.summary}\n{entry.text[:TOLD]}")
    return " ".join((*named, *list(telling)[:WORDS_ALIKE]))


def kept_query(request: HttpRequest) -> str:
    """The part of the address that makes the search, without page and the like."""
    kept = {name: request.GET.get(name, "").replace("\x00", "") for name in ("q", *NAMES, "order")}
    return urlencode({name: value for name, value in kept.items() if value})[:2400]


def _orders(request: HttpRequest) -> list[Chip]:
    best = request.GET.get("order") == "best"
    return [
        Chip(address(request, order="", page=""), _("Newest first"), not best),
        Chip(address(request, order="best", page=""), _("Best match first"), best),
    ]


def _exact(viewer: Viewer, finding: Finding) -> dict[str, object]:
    """Where exactly this value was confirmed as an indicator, the earliest first; all of them are in the list below.

    Beside them, how many objects of which collections speak of it, the newest of these, and what such objects say
    lies around it.
    """
    shelves, at = Shelves.among(viewer, Collection.objects.readable(viewer)), now()
    rows = Indicator.objects.readable(viewer).filter(value=finding.value, item__state=ItemState.PUBLISHED)
    told = rows.select_related("item").only("valid_from", "retracted_at", "item__ref", "item__title", "item__language")
    told = told.order_by("valid_from", "pk")
    objects: dict[int, list[tuple[Spoken, bool]]] = {}
    for one in speaking(shelves, [finding.value], most=EXACT, at=at):
        objects.setdefault(one.collection.pk, []).append((one, one.is_past(at)))
    return {
        "finding": finding,
        "facts": facts_of([finding.value]).get(finding.value, []) if finding.kind is Kind.CVE else [],
        "known": list(told.filter(retracted_at=None)[:EXACT]),
        "number": rows.filter(retracted_at=None).count(),
        "retracted": list(told.exclude(retracted_at=None)[:EXACT]),
        "held": [(one, objects.get(one.collection.pk, [])) for one in held(shelves, finding.value, at=at)],
        "near": around(shelves, finding.kind.value, finding.value, most=AROUND, at=at),
    }


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member in the answer: a name and whom it represents."""

    name: str
    organisation: str


def _who(viewer: Viewer, query: str) -> dict[str, object]:
    """Members and groups of that name, each as far as it lets itself be found by this viewer."""
    if len(query) < ENOUGH:
        return {}
    people = Membership.objects.found_by(query, organisation=viewer.organisation).select_related(
        "person", "organisation"
    )
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates)
    folded = query.casefold()
    return {
        "people": [Somebody(one.person.name, one.organisation.name) for one in people[:PEOPLE]],
        "groups_found": [group for group in known if any(folded in name.casefold() for name in group.names.values())][
            :GROUPS
        ],
    }
