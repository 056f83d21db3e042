"""The office's pages of sources: seen by who steers, quick, safe to click twice, and silent about passwords."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override

from infohub.audit.models import Record
from infohub.intel import pulls
from infohub.intel.actions import adding, ensure_collections, pulling, reading
from infohub.intel.models import Quarantined, Source, SourceRun, StixObject
from infohub.members.models import Person
from infohub.standards import jsontext, xmltext
from infohub.standards.feeds import csaf, csaf_lists, fields, kev, lists, rss, syndication
from infohub.standards.misp import remarks
from infohub.standards.stix21 import misspelt, sentences
from infohub.standards.taxii21 import status as taxii_status
from infohub.standards.tlp import Tlp
from infohub.web import reasons
from tests.authenticator import Clock
from tests.cast import Cast, sign_in
from tests.intel import pieces
from tests.intel.outside import COLLECTION, OBJECTS, outside, page, pulled, source, status, there
from tests.intel.pieces import indicator
from tests.intel.test_file_sources import catalogue
from tests.intel.test_quarantine import ODD, marked
from tests.standards.feeds.test_kev import ENTRY
from tests.support.host import whole
from tests.web import entering

pytestmark = pytest.mark.django_db

LIST, NEW = "/office/sources/", "/office/sources/new/"
PASSWORD = "Pa55-word-of-theirs"


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def filled(client: Client, **typed: object) -> dict[str, object]:
    """The form as an officer fills it in."""
    handle = re.search(r'name="handle" value="([0-9a-f-]+)"', client.get(NEW).text)
    assert handle is not None
    wish: dict[str, object] = {
        "handle": handle[1],
        "name": "Lantern",
        "kind": "taxii",
        "url": "https://outside.example/api/collections/one/",
        "tlp": Tlp.AMBER.value,
        "minutes": 60,
        "collection": pieces.collection("members").pk,
    }
    return wish | typed


@pytest.fixture
def opal(cast: Cast) -> Client:
    ensure_collections()
    return browser(cast.opal)


def paths(of: Source, run: SourceRun) -> Mapping[str, str]:
    here = f"{LIST}{of.uuid}/"
    return {
        LIST: "get",
        NEW: "get",
        here: "get",
        f"{here}change/": "get",
        f"{here}remove/": "get",
        f"{here}runs/{run.pk}/": "get",
        f"{here}runs/{run.pk}/losses.csv": "get",
        f"{here}act/": "post",
        f"{here}marking/": "post",
        f"{here}accept/": "post",
    }


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_for_who_does_not_steer_the_pages_are_not_there(who: str, cast: Cast) -> None:
    made = source("https://outside.example/")
    client, run = browser(getattr(cast, who)), SourceRun.objects.create(source=made, started=made.added_at)
    steering = browser(cast.grace)
    for path, verb in paths(made, run).items():
        assert getattr(client, verb)(path).status_code == 404, path
        assert getattr(steering, verb)(path).status_code in {200, 302}, path
    assert ("/office/sources/" in client.get("/member/").text) is False


def test_what_was_never_there_is_not_there_either(opal: Client) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    other, made = source("https://outside.example/"), source("https://outside.example/")
    run = SourceRun.objects.create(source=other, started=other.added_at)
    for path in (nobody, f"{nobody}/change", f"{nobody}/remove", f"{nobody}/runs/1", f"{made.uuid}/runs/{run.pk}"):
        assert opal.get(f"{LIST}{path}/").status_code == 404, path


def test_a_source_is_added_once_however_often_the_button_is_pressed(opal: Client) -> None:
    assert "Nothing is pulled yet" in opal.get(LIST).text
    wish = filled(opal, user="ann", password=PASSWORD)
    assert opal.post(NEW, wish).status_code == 302
    answer = opal.post(NEW, wish)
    made = Source.objects.get()
    assert (made.name, made.minutes, made.tlp) == ("Lantern", 60, Tlp.AMBER.value)
    assert "not pulled yet" in opal.get(LIST).text
    here = answer["Location"]
    said = "".join(opal.get(path).text for path in (LIST, here, f"{here}change/")) + str(list(Record.objects.values()))
    assert (PASSWORD in said, "stored, and shown to nobody" in said) == (False, True)
    assert PASSWORD not in made.credential


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"url": "file:///etc/passwd"}, "no web address"),
        ({"url": "https://ann:word@outside.example/"}, "no web address"),
        ({"minutes": 5}, "greater than or equal to 15"),
        ({"user": "ann"}, "A user name needs its password"),
        ({"tlp": 4}, "Select a valid choice"),
        ({"kind": "gopher"}, "Select a valid choice"),
        ({"collection": 0}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
@pytest.mark.parametrize("button", ["", "try"])
def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_asked_for(
    typed: dict[str, object], words: str, button: str, opal: Client
) -> None:
    answer = opal.post(NEW, filled(opal, **typed, password="" if "user" in typed else PASSWORD, do=button))
    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text
    assert Source.objects.count() == 0


def test_a_trial_says_what_would_come_and_changes_nothing(opal: Client) -> None:
    red = indicator() | {"object_marking_refs": ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"]}
    with outside({OBJECTS: [page(indicator(), marked(ODD), red, {"id": "nothing"})]}) as host:
        answer = opal.post(NEW, filled(opal, url=host.url(COLLECTION), password=PASSWORD, do="try"))
        assert f"Authorization: Bearer {PASSWORD}" in host.asked[0]
    assert answer.status_code == 200
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    assert "indicator 1 Would wait for a decision 1 Changed on the way 0 Refused 2" in told
    assert "This is stricter than the collection allows." in told
    assert PASSWORD not in answer.text
    assert [model.objects.count() for model in (Source, SourceRun, Quarantined, StixObject)] == [0, 0, 0, 0]


def test_a_trial_that_fails_says_why(opal: Client) -> None:
    with outside({OBJECTS: [status(401)]}) as host:
        answer = opal.post(NEW, filled(opal, url=host.url(COLLECTION), do="try"))
    assert "The source refuses the user name, password or token." in answer.text
    answer = opal.post(NEW, filled(opal, url="https://127.0.0.1/", do="try"))
    assert "INFOHUB_OUTBOUND_ALLOW does not name it" in answer.text


def test_a_stored_password_is_never_sent_to_another_host(opal: Client) -> None:
    with outside({OBJECTS: [page()]}) as host:
        made = source("https://outside.example/", password=PASSWORD)
        wish = filled(opal, url=host.url(COLLECTION))
        here = f"{LIST}{made.uuid}/change/"
        for button in ("try", "save"):
            answer = opal.post(here, wish | {"do": button})
            assert (answer.status_code, "This is another host" in answer.text) == (422, True)
        assert host.asked == []
        assert opal.post(here, wish | {"forget": "on"}).status_code == 302
        made.refresh_from_db()
        assert (made.credential, made.url) == ("", host.url(COLLECTION))


def test_the_list_says_how_each_source_is(opal: Client) -> None:
    with outside({OBJECTS: [page(indicator())], "/api/collections/two/objects/": [status(500)]}) as host:
        fine, failing, paused = (source(host.url(path)) for path in (COLLECTION, "/api/collections/two/", "/three/"))
        pulled(fine)
        pulled(failing)
    opal.post(f"{LIST}{paused.uuid}/act/", {"do": "pause"})
    said = opal.get(LIST).text
    for words in ("fine, 0\xa0minutes ago", "failing since", "The source answers with an error. (500)", "paused since"):
        assert words in said, words


def test_what_fails_or_waits_is_told_on_the_overview_and_among_the_jobs(opal: Client, cast: Cast) -> None:
    with outside({OBJECTS: [page(marked(ODD))], "/api/collections/two/objects/": [status(500)]}) as host:
        pulled(source(host.url(COLLECTION)))
        pulled(source(host.url("/api/collections/two/")))
    for client in (opal, browser(cast.grace)):
        told = client.get("/office/").text
        assert ("1 object waits for its marking" in told, "1 source fails" in told) == (True, True)
    assert "source fails" not in browser(cast.vera).get("/office/").text
    assert "pulled from outside" in opal.get("/office/jobs/").text


def test_pausing_resuming_and_pulling_can_be_pressed_twice(opal: Client) -> None:
    made = source("https://outside.example/")
    for button in ("pause", "pause", "resume", "resume", "pull", "pull"):
        assert opal.post(f"{LIST}{made.uuid}/act/", {"do": button}).status_code == 302
    assert [Record.objects.filter(verb=f"{verb}_source").count() for verb in ("pause", "resume")] == [1, 1]


def test_what_waits_is_shown_by_marking_without_its_content_and_is_decided_there(opal: Client) -> None:
    secret = marked(ODD) | {"name": "Nobody has seen this"}
    with outside({OBJECTS: [page(secret, marked(ODD))]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
    here = f"{LIST}{made.uuid}/"
    shown = opal.get(here).text
    assert (ODD in shown, "2 objects wait" in shown, "Nobody has seen this" in shown) == (True, True, False)
    for nothing in ({}, {"tlp": ""}, {"tlp": "9"}, {"tlp": "-1"}):
        opal.post(f"{here}marking/", {"marking": ODD, "do": "decide", **nothing})
        assert Quarantined.objects.count() == 2
    for _twice in range(2):
        opal.post(f"{here}marking/", {"marking": ODD, "do": "decide", "tlp": "1"})
    assert (len(there(made)), Record.objects.filter(verb="decide_marking").count()) == (2, 1)
    assert "What you said markings mean" in opal.get(here).text
    opal.post(f"{here}marking/", {"marking": ODD, "do": "forget"})
    assert "What you said markings mean" not in opal.get(here).text


def test_a_marking_is_shown_by_the_name_that_the_source_gives_it(opal: Client) -> None:
    named: dict[str, object] = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": ODD,
        "created": "2026-01-01T00:00:00.000Z",
        "name": "Friends only",
        "definition_type": "x-theirs",
        "definition": {"circle": 3},
    }
    with outside({OBJECTS: [page(named, marked(ODD))]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
    here = f"{LIST}{made.uuid}/"
    assert "Friends only" in opal.get(here).text
    opal.post(f"{here}marking/", {"marking": ODD, "do": "decide", "tlp": "1"})
    assert "Friends only" in opal.get(here).text.partition("What you said markings mean")[2]


def test_a_catalogue_that_lost_most_of_its_entries_is_a_warning_with_a_button(opal: Client) -> None:
    three, none = [ENTRY | {"cveID": f"CVE-2026-000{number}"} for number in range(3)], whole(catalogue())
    with outside({"/kev.json": [whole(catalogue(*three)), none, none]}) as host:
        made = source(host.url("/kev.json"), kind="kev")
        here = f"{LIST}{made.uuid}/"
        pulled(made)
        assert "Pull again and accept" not in opal.get(here).text
        pulled(made)
        for path in (LIST, here):
            assert "so nothing was changed. It had: 3" in opal.get(path).text
        assert "Pull again and accept" in opal.get(here).text
        for _twice in range(2):
            assert opal.post(f"{here}accept/").status_code == 302
        assert pulled(made).problem == ""
    assert "Pull again and accept" not in opal.get(here).text


def test_scores_are_no_objects_of_a_collection(opal: Client) -> None:
    made = source("https://outside.example/epss.csv.gz", kind="epss")
    said = opal.get(f"{LIST}{made.uuid}/").text
    assert ("it fills no collection" in said, made.collection.title in said) == (True, False)


def test_losses_are_shown_and_downloaded(opal: Client) -> None:
    with outside({OBJECTS: [page({"id": "=cmd()", "type": "<b>"})]}) as host:
        made = source(host.url(COLLECTION))
        run = pulled(made)
    here = f"{LIST}{made.uuid}/runs/{run.pk}/"
    assert "0 taken, 0 changed on the way, 1 refused" in opal.get(here).text
    table = opal.get(f"{here}losses.csv")
    assert table["Content-Disposition"] == 'attachment; filename="losses.csv"'
    assert table.text.splitlines()[0] == "what,outcome,where,why,found"
    assert table.text.splitlines()[1].startswith("'=cmd(),refused,")


def test_reasons_are_told_in_the_readers_language_with_their_places(opal: Client, cast: Cast) -> None:
    listed = whole(b"a.example\nno value\n", "Content-Type: text/plain")
    with outside({"/list.txt": [listed], "/table.csv": [listed]}) as host:
        made = source(host.url("/list.txt"), kind="list")
        run = pulled(made)
        broken = source(host.url("/table.csv"), kind="list", part="host")
        pulled(broken)
    here = f"{LIST}{made.uuid}/runs/{run.pk}/"
    plain, whole_file = "this is not one value", "this table has no such column"
    assert plain in opal.get(here).text
    assert f"The answer cannot be read. {whole_file} (host)" in opal.get(f"{LIST}{broken.uuid}/").text
    Person.objects.filter(pk=cast.opal.pk).update(language="zh-hant")
    told = [opal.get(path).text for path in (here, f"{here}losses.csv", f"{LIST}{broken.uuid}/")]
    assert [sentence in text for sentence, text in zip((plain, plain, whole_file), told, strict=True)] == [False] * 3
    assert "第 2 行" in told[0]
    assert "no value" in told[0]


def test_every_reason_of_a_pull_is_in_the_catalogues() -> None:
    english = {words for name, words in vars(sentences).items() if name.isupper()}
    for told in (
        *(jsontext, xmltext, misspelt, taxii_status, fields, csaf, csaf_lists, kev, lists, rss, syndication),
        *(remarks, adding, reading, pulling, pulls.asking, pulls.csaf, pulls.lists, pulls.misp, pulls.taxii),
    ):
        english |= set(told.SENTENCES)
    assert set(reasons.SENTENCES) == english
    for language in ("zh-hant", "zh-hans"):
        with override(language):
            assert {sentence for sentence in english if gettext(sentence) == sentence} == set(), language


@pytest.mark.parametrize(("choice", "left"), [("keep", 1), ("take_out", 0)])
def test_removing_asks_what_becomes_of_the_objects(choice: str, left: int, opal: Client) -> None:
    with outside({OBJECTS: [page(indicator())]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
    here = f"{LIST}{made.uuid}/remove/"
    assert opal.post(here).status_code == 422
    assert opal.post(here, {"objects": choice}).status_code == 302
    assert (Source.objects.count(), len(there(made))) == (0, left)
    assert opal.post(here, {"objects": choice}).status_code == 404


def test_the_pages_ask_as_often_with_many_sources_as_with_few(opal: Client) -> None:
    made = source("https://outside.example/")
    here, asked = f"{LIST}{made.uuid}/", []
    for number in (2, 20):
        for _more in range(number):
            source("https://outside.example/")
            SourceRun.objects.create(source=made, started=made.added_at)
        for path in (LIST, here):
            opal.get(path)
            with CaptureQueriesContext(connection) as queries:
                opal.get(path)
            asked.append(len(queries))
    assert asked[:2] == asked[2:]


def test_nothing_that_opens_or_ends_goes_through_with_an_old_second_step(cast: Cast, clock: Clock) -> None:
    made, client = source("https://outside.example/"), sign_in(Client(), entering.with_password(cast.opal))
    entering.let_time_pass(client)
    here = f"{LIST}{made.uuid}/"
    assert client.get(here).status_code == 200
    for path in (NEW, f"{here}change/"):
        assert client.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/")
        again = client.post(path, {"password": PASSWORD})
        assert again["Location"].startswith("/accounts/2fa/reauthenticate/")
        assert PASSWORD not in again.text
    for path, typed in (
        ("remove", {"objects": "keep"}),
        ("marking", {"marking": ODD, "do": "drop"}),
        ("accept", {}),
    ):
        assert "Second step once more" in client.post(f"{here}{path}/", typed).text
    assert Source.objects.count() == 1
