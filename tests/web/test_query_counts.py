"""However much there is to read, a page asks the database the same number of questions."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.policy.viewer import NOBODY, Viewer
from infohub.register.actions import ask_recovery, open_visit, trust_browser
from infohub.sharing.actions import comment, put_text, revise, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.lists import Form
from infohub.sharing.models import Item, Origin
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 60


def share(cast: Cast, *, until: int) -> list[Item]:
    """Let Ann share pieces with Banking until there are so many, each with an address of its own."""
    there = Item.objects.as_system("a test counts").count()
    choice = Choice(groups=[cast.banking.pk])
    return [
        shared(
            cast.as_(cast.ann), choice, text(f"Piece {number}", body=f"Calls about a courier from 192.0.2.{number}.")
        )
        for number in range(there, until)
    ]


def talk(cast: Cast, item: Item, *, times: int) -> None:
    """Let Ann write below a piece so often."""
    for number in range(times):
        comment(cast.as_(cast.ann), item=item, body=f"Seen here, {number}", nonce=uuid.uuid4())


def questions(client: Client, paths: dict[str, str]) -> dict[str, int]:
    """How many queries each page takes, once it has been opened before."""
    asked = {}
    for name, path in paths.items():
        assert client.get(path).status_code == 200, name
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        asked[name] = len(queries)
    return asked


def test_pages_ask_as_often_with_sixty_pieces_as_with_three(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ben)
    first = share(cast, until=FEW)[0]
    talk(cast, first, times=1)
    paths = {
        "home": "/member/",
        "feed": "/member/feed/",
        "incoming": "/member/incoming/",
        "feed, filtered": f"/member/feed/?kind=alert&tlp=AMBER&group={cast.banking.ref}",
        "item": f"/items/{first.ref}",
        "relations": f"/items/{first.ref}/relations",
        "search, words": "/member/search/?q=courier",
        "search, ranked": "/member/search/?q=courier&order=best&kind=alert",
        "search, indicator": "/member/search/?q=192.0.2.1",
        "search, nearest": "/member/search/?q=courier+unheardof",
        "search, like a piece": f"/member/search/?like={first.ref}",
        "ATT&CK view": "/member/attack/?kind=alert",
        "question": "/member/ask/?q=What+do+couriers+do",
        "suggestions": "/member/suggest/?q=cour",
        "notices": "/member/notices/",
        "rules": "/member/rules/",
        "new rule": "/member/rules/new/?q=courier",
        "groups": "/member/groups/",
        "group": f"/member/groups/{cast.banking.ref}/",
    }
    few = questions(client, paths)
    share(cast, until=MANY)
    talk(cast, first, times=20)
    for number in range(5):
        make.group(f"Circle {number}", cast.ben)
    assert questions(client, paths) == few
    assert max(few.values()) < 48


def test_exports_ask_as_often_with_many_pieces_of_every_sort_as_with_few(client: Client, cast: Cast) -> None:
    """Attributed and not, with files, rules, words in another language that a correction overtook, and withdrawn."""
    sign_in(client, cast.ann)
    choice = Choice(groups=[cast.banking.pk])

    def author() -> Viewer:
        return cast.as_(cast.ann)

    def add(number: int) -> None:
        body = f"From 192.0.2.{number}, 198.51.100.7.\n\n```snort\nalert {number}\n```\n"
        written = text(f"Piece {number}", body=body, tlp=Tlp.GREEN, unattributed=number % 2 == 0)
        item = shared(author(), choice, written)
        put_text(author(), item=item, language="zh-hant", title="電話", body="他們來電。", origin=Origin.HUMAN)
        revise(
            author(),
            item=item,
            text=text(f"Piece {number}, corrected", body=body, tlp=Tlp.GREEN),
            files=[(f"hops-{number}.csv", b"a,b")],
        )
        Item.objects.as_system("a test").filter(pk=item.pk).update(pap=Tlp.AMBER.value)
        if number % 5 == 0:
            withdraw(author(), item=item, reason="wrong")

    forms = {form.value: f"/member/export/{form.value}" for form in Form}
    paths = {"page": "/member/export/", "words": "/member/export/stix?q=corrected", **forms}
    for number in range(1, 6):
        add(number)
    few = questions(client, paths)
    for number in range(6, 31):
        add(number)
    assert questions(client, paths) == few
    assert max(few.values()) < 60


def test_what_one_may_not_read_asks_as_often_as_what_never_was(client: Client, cast: Cast) -> None:
    item = share(cast, until=1)[0]
    sign_in(client, cast.cara)
    asked = []
    for ref in (item.ref, "IH-NEVER1", item.ref, "IH-NEVER1"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/items/{ref}")
        assert answer.status_code == 404
        asked.append([query["sql"].split(" WHERE ")[0] for query in queries])
    assert asked[2] == asked[3]


def test_the_pages_of_sign_in_ask_as_often_with_many_rows_as_with_few(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    paths = {"sign-in": "/member/account/sign-in/", "lost second steps": "/office/recoveries/"}
    viewer = cast.as_(cast.opal)
    ask_recovery(NOBODY, person=cast.ben)
    few = questions(client, paths)
    for number in range(20):
        open_visit(viewer, browser="Firefox", system=str(number))
        trust_browser(viewer, browser="Firefox", system=str(number))
        ask_recovery(NOBODY, person=make.person(f"Lost {number}", cast.clinic))
    assert questions(client, paths) == few
