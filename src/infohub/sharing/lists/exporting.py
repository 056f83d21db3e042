"""Takes a list of pieces out as a file, and records that."""

from __future__ import annotations

from infohub.catalogue.actions import note_export
from infohub.members.programme import programme_held
from infohub.policy.viewer import Viewer
from infohub.sharing.export import Export
from infohub.sharing.lists.forms import Form, held
from infohub.sharing.lists.gathering import Gathered
from infohub.sharing.lists.losses import losses_table
from infohub.standards.tlp import Tlp

TABLE, TEXT, JSON = "text/csv; charset=utf-8", "text/plain; charset=utf-8", "application/json"
STIX = "application/stix+json;version=2.1"
KINDS_OF_FILE = {
    Form.STIX: (STIX, "stix.json"),
    Form.MISP: (JSON, "misp.json"),
    Form.PIECES: (TABLE, "csv"),
    Form.INDICATORS: (TABLE, "csv"),
    Form.LIST: (TEXT, "txt"),
    Form.HOSTS: (TEXT, "hosts"),
    Form.RPZ: (TEXT, "zone"),
    Form.SURICATA: (TEXT, "rules"),
    Form.RULES: ("application/zip", "zip"),
    Form.LOSSES: (TABLE, "csv"),
}


def exported(viewer: Viewer, gathered: Gathered, form: Form, *, kind: str = "") -> Export:
    """The list in this form; `kind` narrows the plain list to one kind of indicator. The export is recorded."""
    content_type, ending = KINDS_OF_FILE[form]
    with programme_held():
        tlp, content = _content(gathered, form, kind)
    note_export(viewer, entries=len(gathered.pieces), form=form.value)
    return Export(file_name(kind or form.value, tlp, ending), content_type, content)


def _content(gathered: Gathered, form: Form, kind: str) -> tuple[Tlp, bytes]:
    """The file and the strictest marking of what is in it; losses name values of all pieces."""
    if form is Form.LOSSES:
        return gathered.tlp, losses_table(gathered)
    one = held(gathered, form, kind=kind)
    return one.tlp, one.made()


def file_name(what: str, tlp: Tlp, ending: str) -> str:
    """The name of a file says its marking."""
    return f"{what}-TLP-{tlp.word}.{ending}".replace("+", "-")
