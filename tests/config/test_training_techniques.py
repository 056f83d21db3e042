"""From small sets of the right shape come models that read, judged by reports they have not seen."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson
import pytest

from infohub.analysis.techniques.families import families
from infohub.analysis.techniques.judge import margins_of, probabilities
from infohub.analysis.techniques.model import Model, model_of
from infohub.analysis.techniques.reports import decided
from infohub.config.evals import techniques as tasks
from infohub.config.evals.rows import Row, rows_of, text, texts
from infohub.config.training import corpus, network, techniques

DOES = {
    "T1105": ("downloads", "fetches", "retrieves"),
    "T1113": ("screenshots", "photographs", "captures"),
    "T1070": ("wipes", "erases", "clears"),
    "T1486": ("encrypts", "locks", "scrambles"),
}
FREQUENT = ("T1070", "T1105", "T1113")
OVERLOOKED = {("T1113", f"report {number}") for number in (0, 1, 2)}
"""What nobody labelled in some of the reports."""
THINGS = ("a file", "the screen", "its logs", "a second stage", "some tools")


def sentences(technique: str) -> list[str]:
    return [
        f"The program {verb} {thing} every {time}"
        for verb in DOES[technique]
        for thing in THINGS
        for time in ("day", "hour")
    ]


def bundle(kind: str) -> dict[str, object]:
    """ATT&CK in miniature: a tactic, the techniques, one that was revoked."""
    patterns = [
        {
            "type": "attack-pattern",
            "id": f"attack-pattern--{kind}-{number}",
            "name": f"Name of {number}",
            "description": f"Somebody {DOES[number][0]} what is not theirs.(Citation: nobody) [See](a:b).",
            "external_references": [{"external_id": number}],
            "kill_chain_phases": [{"phase_name": "impact"}],
        }
        for number in DOES
    ]
    gone = patterns[0] | {
        "id": f"attack-pattern--{kind}-old",
        "revoked": True,
        "external_references": [{"external_id": "T1999"}],
    }
    return {
        "objects": [
            *patterns,
            gone,
            {
                "type": "relationship",
                "id": f"r-{kind}",
                "relationship_type": "revoked-by",
                "source_ref": gone["id"],
                "target_ref": patterns[0]["id"],
            },
            {
                "type": "x-mitre-tactic",
                "id": f"tactic-{kind}",
                "name": "Impact",
                "x_mitre_shortname": "impact",
                "external_references": [{"external_id": "TA0040"}],
            },
            {"type": "x-mitre-matrix", "id": f"matrix-{kind}", "tactic_refs": [f"tactic-{kind}"]},
            {"type": "x-mitre-collection", "id": f"collection-{kind}", "x_mitre_version": "18.1"},
        ]
    }


def write(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    for name in ("enterprise-attack-stix20.json", "ics-attack.json"):
        (folder / "attack").mkdir(exist_ok=True)
        (folder / "attack" / name).write_bytes(orjson.dumps(bundle(name)))
    every = [(technique, said) for technique in DOES for said in sentences(technique)]
    frequent = [(technique, said) for technique, said in every if technique in FREQUENT]
    write(
        folder / "procedures/procedures.jsonl",
        (
            {
                "id": f"p{at}",
                "technique": technique,
                "text": f"Fox {said}",
                "source_name": "Fox",
                "created": f"{2022 + at % 3}-01-01",
            }
            for at, (technique, said) in enumerate(every * 10)
        ),
    )
    reports = [f"report {number}" for number in range(10)]
    write(
        folder / "tram/single.jsonl",
        (
            {"id": f"s{at}", "doc": reports[at % 10], "text": said, "label": technique}
            for at, (technique, said) in enumerate(frequent)
        ),
    )
    write(
        folder / "tram/multi.jsonl",
        (
            {"id": f"m{report}-{at}", "doc": report, "text": said, "labels": [*labels], "labels_all": [*labels_all]}
            for report in reports
            for at, (said, labels_all) in enumerate(
                [
                    *((said, (technique,)) for technique, said in every[::7]),
                    ("We met on Monday", ()),
                    ("Lunch, then", ()),
                ]
            )
            for labels in [[label for label in labels_all if label in FREQUENT and (label, report) not in OVERLOOKED]]
        ),
    )
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("models")
    techniques.train(data, models)
    return models


def read(models: Path) -> Model:
    with np.load(models / "techniques.npz", allow_pickle=False) as held:
        return model_of({key: held[key] for key in held.files})


def test_the_shipped_files_say_what_was_learnt(data: Path, made: Path) -> None:
    held = read(made)
    assert (held.frequent, held.network.names) == (FREQUENT, tuple(sorted(DOES)))
    vectors = held.vocabulary.vectors(["Fox downloads some tools every day", "We met on Monday"])
    assert held.frequent[int(held.one.of(vectors)[0].argmax())] == "T1105"
    assert held.network.names[int(held.network.likely(vectors)[0].argmax())] == "T1105"
    report = [row for row in rows_of(data / "tram/multi.jsonl") if text(row, "doc") == "report 3"]
    chances = probabilities(margins_of(held, held.vocabulary.vectors(text(row, "text") for row in report)), held.judge)
    said = [[held.frequent[place] for place in np.flatnonzero(one)] for one in decided(chances, held.judge)]
    assert said == [texts(row, "labels") for row in report]
    assert families(held).heads.tolist() == [0, 1, 2, -1]


def test_the_catalogue_has_successors_and_tactics(made: Path) -> None:
    catalogue = orjson.loads((made / "attack.json").read_bytes())
    assert catalogue["version"] == "18.1"
    assert ["T1999", "Name of T1070", "enterprise-attack", ["impact"], "", "T1105", False] in [
        [one[0], "Name of T1070", *one[2:7]] for one in catalogue["techniques"]
    ]
    assert ["TA0040", "impact", "Impact", "ics-attack"] in catalogue["tactics"]


def test_the_same_data_make_the_same_bytes(data: Path, made: Path, tmp_path: Path) -> None:
    techniques.judged_apart.cache_clear()
    techniques.train(data, tmp_path)
    for name in ("attack.json", "techniques.npz"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


def test_figures_come_from_reports_and_years_that_were_not_learnt(data: Path) -> None:
    measured = {(one.task, one.measure): one.value for task in tasks.TASKS for one in task.figures(data)}
    assert measured["tram-single", "micro_f1"] > 0.8
    assert measured["tram-multi", "micro_f1"] > 0.8
    assert measured["procedures", "p1"] > 0.8


def test_predictions_of_the_shipped_models_have_the_form_that_is_scored() -> None:
    rows: list[Row] = [
        {"id": "a", "doc": "one", "text": "The loader injects code into another process."},
        {"id": "b", "doc": "one", "text": "Lunch was good."},
        {"id": "c", "doc": "two", "text": ""},
    ]
    said = {task.name: list(task.predict(rows)) for task in tasks.TASKS}
    assert all([row["id"] for row in answers] == ["a", "b", "c"] for answers in said.values())
    assert texts(said["tram-single"][0], "ranked")[0] == "T1055"
    assert len(texts(said["tram-single"][2], "ranked")) == 50
    assert texts(said["tram-multi"][0], "labels") == ["T1055"]
    assert texts(said["tram-multi"][1], "labels") == []
    assert len(texts(said["procedures"][0], "ranked")) == 10


def test_a_network_that_learnt_nothing_of_a_feature_is_not_moved_by_it(data: Path) -> None:
    every = corpus.samples(data)
    space = corpus.Counts([one.text for one in every]).space(np.ones(len(every), dtype=bool))
    learner = network.Learner(space.rows.shape[1], 2).learn(space.rows[:20], np.arange(20) % 2)
    unseen = np.bincount(space.rows[:20].indices, minlength=space.rows.shape[1]) == 0
    assert unseen.any()
    assert not learner.rows.value[unseen].any()
