"""Names of files with spaces in them."""

import pytest

from infohub.analysis.extract import extract
from infohub.analysis.findings import Kind

MD5 = "9f86d081884c7d659a2feaa0c55ad015"


def files(text: str) -> list[str]:
    found = [finding for finding in extract(text) if finding.kind is Kind.FILE]
    assert all(text[finding.start : finding.end] == finding.value for finding in found)
    return [finding.value for finding in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The mail carries “Payment advice July.docx” for all", "Payment advice July.docx"),
        ('a lure called "Invoice 2024-07 (final).pdf".', "Invoice 2024-07 (final).pdf"),
        (f"Payment advice July.docx\n{MD5}\n", "Payment advice July.docx"),
        (f"{MD5}\n\nFile name: New order list.exe\n", "New order list.exe"),
        (f"- Statement of account.xlsm\n  MD5: {MD5}", "Statement of account.xlsm"),
        ("附件「invoice#268.iso」", "invoice#268.iso"),
    ],
)
def test_quotes_or_a_hash_beside_it_show_where_a_name_begins_and_ends(text: str, name: str) -> None:
    assert files(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Victims open the file Payment advice.docx", "advice.docx"),
        ('it runs "powershell.exe -File run.txt"', "run.txt"),
        (f"The hash of the second sample named loader.dll\n{MD5}", "loader.dll"),
        ('They said "it was. We saw update.pdf"', "update.pdf"),
    ],
)
def test_the_end_of_a_sentence_is_no_name_of_many_words(text: str, name: str) -> None:
    assert name in files(text)


@pytest.mark.parametrize("text", ["<random>-need.php", "/.*discover\\.json.*/", "names such as {8 letters}.exe"])
def test_what_is_left_of_a_placeholder_is_no_name(text: str) -> None:
    assert files(text) == []
