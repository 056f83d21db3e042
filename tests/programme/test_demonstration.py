"""The demonstration programme keeps the promises of the programme file, of the policy table and of invented names."""

import ast
import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest

import infohub.programme
from infohub.programme import demonstration
from infohub.programme.demonstration import programme_file

NOW = datetime(2026, 11, 20, 16, 5, tzinfo=timezone(timedelta(hours=8)))
SUNDAY = datetime(2027, 2, 28, 23, 40, tzinfo=UTC)
SCHEMA = Path(infohub.programme.__file__).parent / "programme_file.schema.json"
URGENT = {"alert", "advisory", "incident"}

Row = dict[str, object]


@cache
def made(now: datetime) -> Row:
    return programme_file(now)


@pytest.fixture(scope="module")
def file() -> Row:
    return made(NOW)


def rows(file: Row, name: str) -> list[Row]:
    found = file[name]
    assert isinstance(found, list)
    return found


@cache
def when(value: object) -> datetime:
    assert isinstance(value, str)
    return datetime.fromisoformat(value)


def listed(row: Row, name: str) -> list[Row]:
    found = row[name]
    assert isinstance(found, list)
    return found


def words(row: Row, name: str) -> list[str]:
    return [str(word) for word in listed(row, name)]


def audience(item: Row) -> Row:
    found = item["audience"]
    assert isinstance(found, dict)
    return found


class World:
    """A second, simple reading of the file: who was where, who may read what."""

    def __init__(self, file: Row) -> None:
        self.organisations = {str(row["id"]): row for row in rows(file, "organisations")}
        self.people = {str(row["id"]): row for row in rows(file, "people")}
        self.groups = {str(row["id"]): row for row in rows(file, "groups")}

    def home(self, person: str, moment: datetime) -> Row | None:
        """The membership that counted at the moment."""
        if self.people[person]["status"] in {"invited", "suspended"}:
            return None
        for stay in listed(self.people[person], "memberships"):
            if when(stay["from"]) <= moment and (stay["to"] is None or moment < when(stay["to"])):
                active = self.organisations[str(stay["organisation"])]["status"] == "active"
                return stay if active else None
        return None

    def seated(self, person: str, group: str, moment: datetime) -> bool:
        stay = self.home(person, moment)
        for seat in listed(self.groups[group], "seats"):
            if when(seat["from"]) <= moment and (seat["to"] is None or moment < when(seat["to"])):
                if seat.get("person") == person and stay is not None:
                    return True
                if stay is not None and seat.get("organisation") == stay["organisation"]:
                    return True
        return False

    def reads(self, person: str, item: Row, moment: datetime) -> bool:
        to, stay = audience(item), self.home(person, moment)
        if stay is None:
            return False
        organisation = self.organisations[str(stay["organisation"])]
        exceptions = to["except"]
        assert isinstance(exceptions, dict)
        if organisation["class"] in exceptions["classes"] or organisation["id"] in exceptions["organisations"]:
            return False
        published = when(item["published_at"])
        if person in words(to, "people"):
            return self.home(person, published) == stay
        if to["frozen"]:
            moment = published
            if self.home(person, published) != stay:
                return False
        return (
            to["everyone"] is True
            or organisation["id"] in words(to, "organisations")
            or bool(set(words(organisation, "sectors")) & set(words(to, "sectors")))
            or any(self.seated(person, group, moment) for group in words(to, "groups"))
        )


def shared(file: Row) -> list[Row]:
    return [item for item in rows(file, "items") if item["state"] in {"published", "withdrawn"}]


@pytest.mark.parametrize("now", [NOW, SUNDAY])
def test_the_file_validates_against_its_schema(now: datetime) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    problems = list(jsonschema.Draft202012Validator(schema).iter_errors(made(now)))
    assert problems == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("items", "tlp"), "RED"),
        (("items", "kind"), "rumour"),
        (("items", "published_at"), None),
        (("people", "language"), "fr"),
        (("organisations", "since"), "2026-01-01T00:00:00"),
        (("tokens", "ceiling"), "RED"),
    ],
)
def test_the_schema_refuses_what_the_format_forbids(file: Row, path: tuple[str, str], value: object) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    spoiled = json.loads(json.dumps(file))
    public = next(item for item in spoiled["items"] if item["audience"]["public"])
    row = public if path[0] == "items" else spoiled[path[0]][0]
    row[path[1]] = value
    assert not jsonschema.Draft202012Validator(schema).is_valid(spoiled)


