"""What a programme file may not say: each change of the small file with the place and the rule of its refusal."""

from __future__ import annotations

from collections.abc import Callable

from tests.programme.small import Row, below, row

Change = Callable[[dict[str, list[Row]]], object]


def items(name: str, /, **change: object) -> Change:
    """Change one of the pieces."""
    return lambda content: row(content, "items", name).update(change)


def people(name: str, /, **change: object) -> Change:
    """Change one of the people."""
    return lambda content: row(content, "people", name).update(change)


def rows(kind: str, name: str, /, **change: object) -> Change:
    """Change any other row."""
    return lambda content: row(content, kind, name).update(change)


def inner(kind: str, name: str, within: str, /, **fresh: object) -> Change:
    """Add to a list that stands in a row."""
    return lambda content: below(content, kind, name, within).append(fresh)


SINCE = "2024-05-01T00:00:00Z"
ONE_REFUSAL: list[tuple[Change, str, str]] = [
    # The handling policy.
    (items("red", audience={"everyone": True}), "items[1].audience", "RED cannot go to everyone"),
    (items("red", audience={"sectors": ["finance"]}), "items[1].audience", "RED cannot go to a sector"),
    (items("red", audience={"organisations": ["bank"]}), "items[1].audience", "RED cannot go to an organisation"),
    (
        items("red", published_at="2024-03-02T00:00:00Z", audience={"people": ["ben"]}, author="nobody"),
        "items[1].author",
        "not known",
    ),
    (items("open", audience={}), "items[0].audience", "no one would receive this"),
    (items("open", audience=None), "items[0].audience", "no one would receive this"),
    (items("open", audience={"public": True, "everyone": True}), "items[0].audience.public", "only CLEAR"),
    (items("unmarked", audience={"everyone": True}), "items[3].tlp", "without a marking"),
    (items("unmarked", audience={"sectors": ["finance"]}), "items[3].tlp", "without a marking"),
    (items("open", tlp="PURPLE"), "items[0].tlp", "no TLP marking"),
    (
        items("open", audience={"groups": ["banking"], "exept": {"classes": ["vendor"]}}),
        "items[0].audience.exept",
        "format",
    ),
    (
        items("open", audience={"groups": ["banking"], "except": {"class": ["vendor"]}}),
        "items[0].audience.except.class",
        "format",
    ),
    (
        items("open", audience={"groups": ["banking"], "except": {"classes": ["shop"]}}),
        "items[0].audience.except.classes",
        "classes are",
    ),
    # Who was where when.
    (items("open", audience={"people": ["mori"]}), "items[0].audience.people", "represented no organisation"),
    (items("open", audience={"groups": ["shipping"]}), "items[0].audience.groups", "not known"),
    (items("open", author="lou"), "items[0].author", "represented no organisation"),
    (items("open", published_at=None), "items[0].published_at", "a time is needed"),
    (items("open", published_at="2026-02-02T09:00:00"), "items[0].published_at", "no zone"),
    (items("open", published_at="2199-02-02T09:00:00Z"), "items[0].published_at", "still to come"),
    (items("open", published_at="0001-01-01T00:00:00+14:00"), "items[0].published_at", "not between"),
    (
        inner("items", "open", "comments", author="eve", at="2026-02-02T10:00:00Z", body="I sell things."),
        "items[0].comments[2].author",
        "must be able to read",
    ),
    (
        inner("items", "open", "comments", author="mori", at="2026-02-02T10:00:00Z", body="Hello."),
        "items[0].comments[2].author",
        "represented no organisation",
    ),
    (
        inner("items", "open", "comments", author="ben", at="2026-02-02T10:00:00Z", body=" "),
        "items[0].comments[2].body",
        "a text is needed",
    ),
    (
        inner("people", "ben", "memberships", organisation="clinic", **{"from": SINCE, "to": None}),
        "people[1].memberships[1]",
        "another organisation in that time",
    ),
    (
        inner(
            "people",
            "ben",
            "memberships",
            organisation="clinic",
            **{"from": "2023-05-01T00:00:00Z", "to": "2022-05-01T00:00:00Z"},
        ),
        "people[1].memberships[1].to",
        "before it begins",
    ),
    (
        inner("groups", "banking", "seats", person="ben", organisation="bank", **{"from": SINCE}),
        "groups[0].seats[4]",
        "one person's or one organisation's",
    ),
    (
        inner("groups", "banking", "seats", person="ben", **{"from": "2020-05-01T00:00:00Z"}),
        "groups[0].seats[4].person",
        "represented no organisation",
    ),
    # The register.
    (people("ben", email="ANN@bank.example"), "people[1]", "already has this e-mail address"),
    (people("cara", email="cara"), "people[2].email", "no e-mail address"),
    (rows("tokens", "t3", ceiling="AMBER"), "tokens[2]", "reads up to TLP:GREEN"),
    (rows("tokens", "t1", ceiling="RED"), "tokens[0]", "reads up to TLP:AMBER+STRICT"),
    (rows("tokens", "t3", scopes=["write"]), "tokens[2]", "cannot have the scope write"),
    (rows("tokens", "t1", scopes=[]), "tokens[0].scopes", "at least one scope"),
    (rows("tokens", "t1", kind="setup"), "tokens[0].kind", "none of"),
    (rows("tokens", "t1", person="lou"), "tokens[0].person", "represented no organisation"),
    (rows("collections", "c1", tlp="RED"), "collections[0].tlp", "nothing that is RED"),
    # The shape.
    (items("open", title=7), "items[0].title", "a text is needed"),
    (items("open", title="x" * 301), "items[0].title", "longer than 300"),
    (items("open", title="half \ud83d"), "items[0].title", "Unicode"),
    (items("open", body="nul \x00"), "items[0].body", "Unicode"),
    (items("open", body="x" * 2_000_001), "items[0].body", "longer than 2000000"),
    (items("open", kind="rumour"), "items[0].kind", "none of"),
    (
        items("open", attachments=[{"name": "a.exe", "type": "x/y", "text": "MZ"}]),
        "items[0].attachments",
        "cannot be attached",
    ),
    (items("open", attachments=["file"]), "items[0].attachments[0]", "an object is needed"),
    (items("open", comments=[7]), "items[0].comments[0]", "an object is needed"),
    (items("open", comments={"author": "ben"}), "items[0].comments", "a list is needed"),
    (items("open", id="red"), "items[1].id", "stands twice"),
    (items("open", id=7), "items[0].id", "a text is needed"),
    (rows("groups", "banking", default_tlp="RED-ISH"), "groups[0].default_tlp", "no TLP marking"),
    (rows("sectors", "health", name={"de": "Gesundheit"}), "sectors[1].name", "no language"),
    (lambda content: content.update(programme={"time_zone": "Nowhere/At_All"}), "programme.time_zone", "no time zone"),  # type: ignore[call-overload]
    (lambda content: content.update(unmarked="PURPLE"), "unmarked", "no TLP marking"),  # type: ignore[call-overload]
    (lambda content: content.update(tokens={}), "tokens", "a list is needed"),  # type: ignore[call-overload]
    (lambda content: content["tokens"].append(7), "tokens[3]", "an object is needed"),  # type: ignore[arg-type]
]
