"""What gives members away in a public text, the difference between two wordings, and the card in a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.analysis.card import card_of
from infohub.analysis.difference import MOST_CHARACTERS, Fate, difference
from infohub.analysis.redact import Known, Trace, remarks

KNOWN = Known(("Harbour Bank", "海港銀行", "AB"), ("bank.example",), ("Ann Lee", "陳大文"))


@pytest.mark.parametrize(
    ("text", "trace", "found"),
    [
        ("We at harbour bank saw it", Trace.ORGANISATION, "harbour bank"),
        ("由海港銀行通報", Trace.ORGANISATION, "海港銀行"),
        ("see https://mail.bank.example/x", Trace.DOMAIN, "https://mail.bank.example/x"),
        ("mail accounts@bank.example now", Trace.DOMAIN, "accounts@bank.example"),
        ("ask Ann Lee.", Trace.PERSON, "Ann Lee"),
        ("請問陳大文先生", Trace.PERSON, "陳大文"),
        ("mail somebody@mail.example", Trace.EMAIL, "somebody@mail.example"),
        ("from 10.1.2.3 to", Trace.INSIDE, "10.1.2.3"),
        ("from 192.168.0.0/16", Trace.INSIDE, "192.168.0.0/16"),
        ("ring +852 2345 6789.", Trace.PHONE, "+852 2345 6789"),
        ("致電2345 6789查詢", Trace.PHONE, ""),
        ("ring (852) 2345-6789, please", Trace.PHONE, "(852) 2345-6789"),
        ("on LTB-FS02, mounted", Trace.HOST, "LTB-FS02"),
        ("檔案伺服器HK-DC-SRV01已隔離", Trace.HOST, "HK-DC-SRV01"),
        ("card A123456(3) was used", Trace.IDENTITY, "A123456(3)"),
        ("card AB987654(3) was used", Trace.IDENTITY, "AB987654(3)"),
    ],
)
def test_what_gives_somebody_away_is_found_where_it_stands(text: str, trace: Trace, found: str) -> None:
    made = remarks(text, KNOWN)
    assert [(remark.trace, remark.text) for remark in made] == [(trace, found or "2345 6789")]
    assert text[made[0].start : made[0].end] == made[0].text


@pytest.mark.parametrize(
    "text",
    [
        "198.51.100.7 and evil.example and CVE-2026-12345",
        "on 2026-11-20 09:30, 20261120 and 20 11 2026",
        "d41d8cd98f00b204e9800998ecf8427e",
        "Harbour Banking is not the bank, and ABBA is not AB",
        "version 8.4.1.2 of notbank.example",
        "APT-C36 and UNC-A12 exploited CVE-2026-12345 and MS17-010 during COVID-19",
        "order A123456(4) is no identity card",
    ],
)
def test_what_gives_nobody_away_is_left_alone(text: str) -> None:
    assert remarks(text, KNOWN) == []


def test_an_address_of_a_member_is_one_remark_and_not_three() -> None:
    assert [remark.trace for remark in remarks("ann@bank.example", KNOWN)] == [Trace.DOMAIN]


# --- difference


def test_words_taken_out_and_put_in_are_told_apart() -> None:
    parts = difference("We at Harbour Bank saw it.\n請致電海港。", "A member saw it.\n請致電我們。")
    assert parts is not None
    assert [(part.fate, part.text) for part in parts] == [
        (Fate.REMOVED, "We at Harbour Bank"),
        (Fate.INSERTED, "A member"),
        (Fate.KEPT, " saw it.\n請致電"),
        (Fate.REMOVED, "海港"),
        (Fate.INSERTED, "我們"),
        (Fate.KEPT, "。"),
    ]


@given(st.text(alphabet="ab 中文\n.", max_size=60), st.text(alphabet="ab 中文\n.", max_size=60))
def test_the_parts_make_both_texts_again(old: str, new: str) -> None:
    parts = difference(old, new)
    assert parts is not None
    assert "".join(part.text for part in parts if part.fate is not Fate.INSERTED) == old
    assert "".join(part.text for part in parts if part.fate is not Fate.REMOVED) == new
    assert all(one.fate is not next_one.fate for one, next_one in pairwise(parts))


def test_texts_too_long_to_compare_are_not_compared() -> None:
    assert difference("a" * MOST_CHARACTERS, "b") is None
    assert difference("a", "b") is not None


# --- card


def test_headings_say_for_whom_a_part_of_the_text_is() -> None:
    card = card_of(
        "# Report\n\nFirst *words*\nof it.\n\nMore.\n\n## Do this first\n\n1. Patch.\n2. Look.\n\n"
        "### Everyone else\n\nAsk your supplier.\n\n### 商戶：\n\n- 提醒同事。\n- 其他。\n\n"
        "### Security teams ###\n> quote\n\nBlock it."
    )
    assert card.opening == ""
    assert card.steps == ("Patch.", "Look.")
    assert (card.everyone, card.small_firms, card.teams) == ("Ask your supplier.", "提醒同事。", "Block it.")


def test_the_opening_is_the_first_paragraph_of_prose_and_a_text_without_headings_has_no_card() -> None:
    card = card_of("| a | b |\n|---|---|\n\nIt began\non Monday.\n\nThen more.")
    assert card.opening == "It began on Monday."
    assert (card.steps, card.everyone, card.small_firms, card.teams) == ((), "", "", "")
