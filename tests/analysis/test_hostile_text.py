"""Texts made to keep the rules busy: whatever is sent, the work grows with its length and no faster."""

from time import process_time

import pytest

from infohub.analysis.extract import extract, finding_of
from infohub.analysis.redact import Known, own_remarks
from infohub.analysis.tokens import search_text
from infohub.standards.refang import refang

LENGTH = 5_000  # work that grew with the square would take many seconds already
ATOMS = [
    *("[", "(", "[.]", "a[.]", "a[.", "[ . ] ", "a", "a.", "1.", ":", "a:", "3:", "2a0a::", "\\", "C:\\", "C:\\A A "),
    *("/", "http://", "http://a.com/", "a.com/", "@", "a@", "x.x.x@", "%", "%aa", "%A%\\", " ", "ab", "AS1", "AS123 "),
    *(
        "HKLM\\",
        "HKLM\\A A",
        "。",
        "a。",
        "evil。com",
        "&amp;",
        "http://a.com/&gt;",
        "-",
        "a-",
        "h**",
        "hxxp",
        "CVE-",
        "/tmp",
    ),
    *(
        "~/a",
        "1 . ",
        "version 1.2.3.4, ",
        "惡意",
        "\u200b",
        "\\\\a",
        "bc1",
        "1B",
        "192:aaaaaa:",
        "T1059.",
        "0x",
        "AND ",
        ")",
    ),
    *(
        "See ",
        "References\n",
        "[a](http://a.com ",
        "Sources: http://a.com, ",
        "contact us at a@b.com ",
        "“a b",
        '"a b.txt',
    ),
    *(
        "a b.exe\n",
        "file name: a\n",
        "token=",
        "SHA-1a1",
        "HKLM\\A A A\n",
        "\\\\a.b\\c",
        "#a.exe",
        "a’b.txt",
        "Ctcp://",
        "TT1059",
    ),
    *(
        "Tai Ping ",
        "Chan T",
        "TPF-A",
        "tpf-a",
        "tpf\\",
        "(852) ",
        "A123456",
        "A_",
        "A-A-",
        "a-b-0",
        "10.20.x.",
        "call 2",
        "太平",
    ),
]
KNOWN = Known(("Tai Ping Ferry Limited 太平渡輪有限公司",), ("tpf.com.hk",), ("Chan Tai Man 陳大文", "Wong Ka-yan"))


@pytest.mark.parametrize("atom", ATOMS)
def test_a_repeated_piece_costs_no_more_than_its_length(atom: str) -> None:
    text = (atom * LENGTH)[:LENGTH]
    before = process_time()
    extract(text)
    extract(f"http://{text}")
    search_text(text)
    refang(text)
    finding_of(text)
    own_remarks(text, KNOWN)
    assert process_time() - before < 1


def test_twenty_thousand_brackets_are_read_at_once() -> None:
    before = process_time()
    assert extract("[" * 20_000) == []
    assert process_time() - before < 1


def test_an_advisory_of_two_megabytes_is_read_in_about_two_seconds() -> None:
    paragraph = (
        "The loader (SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08) was dropped as "
        "C:\\Users\\Public\\a.exe and asked hxxps://cdn[.]evil[.]com/gate.php for orders, as described before in "
        "many words that mean nothing to a rule and only make the text longer, as real advisories are. "
        "惡意網址已被封鎖。\n"
    )
    text = paragraph * (2_000_000 // len(paragraph))
    extract(paragraph)
    before = process_time()
    found = extract(text)
    assert process_time() - before < 8  # two on an idle core; a shared machine may be several times slower
    assert len(found) == 3 * (2_000_000 // len(paragraph))
