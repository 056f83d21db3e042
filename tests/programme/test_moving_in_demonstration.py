"""The demonstration moves in like any programme, and a script can sign in as its people."""

import json

import pytest
from django.test import Client, override_settings

from infohub.members.models import Person
from infohub.programme.demonstration import programme_file
from infohub.programme.verifying import compare
from infohub.support.clock import now
from tests.authenticator import Clock
from tests.programme.small import SMALL, Mover
from tests.stage import Stage
from tests.web.entering import is_inside, type_code, type_password

pytestmark = pytest.mark.django_db


@override_settings(DEMO=True)
def test_the_demonstration_goes_in_without_a_problem_and_signs_in(mover: Mover, client: Client, clock: Clock) -> None:
    outcome = mover.move(programme_file(now()), demo_credentials=True)
    assert (outcome.status, outcome.result.problems) == (0, [])
    assert len(outcome.result.items) == 300
    assert compare().differences == []
    facts = mover.result["people"]["ann"]
    type_password(client, facts["email"], facts["password"])
    assert not is_inside(client)
    type_code(client, clock.code(facts["totp_secret"]))
    assert is_inside(client)


@override_settings(DEMO=True)
def test_only_active_people_get_in_with_the_credentials_of_a_demonstration(
    mover: Mover, client: Client, clock: Clock
) -> None:
    assert mover.move(SMALL, demo_credentials=True).status == 0
    people = mover.result["people"]
    assert {name: sorted(facts) for name, facts in people.items()} == {
        name: ["setup_url"] if name == "ivy" else ["email", "password", "totp_secret"] for name in people
    }
    assert {facts["password"] for name, facts in people.items() if name != "ivy"} == {people["ann"]["password"]}
    for name in ("lou", "mori"):
        browser = Client()
        type_password(browser, people[name]["email"], people[name]["password"])
        type_code(browser, clock.code(people[name]["totp_secret"]))
        assert is_inside(browser) == (Person.objects.get(email=people[name]["email"]).status == "active")


def test_the_command_says_with_its_exit_code_how_it_went(stage: Stage) -> None:
    instance = stage.instance()
    file, out = instance.folder / "programme.json", instance.folder / "result.json"
    file.write_text(json.dumps(SMALL), encoding="utf-8")
    done = instance.run("programme", "import", str(file), "--out", str(out))
    assert "10 pieces" in done.stdout
    assert len(json.loads(out.read_text("utf-8"))["items"]) == 10
    changed = SMALL | {"collections": [{"id": "c2", "title": "Secret", "tlp": "RED", "audience": {"everyone": True}}]}
    file.write_text(json.dumps(changed), encoding="utf-8")
    done = instance.run("programme", "import", str(file), check=False)
    assert (done.returncode, "collections[0].tlp (c2)" in done.stderr) == (1, True)
    assert "programme-result.json" in done.stdout
    file.write_text("{}", encoding="utf-8")
    done = instance.run("programme", "import", str(file), check=False)
    assert (done.returncode, "infohub-programme/1" in done.stderr) == (2, True)
    assert instance.run("programme", "import", str(file), "--demo-credentials", check=False).returncode == 2
