"""One indicator, defanged and live."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.refang import defang, refang

DEFANGED = {
    "hxxp://evil[.]example/x": "http://evil.example/x",
    "hXXps://evil(.)example": "https://evil.example",
    "h**ps://evil{.}example": "https://evil.example",
    "htxp://evil.example": "http://evil.example",
    "h[tt]p[s]://evil.example": "https://evil.example",
    "meow://evil.example": "http://evil.example",
    "fxp://evil.example": "ftp://evil.example",
    "hxxps[:]//evil.example": "https://evil.example",
    "hxxps[://]evil.example": "https://evil.example",
    "hxxps:[//]evil.example": "https://evil.example",
    "https[:]//update\\.evil\\.example/a": "https://update.evil.example/a",
    "198.51.100[.]7": "198.51.100.7",
    "198[.51[.100[.7": "198.51.100.7",
    "198.]51.]100.]7": "198.51.100.7",
    "198 [.] 51 [.] 100 [.] 7": "198.51.100.7",
    "198 . 51 . 100 . 7": "198.51.100.7",
    "１９８．５１．１００．７": "198.51.100.7",
    "198․51․100․7": "198.51.100.7",
    "198[dot]51(dot)100{DOT}7": "198.51.100.7",
    "evil。example": "evil.example",
    "evil[點]example": "evil.example",
    "evil（.）example": "evil.example",
    "ｅｖｉｌ．ｅｘａｍｐｌｅ": "evil.example",
    "e\u200bvil.exam\u00adple": "evil.example",
    "198.51.[.]100.7": "198.51.100.7",
    "2001[:]db8[:][:]1": "2001:db8::1",
    "a[@]b[.]example": "a@b.example",
    "a(at)b(dot)example": "a@b.example",
    "a [at] b [dot] example": "a@b.example",
    "<hxxp://evil.example>": "http://evil.example",
    " “evil.example” ": "evil.example",
}
LIVE = [
    "198.51.100.7",
    "198.51.100.0/24",
    "2001:db8::1",
    "evil.example",
    "www.evil.co.example",
    "http://evil.example/x.y?z=a.b",
    "https://198.51.100.7:8443/",
    "ftp://evil.example/a",
    "a@b.example",
    "first.last@mail.b.example",
    "CVE-2021-44228",
    "d41d8cd98f00b204e9800998ecf8427e",
    "C:\\Users\\bob\\a.exe",
    "HKLM\\Software\\Run",
    "T1059.001",
    "AS64500",
]


@pytest.mark.parametrize(("written", "live"), DEFANGED.items())
def test_every_way_of_defanging_is_undone(written: str, live: str) -> None:
    assert refang(written) == live


@pytest.mark.parametrize("value", LIVE)
def test_what_is_live_stays_as_it_is_and_comes_back_from_its_display(value: str) -> None:
    assert refang(value) == value
    assert refang(defang(value)) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("198.51.100.7", "198.51.100[.]7"),
        ("198.51.100.0/24", "198.51.100[.]0/24"),
        ("2001:db8::1", "2001:db8:[:]1"),
        ("evil.example", "evil[.]example"),
        ("https://evil.example/x", "hxxps://evil[.]example/x"),
        ("https://evil.example:8080/x.php", "hxxps://evil[.]example:8080/x.php"),
        ("ftp://evil.example", "fxp://evil[.]example"),
        ("a@b.example", "a[@]b[.]example"),
        ("CVE-2021-44228", "CVE-2021-44228"),
        ("C:\\Users\\a.exe", "C:\\Users\\a.exe"),
        ("T1059.001", "T1059.001"),
    ],
)
def test_nothing_shown_can_be_clicked(value: str, shown: str) -> None:
    assert defang(value) == shown


@given(st.text(max_size=200))
def test_any_text_is_refanged_and_defanged_without_failing(text: str) -> None:
    assert isinstance(refang(text), str)
    assert isinstance(defang(text), str)


@given(
    st.lists(st.integers(0, 255), min_size=4, max_size=4),
    st.sampled_from(["[.]", "(.)", "{.}", "[dot]", " [.] ", "．"]),
)
def test_an_address_survives_any_dots(numbers: list[int], dot: str) -> None:
    assert refang(dot.join(map(str, numbers))) == ".".join(map(str, numbers))
