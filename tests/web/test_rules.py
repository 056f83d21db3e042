"""Promises about the page of rules: what each would have found is shown before it is saved, and to its person alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.delivery.actions import RULES_PER_PERSON, make_rule, pause_rule
from infohub.delivery.models import Pace, Rule
from infohub.delivery.rules import Conditions
from infohub.members.models import Person
from infohub.policy.viewer import Viewer
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

CHOSEN = {"words": "invoice", "severity": "3", "kinds": ["alert"], "pace": "at_once", "name": ""}


def share(cast: Cast, title: str, *, kind: str = "alert", severity: int = 3) -> Item:
    """Ann shares with Banking."""
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(title, kind=kind, severity=severity))


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rule(viewer: Viewer, name: str = "Invoices", **conditions: object) -> Rule:
    asked = Conditions(**(conditions or {"words": "invoice"}))  # type: ignore[arg-type]  # the caller knows
    return make_rule(viewer, name=name, conditions=asked, pace=Pace.AT_ONCE)


def test_a_rule_is_made_from_a_search_and_shown_with_what_it_would_have_found(client: Client, cast: Cast) -> None:
    item = share(cast, "Invoice trojan")
    share(cast, "Invoice of low weight", severity=1)
    page = sign_in(client, cast.ben)
    search = f"q=invoice&kind=alert&severity=high&tlp=AMBER&group={cast.banking.ref}&days=7"
    for there in ("/member/search/", "/member/feed/"):
        assert f'href="/member/rules/new/?{search.replace("&", "&amp;")}"' in opened(page, f"{there}?{search}")
    form = opened(page, f"/member/rules/new/?{search}")
    assert "Would have matched <b>1</b> in the last 30 days" in form
    assert f'<a href="/items/{item.ref}">Invoice trojan</a>' in form
    assert "TLP and time are no part of a rule" in form
    answer = page.post("/member/rules/new/", {**CHOSEN, "groups": [cast.banking.ref]}, follow=True)
    (made,) = Rule.objects.all()
    assert made.name == "Banking · Alert · High or above · “invoice”"
    assert (made.person, made.kinds, made.severity, made.words, made.pace) == (
        cast.ben, ["alert"], 3, "invoice", "at_once"
    )  # fmt: skip
    assert list(made.groups.all()) == [cast.banking]
    assert made.name in answer.content.decode()
    assert "1 piece in the last 30 days" in answer.content.decode()


def test_check_and_preview_make_nothing_and_say_the_same(client: Client, cast: Cast) -> None:
    share(cast, "Invoice trojan")
    page = sign_in(client, cast.ben)
    for path, sent in (("/member/rules/new/", {**CHOSEN, "do": "check"}), ("/member/rules/preview/", CHOSEN)):
        answer = page.post(path, sent)
        assert answer.status_code == 200
        assert "Would have matched <b>1</b>" in answer.content.decode()
        assert "Invoice trojan" in answer.content.decode()
        nothing = page.post(path, {**sent, "words": "", "severity": "", "kinds": []})
        assert "Choose a condition" in nothing.content.decode()
    assert not Rule.objects.exists()


def test_the_preview_shows_and_counts_only_what_the_viewer_may_read(client: Client, cast: Cast) -> None:
    share(cast, "Invoice trojan")
    page = sign_in(client, cast.cara)
    asked = {**CHOSEN, "groups": [cast.banking.ref]}
    for path in ("/member/rules/preview/", "/member/rules/new/"):
        content = page.post(path, {**CHOSEN, "do": "check"}).content.decode()
        assert "Would have matched <b>0</b>" in content
        assert "trojan" not in content
    assert page.post("/member/rules/new/", asked).status_code == 422
    assert "Banking" not in opened(page, f"/member/rules/new/?group={cast.banking.ref}")
    rule(cast.as_(cast.cara))
    assert "0 pieces in the last 30 days" in opened(page, "/member/rules/")


def test_what_lacks_is_said_and_nothing_typed_is_lost(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.ben)
    for changes, remedy in (
        ({"words": "", "severity": "", "kinds": []}, "Choose at least one condition"),
        ({"words": "?!"}, "signs alone find nothing"),
        ({"words": "w" * 301}, "at most 300 characters"),
        ({"pace": "hourly"}, "hourly is not one of the available choices"),
    ):
        answer = page.post("/member/rules/new/", {**CHOSEN, "name": "My own name", **changes})
        content = answer.content.decode()
        assert (answer.status_code, "There is a problem" in content) == (422, True), changes
        assert remedy in content
        assert 'value="My own name"' in content
    for _ in range(RULES_PER_PERSON):
        rule(cast.as_(cast.ben))
    assert "You have 50 rules already" in page.post("/member/rules/new/", CHOSEN).content.decode()
    assert Rule.objects.count() == RULES_PER_PERSON


def test_a_rule_is_changed_paused_resumed_and_deleted_by_its_person_alone(client: Client, cast: Cast) -> None:
    own = rule(cast.as_(cast.ben))
    path, stranger = f"/member/rules/{own.pk}/", sign_in(Client(), cast.cara)
    for answer in (stranger.get(path), stranger.post(path, CHOSEN), stranger.get("/member/rules/999/")):
        assert answer.status_code == 404
    for do in ("pause", "resume", "drop"):
        assert stranger.post(f"{path}act/", {"do": do}).status_code == 404
    assert "Invoices" not in opened(stranger, "/member/rules/")
    page = sign_in(client, cast.ben)
    assert page.post(f"{path}act/", {"do": "explode"}).status_code == 404
    assert 'value="invoice"' in opened(page, path)
    assert page.post(path, {**CHOSEN, "words": "vpn", "pace": "digest"}).status_code == 302
    own.refresh_from_db()
    assert (own.name, own.words, own.pace) == ("Alert · High or above · “vpn”", "vpn", "digest")
    assert 'name="name" maxlength="120"' in opened(page, path)
    assert own.name not in opened(page, path).partition('name="name"')[2]
    for do, chip in (("pause", True), ("resume", False)):
        content = page.post(f"{path}act/", {"do": do}, follow=True).content.decode()
        assert ('<span class="chip">Paused</span>' in content) == chip
    page.post(f"{path}act/", {"do": "drop"})
    assert not Rule.objects.exists()
    assert "You have no rule yet" in opened(page, "/member/rules/")


def test_the_notice_says_which_rule_it_came_by(client: Client, cast: Cast) -> None:
    rule(cast.as_(cast.ben), severity=3)
    paused = rule(cast.as_(cast.ben), name="A paused one", severity=3)
    pause_rule(cast.as_(cast.ben), number=paused.pk)
    share(cast, "Invoice trojan")
    share(cast, "Another", severity=1)
    content = opened(sign_in(client, cast.ben), "/member/notices/")
    assert content.count("matches your rule “Invoices”") == 1
    assert content.count("through your group Banking") == 1
    assert "A paused one" not in content


def test_fifty_rules_are_listed_with_as_few_questions_as_one(client: Client, cast: Cast) -> None:
    def questions(path: str) -> int:
        opened(page, path)
        with CaptureQueriesContext(connection) as queries:
            opened(page, path)
        return len(queries)

    share(cast, "Invoice trojan")
    viewer, page = cast.as_(cast.ben), sign_in(client, cast.ben)
    first = rule(viewer, groups=frozenset({cast.banking.pk}), sectors=frozenset({make.sector("finance").pk}))
    paths = ("/member/rules/", f"/member/rules/{first.pk}/", "/member/rules/new/?q=invoice")
    few = [questions(path) for path in paths]
    for number in range(RULES_PER_PERSON - 1):
        share(cast, f"Invoice {number}")
        rule(viewer, name=f"Rule {number}", words=f"invoice {number}", groups=frozenset({cast.banking.pk}))
    assert [questions(path) for path in paths] == few
    assert "Would have matched <b>50</b>" in opened(page, paths[2])


def test_an_officer_without_a_membership_sees_the_page_and_finds_nothing(client: Client, cast: Cast) -> None:
    share(cast, "Invoice trojan")
    officer: Person = cast.opal
    page = sign_in(client, officer)
    assert "Would have matched <b>0</b>" in opened(page, "/member/rules/new/?q=invoice")
    assert page.post("/member/rules/new/", CHOSEN).status_code == 302
    assert "0 pieces in the last 30 days" in opened(page, "/member/rules/")


def test_a_rule_says_when_it_asks_for_a_group_one_does_not_sit_in_any_more(client: Client, cast: Cast) -> None:
    banking = cast.banking
    own = rule(cast.as_(cast.ben), words="invoice", groups=frozenset({banking.pk}))
    page, said = sign_in(client, cast.ben), "a group in which you do not sit any more"
    assert said not in opened(page, f"/member/rules/{own.pk}/")
    banking.seats.update(ended=now())
    assert said in opened(page, f"/member/rules/{own.pk}/")
