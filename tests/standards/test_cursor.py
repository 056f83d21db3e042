"""Cursors between pages."""

from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.taxii21.cursor import decode, encode

SECRET = b"a secret of the instance"


@given(st.text(), st.text())
def test_a_cursor_gives_its_position_back_to_the_same_query_and_reader(position: str, scope: str) -> None:
    assert decode(SECRET, encode(SECRET, position, scope), scope) == position


@given(st.text(), st.text(), st.text())
def test_a_cursor_is_worth_nothing_elsewhere(position: str, scope: str, other: str) -> None:
    cursor = encode(SECRET, position, scope)
    assert decode(b"another secret", cursor, scope) is None
    if other != scope:
        assert decode(SECRET, cursor, other) is None


@given(st.text())
def test_nobody_can_make_one_up(text: str) -> None:
    assert decode(SECRET, text, "scope") is None


def test_every_altered_character_is_noticed() -> None:
    cursor = encode(SECRET, "2026-02-02T01:00:00.000001Z", "Ann, collection 3")
    for place, kept in enumerate(cursor):
        altered = cursor[:place] + ("A" if kept != "A" else "B") + cursor[place + 1 :]
        assert decode(SECRET, altered, "Ann, collection 3") is None
    assert decode(SECRET, cursor + "=", "Ann, collection 3") is None
    assert decode(SECRET, cursor + "\n", "Ann, collection 3") is None
    assert cursor.replace("-", "").replace("_", "").isalnum()
