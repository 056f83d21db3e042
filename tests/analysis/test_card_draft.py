"""A draft of the card is made of whole sentences of the text: what to do, and whom it concerns."""

import time

import pytest

from infohub.analysis.card import card_of, has_card, with_card
from infohub.analysis.card_draft import CardDraft, draft_of

TEXT = """A flaw in the Lantern Gate appliance lets strangers in (CVE-2026-40111). It was found on Monday by a member.

Lantern Gate versions before 8.2 are affected. Attackers should be expected to copy the session list. Have you seen it?

## What we recommend

- Update the appliance to 8.2 today.
- If you cannot update, disconnect its web page from the internet.
- All passwords that were typed there must be changed.
- Keep calm.

The use of the appliance was reviewed. 198.51.100.7 asked for the list.
"""


def said(text: str, draft: CardDraft | None) -> tuple[list[str], list[str]]:
    assert draft is not None
    return [text[a:b] for a, b in draft.opening], [text[a:b] for a, b in draft.steps]


def test_the_draft_says_whom_it_concerns_and_what_to_do_in_the_words_of_the_text() -> None:
    opening, steps = said(TEXT, draft_of(TEXT, products=["Lantern Gate"], pressing=["CVE-2026-40111"]))
    assert steps == [
        "Update the appliance to 8.2 today.",
        "If you cannot update, disconnect its web page from the internet.",
        "All passwords that were typed there must be changed.",
    ]
    assert opening == [
        "A flaw in the Lantern Gate appliance lets strangers in (CVE-2026-40111).",
        "Lantern Gate versions before 8.2 are affected.",
    ]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("某設備有漏洞，攻擊者正在利用。\n\n請立即更新到 8.2 版。反應時間很短。", "請立即更新到 8.2 版。"),
        ("黑客正在利用漏洞，請立即更新。攻擊者必須更改密碼。", "黑客正在利用漏洞，請立即更新。"),
        ("他們說「請立即更新密碼」。請致電銀行核實。", "請致電銀行核實。"),
        ("某设备有漏洞。应立即更改管理员密码。应用程序没有受到影响。", "应立即更改管理员密码。"),
    ],
)
def test_chinese_texts_say_what_to_do_in_either_script(text: str, step: str) -> None:
    assert said(text, draft_of(text))[1] == [step]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01\x02",
        "Nothing new from the harbour today. The tide was low at nine.",
        "The attacker must know the name of the account. Victims should not be blamed.",
        "Should we update it now? What must be done first:",
        "```\nUpdate the appliance now, please.\n```",
        "反應時間很短，應用程式沒有受影響。",
        "Update.exe was a dropper. For more information, please contact us. Use of it is rare. We should monitor it.",
    ],
)
def test_where_no_sentence_says_what_to_do_there_is_no_draft(text: str) -> None:
    assert draft_of(text) is None


def test_long_and_odd_texts_take_bounded_time() -> None:
    begun = time.process_time()
    for text in ("[" * 20_000, "Update " * 300_000, "if a, " * 20_000, "請" * 100_000, "Update it now. " * 130_000):
        draft_of(text)
    assert time.process_time() - begun < 4


def test_a_card_goes_under_its_empty_headings_or_to_the_end_and_is_read_back() -> None:
    for language in ("en", "zh-hant", "zh-hans"):
        text = with_card(
            "It began on Monday.", language=language, opening="Who runs it.", steps=["Update it.", "Look."]
        )
        card = card_of(text)
        assert (card.small_firms, card.steps, card.opening) == (
            "Who runs it.",
            ("Update it.", "Look."),
            "It began on Monday.",
        )
        assert has_card(text)
    outline = "## What happens\n\nIt fell.\n\n## Do this first\n\n\n## Where to read on\n"
    filled = with_card(outline, language="en", opening="", steps=["Update it."])
    assert filled.count("Do this first") == 1
    assert card_of(filled).steps == ("Update it.",)
    assert filled.index("Update it.") < filled.index("Where to read on")
    assert not has_card(outline)
