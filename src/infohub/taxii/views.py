"""TAXII 2.1 for reading: what a machine with a token may pull, page by page."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.intel.models import Collection
from infohub.policy.viewer import Viewer
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.taxii21 import envelope
from infohub.standards.taxii21.envelope import ManifestEntry
from infohub.standards.taxii21.filters import ALL
from infohub.taxii.answers import absent, answer, dated
from infohub.taxii.door import demand_reading, door
from infohub.taxii.pages import Page, asked, page

API_ROOT = "/taxii2/api/"
MAX_CONTENT_LENGTH = 10 * 1024 * 1024


@door
def discovery(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Say where the API root is."""
    demand_reading(request)
    told = envelope.discovery(
        settings.SITE_NAME, description=settings.SITE_TAGLINE, contact=settings.CONTACT, api_roots=[API_ROOT]
    )
    return answer(envelope.resource(told))


@door
def api_root(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Say what this API root speaks."""
    demand_reading(request)
    told = envelope.api_root(settings.SITE_NAME, description="", max_content_length=MAX_CONTENT_LENGTH)
    return answer(envelope.resource(told))


@door
def collections(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List the collections this machine may read, always in the same order."""
    demand_reading(request)
    told = [_resource(collection) for collection in Collection.objects.readable(viewer)]
    return answer(envelope.resource(envelope.collections(told)))


@door
def collection(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Describe one collection."""
    found = _found(viewer, name)
    demand_reading(request)
    return answer(envelope.resource(_resource(found)))


@door
def objects(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Give a page of objects, as the texts they are."""
    found = _found(viewer, name)
    demand_reading(request, writing="POST")
    taken = page(viewer, found, asked(request), "object__raw", scope="objects")
    return _dated(taken, envelope.envelope(_texts(taken), next=taken.next))


@door
def manifest(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Give a page of what there is, without the objects."""
    found = _found(viewer, name)
    demand_reading(request)
    taken = page(viewer, found, asked(request), "stix_id", "version", scope="manifest")
    entries = [
        ManifestEntry(id=str(stix_id), date_added=added, version=_stamp(version))
        for added, (stix_id, version) in zip(taken.dates, taken.rows, strict=True)
    ]
    return _dated(taken, envelope.manifest(entries, next=taken.next))


@door
def one_object(request: HttpRequest, viewer: Viewer, name: str, stix_id: str) -> HttpResponse:
    """Give one object in the versions asked for."""
    found = _found(viewer, name)
    demand_reading(request, writing="DELETE")
    query = replace(asked(request), ids=(stix_id,), types=())
    taken = page(viewer, found, query, "object__raw", scope=f"object {stix_id}")
    _demand_known(viewer, found, stix_id, taken)
    return _dated(taken, envelope.envelope(_texts(taken), next=taken.next))


@door
def versions(request: HttpRequest, viewer: Viewer, name: str, stix_id: str) -> HttpResponse:
    """Say which versions of an object there are."""
    found = _found(viewer, name)
    demand_reading(request)
    query = replace(asked(request), ids=(stix_id,), types=(), versions=(ALL,))
    taken = page(viewer, found, query, "version", scope=f"versions {stix_id}")
    _demand_known(viewer, found, stix_id, taken)
    return _dated(taken, envelope.versions([_stamp(version) for (version,) in taken.rows], next=taken.next))


@door
def nothing(_request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Everything else below this address."""
    raise absent()


def _found(viewer: Viewer, name: str) -> Collection:
    """The collection of this id or alias, if the viewer may read it."""
    found = Collection.objects.readable(viewer).called(name).first()
    if found is None:
        raise absent()
    return found


def _demand_known(viewer: Viewer, found: Collection, stix_id: str, taken: Page) -> None:
    """An object of which the viewer may read nothing at all here is not there; another just has no such version."""
    if not taken.rows and not found.shown_to(viewer).filter(stix_id=stix_id).exists():
        raise absent()


def _resource(row: Collection) -> dict[str, object]:
    return envelope.collection(
        str(row.uuid), row.title, description=row.about, alias=row.alias, can_read=True, can_write=False
    )


def _texts(taken: Page) -> list[str]:
    return [str(text) for (text,) in taken.rows]


def _stamp(version: str | datetime) -> str:
    assert isinstance(version, datetime)
    return microseconds(version)


def _dated(taken: Page, body: bytes) -> HttpResponse:
    response = answer(body)
    return dated(response, taken.dates[0], taken.dates[-1]) if taken.dates else response
