"""What who answers for a piece confirms leaves with it, what a machine guessed or somebody rejected by no exit."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import stix2validator
from django.utils import translation

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.analysis.pipeline import Readers
from infohub.assist import tasks
from infohub.assist.models import Assertion, State
from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.members.models import Sector
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import publish, revise, start_draft, withdraw
from infohub.sharing.actions.confirming import decide_finding
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.export import FORMS, export
from infohub.sharing.lists import FORMS as LIST_FORMS
from infohub.sharing.lists import Form, exported, gathered
from infohub.sharing.models import Item
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

BODY = (
    "Staff of banks got mail that installs Grimble; who calls itself Marsh Heron sent it with Mimikatz, as T1003 says."
)
SAID = (
    Says(Subject.TECHNIQUE, "T1566.001", "Phishing: Spearphishing Attachment", 0, 5, 0.9, "linear"),
    Says(Subject.TECHNIQUE, "T1003", "OS Credential Dumping", 0, 5, 0.9, "ids"),
    Says(Subject.MALWARE, "Grimble", "Grimble", 0, 5, 0.9, "names"),
    Says(Subject.ACTOR, "Marsh Heron", "Marsh Heron", 0, 5, 0.9, "names"),
    Says(Subject.ACTOR, "APT28", "APT28", 0, 5, 0.9, "list"),
    Says(Subject.TOOL, "Mimikatz", "Mimikatz", 0, 5, 0.9, "list"),
    Says(Subject.CAMPAIGN, "Low Tide", "Low Tide", 0, 5, 0.9, "names"),
    Says(Subject.SECTOR, "finance", "Finance", 0, 5, 0.75, "list"),
    Says(Subject.PRODUCT, "Harbour Mail", "Harbour Mail", 0, 5, 0.9, "names"),
)
NAMES = ("T1566.001", "Spearphishing", "Grimble", "Marsh Heron", "APT28", "Mimikatz", "Low Tide", "Harbour Mail")


@pytest.fixture
def piece(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Item:
    monkeypatch.setattr(tasks, "loaded", lambda: Readers("v1", (lambda _text: SAID,)))
    make.sector("finance")
    ensure_collections()
    item = shared(cast.as_(cast.ann), Choice(everyone=True), text("Mail", body=BODY, tlp=Tlp.GREEN))
    tasks.read_due()
    return item


def decide(viewer: Viewer, item: Item, value: str, *, accepted: bool = True) -> None:
    decide_finding(viewer, item=item, assertion=Assertion.objects.get(value=value), accepted=accepted)


def confirm_all(cast: Cast, item: Item) -> None:
    for one in SAID:
        decide(cast.as_(cast.ann), item, one.value)


def listed(viewer: Viewer, form: Form) -> str:
    """A list of everything the viewer reads as a file."""
    content = exported(viewer, gathered(viewer, Entry.objects.readable(viewer), at=now()), form).content
    return content if isinstance(content, str) else content.decode(errors="replace")


def objects_of(viewer: Viewer, item: Item) -> dict[tuple[object, object], dict[str, object]]:
    item = Item.objects.readable(viewer).get(pk=item.pk)
    bundle = json.loads(export(viewer, item, "stix").content)
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]
    return {(one["type"], one.get("name")): one for one in bundle["objects"]}


def tags_of(viewer: Viewer, item: Item) -> list[str]:
    item = Item.objects.readable(viewer).get(pk=item.pk)
    return [tag["name"] for tag in json.loads(export(viewer, item, "misp").content)["Event"]["Tag"]]


def placed(item: Item, at_minutes: int = 3) -> dict[str, list[bool]]:
    """Whether each version of each object that machines find of the piece is revoked, by type and name."""
    place_due(now() + timedelta(minutes=at_minutes))
    found: dict[str, list[bool]] = {}
    rows = Placement.objects.filter(source=item.ref, collection__alias="members").order_by("version")
    for raw in rows.values_list("object__raw", flat=True):
        one = json.loads(raw)
        found.setdefault(f"{one['type']} {one.get('name', '')}", []).append(one.get("revoked", False))
    return found


def test_what_a_machine_guessed_or_somebody_rejected_leaves_in_no_form(cast: Cast, piece: Item) -> None:
    ann, cara = cast.as_(cast.ann), cast.as_(cast.cara)
    for value in ("Grimble", "APT28"):
        decide(ann, piece, value)
        decide(ann, piece, value, accepted=False)
    files = [*(str(export(cara, piece, form).content) for form in FORMS), *(listed(cara, form) for form in LIST_FORMS)]
    words = [file.replace(BODY, "").replace(json.dumps(BODY)[1:-1], "") for file in files]
    assert not [(name, file[:40]) for file in words for name in NAMES if name in file]
    assert {name.split()[0] for name in placed(piece)} == {
        *("identity", "marking-definition", "report", "attack-pattern")  # its author, and the number in the text
    }


def test_what_is_confirmed_leaves_as_objects_of_the_piece_with_its_marking(cast: Cast, piece: Item) -> None:
    confirm_all(cast, piece)
    objects = objects_of(cast.as_(cast.cara), piece)
    spearphishing = objects["attack-pattern", "Spearphishing Attachment"]
    assert spearphishing["external_references"] == [
        {
            "source_name": "mitre-attack",
            "external_id": "T1566.001",
            "url": "https://attack.mitre.org/techniques/T1566/001",
        },
        {
            "source_name": "attack-stix-data",
            "external_id": "attack-pattern--2e34237d-8574-43f6-aace-ae2915de8597",
        },
    ]
    assert objects["malware", "Grimble"]["is_family"] is True
    assert "external_references" not in objects["threat-actor", "Marsh Heron"]
    assert objects["intrusion-set", "APT28"]["external_references"][0]["external_id"] == "G0007"  # type: ignore[index]
    assert objects["tool", "Mimikatz"]["external_references"][0]["external_id"] == "S0002"  # type: ignore[index]
    assert objects["identity", "Finance"]["sectors"] == ["financial-services"]
    assert objects["identity", "Finance"]["identity_class"] == "class"
    assert ("campaign", "Low Tide") in objects
    assert not [name for _type, name in objects if name == "Harbour Mail"]
    report = objects["report", "Mail"]
    for (kind, name), one in objects.items():
        if kind not in {"report", "marking-definition"} and name != "Bank":
            assert one["object_marking_refs"] == [TLP_2[Tlp.GREEN]]
            assert one["id"] in report["object_refs"]  # type: ignore[operator]
    assert len([one for one in objects if one[0] == "attack-pattern"]) == 2
    assert objects["attack-pattern", "OS Credential Dumping"]["id"] != spearphishing["id"]


def test_misp_gets_the_tags_of_its_galaxies(cast: Cast, piece: Item) -> None:
    ann = cast.as_(cast.ann)
    assert tags_of(ann, piece) == ["tlp:green"]
    confirm_all(cast, piece)
    assert set(tags_of(cast.as_(cast.cara), piece)) == {
        "tlp:green",
        'misp-galaxy:mitre-attack-pattern="Spearphishing Attachment - T1566.001"',
        'misp-galaxy:mitre-attack-pattern="OS Credential Dumping - T1003"',
        'misp-galaxy:malpedia="Grimble"',
        'misp-galaxy:threat-actor="Marsh Heron"',
        'misp-galaxy:mitre-intrusion-set="APT28 - G0007"',
        'misp-galaxy:mitre-tool="Mimikatz - S0002"',
        'misp-galaxy:sector="Finance"',
    }


def test_a_sector_of_the_programme_is_what_it_covers_and_no_tag_where_that_is_more_than_one(
    cast: Cast, piece: Item
) -> None:
    names = {"en": "Utilities and transport", "zh-hant": "公用事業及運輸"}
    Sector.objects.create(key="utilities", names=names)
    entry = Entry.objects.readable(cast.as_(cast.ann)).get(ref=piece.ref)
    ranked = {"start": 0, "end": 0, "confidence": 0.9, "method": "list"}
    Assertion.objects.create(entry=entry, subject="sector", value="utilities", name="Utilities", **ranked)
    decide(cast.as_(cast.ann), piece, "utilities")
    with translation.override("zh-hant"):
        objects = objects_of(cast.as_(cast.cara), piece)
    assert {"transportation", "water"} <= {*objects["identity", "Utilities and transport"]["sectors"]}  # type: ignore[misc]
    assert tags_of(cast.as_(cast.cara), piece) == ["tlp:green"]
    rows = list(csv.DictReader(io.StringIO(listed(cast.as_(cast.cara), Form.LOSSES))))
    assert {row["form"] for row in rows if row["what"] == "Utilities and transport"} == {"misp"}


def test_tables_name_it_and_lists_that_programs_obey_do_not(cast: Cast, piece: Item) -> None:
    ann, cara = cast.as_(cast.ann), cast.as_(cast.cara)
    for value in ("Grimble", "T1566.001"):
        decide(ann, piece, value)
    rows = list(csv.DictReader(io.StringIO(str(export(cara, piece, "csv").content))))
    assert {(row["type"], row["value"]) for row in rows} == {
        ("attack", "T1003"),
        ("malware", "Grimble"),
        ("technique", "T1566.001"),
    }
    assert "Grimble" not in str(export(cara, piece, "txt").content)
    table = list(csv.DictReader(io.StringIO(listed(cara, Form.PIECES))))
    assert [row["confirmed"] for row in table] == ["Grimble; Spearphishing Attachment"]


def test_the_report_of_losses_names_what_a_form_has_no_place_for(cast: Cast, piece: Item) -> None:
    decide(cast.as_(cast.ann), piece, "Harbour Mail")
    rows = list(csv.DictReader(io.StringIO(listed(cast.as_(cast.cara), Form.LOSSES))))
    told = {(row["form"], row["outcome"], row["found"]) for row in rows if row["what"] == "Harbour Mail"}
    assert told == {("stix", "refused", "product"), ("misp", "refused", "product")}
    for stranger in (cast.as_(cast.opal), cast.public):
        assert gathered(stranger, Entry.objects.readable(stranger), at=now()).confirmed == {}


def test_machines_get_a_new_version_and_a_revoked_object_where_it_is_taken_back(cast: Cast, piece: Item) -> None:
    ann = cast.as_(cast.ann)
    assert "malware Grimble" not in placed(piece)
    before = Item.objects.readable(ann).get(pk=piece.pk).updated_at
    decide(ann, piece, "Grimble")
    assert placed(piece)["malware Grimble"] == [False]
    assert len(placed(piece)["report Mail"]) == 2
    assert Item.objects.readable(ann).get(pk=piece.pk).updated_at > before
    decide(ann, piece, "Grimble")
    assert len(placed(piece)["report Mail"]) == 2
    decide(ann, piece, "Grimble", accepted=False)
    assert placed(piece)["malware Grimble"] == [False, True]
    assert not [one for one in objects_of(ann, piece) if one[0] == "malware"]
    decide(ann, piece, "Grimble")
    assert placed(piece)["malware Grimble"] == [False, True, False]
    assert Record.objects.filter(verb="decide_finding").count() == 3


def test_machines_get_nothing_before_they_get_the_piece(cast: Cast, piece: Item) -> None:
    decide(cast.as_(cast.ann), piece, "Grimble")
    assert placed(piece, at_minutes=1) == {}
    assert placed(piece)["malware Grimble"] == [False]


def test_a_rejected_technique_takes_its_number_in_the_text_along(cast: Cast, piece: Item) -> None:
    ann = cast.as_(cast.ann)
    assert placed(piece)["attack-pattern T1003"] == [False]
    decide(ann, piece, "T1003", accepted=False)
    assert placed(piece)["attack-pattern T1003"] == [False, True]
    assert "T1003" not in str(export(ann, piece, "csv").content)
    revised = revise(ann, item=piece, text=text("Mail", body=f"{BODY} More.", tlp=Tlp.GREEN))
    assert not revised.indicators.readable(ann).live(now()).filter(value="T1003").exists()


def test_a_withdrawn_piece_takes_back_what_was_confirmed(cast: Cast, piece: Item) -> None:
    ann = cast.as_(cast.ann)
    decide(ann, piece, "Grimble")
    placed(piece)
    withdraw(ann, item=piece, reason="")
    assert True in placed(piece)["malware Grimble"]


def test_who_does_not_answer_for_the_piece_changes_nothing(cast: Cast, piece: Item) -> None:
    before = placed(piece)
    row = Assertion.objects.get(value="Grimble")
    with pytest.raises(offices.NotAllowedError):
        decide_finding(cast.as_(cast.cara), item=piece, assertion=row, accepted=True)
    for stranger in (cast.as_(cast.opal), cast.public):
        with pytest.raises(Item.DoesNotExist):
            decide_finding(stranger, item=piece, assertion=row, accepted=True)
    assert placed(piece) == before
    assert Assertion.objects.get(pk=row.pk).state == State.SUGGESTED


def test_a_red_piece_is_nowhere_for_machines_whatever_is_confirmed(cast: Cast, piece: Item) -> None:
    ann = cast.as_(cast.ann)
    red = shared(ann, Choice(memberships=[make.membership(cast.cara).pk]), text("Red", body=BODY, tlp=Tlp.RED))
    tasks.read_due()
    row = Assertion.objects.get(value="Grimble", entry__ref=red.ref)
    decide_finding(cast.as_(cast.ann), item=red, assertion=row, accepted=True)
    place_due(now() + timedelta(minutes=3))
    assert not Placement.objects.filter(source=red.ref).exists()
    assert ("malware", "Grimble") in objects_of(cast.as_(cast.cara), red)
    assert "Grimble" in listed(cast.as_(cast.cara), Form.PIECES)
    assert "Grimble" not in listed(cast.as_(cast.ben), Form.PIECES)


def test_what_the_author_ticks_leaves_from_the_start(cast: Cast) -> None:
    ensure_collections()
    ann = cast.as_(cast.ann)
    written = replace(
        text("Mail", body=BODY, tlp=Tlp.GREEN),
        said=("malware:Grimble", "technique:T9999", "technique:<b>"),
        unsaid=("technique:T1003",),
    )
    item = start_draft(ann, text=written, choice=Choice(everyone=True))
    item = publish(ann, item=item, nonce=check(ann, item=item).nonce)
    found = placed(item)
    assert found["malware Grimble"] == [False]
    assert not [name for name in found if name.startswith("attack-pattern")]
