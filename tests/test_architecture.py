"""The house keeps its own rules, and each rule notices when it is broken."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import ModuleType

import pytest

from infohub.register import actions as register_actions
from infohub.releases import actions as releases_actions
from infohub.sharing import actions as sharing_actions
from tests import floors
from tests.floors import FACES, PURE, SOURCE, Guarded, Module

Rule = Callable[[Module], Iterable[str]]

MODULES = floors.modules()
PROTECTED = floors.guarded(MODULES)

# Each exception has its reason; a new one needs a better reason than these.
MAY_IMPORT_LATE = {
    "config/cli.py",  # a command decides which settings Django starts with before anything of Django is imported
}
MAY_CATCH_EVERYTHING = {
    "support/worker.py",  # the worker's outer loop: one broken job must not stop the others
}
MAY_REACH_OUT = {
    "support/outbound.py",  # the one client: it judges addresses, time and size for everybody
}
MAY_ASK_THE_DATABASE = {
    "web/health.py",  # `/readyz` says whether the database answers; it reads no row
}
POLICY_SPEAKS = {"policy", "standards"}


def broken(rule: Rule, *, where: Callable[[Module], bool]) -> list[str]:
    """Everything in the product that breaks a rule."""
    return [complaint for module in MODULES if where(module) for complaint in rule(module)]


def is_face(module: Module) -> bool:
    return module.floor in FACES


def is_domain(module: Module) -> bool:
    return not is_face(module) and module.floor not in {"config", *PURE}


def everywhere(module: Module) -> bool:
    return bool(module.name)


def test_a_face_reads_labelled_rows_only_as_somebody() -> None:
    assert broken(partial(floors.reads_without_asking, protected=PROTECTED), where=is_face) == []


def test_a_template_follows_no_relation_to_labelled_rows() -> None:
    said = {
        str(path.relative_to(SOURCE)): found
        for path in SOURCE.rglob("*.html")
        if (found := list(floors.template_reads(path.read_text(encoding="utf-8"), PROTECTED)))
    }
    assert said == {}


def test_a_face_never_writes() -> None:
    assert broken(floors.writes, where=lambda module: is_face(module) and module.name not in MAY_ASK_THE_DATABASE) == []


def test_the_domain_never_speaks_http() -> None:
    assert broken(floors.speaks_http, where=is_domain) == []


def test_one_client_makes_every_request_to_other_machines() -> None:
    assert broken(floors.reaches_out, where=lambda module: module.name not in MAY_REACH_OUT) == []


def test_the_public_zone_reads_releases_only() -> None:
    assert broken(floors.peeks_inside, where=lambda module: module.name.startswith("web/public")) == []


def test_the_pure_floors_have_no_clock_no_chance_and_no_world() -> None:
    assert broken(floors.impure, where=lambda module: module.floor in PURE) == []


def test_files_and_functions_stay_small() -> None:
    assert broken(partial(floors.too_large, lines=400, function_lines=60), where=everywhere) == []


def test_files_have_names_that_say_something() -> None:
    assert broken(floors.badly_named, where=everywhere) == []


def test_imports_stand_at_the_top() -> None:
    assert broken(floors.hidden_imports, where=lambda module: module.name not in MAY_IMPORT_LATE) == []


def test_errors_are_caught_by_name() -> None:
    assert broken(floors.catches_everything, where=lambda module: module.name not in MAY_CATCH_EVERYTHING) == []


def test_every_exception_is_still_one() -> None:
    for rule, listed in (
        (floors.hidden_imports, MAY_IMPORT_LATE),
        (floors.catches_everything, MAY_CATCH_EVERYTHING),
        (floors.reaches_out, MAY_REACH_OUT),
    ):
        assert listed == {module.name for module in MODULES if list(rule(module))}
    faces = [module for module in MODULES if is_face(module)]
    assert {module.name for module in faces if list(floors.writes(module))} >= MAY_ASK_THE_DATABASE


def test_only_the_policy_judges() -> None:
    assert broken(floors.judges, where=lambda module: module.floor not in POLICY_SPEAKS) == []


def test_signatures_are_exact() -> None:
    assert broken(floors.loose, where=everywhere) == []


def test_every_module_begins_with_a_sentence() -> None:
    assert broken(floors.undocumented, where=everywhere) == []


SAMPLE = Guarded(frozenset({"Labelled", "Item"}), frozenset({"comments", "comment_set"}))
asks = partial(floors.reads_without_asking, protected=SAMPLE)
small = partial(floors.too_large, lines=4, function_lines=2)


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (asks, "Item.objects.filter(pk=1)", "Item.objects.readable(viewer).filter(pk=1)"),
        (asks, "models.Item.objects.all()", "models.Sector.objects.all()"),
        (
            asks,
            "from a import Item as Piece\nPiece.objects.get()",
            "from a import Sector as Piece\nPiece.objects.get()",
        ),
        (asks, "rows = Item.objects", "rows = Item.objects.readable(viewer)"),
        (asks, "Item.objects.readable", "Item.objects.readable(viewer).count()"),
        (asks, "item.comments.all()", "item.comments.readable(viewer)"),
        (asks, "item.comment_set.count()", "form.comments"),
        (asks, "Item.objects.as_system('why')", "Item.objects.readable(viewer)"),
        (asks, "Item.all_rows.get()", "item.title"),
        (asks, "get_object_or_404(Item, ref=ref)", "get_object_or_404(Item.objects.readable(viewer), ref=ref)"),
        (floors.writes, "item.save()", "publish(viewer, item=item)"),
        (floors.writes, "Item.objects.create(title='x')", "Item.objects.readable(viewer)"),
        (floors.writes, "from django.db import transaction", "from django.db import models"),
        (floors.writes, "import django.db.transaction", "from django.db.models import Q"),
        (floors.speaks_http, "from django.shortcuts import render", "from django.db import models"),
        (floors.speaks_http, "from django import forms", "from django.utils import timezone"),
        (floors.reaches_out, "import httpx", "from infohub.support import outbound"),
        (floors.reaches_out, "from urllib import request", "from urllib.parse import urlsplit"),
        (floors.reaches_out, "from http.client import HTTPSConnection", "from http import HTTPStatus"),
        (floors.reaches_out, "import socket as s", "from infohub.web import sockets"),
        (floors.peeks_inside, "from infohub.sharing.models import Item", "from infohub.releases.models import Release"),
        (floors.impure, "import random", "import re"),
        (floors.impure, "from django.db import models", "from datetime import datetime"),
        (floors.impure, "from uuid import uuid4", "from uuid import UUID, uuid5"),
        (floors.impure, "begun = datetime.now(UTC)", "begun = now"),
        (floors.impure, "open('list')", "read(port)"),
        (small, "def f():\n    a\n    b", "def f():\n    a"),
        (small, "1\n2\n3\n4\n5\n", "1\n2\n3\n4\n"),
        (floors.hidden_imports, "def f():\n    import json", "import json"),
        (floors.hidden_imports, "class A:\n    def f(self):\n        from a import b", "class A:\n    from a import b"),
        (floors.catches_everything, "try:\n    a\nexcept Exception:\n    b", "try:\n    a\nexcept KeyError:\n    b"),
        (floors.catches_everything, "try:\n    a\nexcept:\n    b", "try:\n    a\nfinally:\n    b"),
        (floors.catches_everything, "try:\n    a\nexcept (KeyError, Exception):\n    b", "a"),
        (floors.judges, "if label.tlp == Tlp.RED:\n    a", "if must_freeze(label.tlp):\n    a"),
        (floors.judges, "a = tlp in {Tlp.RED, Tlp.AMBER}", "tlps = [Tlp.RED, Tlp.AMBER]"),
        (floors.judges, "a = role.name == RoleName.AUDITOR.value", "Role(name=RoleName.AUDITOR)"),
        (floors.judges, "RoleName.AUDITOR in names", "name in RoleName.values"),
        (floors.judges, "match tlp:\n    case Tlp.RED:\n        a", "match kind:\n    case Kind.NEWS:\n        a"),
        (floors.loose, "def f(a: dict[str, Any]) -> None: ...", "def f(a: dict[str, object]) -> None: ..."),
        (floors.loose, "def f(*a: int, **b: typing.Any) -> None: ...", "def f(*a: int) -> None:\n    b: Any = 1"),
        (floors.undocumented, "import json", '"""What it is for."""\nimport json'),
    ],
)
def test_a_rule_sees_what_breaks_it_and_only_that(rule: Rule, bad: str, good: str) -> None:
    assert list(rule(Module("sharing/actions.py", bad)))
    assert list(rule(Module("sharing/actions.py", good))) == []


@pytest.mark.parametrize("name", ["sharing/utils.py", "web/helpers/page.py", "intel/constants/__init__.py"])
def test_a_name_that_says_nothing_is_noticed(name: str) -> None:
    assert list(floors.badly_named(Module(name, "")))
    assert list(floors.badly_named(Module("sharing/actions.py", ""))) == []


def test_labelled_models_are_found_however_deep_and_with_every_way_to_them() -> None:
    source = Module(
        "sharing/models.py",
        "class Item(Labelled):\n    author = models.ForeignKey(Membership, related_name='items')\n"
        "class Question(Item):\n    d = models.ForeignKey(Desk)\n    label = models.ForeignKey(L, related_name='+')\n"
        "class Sector(models.Model):\n    parent = models.ForeignKey('self', related_name='parts')",
    )
    assert floors.guarded([source]) == Guarded(
        frozenset({"Labelled", "Item", "Question"}), frozenset({"items", "question_set"})
    )


def test_a_template_that_follows_a_relation_is_noticed() -> None:
    def said(text: str) -> Iterator[str]:
        return floors.template_reads(text, SAMPLE)

    assert list(said("{% for comment in item.comments.all %}"))
    assert list(said("{% for comment in comments %}")) == []


def test_the_product_has_labelled_models_to_protect() -> None:
    assert PROTECTED.models > {"Labelled"}


@pytest.mark.parametrize("package", [register_actions, releases_actions, sharing_actions], ids=lambda one: one.__name__)
def test_no_module_hides_an_action_of_its_name(package: ModuleType) -> None:
    assert [name for name in package.__all__ if isinstance(getattr(package, name), ModuleType)] == []
