"""Kind and severity are suggested with the words that say so, in English and Chinese, and not where nothing says it."""

import pytest

from infohub.analysis.classify.kind import kind_of
from infohub.analysis.classify.severity import severity_of


@pytest.mark.parametrize(
    ("text", "level", "because"),
    [
        ("Severity: Critical. Patch now.", "critical", "Severity: Critical"),
        ("The vendor rated it as important.", "high", "rated it as important"),
        ("CVSS v3.1 base score 7.5 and, for the other, CVSS 9.8", "critical", "CVSS 9.8"),
        ("CVSS: 5.3 (medium)", "medium", "CVSS: 5.3"),
        ("It is being exploited since Monday.", "critical", "being exploited"),
        ("Their files were locked by ransomware.", "high", "ransomware"),
        ("嚴重程度：高。請更新。", "high", "嚴重程度：高"),
        ("收到大量钓鱼邮件。", "medium", "钓鱼"),
        ("For information only.", "low", "For information only"),
    ],
)
def test_the_level_stands_with_the_words_that_say_so(text: str, level: str, because: str) -> None:
    (said,) = severity_of(text)
    assert (said.value, text[said.start : said.end]) == (level, because)


@pytest.mark.parametrize(
    "text", ["", "Lunch is at one.", "There was no ransomware.", "不是勒索軟件。", "\x00\x01", "[" * 20_000]
)
def test_no_level_where_nothing_says_one(text: str) -> None:
    assert not list(severity_of(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our accounts team received a call this morning and clicked a link.", "incident"),
        ("我們公司今早發現伺服器被加密。", "incident"),
        ("CVE-2026-1234 in the gateway: upgrade to 9.1, earlier versions are affected versions.", "advisory"),
        ("Has anybody seen this sender before?", "question"),
        ("請問大家如何處理雲端備份？", "question"),
        ("How we rolled out passkeys: a step-by-step checklist and lessons learnt.", "practice"),
        ("The police announced that two people were arrested.", "news"),
        ("Beware: an ongoing smishing wave uses parcel messages.", "alert"),
        ("We assess with confidence that APT41 is behind the campaign; analysis of the loader follows.", "insight"),
    ],
)
def test_the_kind_that_a_text_clearly_is(text: str, kind: str) -> None:
    assert [said.value for said in kind_of(text)] == [kind]


@pytest.mark.parametrize(
    "text", ["", "Lunch is at one.", "CVE-2026-1234 hit us: we were attacked yesterday. Patch it."]
)
def test_no_kind_where_none_is_clear(text: str) -> None:
    assert not list(kind_of(text))
