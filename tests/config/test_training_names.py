"""The shipped lists are made from ATT&CK and the catalogue of exploited vulnerabilities, and nothing else."""

import json
from pathlib import Path

import pytest

names = pytest.importorskip("infohub.config.training.names")

LINK = "https://attack.mitre.org/software/S9001"


def thing(kind: str, number: str, name: str, **more: object) -> dict[str, object]:
    """An object of ATT&CK, all invented."""
    described = f"[{name}]({LINK}) came by mail to the port, and the clerk opened the letter.(Citation: Nobody)"
    return {
        "type": kind,
        "name": name,
        "description": described,
        "external_references": [{"external_id": number}],
        **more,
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Tiny sets of every source."""
    objects = [
        thing("malware", "S9001", "Mudlark", x_mitre_aliases=["Mudlark", "Strandpiper"]),
        thing("intrusion-set", "G9001", "Grey Heron", aliases=["Grey Heron", "Harbour Group"]),
        thing("tool", "S9002", "ropewalk", revoked=True),
        thing("relationship", "", "Mudlark", relationship_type="uses"),
    ]
    vulnerabilities = [
        {"vendorProject": "Inkstone ", "product": "InkServer and InkMail (old)"},
        {"vendorProject": "Inkstone", "product": "Multiple Products"},
    ]
    files = {
        "attack/enterprise-attack-stix20.json": json.dumps({"objects": objects}),
        "attack/ics-attack.json": json.dumps({"objects": []}),
        "kev/known_exploited_vulnerabilities.json": json.dumps({"vulnerabilities": vulnerabilities}),
        "sets/tram/docs.jsonl": json.dumps(
            {"doc": "a", "text": "The Mudlark malware came to the port.\n\nThe port slept."}
        ),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path / "sets"


def test_each_source_becomes_a_list_and_the_same_data_the_same_bytes(data: Path, tmp_path: Path) -> None:
    made = []
    for again in ("one", "other"):
        folder = tmp_path / again
        folder.mkdir()
        names.train(data, folder)
        made.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert made[0] == made[1]
    lists = {name: content.decode().splitlines() for name, content in made[0].items() if name.endswith(".txt")}
    assert lists["names_attack.txt"] == [
        "actor\tG9001\tGrey Heron | Harbour Group",
        "malware\tS9001\tMudlark | Strandpiper",
    ]
    assert lists["names_vendors.txt"] == ["Inkstone"]
    assert lists["names_products.txt"] == ["Inkstone InkMail | InkMail", "Inkstone InkServer | InkServer"]
    assert "port" in lists["names_words.txt"]
    assert "mudlark" not in lists["names_words.txt"]
