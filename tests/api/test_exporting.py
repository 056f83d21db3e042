"""What programs take out: the same files as on the page, within their ceiling, and problems in words."""

from __future__ import annotations

import csv
import io
import json

import pytest

from infohub.audit.models import Record
from infohub.sharing.choice import Choice
from infohub.sharing.lists import Form
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from tests.api.program import Program, program
from tests.cast import Cast
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

MEDIA = {
    Form.STIX: "application/stix+json;version=2.1",
    Form.MISP: "application/json",
    Form.RULES: "application/zip",
    Form.PIECES: "text/csv",
    Form.INDICATORS: "text/csv",
    Form.LOSSES: "text/csv",
}


def piece(cast: Cast, value: str, tlp: Tlp, *, kind: str = "alert") -> Item:
    """From the bank to its group."""
    written = text(f"About {value}", body=f"From {value}.", tlp=tlp, kind=kind)
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)


def values(asking: Program, **query: str) -> list[str]:
    answer = asking.ask("export", form="list", **query)
    assert answer.status == 200
    return answer.content.decode().splitlines()[2:]


def test_a_program_takes_what_its_holder_reads_up_to_its_ceiling_and_never_red(cast: Cast) -> None:
    address = {tlp: f"203.0.113.{tlp.value + 1}" for tlp in Tlp}
    for tlp, value in address.items():
        piece(cast, value, tlp)
    for ceiling in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT):
        within = {value for tlp, value in address.items() if tlp <= ceiling}
        asking = program(cast.ben, ceiling=ceiling)
        assert set(values(asking)) == within
        for form in Form:
            content = asking.ask("export", form=form.value).content
            assert address[Tlp.RED].encode() not in content, form
        disposition = asking.ask("export", form="list").headers["Content-Disposition"]
        assert f"list-TLP-{ceiling.word.replace('+', '-')}.txt" in disposition
    for stranger in (program(cast.cara), program(cast.bank), program(None)):
        assert values(stranger) == []


@pytest.mark.parametrize("form", Form)
def test_every_form_comes_in_its_own_media_type_and_is_recorded(form: Form, cast: Cast) -> None:
    piece(cast, "203.0.113.9", Tlp.GREEN)
    answer = program(cast.ben).ask("export", form=form.value)
    assert (answer.status, answer.headers["Content-Type"].split("; ")[0]) == (200, MEDIA.get(form, "text/plain"))
    record = Record.objects.get(verb="export")
    assert (record.detail, record.token is None) == ({"entries": 1, "form": form.value}, False)


def test_a_bundle_and_events_are_whole(cast: Cast) -> None:
    items = [piece(cast, f"203.0.113.{number}", Tlp.GREEN) for number in (8, 9)]
    asking = program(cast.ben)
    objects = json.loads(asking.ask("export", form="stix").content)["objects"]
    assert {f"report--{item.uuid}" for item in items} <= {one["id"] for one in objects}
    events = json.loads(asking.ask("export", form="misp").content)
    assert {event["Event"]["uuid"] for event in events} == {str(item.uuid) for item in items}
    nothing = asking.ask("export", form="stix", q="zebra")
    assert set(json.loads(nothing.content)) == {"type", "id"}
    assert json.loads(asking.ask("export", form="misp", q="zebra").content) == []


def test_filters_are_those_of_the_list(cast: Cast) -> None:
    piece(cast, "203.0.113.8", Tlp.GREEN, kind="news")
    piece(cast, "203.0.113.9", Tlp.AMBER)
    asking = program(cast.ben)
    for query, found in (
        ({"kind": "news"}, ["203.0.113.8"]),
        ({"tlp": "AMBER"}, ["203.0.113.9"]),
        ({"group": cast.banking.ref}, ["203.0.113.9", "203.0.113.8"]),
        ({"q": "about", "kind": "news"}, ["203.0.113.8"]),
        ({"since": "2100-01-01"}, []),
        ({"sector": "nothing"}, []),
    ):
        assert values(asking, **query) == found, query
    assert asking.ask("export", form="list", type="domain").content == b"# TLP:CLEAR\n"


def test_what_does_not_leave_is_a_form_too(cast: Cast) -> None:
    item = piece(cast, "203.0.113.9", Tlp.GREEN)
    content = program(cast.ben).ask("export", form="losses").content.decode()
    rows = [(row["form"], row["what"], row["pieces"]) for row in csv.DictReader(io.StringIO(content))]
    assert ("hosts", "203.0.113.9", item.ref) in rows


def test_a_form_that_is_none_and_a_token_without_the_scope_are_told_in_words(cast: Cast) -> None:
    asking = program(cast.ben)
    for query, where in (
        ({}, "query.form"),
        ({"form": "docx"}, "query.form"),
        ({"form": "list", "type": "colour"}, "query.type"),
        ({"form": "list", "kind": "rumour"}, "query.kind"),
        ({"form": "list", "limit": "5"}, "query.limit"),
    ):
        refused = asking.ask("export", **query)
        assert (refused.status, set(refused.wrong)) == (422, {where}), query
    assert program(cast.ben, "taxii", "write").ask("export", form="list").status == 403
    assert Program().ask("export", form="list").status == 401
    assert not Record.objects.filter(verb="export").exists()
