"""Marks in rendered Markdown: on the very words that the offsets name, and never at the cost of the page."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from infohub.support.markdown import render
from infohub.support.marks import Mark

MARK = re.compile(r"</?mark[^>]*>")
OUR_LINK = re.compile(r'<a href="#found-\d+"[^>]*>(<mark.*?</mark>)</a>', re.DOTALL)
NASTY = (
    *("a", "b ", "Emotet", "*", "**", "_", "`", "``", "[", "](x.example)", '](<x> "t")', "][ref]", "\n", "\n\n", "> "),
    *("- ", "1. ", "# ", " #", "```\n", "    ", "| ", "|\n|---|---|\n| ", "\\", "\\*", "&amp;", "&#65;", "<", ">", "&"),
    *(
        "<b onclick=x>",
        "</mark>",
        "<script>",
        "<http://a.example>",
        "毒蛇",
        "，",
        "🔥",
        "👩‍👩‍👧",
        "e\u0301",
        "\t",
        "\"'",
        "  \n",
    ),
    *("[ref]: x.example\n", "~~~\n", "===\n", "hxxp://203.0.113[.]9/a_b_c"),
)
texts = st.lists(st.sampled_from(NASTY), max_size=15).map("".join)


def marked(text: str, *words: str) -> str:
    """The page with these words marked where they first stand."""
    places = [(text.index(word), text.index(word) + len(word)) for word in words]
    return render(text, [Mark(*place, leads_to=f"#found-{number}") for number, place in enumerate(places)])


def without_marks(page: str) -> str:
    return MARK.sub("", OUR_LINK.sub(r"\1", page))


def words_in(page: str) -> list[str]:
    """What stands in each mark, as readers see it."""
    return [unescape(re.sub("<[^>]*>", "", one)) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)]


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("Play music. Play ransomware came.", "Play ransomware", ["Play ransomware"]),
        ("Seen **Emo**tet today", "Emo**tet", ["Emo", "tet"]),
        ("run `evil.exe` now", "evil.exe", ["evil.exe"]),
        ("[a & b](http://x.example/b 't') b", "a & b", ["a & b"]),
        ("> quoted\nlazy APT29", "APT29", ["APT29"]),
        ("1. 1\n2. 2", "1\n", ["1"]),
        ("| a | b |\n|---|---|\n| b | APT28 |", "APT28", ["APT28"]),
        ("```sh\ncurl evil\n```", "evil", ["evil"]),
        ("<b>Emotet</b>", "<b>Emotet", ["<b>Emotet"]),
        ("附件安裝毒蛇🔥木馬，請隔離。", "毒蛇🔥", ["毒蛇🔥"]),
        ("&amp; \\*x\\* &#65;", "&#65;", ["A"]),
        ("two\nlines", "two\nlines", ["two", "lines"]),
    ],
)
def test_the_words_of_the_offsets_are_marked_and_lead_to_their_finding(text: str, word: str, shown: list[str]) -> None:
    page = marked(text, word)
    assert words_in(page) == shown
    assert without_marks(page) == render(text)


def test_another_place_with_the_same_word_stays_as_it_is() -> None:
    text = "[Play](http://play.example/Play) Play and Play"
    start = text.rindex("Play")
    assert render(text, [Mark(start, start + 4, "#found-0")]).endswith('<mark title="">Play</mark></a></p>\n')


def test_a_mark_inside_a_members_link_is_no_second_link() -> None:
    page = marked("[Emotet](http://x.example)", "Emotet")
    assert page.count("<a ") == 1
    assert words_in(page) == ["Emotet"]


def test_a_sentence_holds_the_names_in_it_and_is_a_place_by_one_name() -> None:
    text = "They used Emotet here. Then nothing."
    page = render(text, [Mark(0, 22, name="sentence-1"), Mark(10, 16, "#found-0", "Malware: “Emotet”")])
    assert page.count('id="sentence-1"') == 1
    assert 'title="Malware: “Emotet”"' in page
    assert "They used Emotet here." in re.sub("<[^>]*>", "", page)


@pytest.mark.parametrize("place", [(-5, 2), (3, 3), (4, 2), (90, 99)])
def test_offsets_that_do_not_fit_harm_nothing(place: tuple[int, int]) -> None:
    assert without_marks(render("abc def", [Mark(*place, "#found-0")])) == render("abc def")


def test_a_text_whose_line_ends_would_be_counted_otherwise_is_shown_without_marks() -> None:
    assert "<mark" not in render("a\r\nEmotet", [Mark(3, 9, "#found-0")])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=3))
@example("[a](b)b", [(6, 1)])
@example("`&#65;`", [(0, 4)])
@example("a```\na```", [(0, 5)])
@example("| x\\|y | z |\n|---|---|\n| x\\|y | z |", [(3, 4), (8, 2)])
def test_marks_change_nothing_that_is_read_and_hold_only_what_the_offsets_name(
    text: str, spots: list[tuple[int, int]]
) -> None:
    page = render(text, [Mark(start, start + length, f"#found-{n}") for n, (start, length) in enumerate(spots)])
    assert without_marks(page) == render(text)
    said = "".join(text[start : start + length] for start, length in spots)
    named = {*said, *unescape(said), *said.replace("\n", " "), *"A&*<>"}  # code shows entities as they are
    assert {letter for words in words_in(page) for letter in words} <= named
