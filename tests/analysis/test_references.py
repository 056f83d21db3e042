"""Live addresses that a text only refers to are found with a note; those that it warns of are not."""

import pytest

from infohub.analysis.extract import NOT_BY_ITSELF, extract
from infohub.analysis.references import REFERENCE

LONG = "The group has been at work for years. " * 30


def notes(text: str) -> dict[str, str]:
    return {finding.value: finding.note for finding in extract(text)}


@pytest.mark.parametrize(
    "text",
    [
        "See https://blog.evil.com/post for more.",
        "Reference: https://blog.evil.com/post",
        "Advisory: https://blog.evil.com/post",
        "[12] https://blog.evil.com/post",
        "Read more at https://blog.evil.com/post",
        "詳見：https://blog.evil.com/post",
        "参考 https://blog.evil.com/post",
        "a [write-up](https://blog.evil.com/post) of it",
        '<a href="https://blog.evil.com/post">a write-up</a>',
        "# References\n\n- https://blog.evil.com/post\n",
        "Further reading:\nA write-up, https://blog.evil.com/post",
        "參考資料\nhttps://blog.evil.com/post",
        '  reference = "https://blog.evil.com/post"',
        f"url: https://blog.evil.com/post\n{LONG}",
    ],
)
def test_an_address_that_is_only_referred_to_is_noted(text: str) -> None:
    assert notes(text) == {"https://blog.evil.com/post": REFERENCE}
    assert REFERENCE in NOT_BY_ITSELF


@pytest.mark.parametrize(
    "text",
    [
        "The malware downloads https://cdn.evil.com/post",
        "malicious link: https://cdn.evil.com/post",
        "Payload URL: https://cdn.evil.com/post",
        "See hxxps://cdn[.]evil[.]com/post for what it sends",
        "References\n\nhxxps://cdn[.]evil[.]com/post",
        "References\nhttps://blog.other.com/a\n\nIndicators of compromise\nhttps://cdn.evil.com/post",
        f"{LONG}\nurl: https://cdn.evil.com/post",
        "惡意網址：https://cdn.evil.com/post",
    ],
)
def test_an_address_that_the_text_warns_of_is_not(text: str) -> None:
    assert notes(text)["https://cdn.evil.com/post"] == ""


def test_what_follows_a_reference_on_its_line_is_one_too() -> None:
    text = "Sources: https://blog.evil.com/a, https://other.evil.com/b and https://third.evil.com/c. It asks http://x.evil.com/d"
    assert list(notes(text).values()) == [REFERENCE, REFERENCE, REFERENCE, ""]


def test_a_mailbox_of_the_authors_is_told_from_one_of_the_attackers() -> None:
    text = "Victims write to pay@evil.com. For more information contact us at team@shield.com."
    assert notes(text) == {"pay@evil.com": "", "team@shield.com": REFERENCE}


def test_whoever_defangs_an_address_of_a_known_host_means_it() -> None:
    assert notes("Orders come from hxxps://t[.]me/badbot") == {"https://t.me/badbot": ""}
    assert notes("Orders come from https://t.me/badbot") == {"https://t.me/badbot": "well known"}


def test_a_free_mailbox_says_who_writes_and_the_host_says_nothing() -> None:
    assert notes("from badactor77@gmail.com, which is at gmail.com") == {
        "badactor77@gmail.com": "",
        "gmail.com": "well known",
    }
