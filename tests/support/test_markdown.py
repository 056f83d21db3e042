"""Members' Markdown: safe, headings step down one at a time, short texts end where a reader expects it."""

import re

import pytest

from infohub.support.markdown import plain, render


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B", [2, 3]),
        ("### A\n\n### B", [2, 2]),
        ("### A\n\n# B\n\n### C\n\n##### D", [2, 2, 3, 4]),
        ("A\n=\n\nB\n-", [2, 3]),
    ],
)
def test_headings_begin_below_the_title_and_skip_no_level(text: str, levels: list[int]) -> None:
    page = render(text)
    assert [int(level) for level in re.findall(r"<h(\d)>", page)] == levels
    assert [int(level) for level in re.findall(r"</h(\d)>", page)] == levels


def test_nothing_that_runs_or_loads_survives() -> None:
    page = render("<script>alert(1)</script> [a](javascript:alert(1)) ![b](https://evil.example/b.png) <b onclick=a>")
    assert "<script" not in page
    assert "javascript:" not in page.replace("(javascript:", "")
    assert "<img" not in page
    assert "<b " not in page


def test_a_text_is_cut_between_words_and_chinese_anywhere() -> None:
    assert plain("one two three four", 12) == "one two…"
    assert plain("隔離預覽頁存在漏洞，外人毋須登入即可執行程式碼。", 12) == "隔離預覽頁存…"
    assert plain("**bold** `code`", 40) == "bold code"
