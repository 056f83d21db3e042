"""A client from the shelf, taxii2-client, adds, asks again, lists versions and takes away."""

from __future__ import annotations

from pathlib import Path

import pytest
import stix2
from django.conf import settings
from pytest_django.live_server_helper import LiveServer
from requests.exceptions import HTTPError
from taxii2client.exceptions import AccessError
from taxii2client.v21 import Server, as_pages

from tests.intel import pieces
from tests.intel.pieces import indicator
from tests.taxii.machine import Machine
from tests.taxii.rights import bank, clinic

__all__ = ["bank", "clinic"]


@pytest.fixture(scope="module")
def static_folder() -> None:
    """The server warns where nobody has laid out the static files; machines need none."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


def test_a_stock_client_does_all_that_the_standard_has(
    static_folder: None, transactional_db: None, bank: Machine, live_server: LiveServer
) -> None:
    server = Server(f"{live_server.url}/taxii2/", user="any", password=bank.secret)
    (root,) = server.api_roots
    assert (root.url, root.versions) == (server.default.url, ["application/taxii+json;version=2.1"])
    collections = {row.alias: row for row in root.collections}
    both, writable, readable = (collections[alias] for alias in ("both", "writable", "readable"))
    of = pieces.uuid()
    days = [indicator(of=of, day=day) for day in (1, 2, 3)]
    wrong = {name: value for name, value in indicator().items() if name not in {"modified", "pattern"}}
    status = both.add_objects({"objects": [days[2], wrong, days[0], days[1]]})
    assert (status.total_count, status.success_count, status.failure_count, status.pending_count) == (4, 3, 1, 0)
    assert [one["id"] for one in status.failures] == [wrong["id"]]
    again = root.get_status(status.id)
    assert (again.successes, again.failures) == (status.successes, status.failures)
    identifier = str(days[0]["id"])
    assert both.get_object(identifier)["objects"] == [days[2]]
    assert both.get_objects(version=["first"])["objects"] == [days[0]]
    paged = [row for page in as_pages(both.get_manifest, per_request=1, version="all") for row in page["objects"]]
    assert [row["version"] for row in paged] == both.object_versions(identifier)["versions"]
    assert stix2.parse(both.get_object(identifier)["objects"][0]).id == identifier
    both.delete_object(identifier, version="first")
    assert len(both.object_versions(identifier)["versions"]) == 2
    both.delete_object(identifier)
    for gone in (both.get_object, both.object_versions):
        with pytest.raises(HTTPError, match="404"):
            gone(identifier)
    assert writable.add_objects({"objects": days}).success_count == 3
    with pytest.raises(AccessError):
        writable.get_objects()
    with pytest.raises(AccessError):
        readable.add_objects({"objects": days})
