"""A live text that knows its original."""

from hypothesis import given
from hypothesis import strategies as st

from infohub.analysis.livetext import live_text

WRITTEN = st.lists(
    st.sampled_from(
        ["[.]", " [.] ", "(at)", "hxxp://", "\u200b", "evil", "com", " ", "。", "１", "\\.", "惡", "[", "."]
    ),
    max_size=30,
).map("".join)


def test_every_live_character_is_traced_to_what_was_written() -> None:
    live = live_text("see hxxp://evil [.] com now")
    assert live.text == "see http://evil.com now"
    assert live.span(4, 19) == (4, 23)
    assert live.span(11, 15) == (11, 15)
    assert live.span(20, 23) == (24, 27)
    assert live.as_written(20, 23)
    assert not live.as_written(4, 19)


@given(WRITTEN)
def test_spans_grow_with_the_text_and_stay_inside_the_original(written: str) -> None:
    live = live_text(written)
    position = 0
    for place in range(len(live.text)):
        start, end = live.span(place, place + 1)
        assert position <= start < end <= len(written)
        position = start
    assert len(live.folded) == len(written)


@given(st.text(alphabet="abc 123,!?惡意網址"))
def test_a_text_without_indicators_is_left_alone(written: str) -> None:
    assert live_text(written).text == written
