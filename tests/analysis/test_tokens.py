"""The words search knows a text by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.analysis.tokens import MOST_TERMS, query_terms, search_text

ADVISORY = """Fake bank pages at hxxps://login[.]lantern[.]example/a/b.php?c=1 (198.51.100[.]7).
惡意網站冒充銀行，C2伺服器為 cdn.evil.example。寄件人 Boss@evil.example；CVE-2021-44228；
HKLM\\Software\\Run\\evil, C:\\Users\\Public\\evil.exe, d41d8cd98f00b204e9800998ecf8427f, T1059.001, 毒"""


def answers(query: str, text: str = ADVISORY) -> bool:
    """Whether an engine that wants every term finds the text."""
    return set(query_terms(query)) <= set(search_text(text).split())


@pytest.mark.parametrize(
    "query",
    [
        "fake pages",
        "FAKE bank",
        "ｆａｋｅ",
        "惡意網站",
        "恶意网站",
        "冒充銀行",
        "银行",
        "伺服器",
        "毒",
        "https://login.lantern.example/a/b.php?c=1",
        "hxxps://login[.]lantern[.]example/a/b.php?c=1",
        "login.lantern.example",
        "lantern[.]example",
        "198.51.100.7",
        "198.51.100[.]7",
        "cdn.evil.example",
        "evil.example",
        "boss@evil.example",
        "boss[at]evil[.]example",
        "cve-2021-44228",
        "CVE 2021-44228",
        "HKLM\\Software\\Run\\evil",
        "evil.exe",
        "D41D8CD98F00B204E9800998ECF8427F",
        "T1059",
        "t1059.001",
        "fake 198.51.100.7 銀行",
        "lantern",
    ],
)
def test_a_text_is_found_by_its_words_and_indicators(query: str) -> None:
    assert query_terms(query)
    assert answers(query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("服务器", "伺服器有漏洞"),
        ("伺服器", "服务器有漏洞"),
        ("軟體", "惡意軟件"),
        ("邮件", "收到電郵"),
        ("電子郵件", "收到電郵"),
        ("電郵", "收到邮件"),
        ("双因素认证", "請啟用雙重認證"),
        ("勒索病毒", "勒索軟體攻擊"),
        ("短信", "速遞短訊"),
        ("黑客", "駭客入侵"),
    ],
)
def test_chinese_is_found_by_the_words_of_another_region(query: str, text: str) -> None:
    assert answers(query, text)
    assert not answers(query, "今日天氣晴朗")


@pytest.mark.parametrize(
    "query",
    ["true pages", "198.51.100.8", "98.51.100.7", "vil.example", "惡意軟件", "CVE-2021-4422", "evil.test", "網惡"],
)
def test_a_text_is_not_found_by_what_it_does_not_say(query: str) -> None:
    assert query_terms(query)
    assert not answers(query)


def test_chinese_is_cut_in_overlapping_pairs_of_simplified_characters() -> None:
    assert search_text("惡意網站 毒") == "恶意 意网 网站 毒"


def test_words_stay_words() -> None:
    assert search_text("Café-au-lait, it's 42!") == "café au lait it s 42"


def test_a_query_of_one_indicator_is_one_term() -> None:
    assert len(query_terms("hxxp://evil[.]example/a")) == 1
    assert query_terms("hxxp://evil[.]example/a") == query_terms("http://evil.example/a")


def test_a_long_query_keeps_its_first_terms_once_each() -> None:
    assert query_terms("a b a c") == ["a", "b", "c"]
    assert len(query_terms(" ".join(f"word{number}" for number in range(50)))) == MOST_TERMS
    assert query_terms(" ,;()\"'* ") == []


@given(st.text(max_size=300))
def test_every_term_is_letters_and_digits_only(text: str) -> None:
    assert all(term.replace("\u0300", "").isalnum() or not term.isascii() for term in query_terms(text))
    assert all(not set(term) & set("\"'*()&|!:<> ") for term in query_terms(text))


@given(st.text(max_size=100))
def test_a_text_answers_the_query_that_is_the_text(text: str) -> None:
    assert answers(text, text)


@given(st.text(alphabet="銀行惡意網站 abc.[]1", max_size=60))
def test_a_mixed_text_answers_itself(text: str) -> None:
    assert answers(text, text)
