"""What was counted stands in the matrix and in the layer, once, under the ids of today."""

from infohub.analysis.techniques.catalogue import ENTERPRISE, ICS, catalogue
from infohub.analysis.techniques.matrix import matrix, navigator_layer

COUNTS = {"T1055": 2, "T1055.012": 3, "T1574.002": 1, "T1574.001": 1, "T0859": 4, "T4711": 9, "T1105": 0}


def test_only_what_was_counted_stands_under_each_of_its_tactics() -> None:
    columns = {column.tactic.key: column for column in matrix(COUNTS, catalogue())}
    cell = next(cell for cell in columns["defense-evasion"].cells if cell.technique.id == "T1055")
    assert (cell.count, cell.together) == (2, 5)
    assert [(part.technique.id, part.count) for part in cell.parts] == [("T1055.012", 3)]
    assert columns["privilege-escalation"].count == columns["persistence"].count + 5
    assert columns["reconnaissance"].cells == ()
    assert next(iter(columns)) == "reconnaissance"
    assert not any(cell.technique.id == "T1105" for column in columns.values() for cell in column.cells)


def test_a_revoked_id_counts_for_its_successor() -> None:
    cells = [cell for column in matrix(COUNTS, catalogue()) for cell in column.cells if cell.technique.id == "T1574"]
    assert cells
    assert all((cell.count, cell.together) == (0, 2) for cell in cells)


def test_another_domain_and_everything() -> None:
    assert sum(column.count for column in matrix(COUNTS, catalogue(), domain=ICS)) >= 4
    everything = matrix({}, catalogue(), everything=True)
    assert all(column.cells for column in everything)
    assert sum(column.count for column in everything) == 0


def test_the_layer_is_what_navigator_opens() -> None:
    layer = navigator_layer(COUNTS, catalogue(), name="This month", comments={"T1055": "two pieces"})
    assert layer["domain"] == ENTERPRISE
    assert layer["versions"] == {"attack": catalogue().version.partition(".")[0], "navigator": "5.1.0", "layer": "4.5"}
    assert layer["techniques"] == [
        {"techniqueID": "T1055", "score": 2, "comment": "two pieces", "enabled": True, "showSubtechniques": True},
        {"techniqueID": "T1055.012", "score": 3, "comment": "", "enabled": True, "showSubtechniques": False},
        {"techniqueID": "T1574.001", "score": 2, "comment": "", "enabled": True, "showSubtechniques": False},
    ]
    empty = navigator_layer({}, catalogue(), name="Nothing")
    assert empty["techniques"] == []
