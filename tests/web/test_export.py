"""Promises about exports of lists: what leaves, for whom, marked how, and what does not leave and why, told before."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.sharing.actions import attach, publish, retract_indicator, start_draft, withdraw
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.lists import FORMS, Form, collections, exporting, forms, gathering, losses, whole
from infohub.sharing.models import Indicator, Item
from infohub.standards import blocklists, detection, suricata
from infohub.standards.stix21 import sought
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.tlp import Tlp
from infohub.support import rule_check
from infohub.support.clock import now
from infohub.web.losses import said, sentences
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

BODY = """They asked for codes from hxxp://198.51.100[.]7/pay, 203.0.113[.]9 and evil-parcel[.]com.
They wrote from a@evil-parcel[.]com.

```yara
rule parcel { strings: $a = "parcel" condition: $a }
```

```sigma
title: [
```
"""


def share(
    cast: Cast, title: str = "Parcel calls", *, body: str = BODY, tlp: Tlp = Tlp.AMBER, kind: str = "alert"
) -> Item:
    """Ann shares with Banking."""
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(title, body=body, tlp=tlp, kind=kind))


def ask_pap(item: Item, pap: Tlp) -> None:
    Item.objects.as_system("as if it had been chosen").filter(pk=item.pk).update(pap=pap.value)


def overview(client: Client, query: str = "") -> str:
    """The words of the page, without the gaps of the template."""
    answer = client.get(f"/member/export/{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def taken(client: Client, form: str, query: str = "") -> bytes:
    answer = client.get(f"/member/export/{form}{query}")
    assert answer.status_code == 200, form
    assert "no-store" in answer["Cache-Control"]
    return answer.content


def lines(client: Client, form: str, query: str = "") -> list[str]:
    return taken(client, form, query).decode().splitlines()


def told(client: Client, query: str = "") -> list[dict[str, str]]:
    """What does not leave, from the table."""
    return list(csv.DictReader(io.StringIO(taken(client, "losses", query).decode())))


def test_the_page_says_of_each_form_what_it_holds_and_loses_before_anything_leaves(client: Client, cast: Cast) -> None:
    item = share(cast)
    page = overview(sign_in(client, cast.ben))
    for title, holds in (
        ("STIX 2.1 bundle", "1 piece"),
        ("MISP events", "1 piece"),
        ("Table of pieces", "1 piece"),
        ("Table of indicators", "4 lines"),
        ("Plain list", "4 values"),
        ("Hosts file", "1 value"),
        ("DNS policy zone (RPZ)", "2 values"),
        ("Suricata rules", "3 values"),
        ("Detection rules", "2 rules"),
    ):
        assert f'<h3>{title} <span class="hint">{holds}</span></h3>' in page, title
    assert "<strong>1 left out</strong>: It is one page: its whole host would be blocked." in page
    assert f"{item.ref} hxxp://198.51.100[.]7/pay<" in page
    assert "http://198.51.100.7/pay" not in page
    assert not Record.objects.filter(verb="export").exists()


def test_every_form_leaves_as_the_page_said_marked_and_recorded(client: Client, cast: Cast) -> None:
    item = share(cast)
    reader = sign_in(client, cast.ben)
    bundle = json.loads(taken(reader, "stix"))
    assert {one["type"] for one in bundle["objects"]} >= {"report", "indicator", "identity", "marking-definition"}
    (event,) = json.loads(taken(reader, "misp"))
    assert (event["Event"]["info"], len(event["Event"]["Attribute"])) == (item.title, 5)
    pieces = list(csv.DictReader(io.StringIO(taken(reader, "pieces").decode())))
    assert [(row["reference"], row["tlp"], row["indicators"]) for row in pieces] == [(item.ref, "TLP:AMBER", "4")]
    rows = list(csv.DictReader(io.StringIO(taken(reader, "indicators").decode())))
    assert {(row["type"], row["value"], row["tlp"], row["piece"]) for row in rows} == {
        ("ipv4", "203.0.113.9", "TLP:AMBER", item.ref),
        ("domain", "evil-parcel.com", "TLP:AMBER", item.ref),
        ("email", "a@evil-parcel.com", "TLP:AMBER", item.ref),
        ("url", "http://198.51.100.7/pay", "TLP:AMBER", item.ref),
    }
    assert lines(reader, "list")[:3] == ["# TLP:AMBER", "# domain: 1", "evil-parcel.com"]
    assert lines(reader, "list", "?type=ipv4") == ["# TLP:AMBER", "# ipv4: 1", "203.0.113.9"]
    assert lines(reader, "hosts")[2:] == ["0.0.0.0 evil-parcel.com"]
    assert lines(reader, "rpz")[0] == "; TLP:AMBER"
    assert lines(reader, "rpz")[4:] == [
        "evil-parcel.com CNAME .",
        "*.evil-parcel.com CNAME .",
        "32.9.113.0.203.rpz-ip CNAME .",
    ]
    assert len(lines(reader, "suricata")) == 4
    with zipfile.ZipFile(io.BytesIO(taken(reader, "rules"))) as archive:
        assert archive.namelist() == [f"yara/{item.ref}-1.yar", f"sigma/{item.ref}-2.yml"]
        assert {archive.read(name).decode().splitlines()[0] for name in archive.namelist()} == {
            "// TLP:AMBER",
            "# TLP:AMBER",
        }
    recorded = Record.objects.filter(verb="export").order_by("pk").values_list("detail", flat=True)
    assert {detail["form"] for detail in recorded} == {form.value for form in FORMS}
    assert {detail["entries"] for detail in recorded} == {1}


def test_the_strictest_marking_is_on_the_page_in_the_file_and_in_its_name(client: Client, cast: Cast) -> None:
    share(cast, "Green", body="See 203.0.113.9.", tlp=Tlp.GREEN)
    share(cast, "Red", body="See evil-parcel[.]com.", tlp=Tlp.RED)
    reader = sign_in(client, cast.ben)
    page = overview(reader)
    assert "treat a file that holds it as TLP:RED." in page
    assert 'data-print-mark="TLP:RED, Printed by' in page
    assert "treat a file that holds it as TLP:GREEN." in overview(reader, "?tlp=GREEN")
    assert lines(reader, "list")[0] == "# TLP:RED"
    assert lines(reader, "list", "?type=ipv4")[0] == "# TLP:GREEN"
    for form, name in (("hosts", "hosts-TLP-RED.hosts"), ("stix", "stix-TLP-RED.stix.json")):
        assert name in client.get(f"/member/export/{form}")["Content-Disposition"]
    amber = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(tlp=Tlp.AMBER_STRICT, kind="news"))
    disposition = reader.get("/member/export/indicators?kind=news")["Content-Disposition"]
    assert (amber.marking, disposition) == (
        Tlp.AMBER_STRICT,
        'attachment; filename="indicators-TLP-AMBER-STRICT.csv"',
    )


def test_a_list_holds_what_its_reader_may_read_and_nothing_else(client: Client, cast: Cast) -> None:
    item = share(cast)
    stranger, officer = sign_in(client, cast.cara), sign_in(Client(), cast.opal)
    for other in (stranger, officer):
        page = overview(other)
        assert "There is nothing to export" in page
        assert item.ref not in page
        for form in Form:
            content = taken(other, form.value)
            assert item.ref.encode() not in content, form
            assert b"evil-parcel" not in content, form
    for path in ("/member/export/", "/member/export/stix", "/member/export.csv"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_filters_and_words_narrow_files_as_they_narrow_feed_and_search(client: Client, cast: Cast) -> None:
    share(cast, "Invoice alert", body="From 203.0.113.9.")
    share(cast, "Other news", body="From 203.0.113.8.", kind="news", tlp=Tlp.GREEN)
    reader = sign_in(client, cast.ben)
    for query, value in (
        ("?kind=news", "203.0.113.8"),
        ("?tlp=AMBER", "203.0.113.9"),
        ("?q=invoice", "203.0.113.9"),
        ("?q=invoice&order=best", "203.0.113.9"),
        (f"?kind=alert&group={cast.banking.ref}&days=7", "203.0.113.9"),
    ):
        assert lines(reader, "list", query)[2:] == [value], query
        assert f"/member/export/list{query.replace('&', '&amp;')}" in overview(reader, query)
    for query in ("?kind=rumour", "?days=8", "?group=GR-NONE", "?q=zebra"):
        assert lines(reader, "list", query) == ["# TLP:CLEAR"], query
        assert "no piece you may read matches" in overview(reader, query)
    assert len(lines(reader, "list")) == 4


def test_an_address_that_names_no_form_or_no_kind_is_not_there(client: Client, cast: Cast) -> None:
    reader = sign_in(client, cast.ben)
    for path in ("docx", "csv", "list?type=colour", "list?type=domain%0A"):
        assert reader.get(f"/member/export/{path}").status_code == 404, path
    assert reader.post("/member/export/list").status_code == 405


def test_only_what_still_counts_leaves_and_the_rest_is_told_with_its_reason(client: Client, cast: Cast) -> None:
    item = share(cast, body="From 203.0.113.9, 203.0.113.8 and 203.0.113.7.")
    again = share(cast, "Again", body="From 203.0.113.9.")
    gone = share(cast, "Gone", body="From 203.0.113.66.")
    author = cast.as_(cast.ann)
    own = {row.value: row for row in item.indicators.as_system("a test")}
    for value in ("203.0.113.9", "203.0.113.8"):
        retract_indicator(author, item=item, indicator=own[value], reason="ours")
    past = Indicator.objects.as_system("its time is over").filter(pk=own["203.0.113.7"].pk)
    past.update(valid_until=now() - timedelta(days=1))
    withdraw(author, item=gone, reason="wrong")
    reader = sign_in(client, cast.ann)
    assert lines(reader, "list")[2:] == ["203.0.113.9"]
    common = {
        (row["outcome"], row["what"], row["pieces"], row["why"]) for row in told(reader) if row["form"] == "every"
    }
    assert common == {
        ("refused", gone.ref, gone.ref, gathering.WITHDRAWN),
        ("refused", "203.0.113.8", item.ref, gathering.RETRACTED),
        ("taken", "203.0.113.9", item.ref, gathering.ELSEWHERE),
        ("refused", "203.0.113.7", item.ref, gathering.EXPIRED),
    }
    assert "3 left out, 1 to look at" in overview(reader)
    bundle = taken(reader, "stix").decode()
    assert re.findall(r"ipv4-addr:value = '([^']*)'", bundle) == ["203.0.113.9"]
    assert (gone.ref in bundle, again.ref in bundle) == (False, True)


def test_an_object_of_several_pieces_is_in_the_bundle_once_with_the_strictest_marking(
    client: Client, cast: Cast
) -> None:
    share(cast, "Green", body="See 203.0.113.9 and 203.0.113.8.", tlp=Tlp.GREEN)
    share(cast, "Amber", body="See 203.0.113.9.", tlp=Tlp.AMBER)
    reader = sign_in(client, cast.ben)
    objects = json.loads(taken(reader, "stix"))["objects"]
    assert len({one["id"] for one in objects}) == len(objects)
    markings = {one["value"]: one["object_marking_refs"] for one in objects if one["type"] == "ipv4-addr"}
    assert markings == {"203.0.113.9": [TLP_2[Tlp.AMBER]], "203.0.113.8": [TLP_2[Tlp.GREEN]]}
    assert [row["what"] for row in told(reader) if row["why"] == whole.STRICTEST] == ["203.0.113.9"]


def test_what_a_form_has_no_place_for_is_told(client: Client, cast: Cast) -> None:
    draft = start_draft(
        cast.as_(cast.ann), text=text("+Plus", body="Pay 0x52908400098527886E0F7030069857D2E4169EE7.", tlp=Tlp.GREEN),
        choice=Choice(groups=[cast.banking.pk]),
    )  # fmt: skip
    attach(cast.as_(cast.ann), item=draft, name="hops.csv", chunks=[b"a,b"])
    item = publish(cast.as_(cast.ann), item=draft, nonce=check(cast.as_(cast.ann), item=draft).nonce)
    ask_pap(item, Tlp.GREEN)
    reader = sign_in(client, cast.ben)
    why = {(row["form"], row["what"], row["why"], row["found"]) for row in told(reader)}
    (value,) = item.indicators.as_system("a test").values_list("value", flat=True)
    assert why >= {
        ("stix", value, whole.A_NOTE, ""),
        ("misp", value, whole.A_TEXT, ""),
        ("misp", item.ref, whole.NO_TEXT, ""),
        ("stix", item.ref, whole.NO_PAP, "PAP:GREEN"),
        ("misp", item.ref, whole.NO_PAP, "PAP:GREEN"),
        ("stix", "hops.csv", whole.NO_FILES, ""),
        ("pieces", "'+Plus", forms.APOSTROPHE, ""),
    }
    ask_pap(item, Tlp.CLEAR)
    assert whole.NO_PAP not in {row["why"] for row in told(reader)}


def test_what_its_author_asks_not_to_block_and_what_many_rely_on_is_pointed_out(client: Client, cast: Cast) -> None:
    named = ("10.1.2.3", "google.com")
    written = text(body="Seen: 10.1.2[.]3, google[.]com, evil-parcel[.]com.", tlp=Tlp.GREEN, confirmed=named)
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)
    reader = sign_in(client, cast.ben)
    special = {(row["what"], row["why"]) for row in told(reader) if row["form"] == "every"}
    assert special == {("10.1.2.3", gathering.PRIVATE), ("google.com", gathering.WELL_KNOWN)}
    for pap, asks in ((Tlp.GREEN, False), (Tlp.AMBER, True), (Tlp.RED, True)):
        ask_pap(item, pap)
        rows = {(row["form"], row["what"]) for row in told(reader) if row["why"] == blocklists.NOT_TO_BLOCK}
        assert (("hosts", "evil-parcel.com") in rows) == asks, pap
        assert not {form for form, _value in rows} & {"list", "suricata", "stix"}


def test_rules_that_do_not_compile_go_along_and_the_page_says_so(client: Client, cast: Cast) -> None:
    item = share(cast)
    long = share(cast, "Long", body=f"```yara\nrule a {{}}\n```\n{'x' * gathering.SEARCHED_CHARACTERS}")
    reader = sign_in(client, cast.ben)
    page = overview(reader)
    assert f"<strong>1 to look at</strong>: {detection.BROKEN}" in page
    rows = {(row["form"], row["what"], row["why"]) for row in told(reader)}
    assert rows >= {
        ("rules", f"sigma/{item.ref}-2.yml", detection.BROKEN),
        ("every", long.ref, gathering.TOO_LONG),
    }
    with zipfile.ZipFile(io.BytesIO(taken(reader, "rules"))) as archive:
        assert f"# {detection.BROKEN} while parsing" in archive.read(f"sigma/{item.ref}-2.yml").decode()


def test_without_what_checks_rules_each_is_said_to_be_unchecked(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(cast)
    monkeypatch.setattr(rule_check, "checks_rules", lambda: False)
    assert f"<strong>2 to look at</strong>: {detection.NOT_INSTALLED}" in overview(sign_in(client, cast.ben))


def test_more_than_a_file_holds_is_said_with_its_number(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        share(cast, f"Piece {number}", body=f"From 203.0.113.{number} and 203.0.113.{number + 100}.")
    monkeypatch.setattr(gathering, "PIECES", 3)
    monkeypatch.setattr(gathering, "INDICATORS", 4)
    reader = sign_in(client, cast.ben)
    page = overview(reader)
    assert "1 more piece passes these filters." in page
    assert "2 more indicators count." in page
    assert sorted(lines(reader, "list")[2:]) == ["203.0.113.103", "203.0.113.104", "203.0.113.3", "203.0.113.4"]
    assert len(taken(reader, "pieces").splitlines()) == 1 + 3
    more = {row["why"]: row["what"] for row in told(reader) if row["form"] == "every"}
    assert more == {losses.MORE_PIECES: "1", losses.MORE_INDICATORS: "2"}


@pytest.mark.parametrize("query", ["?kind=alert", "?q=parcel", "?group={ref}&kind=alert", "?group=GR-NONE"])
def test_where_taxii_has_no_address_for_the_filters_the_page_says_so(query: str, client: Client, cast: Cast) -> None:
    share(cast, tlp=Tlp.GREEN)
    ensure_collections()
    page = overview(sign_in(client, cast.ben), query.format(ref=cast.banking.ref))
    assert "/taxii2/api/collections/" not in page
    assert ("TAXII has no address for these filters" in page) == ("NONE" not in query)


def test_one_group_or_sector_or_everything_is_a_taxii_collection(client: Client, cast: Cast) -> None:
    finance, health = make.sector("finance"), make.sector("health")
    cast.bank.sectors.add(finance)
    written = text(body="See 203.0.113.9.", tlp=Tlp.GREEN)
    own = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)
    Entry.objects.as_system("about both sectors").get(ref=own.ref).sectors.add(finance, health)
    ensure_collections()
    reader = sign_in(client, cast.ben)
    address = {one.alias: f"/taxii2/api/collections/{one.uuid}/" for one in Collection.objects.all()}
    assert address[f"group-{cast.banking.ref.lower()}"] in overview(reader, f"?group={cast.banking.ref}")
    assert address["sector-finance"] in overview(reader, "?sector=finance")
    assert address["everything"] in overview(reader)
    assert "/taxii2/" not in overview(reader, "?sector=health")
    program = "/api/v1/export?form=stix&amp;kind=alert"
    assert f"{program}&amp;q=accounts+team" in overview(reader, "?kind=alert&q=accounts+team")
    since = (now() - timedelta(days=7)).date()
    assert f"{program}&amp;since={since}" in overview(reader, "?kind=alert&days=7")
    overview(reader, f"?days={'9' * 5000}")


def test_every_sentence_of_a_loss_is_in_the_catalogues() -> None:
    english = {
        *blocklists.SENTENCES,
        *suricata.SENTENCES,
        *detection.SENTENCES,
        *gathering.SENTENCES,
        *whole.SENTENCES,
        *forms.SENTENCES,
        *losses.SENTENCES,
        *sought.SENTENCES,
        *collections.SENTENCES,
    }
    assert set(sentences()) == english
    for language in ("zh-hant", "zh-hans"):
        with override(language):
            assert {sentence for sentence in english if said(sentence) == sentence} == set(), language


def test_every_form_has_its_kind_of_file_and_its_words() -> None:
    assert set(exporting.KINDS_OF_FILE) == set(Form)
