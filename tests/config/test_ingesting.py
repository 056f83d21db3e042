"""A file goes into a collection as if a machine had added it, and says of every object what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infohub.config.ingesting import SOME_REFUSED, UNREADABLE, ingest_file
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection, Placement
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.tlp import Tlp
from tests.intel.pieces import Stix, indicator
from tests.standards.test_openioc import first, item

pytestmark = pytest.mark.django_db

MISP: Stix = {
    "Event": {
        "uuid": "5b3f0c1e-7a34-4c55-9a0e-3d5f8e0c1b77",
        "info": "Calls to treasury staff",
        "date": "2026-02-02",
        "timestamp": "1770000000",
        "Orgc": {"name": "Peer", "uuid": "5b3f0c1e-7a34-4c55-9a0e-3d5f8e0c1b78"},
        "Tag": [{"name": "tlp:green"}],
        "Attribute": [
            {
                "uuid": "5b3f0c1e-7a34-4c55-9a0e-3d5f8e0c1b79",
                "type": "domain",
                "value": "treasury.example",
                "category": "Network activity",
                "to_ids": True,
                "timestamp": "1770000000",
            }
        ],
    }
}


@pytest.fixture
def shared() -> Collection:
    """A collection up to AMBER that everybody reads."""
    ensure_collections()
    everybody = Audience.objects.intern(Clause(everyone=True))
    return Collection.objects.create(
        alias="shared", kind="named", titles={"en": "Shared"}, audience=everybody, ceiling=Tlp.AMBER.value
    )


def written(folder: Path, content: object) -> str:
    path = folder / "file.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_bundle_goes_in_once_and_every_loss_is_written_down(shared: Collection, tmp_path: Path) -> None:
    good, strict, bad = indicator(), indicator() | {"object_marking_refs": [TLP_2[Tlp.RED]]}, indicator()
    file = written(tmp_path, {"type": "bundle", "objects": [good, strict, bad | {"pattern": "=cmd()"}]})
    table = tmp_path / "losses.csv"
    for _again in range(2):
        assert ingest_file(file, "shared", losses=table) == SOME_REFUSED
    assert [row.stix_id for row in Placement.objects.filter(collection=shared)] == [good["id"]]
    rows = table.read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[1] for row in rows] == ["outcome", "taken", "refused", "refused"]
    assert "stricter than the collection allows" in rows[2]
    assert str(bad["id"]) in rows[3]


def test_the_definition_at_the_end_of_a_file_counts_for_its_beginning(shared: Collection, tmp_path: Path) -> None:
    own = "marking-definition--5b3f0c1e-7a34-4c55-9a0e-3d5f8e0c1b80"
    definition: Stix = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": own,
        "created": "2026-01-01T00:00:00.000Z",
        "definition_type": "statement",
        "definition": {"statement": "Theirs"},
    }
    marked = [indicator() | {"object_marking_refs": [own]} for _ in range(1500)]
    assert ingest_file(written(tmp_path, [*marked, definition]), "shared", losses=None) == 0
    assert Placement.objects.filter(collection=shared).count() == 1501


def test_misp_events_go_in_alone_or_as_the_answer_to_a_search(shared: Collection, tmp_path: Path) -> None:
    for content in (MISP, {"response": [MISP]}):
        assert ingest_file(written(tmp_path, content), shared.alias, losses=None) == 0
        kinds = sorted(row.type for row in Placement.objects.filter(collection=shared))
        assert kinds == ["domain-name", "identity", "indicator", "marking-definition", "relationship", "report"]
    assert set(Placement.objects.filter(type="indicator").values_list("tlp", flat=True)) == {Tlp.GREEN.value}


def test_openioc_goes_in_with_every_loss_named(shared: Collection, tmp_path: Path) -> None:
    file, table = tmp_path / "toll.ioc", tmp_path / "losses.csv"
    file.write_bytes(first(item("FileItem/Md5sum", "0f" * 16), item("FileItem/Nonsense", "x")))
    for _again in range(2):
        assert ingest_file(str(file), "shared", losses=table) == SOME_REFUSED
    kinds = sorted(row.type for row in Placement.objects.filter(collection=shared))
    assert kinds == ["file", "identity", "indicator", "relationship", "report"]
    assert "STIX has no word for this term (FileItem/Nonsense)" in table.read_text(encoding="utf-8")
    file.write_bytes(first(item("FileItem/Md5sum", "0f" * 16), before="<!DOCTYPE ioc>"))
    assert ingest_file(str(file), "shared", losses=None) == UNREADABLE


@pytest.mark.parametrize("content", ["words", 3, {"objects": {}}, {"objects": [1]}, {"a": 1}])
def test_what_is_nothing_of_the_kind_is_refused_as_a_whole(content: object, shared: Collection, tmp_path: Path) -> None:
    assert ingest_file(written(tmp_path, content), "shared", losses=None) == UNREADABLE
    assert not Placement.objects.exists()


@pytest.mark.parametrize("name", ["nowhere", "everything"])
def test_only_a_collection_takes_objects(name: str, shared: Collection, tmp_path: Path) -> None:
    assert ingest_file(written(tmp_path, [indicator()]), name, losses=None) == UNREADABLE
    assert ingest_file(str(tmp_path / "absent"), "shared", losses=None) == UNREADABLE
    assert ingest_file("http://127.0.0.1:1/x", "shared", losses=None) == UNREADABLE
