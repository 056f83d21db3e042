"""Sentences have their places, summaries are sentences of the text, and no text takes long or breaks either."""

from hypothesis import given
from hypothesis import strategies as some

from infohub.analysis.document import Document
from infohub.analysis.sentences import LONGEST, Form, sentences
from infohub.analysis.summarise import summary_of


def cut(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text)]


def test_sentences_of_english_and_chinese() -> None:
    text = "Mr. Lee of Lantern Ltd. called. He asked, e.g. for codes (twice!). 我們沒有回應。之後呢？「沒有。」完"
    assert cut(text) == [
        *("Mr. Lee of Lantern Ltd. called.", "He asked, e.g. for codes (twice!).", "我們沒有回應。", "之後呢？"),
        *("「沒有。」", "完"),
    ]


def test_versions_and_addresses_end_no_sentence() -> None:
    text = "Version 10.2.1 speaks to 198.51.100.7 and www.lantern.example daily.\nIt goes on."
    assert cut(text) == ["Version 10.2.1 speaks to 198.51.100.7 and www.lantern.example daily.", "It goes on."]


def test_headings_lists_code_and_tables_are_told_apart() -> None:
    text = "# What to do\n\nBlock it\nat once.\n\n- First this\n2. Then that\n\n```\nx = 1. Y\n```\n| a | b |\n"
    assert [(text[one.start : one.end], one.form) for one in sentences(text)] == [
        ("What to do", Form.HEADING),
        ("Block it\nat once.", Form.PROSE),
        ("First this", Form.ITEM),
        ("Then that", Form.ITEM),
        ("x = 1. Y", Form.CODE),
        ("| a | b |", Form.TABLE),
    ]


def test_what_stands_beside_a_fence_is_code_and_what_only_looks_like_one_is_prose() -> None:
    text = "``` from mei@lantern.example\nx\n```\n```ls``` lists files."
    assert [(text[one.start : one.end], one.form) for one in sentences(text)] == [
        ("from mei@lantern.example", Form.CODE),
        ("x", Form.CODE),
        ("```ls``` lists files.", Form.PROSE),
    ]


@given(some.text(alphabet=some.sampled_from("aB .\n#-|`1。！\t\u200b"), max_size=300))
def test_every_sentence_stands_where_it_says_and_nothing_but_signs_is_lost(text: str) -> None:
    ends = 0
    for one in sentences(text):
        assert ends <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        ends = one.end
    kept = "".join(cut(text))
    assert [sign for sign in kept if sign in "aB"] == [sign for sign in text if sign in "aB"]


def test_what_has_no_full_stop_ends_somewhere() -> None:
    assert max(map(len, cut("word " * 50_000))) <= LONGEST
    assert len(cut("[" * 20_000)) == 10


REPORT = """The loader reached three clinics through a fake invoice. Lunch was good. It installs a backdoor that asks
203.0.113.9 for commands every hour. The office is on the third floor. 198.51.100.7, 198.51.100.8, 198.51.100.9.
Victims should block the address and reset all passwords of the accounts team. A backdoor is installed by it that asks
203.0.113.9 for commands every hour.
"""


def test_a_summary_is_made_of_the_sentences_that_say_most_each_once() -> None:
    said = [REPORT[start:end] for start, end in summary_of(Document(REPORT))]
    assert len(said) == 3
    assert said[0].startswith("The loader reached")
    assert sum("backdoor" in one for one in said) == 1
    assert any("reset all passwords" in one for one in said)
    assert not any("Lunch" in one or "third floor" in one or one.startswith("198") for one in said)


def test_a_short_text_needs_no_summary() -> None:
    assert summary_of(Document("One sentence that says what happened here.")) == []
    assert summary_of(Document("")) == []


def test_a_title_sums_nothing_up_and_moves_nothing() -> None:
    title = "Three clinics and a loader: block 203.0.113.9 and reset all passwords of all accounts\n"
    plain = [REPORT[start:end] for start, end in summary_of(Document(REPORT))]
    titled = title + REPORT
    assert [titled[start:end] for start, end in summary_of(Document(titled), len(title))] == plain


def test_a_document_is_read_once_for_all_who_ask() -> None:
    document = Document("Emotet asks 203.0.113.9 for commands.")
    assert [one.value for one in document.findings] == ["203.0.113.9"]
    assert "Emotet" in [name.canonical for name in document.names]
    assert document.findings is document.findings
    assert document.names is document.names
