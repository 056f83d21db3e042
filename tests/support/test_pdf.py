"""Promises about paper: what people wrote is set as words, nothing more, and what cannot be set is refused in words."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from django.test import override_settings
from pypdf import PdfReader

from infohub.standards.tlp import Tlp
from infohub.support import pdf
from infohub.support.markdown import blocks
from infohub.support.pdf import CHARACTERS, PRESSES, SECONDS, NotPrintedError, Sheet, printed

SHEET = Sheet(
    language="en",
    marking=Tlp.AMBER,
    title="Calls to the accounts team",
    above=("Banking / Alert",),
    below=("Ann, Bank",),
    stamp="TLP:AMBER, Printed by Ben, Bank, 2026-11-20 16:05",
    audience="42 people in 18 organisations can see this.",
    facts=(("Kind", "Alert"),),
    body="They called.",
    indicators_title="Indicators",
    indicators_head=("Type", "Value"),
    indicators=(("Web address", "hxxp://198.51.100[.]7/pay"),),
    files_title="Files",
    files=("hops.csv",),
)


def pages(sheet: Sheet) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed(sheet))).pages]


def said(**changes: object) -> str:
    """All words on the paper, with one space between them."""
    return " ".join(" ".join(pages(replace(SHEET, **changes))).split())  # type: ignore[arg-type]


def test_everything_of_the_sheet_is_on_the_paper() -> None:
    words = said()
    for part in (SHEET.title, *SHEET.above, *SHEET.below, SHEET.stamp, SHEET.audience, "Kind", SHEET.body, "hops.csv"):
        assert part in words
    assert "hxxp://198.51.100[.]7/pay" in words


@pytest.mark.parametrize("tlp", Tlp)
def test_every_page_has_the_marking_at_its_head_and_foot_and_who_printed_it(tlp: Tlp) -> None:
    told = pages(replace(SHEET, marking=tlp, stamp="Printed by Ben", body="Words.\n\n" * 120))
    assert len(told) > 2
    for page in told:
        assert page.count(tlp.mark) == 2
        assert "Printed by Ben" in page


def test_markdown_is_set_without_its_marks() -> None:
    body = (
        "A *slanted* **heavy** `code` word and [a page](https://evil.example/x?a=1).\n\n# Steps\n\n3. three\n4. four\n"
        "   - under\n\n> quoted\n\n```\n  kept   as it is\n```\n\n| A | B |\n|---|---|\n| one | **two** |\n"
    )
    words = said(body=body)
    for part in (
        *("A slanted heavy code word and a page (https://evil.example/x?a=1).", "Steps 3. three 4. four • under"),
        *("quoted", "kept as it is", "A B one two"),
    ):
        assert part in words
    assert not {"**", "```", "---"} & set(words.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hant-HK", "騙徒致電會計部，索取一次性密碼"),
        ("zh-Hans", "骗徒致电会计部，索取一次性密码"),
        ("en", "騙徒來電"),
    ],
)
def test_chinese_is_there_in_every_language_of_the_page(language: str, text: str) -> None:
    assert text in said(language=language, title=text, body=f"「{text}」。", indicators_title="指標").replace(" ", "")


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '`#read("/etc/passwd")`',
        '#sys.inputs #include "sheet.typ" #import "@preview/x:1.0.0": *',
        "$x^2$ @cite <label> \\u{41} // gone? /* gone? */ = Title _a_ - ~",
        "</p><script>alert(1)</script>&lt;b&gt;",
        "![spy](https://spy.example/pixel.png)",
    ],
)
def test_what_people_wrote_is_never_read_as_markup(hostile: str) -> None:
    plain = {"title": hostile, "body": "x", "stamp": hostile, "audience": hostile, "facts": ((hostile, hostile),)}
    words = said(**plain, indicators=((hostile, hostile),), files=(hostile,), above=(hostile,))
    joined = words.replace(" ", "")
    assert joined.count(hostile.replace(" ", "")) == 9
    assert "root:" not in joined + said(body=hostile)
    assert "spy" not in hostile or "spy.example" in said(body=hostile)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 20_000,
        "*a**b" * 8_000,
        "> " * 5_000,
        "".join(f"{'  ' * depth}- x\n" for depth in range(120)),
        "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n|" + "b|" * 3_000,
        "\u202egnp.exe\u2066\x07\x00\x0b" * 100,
    ],
    ids=["brackets", "stars", "quotes", "lists", "columns", "unseen"],
)
def test_odd_texts_are_set_or_refused_in_words(body: str) -> None:
    begun = monotonic()
    try:
        told = pages(replace(SHEET, body=body))
    except NotPrintedError as refusal:
        told = [str(refusal)]
    assert SHEET.title in told[0] or "PDF" in told[0]
    assert monotonic() - begun < SECONDS + 5


def test_endless_words_stay_on_the_paper() -> None:
    page = PdfReader(io.BytesIO(printed(replace(SHEET, body="x" * 2_000)))).pages[0]
    assert max(len(line) for line in page.extract_text().splitlines()) < 130
    assert "x" * 64 in page.extract_text()


def test_signs_that_turn_the_reading_direction_are_gone() -> None:
    assert "\u202e" not in said(title="invoice\u202efdp.exe")


def test_a_text_of_two_million_letters_is_refused_in_words() -> None:
    with pytest.raises(NotPrintedError, match="too long for a PDF"):
        printed(replace(SHEET, body="x" * 2_000_000))
    assert len(SHEET.body) < CHARACTERS


def test_a_program_that_takes_too_long_or_fails_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(NotPrintedError, match="could not be set"):
        printed(SHEET)


def test_without_a_chinese_font_chinese_is_refused_in_words_and_english_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "_TRADITIONAL", ["No Such Font"])
    monkeypatch.setattr(pdf, "_SIMPLIFIED", [])
    with pytest.raises(NotPrintedError, match="no Chinese font"):
        printed(replace(SHEET, body="騙徒"))
    assert said()


def test_fonts_may_come_from_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fonts = sorted(Path("/usr/share/fonts").rglob("*CJK-Regular*"))
    if not fonts:
        pytest.skip("no Chinese font to copy")
    (tmp_path / fonts[0].name).symlink_to(fonts[0])
    monkeypatch.setattr(pdf, "_TRADITIONAL", [])
    monkeypatch.setattr(pdf, "_SIMPLIFIED", [])
    with override_settings(FONTS=str(tmp_path)):
        assert "騙徒" in said(body="騙徒")


def test_the_program_writes_no_file_and_uses_little(tmp_path: Path) -> None:
    tried = (
        f"import sys; sys.path.insert(0, {str(Path(pdf.__file__).parent)!r})\nimport io, press\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b'{}'))\n"
        "try: press.press()\nexcept KeyError: pass\n"
        "try: bytearray(3_000_000_000); print('much')\nexcept MemoryError: print('little')\n"
        "try: open('x', 'w').write('x' * 100_000); print('written')\nexcept OSError: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", tried], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["little", "refused"]


def test_blocks_know_their_lists_and_quotes() -> None:
    told = [(one.kind, one.mark, one.indent, one.quote) for one in blocks("- a\n\n  b\n  1. c\n\n> d\n\n***\n")]
    assert told == [
        ("text", "•", 0, 0),
        ("text", "", 1, 0),
        ("text", "1.", 1, 0),
        ("text", "", 0, 1),
        ("rule", "", 0, 0),
    ]


def test_two_are_made_at_once_and_a_third_is_asked_to_wait() -> None:
    with PRESSES:
        assert printed(SHEET)
        with PRESSES, pytest.raises(NotPrintedError, match="Try again in a minute"):
            printed(SHEET)
    assert printed(SHEET)
