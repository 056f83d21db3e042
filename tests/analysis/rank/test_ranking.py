"""Promises about ranking: what a query is taken for, and which text answers it first."""

import time

import pytest

from infohub.analysis.rank.answering import answers
from infohub.analysis.rank.query import Asked, understood
from infohub.analysis.rank.ranking import ranked, read

DUMPED = (
    "The adversary dumped credentials from the memory of the Local Security Authority Subsystem Service (LSASS), "
    "with procdump.exe and comsvcs.dll, and cracked the NTLM hashes of privileged accounts offline."
)


def order(query: str, *texts: str) -> list[int]:
    return [one.place for one in ranked(understood(query), [read(text) for text in texts])]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("198.51.100[.]7", Asked.INDICATOR),
        ("CVE-2021-44228", Asked.INDICATOR),
        ("Fancy Bear", Asked.NAME),
        ("cobalt-strike", Asked.NAME),
        ("T1055", Asked.TECHNIQUE),
        ("process injection", Asked.TECHNIQUE),
        ("Signed Binary Proxy Execution", Asked.TECHNIQUE),
        (DUMPED, Asked.BEHAVIOUR),
        ("refund by bank transfer", Asked.WORDS),
        ("釣魚電郵", Asked.WORDS),
        ("", Asked.WORDS),
        ("The minutes of the meeting on Tuesday will be sent to everybody who asked for them in advance.", Asked.WORDS),
    ],
)
def test_a_query_is_taken_for_what_it_is(query: str, kind: Asked) -> None:
    assert understood(query).kind is kind


def test_a_technique_is_told_from_its_description() -> None:
    assert understood(DUMPED).technique.startswith("T1003")


def test_a_name_finds_what_goes_by_an_alias_however_it_is_written() -> None:
    texts = ("Sofacy sent mails with attachments.", "A bear was seen; it was fancy.", "Nothing.")
    assert order("Fancy Bear", *texts)[0] == 0
    assert 2 not in order("Fancy Bear", *texts)
    assert order("CobaltStrike", "A Cobalt Strike beacon called home.", "A strike at the port.") == [0]


def test_a_question_that_names_somebody_asks_for_all_names() -> None:
    texts = ("Sofacy sent mails with attachments.", "What is known about the weather?", "A bear came; it was fancy.")
    assert order("What is known about Fancy Bear and its mails?", *texts)[0] == 0
    assert understood("Which net income did the bank ping us about?").phrases == frozenset()


def test_a_technique_finds_sentences_that_do_it_without_its_name() -> None:
    texts = ("It calls CreateRemoteThread and writes shellcode into explorer.exe.", "Pay the invoice by Friday.")
    assert order("process injection", *texts) == [0]


def test_a_sentence_that_says_it_beats_words_far_apart() -> None:
    scattered = (
        "Refund came up.\nMuch else was said here of other things.\nBank holidays.\nMore on that.\nTransfer students."
    )
    together = "Other news first.\nThey ask for a refund by bank transfer.\nNothing else."
    assert order("refund bank transfer", scattered, together) == [1, 0]


def test_either_script_finds_either() -> None:
    texts = ("攻擊者發送釣魚電郵，要求付款。", "天气很好。")
    assert order("钓鱼电邮", *texts) == [0]
    assert order("釣魚電郵", *texts) == [0]


def test_an_indicator_is_matched_whole_and_refanged() -> None:
    texts = ("Traffic to 198.51.100.77 was seen.", "Block 198.51.100[.]7 today.")
    assert order("198.51.100.7", *texts) == [1]


def test_answers_name_their_best_passages_first() -> None:
    text = "Weather first.\nThe courier refund form asks for card numbers.\nThe end."
    held = read(text)
    (answer,) = ranked(understood("courier refund card"), [held])
    best = held.passages[answer.passages[0]]
    assert text[best.start : best.end].startswith("The courier refund")


@pytest.mark.parametrize("text", ["", "\x00\x01\ufffd", "[" * 20_000, "ab\n" * 300_000, "混合 mixed ТЕКСТ " * 2000])
def test_hostile_texts_are_inert_and_take_bounded_time(text: str) -> None:
    begun = time.process_time()
    ranked(understood(text[:3000] or "x"), [read(text)])
    assert time.process_time() - begun < 2


def test_a_question_is_answered_by_the_sentence_that_says_enough_and_by_no_other() -> None:
    texts = ("# Deposits\n\nCallers let patients pay a deposit by phone. The weather was fine.", "Other news today.")
    (quote,) = answers("How do callers get patients to pay a deposit?", texts)
    assert texts[quote.place][quote.start : quote.end] == "Callers let patients pay a deposit by phone."
    assert answers("Which satellites orbit Neptune nowadays?", texts) == []
    for asked in ("What should we do about phishing?", "我們應該如何防範釣魚？"):  # the words of asking answer nothing
        assert answers(asked, ["We should leave out five details, please.", "我們應該如何留住客人，請問各位。"]) == []
    assert answers("", texts) == []


def test_a_question_in_either_script_is_answered() -> None:
    (quote,) = answers("骗徒如何要求病人付款？", ["騙徒致電病人，要求病人以信用卡付款。天氣很好，適合郊遊。"])
    assert quote.start == 0
