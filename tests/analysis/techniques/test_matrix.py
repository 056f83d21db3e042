"""What was said stands in the matrix and in the layer, each piece once, under the ids of today."""

from infohub.analysis.techniques.catalogue import ENTERPRISE, ICS, catalogue
from infohub.analysis.techniques.matrix import Tally, matrix, navigator_layer, tallies

SAID = [
    *((1, "T1055", True), (2, "T1055", False)),
    *((2, "T1055.012", True), (3, "T1055.012", False), (3, "T1055.001", False)),
    *((4, "T1574.002", False), (4, "T1574.001", True)),  # the first is an earlier id of the second
    *((5, "T0859", False), (5, "T4711", True), (5, "", True)),
]


def told() -> dict[str, Tally]:
    return tallies(SAID, catalogue())


def test_a_technique_counts_each_piece_once_with_those_of_its_parts() -> None:
    assert told()["T1055"] == Tally(pieces=3, confirmed=2)
    assert told()["T1055.012"] == Tally(2, 1)
    assert told()["T1055"].unreviewed == 1
    assert "T4711" not in told()


def test_an_earlier_id_counts_for_what_took_its_place() -> None:
    assert told()["T1574.001"] == told()["T1574"] == Tally(1, 1)
    assert "T1574.002" not in told()
    assert catalogue().numbers_of("T1574.001") == catalogue().numbers_of("T1574.002") >= {"T1574.001", "T1574.002"}
    assert catalogue().numbers_of("T1055") >= {"T1055", "T1055.001", "T1055.012"}
    assert catalogue().numbers_of("T1055.012") == {"T1055.012", "T1093"}
    assert catalogue().numbers_of("T4711") == catalogue().numbers_of("") == frozenset()


def test_only_what_was_said_stands_under_each_of_its_tactics() -> None:
    columns = {column.tactic.key: column for column in matrix(told(), catalogue())}
    cell = next(cell for cell in columns["defense-evasion"].cells if cell.technique.id == "T1055")
    assert cell.tally == Tally(3, 2)
    assert [(part.technique.id, part.tally.pieces) for part in cell.parts] == [("T1055.001", 1), ("T1055.012", 2)]
    assert "T1055" in [cell.technique.id for cell in columns["privilege-escalation"].cells]
    assert "reconnaissance" not in columns
    assert [column.tactic.domain for column in matrix(told(), catalogue(), domain=ICS)] != []
    assert matrix({}, catalogue()) == []


def test_the_layer_is_what_navigator_opens() -> None:
    counts = {number: tally.pieces for number, tally in told().items()}
    comments = {"T1055": "two pieces"}
    layer = navigator_layer(counts, catalogue(), name="This month", comments=comments, metadata=[("TLP", "TLP:RED")])
    assert layer["domain"] == ENTERPRISE
    assert layer["versions"] == {"attack": catalogue().version.partition(".")[0], "navigator": "5.1.0", "layer": "4.5"}
    assert layer["metadata"] == [{"name": "TLP", "value": "TLP:RED"}]
    assert layer["techniques"] == [
        {"techniqueID": "T1055", "score": 3, "comment": "two pieces", "enabled": True, "showSubtechniques": True},
        {"techniqueID": "T1055.001", "score": 1, "comment": "", "enabled": True, "showSubtechniques": False},
        {"techniqueID": "T1055.012", "score": 2, "comment": "", "enabled": True, "showSubtechniques": False},
        {"techniqueID": "T1574", "score": 1, "comment": "", "enabled": True, "showSubtechniques": True},
        {"techniqueID": "T1574.001", "score": 1, "comment": "", "enabled": True, "showSubtechniques": False},
    ]
    assert navigator_layer({}, catalogue(), name="Nothing")["techniques"] == []
    assert navigator_layer(counts, catalogue(), name="Plant", domain=ICS)["techniques"] != []
