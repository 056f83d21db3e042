"""Labelled texts are made again from their data sets, and what is found is held against what a person marked."""

from pathlib import Path

import orjson
import pytest

from infohub.analysis.redact import Known
from infohub.config.evals.indicators import Indicators, OwnDetails, flagged, judged
from infohub.config.evals.labels import FOLDER, Label, Labelled, labelled, mark
from infohub.config.evals.rows import Row, rows_of, text, tuples
from infohub.config.evals.texts import ChangedTextError, Edit, Place, digest, edited, text_at

NAMES = ("indicators", "own_details")


def set_of(folder: Path, written: str, **more: object) -> Path:
    """A set of one text, which lies in a file of its own."""
    (folder / "a.txt").write_text(written, encoding="utf-8")
    row = {"id": "a", "part": "kept", "source": "a.txt", "picks": [], "start": 0, "end": 99, "sha256": digest(written)}
    (folder / "some.jsonl").write_bytes(orjson.dumps(row | more))
    return folder


def document(written: str, *labels: Label, **known: tuple[str, ...]) -> Labelled:
    """A text with its labels."""
    return Labelled("a", True, written, labels, Known(**known))


@pytest.mark.parametrize("name", NAMES)
def test_the_sets_hold_no_text_but_what_we_wrote(name: str) -> None:
    for row in rows_of(FOLDER / f"{name}.jsonl"):
        kept = {"id", "part", "source", "picks", "start", "end", "sha256", "labels"}
        assert set(row) - kept <= {"profile", "edits", "edited_sha256"}
        for _, _, _, degree, *value in tuples(row, "labels"):
            assert degree in {"must", "either"}
            assert [len(one) for one in value] == ([16] if name == "indicators" else [])


@pytest.mark.parametrize("name", NAMES)
def test_a_quarter_or_more_is_kept_and_named_by_its_hash(name: str) -> None:
    rows = list(rows_of(FOLDER / f"{name}.jsonl"))
    assert len({text(row, "id") for row in rows}) == len(rows)
    for row in rows:
        assert text(row, "part") == ("open" if int(digest(text(row, "id")), 16) % 4 else "kept")


def test_edits_count_in_the_text_as_it_was() -> None:
    assert edited("abcdef", (Edit(1, 0, "X"), Edit(3, 2, "YZ"))) == "aXbcYZf"


def test_places_of_every_form_give_their_text(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"text":"one"}\n{"text":"two"}\n')
    assert text_at(tmp_path, Place("rows.jsonl", ("1", "0"), 1, 8)) == "wo\n\none"
    (tmp_path / "kev").mkdir()
    flaw = {"vulnerabilityName": "N", "cveID": "C", "cwes": ["W"], "vendorProject": "V", "product": "P"}
    flaw |= {"dateAdded": "d", "dueDate": "e", "shortDescription": "S", "requiredAction": "A", "notes": "x"}
    (tmp_path / "kev/k.json").write_bytes(orjson.dumps({"vulnerabilities": [flaw]}))
    assert text_at(tmp_path, Place("kev/k.json", ("C",), 0, 99)).startswith("N (C, W)\nAffected: V P.")
    (tmp_path / "csaf").mkdir()
    advisory = {"document": {"title": "T", "notes": [{"title": "n", "text": "o"}]}, "vulnerabilities": [{"cve": "C"}]}
    (tmp_path / "csaf/c.json").write_bytes(orjson.dumps(advisory))
    assert text_at(tmp_path, Place("csaf/c.json", (), 0, 99)) == "T\n\nn\no\n\nC"
    (tmp_path / "misp").mkdir()
    event: Row = {
        "info": "I",
        "Attribute": [{"type": "domain", "value": "v", "comment": "c"}],
        "Object": [{"name": "file", "Attribute": [{"type": "sha1", "value": "w"}]}],
    }
    (tmp_path / "misp/m.json").write_bytes(orjson.dumps({"Event": event}))
    assert text_at(tmp_path, Place("misp/m.json", (), 0, 99)) == "I\ndomain: v (c)\nfile\nsha1: w"
    (tmp_path / "attack").mkdir()
    reference: Row = {"source_name": "mitre-attack", "external_id": "T1"}
    technique = {"name": "N", "description": "D", "external_references": [reference]}
    (tmp_path / "attack/a.json").write_bytes(orjson.dumps({"objects": [technique]}))
    assert text_at(tmp_path, Place("attack/a.json", ("T1",), 0, 99)) == "T1 N\nD"


def test_a_text_that_changed_is_refused(tmp_path: Path) -> None:
    folder = set_of(tmp_path, "evil.com", labels=[])
    assert labelled("some", folder, folder=folder)[0].text == "evil.com"
    (folder / "a.txt").write_text("evil.net", encoding="utf-8")
    with pytest.raises(ChangedTextError, match="of a is not"):
        labelled("some", folder, folder=folder)


def test_a_profile_and_edits_are_read(tmp_path: Path) -> None:
    after = "by Ann Lee"
    folder = set_of(
        tmp_path,
        "by",
        profile={"organisations": ["B"], "domains": [], "people": ["Ann Lee"]},
        edits=[[2, 0, " Ann Lee"]],
        edited_sha256=digest(after),
        labels=[[3, 10, "person", "must"]],
    )
    (one,) = labelled("some", folder, folder=folder)
    assert (one.text, one.known.people, one.labels) == (after, ("Ann Lee",), (Label(3, 10, "person", True),))
    assert flagged([one])["r"].value == 1


def test_what_is_right_wrong_missed_and_neither_is_told_apart() -> None:
    written = "C2 evil.com and bad.net, cleaned by 45.77.1.9 of good.org"
    right = Label(3, 11, "domain", True, mark("domain", "Evil.COM"))
    missed = Label(36, 45, "domain", True, mark("domain", "other.net"))
    neither = Label(16, 23, "domain", False)
    scores = judged([document(written, right, missed, neither)])
    assert [round(scores[name].value, 3) for name in ("p", "r")] == [0.333, 0.5]


def test_a_detail_is_flagged_when_all_of_it_is() -> None:
    written = "Ann Lee of Harbour Bank, ann@mail.example"
    half, whole = Label(0, 10, "person", True), Label(11, 23, "organisation", True)
    scores = flagged([document(written, half, whole, people=("Ann Lee",), organisations=("Harbour Bank",))])
    assert (scores["r"].value, scores["p"].value) == (0.5, 1)


def test_predictions_have_the_forms_of_their_sets() -> None:
    rows = [{"id": "a", "text": "C2 2A0A:9524:0051::1, kernel32.dll, C:\\Temp\\a.exe, example.com, 10.0.0.1, x.exe"}]
    assert list(Indicators().predict(rows)) == [
        {"id": "a", "iocs": [["ipv6", "2a0a:9524:0051::1"], ["filepath", "C:\\Temp\\a.exe"]]}
    ]
    own: list[Row] = [{"id": "b", "text": "We at Harbour Bank", "profile": {"organisations": ["Harbour Bank"]}}]
    assert list(OwnDetails().predict(own)) == [{"id": "b", "spans": [[6, 18, "organisation"]]}]