def test_the_same_moment_gives_the_same_file_in_whatever_zone_it_is_written() -> None:
    assert json.dumps(made(NOW)) == json.dumps(programme_file(NOW.astimezone(UTC)))
    assert made(NOW) != made(SUNDAY)


def test_it_is_made_with_the_standard_library_alone_and_without_a_clock() -> None:
    folder = Path(demonstration.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                known = name.split(".")[0] in sys.stdlib_module_names
                assert known or name.startswith("infohub.programme.demonstration"), f"{path.name} imports {name}"
            assert not (
                isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"} and path.name != "groups.py"
            )


def test_it_is_as_large_and_as_varied_as_promised(file: Row) -> None:
    items, people = rows(file, "items"), rows(file, "people")
    assert [len(rows(file, name)) for name in ("sectors", "organisations", "people", "groups", "items")] == [
        6, 60, 200, 8, 300,
    ]  # fmt: skip
    languages = Counter(item["language"] for item in items)
    assert 180 <= languages["en"] <= 210
    assert 65 <= languages["zh-hant"] <= 85
    assert 25 <= languages["zh-hans"] <= 40
    assert 70 <= sum(audience(item)["public"] is True for item in items) <= 90
    assert 50 <= sum(item["unattributed"] is True for item in items) <= 70
    assert 330 <= sum(len(listed(item, "comments")) for item in items) <= 450
    assert 20 <= sum(len(listed(item, "attachments")) for item in items) <= 35
    assert len({item["kind"] for item in items}) == 7
    assert {item["tlp"] for item in items} == {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}
    assert {item["state"] for item in items} == {"draft", "submitted", "published", "withdrawn"}
    assert {person["language"] for person in people} == {"en", "zh-hant", "zh-hans"}
    assert {person["status"] for person in people} == {"invited", "active", "suspended", "left"}
    assert {token["kind"] for token in rows(file, "tokens")} == {"personal", "organisation", "peer"}


def test_every_class_status_and_role_occurs(file: Row) -> None:
    organisations, people = rows(file, "organisations"), rows(file, "people")
    assert {row["class"] for row in organisations} == {"member", "vendor", "regulator", "association", "office"}
    status = Counter(row["status"] for row in organisations)
    assert (status["suspended"], status["left"], status["pending"]) == (1, 1, 1)
    roles = Counter(role for person in people for role in words(person, "roles"))
    assert roles["moderator"] == 2
    assert roles["expert"] >= 8
    assert roles["desk_agent"] >= 2
    assert all(roles[one] == 1 for one in ("programme_manager", "auditor", "site_administrator", "vetting_officer"))
    assert sum(len(listed(person, "memberships")) == 2 for person in people) >= 5


def test_every_kind_of_audience_occurs(file: Row) -> None:
    found = [audience(item) for item in rows(file, "items")]
    for name in ("people", "organisations", "sectors", "groups", "everyone", "public", "frozen"):
        assert any(to[name] for to in found), name
    exceptions = [to["except"] for to in found]
    assert all(isinstance(one, dict) for one in exceptions)
    assert {name for one in exceptions if isinstance(one, dict) for name in one["classes"]} >= {"vendor", "regulator"}
    assert any(one["organisations"] for one in exceptions if isinstance(one, dict))


@pytest.mark.parametrize("now", [NOW, SUNDAY])
def test_pieces_spread_over_two_years_and_lately_more(now: datetime) -> None:
    moments = [when(item["published_at"]) for item in shared(made(now))]
    assert max(moments) < now
    assert min(moments) > now - timedelta(days=731)
    assert sum(now - moment <= timedelta(hours=48) for moment in moments) == 8
    assert 38 <= sum(now - moment <= timedelta(days=30) for moment in moments) <= 42
    local = [moment.astimezone(timezone(timedelta(hours=8))) for moment in moments]
    working = sum(moment.weekday() < 5 and 8 <= moment.hour < 19 for moment in local)
    assert working > 0.85 * len(moments)


def test_the_cast_others_rely_on_is_there(file: Row) -> None:
    world = World(file)
    assert world.organisations["lantern"]["name"] == "Lantern Trust Bank"
    assert world.organisations["kwunhoi"]["name"] == "Kwun Hoi Dental"
    homes = {name: world.home(name, NOW) for name in ("ann", "ben", "cara", "opal", "mori", "eve")}
    at = {name: stay["organisation"] if stay else None for name, stay in homes.items()}
    assert (at["ann"], at["ben"], at["cara"]) == ("lantern", "lantern", "kwunhoi")
    assert at["opal"] == at["mori"]
    assert world.organisations[str(at["opal"])]["class"] == "office"
    assert world.organisations[str(at["eve"])]["class"] == "vendor"
    assert {"representative", "organisation_administrator"} <= set(words(world.people["ann"], "roles"))
    assert {"site_administrator", "moderator"} <= set(words(world.people["opal"], "roles"))
    assert "moderator" in words(world.people["mori"], "roles")
    assert (world.people["ann"]["language"], world.people["ben"]["language"]) == ("en", "zh-hant")
    assert world.seated("ann", "banking", NOW)
    assert world.seated("ben", "banking", NOW)
    assert world.seated("cara", "healthcare", NOW)
    assert not world.seated("cara", "banking", NOW)


def test_ids_addresses_and_titles_are_never_the_same(file: Row) -> None:
    for name in ("sectors", "organisations", "people", "groups", "tokens", "collections", "items"):
        assert len({row["id"] for row in rows(file, name)}) == len(rows(file, name)), name
    assert len({str(person["email"]).lower() for person in rows(file, "people")}) == 200
    titles = Counter(str(item["title"]) for item in rows(file, "items"))
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("now", [NOW, SUNDAY])
def test_memberships_and_seats_follow_each_other(now: datetime) -> None:
    file = made(now)
    world = World(file)
    for person in rows(file, "people"):
        stays = listed(person, "memberships")
        for stay in stays:
            assert when(stay["from"]) >= when(world.organisations[str(stay["organisation"])]["since"])
            assert stay["to"] is None or when(stay["from"]) < when(stay["to"]) <= now
        for first, second in pairwise(stays):
            assert first["to"] is not None
            assert when(first["to"]) < when(second["from"]) < now
        assert person["status"] != "left" or all(stay["to"] is not None for stay in stays)
    for group in rows(file, "groups"):
        held: set[tuple[object, ...]] = set()
        for seat in listed(group, "seats"):
            who = ("person", seat["person"]) if "person" in seat else ("organisation", seat["organisation"])
            assert (*who, seat["from"]) not in held
            held.add((*who, seat["from"]))
            if "person" in seat:
                stays = listed(world.people[str(seat["person"])], "memberships")
                assert any(when(stay["from"]) <= when(seat["from"]) and stay["to"] == seat["to"] for stay in stays)
        assert all(world.seated(name, str(group["id"]), now) for name in words(group, "moderators"))


@pytest.mark.parametrize("now", [NOW, SUNDAY])
def test_every_author_belonged_and_every_speaker_may_read(now: datetime) -> None:
    file = made(now)
    world = World(file)
    for item in shared(file):
        published = when(item["published_at"])
        writer = str(item["author"])
        assert world.home(writer, published) is not None, item["id"]
        assert world.reads(writer, item, published), item["id"]
        last = published
        for comment in listed(item, "comments"):
            at = when(comment["at"])
            assert last <= at < now, item["id"]
            assert world.reads(str(comment["author"]), item, at), item["id"]
            assert world.reads(str(comment["author"]), item, now), item["id"]
            last = at
    for item in rows(file, "items"):
        assert world.home(str(item["author"]), now) is not None or item["state"] in {"published", "withdrawn"}


def test_every_rule_of_the_policy_table_is_obeyed(file: Row) -> None:
    world = World(file)
    for item in rows(file, "items"):
        to, name = audience(item), item["id"]
        reach = [field for field in ("people", "organisations", "sectors", "groups", "everyone") if to[field]]
        assert reach, name
        if item["tlp"] == "RED":
            assert set(reach) <= {"people", "groups"}, name
            assert to["frozen"] is True, name
        if to["public"]:
            assert item["tlp"] == "CLEAR", name
        if item["state"] == "submitted":
            assert any(world.groups[group]["review"] for group in words(to, "groups")), name
        if item["state"] != "published":
            assert item["comments"] == [], name
        assert (item["severity"] is not None) == (item["kind"] in URGENT), name
        assert (item["published_at"] is None) == (item["state"] in {"draft", "submitted"}), name
    for token in rows(file, "tokens"):
        assert token["ceiling"] != "RED"
        assert token["kind"] != "peer" or token["ceiling"] in {"CLEAR", "GREEN"}


def test_an_unattributed_piece_does_not_give_its_author_away(file: Row) -> None:
    world = World(file)
    for item in rows(file, "items"):
        if item["unattributed"]:
            stay = world.home(str(item["author"]), when(item["published_at"]) if item["published_at"] else NOW)
            assert stay is not None
            name = str(world.organisations[str(stay["organisation"])]["name"])
            assert item["author"] not in {comment["author"] for comment in listed(item, "comments")}
            assert audience(item)["public"] is False
            assert name not in str(item["body"]), item["id"]


def test_only_reserved_names_and_addresses_occur(file: Row) -> None:
    text = json.dumps(file, ensure_ascii=False).replace("[.]", ".").replace("[@]", "@").replace("hxxp", "http")
    reserved = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
    found = re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text) + re.findall(r"2001:[0-9a-f:]+", text)
    assert len(found) > 100
    for address in found:
        assert any(ip_address(address) in net for net in reserved), address
    files = {"csv", "txt", "log", "tpl", "img", "php", "gif", "bin"}
    for name in re.findall(r"(?<![\w.-])[\w-]+(?:\.[a-zA-Z][\w-]*)+(?![\w-])", text, re.ASCII):
        ending = name.rsplit(".", 1)[1].lower()
        other = re.fullmatch(r"[a-z]\.[a-z]+|\d\.x", name)
        assert ending == "example" or ending in files or other, name
    assert set(re.findall(r"@[\w.-]+\.(\w+)", text)) == {"example"}
    for hit in re.findall(r"CVE-\d{4}-\d+", text):
        assert re.fullmatch(r"CVE-\d{4}-99\d{3}", hit)


def test_texts_have_the_length_of_real_pieces_and_no_gap_left_open(file: Row) -> None:
    for item in rows(file, "items"):
        body = str(item["body"])
        size = len(body.split()) if item["language"] == "en" else len(body)
        low, high = (60, 300) if item["language"] == "en" else (110, 700)
        assert low <= size <= high, (item["id"], size)
        assert not re.search(r"[{}]|\bby=", body + str(item["title"])), item["id"]
    bodies = Counter(str(item["body"]) for item in rows(file, "items"))
    assert max(bodies.values()) == 1
    said = Counter(str(line["body"]) for item in rows(file, "items") for line in listed(item, "comments"))
    assert max(said.values()) <= 4


def test_indicators_in_the_text_are_defanged_and_listed_live(file: Row) -> None:
    for item in rows(file, "items"):
        for indicator in words(item, "indicators"):
            assert "[.]" not in indicator
            if not re.fullmatch(r"[0-9a-f]{64}", indicator):
                assert indicator not in str(item["body"]), item["id"]


def test_every_question_has_an_answer(file: Row) -> None:
    questions = [item for item in rows(file, "items") if item["kind"] == "question" and item["state"] == "published"]
    assert len(questions) >= 15
    assert all(listed(item, "comments") for item in questions)
