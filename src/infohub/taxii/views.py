"""TAXII 2.1: what a machine with a token may pull, page by page, and what it may add."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.intel.models import Collection, Submission
from infohub.intel.pulling import STIX_ID, TEXT, VERSION
from infohub.policy.viewer import Viewer
from infohub.standards.taxii21 import envelope
from infohub.standards.taxii21.envelope import ManifestEntry
from infohub.standards.taxii21.filters import ALL
from infohub.taxii.answers import RefusedError, absent, answer, dated
from infohub.taxii.auth import Caller
from infohub.taxii.body import MAX_CONTENT_LENGTH
from infohub.taxii.door import READING, demand, door
from infohub.taxii.pages import Page, asked, page, stamp
from infohub.taxii.writing import removed, submitted

API_ROOT = "/taxii2/api/"


@door
def discovery(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Say where the API root is."""
    demand(request)
    told = envelope.discovery(
        settings.SITE_NAME, description=settings.SITE_TAGLINE, contact=settings.CONTACT, api_roots=[API_ROOT]
    )
    return answer(envelope.resource(told))


@door
def api_root(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Say what this API root speaks."""
    demand(request)
    told = envelope.api_root(settings.SITE_NAME, description="", max_content_length=MAX_CONTENT_LENGTH)
    return answer(envelope.resource(told))


@door
def collections(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List the collections this machine may read or add to, always in the same order."""
    demand(request)
    told = [_resource(collection) for collection in caller.collections]
    return answer(envelope.resource(envelope.collections(told)))


@door
def collection(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Describe one collection."""
    found = _found(caller, name)
    demand(request)
    return answer(envelope.resource(_resource(found)))


@door
def objects(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Give a page of objects, as the texts they are; POST adds what was sent."""
    found = _found(caller, name)
    demand(request, *READING, "POST")
    if request.method == "POST":
        made = submitted(request, caller, _writable(found))
        caller.told.objects = len(made.taken)
        return answer(_status(made), status=202)
    _demand_readable(found)
    taken = page(caller.viewer, found, asked(request), TEXT, scope="objects")
    return _dated(caller, taken, envelope.envelope(_texts(taken), next=taken.next))


@door
def manifest(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Give a page of what there is, without the objects."""
    found = _found(caller, name)
    demand(request)
    _demand_readable(found)
    taken = page(caller.viewer, found, asked(request), STIX_ID, VERSION, scope="manifest")
    entries = [ManifestEntry(stix_id.decode(), stamp(added), stamp(version)) for added, stix_id, version in taken.rows]
    return _dated(caller, taken, envelope.manifest(entries, next=taken.next))


@door
def one_object(request: HttpRequest, caller: Caller, name: str, stix_id: str) -> HttpResponse:
    """Give one object in the versions asked for; DELETE takes away what this machine's organisation added."""
    found = _found(caller, name)
    demand(request, *READING, "DELETE")
    _demand_readable(found)
    if request.method == "DELETE":
        removed(request, caller.viewer, _writable(found), stix_id)
        return answer(b"{}")
    query = replace(asked(request), ids=(stix_id,), types=())
    taken = page(caller.viewer, found, query, TEXT, scope=f"object {stix_id}")
    _demand_known(caller.viewer, found, stix_id, taken)
    return _dated(caller, taken, envelope.envelope(_texts(taken), next=taken.next))


@door
def versions(request: HttpRequest, caller: Caller, name: str, stix_id: str) -> HttpResponse:
    """Say which versions of an object there are."""
    found = _found(caller, name)
    demand(request)
    _demand_readable(found)
    query = replace(asked(request), ids=(stix_id,), types=(), versions=(ALL,))
    taken = page(caller.viewer, found, query, VERSION, scope=f"versions {stix_id}")
    _demand_known(caller.viewer, found, stix_id, taken)
    return _dated(caller, taken, envelope.versions([stamp(version) for _, version in taken.rows], next=taken.next))


@door
def status(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    """Say again what became of an envelope, to the token that sent it."""
    demand(request)
    made = Submission.objects.of(caller.viewer).filter(uuid=uuid).first()
    if made is None:
        raise absent()
    return answer(_status(made))


@door
def nothing(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Everything else below this address."""
    raise absent()


def _found(caller: Caller, name: str) -> Collection:
    """The collection of this id or alias, if there is anything this machine may do with it."""
    found = next((row for row in caller.collections if row.is_called(name)), None)
    if found is None:
        raise absent()
    caller.told.collection = found.pk
    return found


def _demand_readable(found: Collection) -> None:
    if not found.can_read:
        raise RefusedError(403, "Not allowed", "This token may add to the collection, not read it.")


def _writable(found: Collection) -> Collection:
    if not found.can_write:
        raise RefusedError(403, "Not allowed", "This token may read the collection, not add to it.")
    return found


def _demand_known(viewer: Viewer, found: Collection, stix_id: str, taken: Page) -> None:
    """An object of which the viewer may read nothing at all here is not there; another just has no such version."""
    if not taken.rows and not found.shown_to(viewer).filter(stix_id=stix_id).exists():
        raise absent()


def _resource(row: Collection) -> dict[str, object]:
    return envelope.collection(
        str(row.uuid),
        row.title,
        description=row.about,
        alias=row.alias,
        can_read=row.can_read,
        can_write=row.can_write,
    )


def _status(made: Submission) -> bytes:
    told = envelope.status(str(made.uuid), made.at, successes=made.taken, failures=made.refused)
    return envelope.resource(told)


def _texts(taken: Page) -> list[bytes]:
    return [text for _added, text in taken.rows]


def _dated(caller: Caller, taken: Page, body: bytes) -> HttpResponse:
    caller.told.objects = len(taken.rows)
    response = answer(body)
    return dated(response, stamp(taken.rows[0][0]), stamp(taken.rows[-1][0])) if taken.rows else response
