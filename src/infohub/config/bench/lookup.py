"""Measures looking up indicators and completing what is typed at size, for an ordinary member and one who reads 1 %."""

from __future__ import annotations

import random
from functools import partial
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from rich.progress import Progress

from infohub.config.bench.asking import TIMES, Ask, Goal, Sheet, browser, console, signed_in, timed
from infohub.config.bench.objects import FREQUENT, write_objects
from infohub.config.bench.population import Size, Town, populate
from infohub.config.bench.values import EVERYWHERE, value
from infohub.intel.lookup import Shelves, around, speaking
from infohub.intel.models import Collection, Observable
from infohub.members.models import Membership, Person
from infohub.policy.viewer import person_viewer
from infohub.register.actions import issue_token
from infohub.sharing.models import Indicator
from infohub.standards.refang import defang
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

ONE, MANY = Goal("lookup and completion", 50), Goal("many values at once", 1000)
ALONE = Goal("objects, the database alone", 5)
VALUES, VALUES_TIMES = 10_000, 20


def measure(indicators: int, pieces: int, objects: int) -> int:
    """Populate, measure, print; 0 when every answer is within its goal."""
    return measured(Size(pieces, indicators // pieces), objects=objects).told(console())


def measured(size: Size, *, objects: int, values: int = VALUES, times: int = TIMES) -> Sheet:
    """Write a programme of this size and ask it everything as both readers."""
    town = populate(size)
    _write(objects, town)
    there = Indicator.objects.as_system("the bench counts what it wrote").count()
    observables = Observable.objects.count()
    sheet = Sheet(f"{there:,} indicators in {size.pieces:,} pieces, {observables:,} values in objects")
    for who, person in town.readers:
        asked = _looking(person, size) | _typing(person, town) | _through_doors(person, objects)
        sheet.add(who, [timed(name, ask, times=times) for name, ask in asked.items()], ONE)
        alone = _alone(person, objects)
        sheet.add(who, [timed(name, ask, times=times) for name, ask in alone.items()], ALONE)
        name, ask = f"API lookup, {values:,} values", _many(person, size, values)
        sheet.add(who, [timed(name, ask, times=min(times, VALUES_TIMES))], MANY)
    return sheet


def _write(objects: int, town: Town) -> None:
    with Progress() as progress:
        task = progress.add_task("writing objects", total=objects)
        for done in write_objects(objects, town):
            progress.update(task, completed=done)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _in_objects(objects: int) -> dict[str, str]:
    """Values of objects: an address, one of hundreds, a name below which half of all names lie, of nobody."""
    last = objects - objects % 4 - 4
    return {
        "address": value(last)[1],
        "frequent": FREQUENT,
        "name": value(last + 1)[1],
        "parent": "measured.example",
        "unknown": "203.0.113.254",
    }


def _through_doors(person: Person, objects: int) -> dict[str, Ask]:
    page, program = signed_in(person).get, _program(person).get
    return {
        f"{where}, {name} of objects": partial(get, f"{path}?{urlencode({key: written})}")
        for where, get, path, key in (
            ("search page", page, "/member/search/", "q"),
            ("API lookup", program, "/api/v1/lookup", "value"),
        )
        for name, written in _in_objects(objects).items()
    }


def _alone(person: Person, objects: int) -> dict[str, Ask]:
    """What the database is asked about objects for one value, without anything around it."""
    viewer = person_viewer(person)
    shelves = Shelves.among(viewer, Collection.objects.readable(viewer))

    def ask(kind: str, written: str) -> object:
        at = now()
        found = speaking(shelves, [written], most=20, at=at)
        return found, around(shelves, kind, written, most=20, at=at)

    return {
        f"database, {name} of objects": partial(ask, "domain" if name in {"name", "parent"} else "ipv4", written)
        for name, written in _in_objects(objects).items()
    }


def _looking(person: Person, size: Size) -> dict[str, Ask]:
    """One value: readable, defanged, in some hundred pieces, in thousands, of others alone, of nobody."""
    rows = Indicator.objects.readable(person_viewer(person)).filter(kind="url").order_by("-pk")
    known = rows.values_list("value", flat=True)[:1].get()
    values = {
        "readable": known,
        "defanged": defang(known),
        "frequent": "198.51.100.77",
        "everywhere": EVERYWHERE[1],
        "unknown": value(size.different + 1)[1],
    }
    page, program = signed_in(person).get, _program(person).get
    return {
        f"{where}, {name}": partial(get, f"{path}?{urlencode({key: written})}")
        for where, get, path, key in (
            ("search page", page, "/member/search/", "q"),
            ("API lookup", program, "/api/v1/lookup", "value"),
        )
        for name, written in values.items()
    }


def _typing(person: Person, town: Town) -> dict[str, Ask]:
    """The lists that complete what is being typed: pieces, groups, people and organisations."""
    page, program = signed_in(person).get, _program(person).get
    asked: dict[str, Ask] = {
        f"{where}, {what}": partial(get, f"{path}?{urlencode({key: typed})}")
        for where, get, path, key in (
            ("search box", page, "/member/suggest/", "q"),
            ("API suggest", program, "/api/v1/suggest", "q"),
        )
        for what, typed in (
            ("common", town.common[:4]),
            ("rare", town.rare[:4]),
            ("two letters", town.common[:2]),
            ("Chinese", town.chinese),
            ("a name", "person 7"),
        )
    }
    for what, typed in (("a person", "person 7"), ("an organisation", "organ"), ("nobody", "zz")):
        asked[f"composer's names, {what}"] = partial(page, f"/member/share/names/?{urlencode({'add': typed})}")
    return asked


def _many(person: Person, size: Size, number: int) -> Ask:
    """Half of them known, one in four defanged, and the one that stands everywhere."""
    dice = random.Random(11)  # noqa: S311  (the same values every time)
    written = [EVERYWHERE[1], *(value(dice.randrange(2 * size.different))[1] for _ in range(number - 1))]
    values = [defang(one) if turn % 4 == 3 else one for turn, one in enumerate(written)]
    return partial(_program(person).post, "/api/v1/lookup", {"values": values}, content_type="application/json")


def _program(person: Person) -> Client:
    """A program with a token of this person."""
    membership = Membership.objects.get(person=person)
    viewer = person_viewer(person)
    _token, secret = issue_token(viewer, kind="personal", name="bench", membership=membership, ceiling=Tlp.AMBER_STRICT)
    client = browser()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client
