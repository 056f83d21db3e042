"""Suggestions stand where they were read, say how sure they are, and no text breaks or delays their reading."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.techniques.reading import (
    BY_SENTENCE,
    MOST_CHARACTERS,
    reported,
    suggestions_for,
    techniques_in,
)

REPORT = """# Lantern loader

The mail carried a macro document that asked its reader to enable content. Once opened, the loader decrypts its second
stage with a hard-coded XOR key and injects the resulting shellcode into explorer.exe with WriteProcessMemory and
CreateRemoteThread. It creates a scheduled task named Updater for persistence.

- It downloads further tools from its command and control server over HTTPS.
- The operators dumped LSASS memory with procdump (T1003.001).

Lunch was served at noon, and the office is on the third floor.
"""


def test_sentences_are_read_for_what_they_say() -> None:
    found = {one.value: one for one in techniques_in(REPORT)}
    assert {"T1140", "T1055", "T1053.005", "T1003.001"} <= set(found)
    assert "CreateRemoteThread" in REPORT[found["T1055"].start : found["T1055"].end]
    assert found["T1053.005"].method == BY_SENTENCE
    assert found["T1053.005"].name == "Scheduled Task/Job: Scheduled Task"
    assert all(one.subject is Subject.TECHNIQUE for one in found.values())
    assert not [one for one in techniques_in(REPORT) if "Lunch" in REPORT[one.start : one.end]]


def test_what_a_sentence_names_is_said_once() -> None:
    said = [one for one in techniques_in(REPORT) if one.value == "T1003.001"]
    assert [(REPORT[one.start : one.end], one.confidence) for one in said] == [("T1003.001", 1.0)]


@pytest.mark.parametrize(
    ("passage", "technique"),
    [
        ("The malware deletes itself and its log files after it has run", "T1070.004"),
        ("takes pictures of the desktop every thirty seconds", "T1113"),
        ("records every key the victim presses", "T1056.001"),
        ("Files on all shares were encrypted and a ransom note was left", "T1486"),
        ("It disables Windows Defender before it goes on", "T1562.001"),
        ("sends the stolen archive to an account at a cloud storage provider", "T1567.002"),
    ],
)
def test_a_passage_gets_five_suggestions_with_the_right_one_among_them(passage: str, technique: str) -> None:
    suggested = suggestions_for(passage)
    assert technique in [one.value for one in suggested]
    assert len(suggested) == len({one.value for one in suggested}) == 5
    assert [one.confidence for one in suggested] == sorted((one.confidence for one in suggested), reverse=True)
    assert {passage[one.start : one.end] for one in suggested} == {passage}


def test_an_id_in_a_passage_comes_first() -> None:
    first, *others = suggestions_for("As in T1204.002 the reader opened it.", most=3)
    assert (first.value, first.confidence) == ("T1204.002", 1.0)
    assert len(others) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "攻擊者把程式碼寫入其他程式的記憶體,然後下載 payload 並執行。",
        "Der Angreifer hat sich gestern Nacht mit gestohlenen Zugangsdaten angemeldet und alles verschlüsselt.",
        "The committee met on Tuesday and thanked the caterers for a pleasant evening.",
        "\x00\x01\xff\ufffe\ud7ff" * 20,
    ],
)
def test_no_model_guesses_where_there_is_nothing_to_read(text: str) -> None:
    assert techniques_in(text) == []


def test_chinese_gets_no_suggestions_but_what_it_names() -> None:
    assert suggestions_for("攻擊者下載並執行惡意程式") == []
    assert [one.value for one in suggestions_for("攻擊者發出釣魚電郵")] == ["T1566"]


def test_a_report_as_a_whole_is_surer_than_each_of_its_sentences() -> None:
    def said(value: str, start: int, confidence: float) -> Assertion:
        return Assertion(Subject.TECHNIQUE, value, value, start, start + 1, confidence, BY_SENTENCE)

    first, second = reported([said("T1", 0, 0.4), said("T2", 1, 0.6), said("T1", 2, 0.5)])
    assert (first.value, first.confidence, [one.start for one in first.support]) == ("T1", 0.7, [2, 0])
    assert (second.value, second.confidence) == ("T2", 0.6)
    assert reported([]) == []


@settings(max_examples=25, deadline=None)
@given(some.text(alphabet=some.sampled_from("aT1059.x \n#[]()惡|`\u200b\x00"), max_size=300))
def test_every_suggestion_stands_in_the_text(text: str) -> None:
    for one in (*techniques_in(text), *suggestions_for(text)):
        assert 0 <= one.start < one.end <= len(text)
        assert 0 <= one.confidence <= 1


@pytest.mark.parametrize("atom", ["[", "T1059.", "1.", "Process Hollowing "])
def test_two_megabytes_are_read_in_bounded_time(atom: str) -> None:
    text = (atom * (2_000_000 // len(atom)))[:2_000_000]
    techniques_in("warm")
    before = process_time()
    found = techniques_in(text)
    assert process_time() - before < 10
    assert all(one.start <= MOST_CHARACTERS for one in found if one.method == BY_SENTENCE)
