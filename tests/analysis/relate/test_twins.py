"""A copy is known however it was dressed, and two bulletins of one template are not copies."""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import md5

import pytest

from infohub.analysis.relate.imprint import imprint_of
from infohub.analysis.relate.shelves import twins_among
from infohub.analysis.relate.twins import Apart, Likeness, likeness

REPORT = """Ransomware crew leaves harbour operator without manifests

The operator of two container terminals switched its yard systems off on Tuesday night. Crews had found notes that ask
for payment on four file servers. According to the company no manifest was copied, yet investigators saw an archive of
eleven gigabytes leave through a forgotten backup account. The intruders came in by a remote maintenance gateway whose
password had been reused elsewhere, waited nine days, and removed shadow copies before they began. Trucks queued until
Thursday, when clerks turned to paper. The regulator asks other operators to look for logins of maintenance accounts at
night, to block hxxp://stowage-plan[.]example and to keep one copy of manifests out of reach of the domain.
Insurers estimate the loss at nine million dollars, more than the operator earns in a quarter."""

OTHER = """Hospital group restores imaging after ransomware

Scanners of six clinics were unusable over the weekend because ransomware had reached the server that files pictures.
Doctors moved urgent patients to other houses. The group says no record was copied; its security chief credits a tape
that was taken out of the library every Friday. The intruders used stolen credentials of a contractor."""

NOTICE = """金融管理局提醒市民慎防偽冒網站。海星銀行就一個偽冒網站發出新聞稿，並已向當局報告。
市民如曾在該網站提供個人資料或進行交易，應立即致電海星銀行，並向警方報案。銀行不會以短訊或電郵超連結引導客戶到其網站登入。海星銀行的客戶服務熱線已加派人手。"""


def compared(one: str, other: str) -> Likeness:
    """The likeness of two texts, which does not depend on who comes first."""
    there, back = likeness(imprint_of(one), imprint_of(other)), likeness(imprint_of(other), imprint_of(one))
    assert there == back
    return there


def reordered(text: str) -> str:
    return ". ".join(reversed(text.split(". ")))


def reworded(text: str) -> str:
    """Every fifth word another, every ninth left out."""
    words = [word for place, word in enumerate(text.split()) if place % 9 != 4]
    return " ".join("reportedly" if place % 5 == 2 else word for place, word in enumerate(words))


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        REPORT.upper().replace("\n", "\n\n> "),
        REPORT.replace(". ", ".\n\n* "),
        REPORT.replace("hxxp://stowage-plan[.]example", "http://stowage-plan.example"),
        REPORT[: len(REPORT) // 3],
        f"Read also: ten tips. Accept cookies? Yes, all.\n{REPORT}\nAll rights reserved. Share this with friends.",
        f"UPDATE. The terminals work again.\n{REPORT}",
        reordered(REPORT),
        reworded(REPORT),
    ],
    ids=["same", "case", "format", "live", "cut", "dressed", "longer", "reordered", "reworded"],
)
def test_a_copy_is_known_and_another_report_on_the_subject_is_none(copy: str) -> None:
    assert compared(REPORT, copy).same
    assert not compared(OTHER, copy).same
    assert compared(OTHER, copy).score < 0.3


def test_chinese_of_both_scripts_is_the_same() -> None:
    simplified = (
        NOTICE.replace("偽", "伪").replace("網", "网").replace("銀", "银").replace("發", "发").replace("電", "电")
    )
    assert compared(NOTICE, simplified).same
    assert not compared(NOTICE, REPORT).same


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (
            "CVE-2031-1001: A flaw in the login of Shopfront 2 lets a remote attacker run code. Install the update.",
            "CVE-2031-1002: A flaw in the login of Shopfront 2 lets a remote attacker run code. Install the update.",
            Apart.CVE,
        ),
        (
            "CVE-2031-1001: A flaw in the login of Shopfront lets attackers in. It is not the same as CVE-2031-1002.",
            "CVE-2031-1002: A flaw in the login of Shopfront lets attackers in. It is not the same as CVE-2031-1001.",
            Apart.CVE,
        ),
        (
            "Shopfront 7.1.3 is out and mends several flaws of its basket. Shops should install 7.1.3 this week.",
            "Shopfront 7.2.0 is out and mends several flaws of its basket. Shops should install 7.2.0 this week.",
            Apart.VERSION,
        ),
        (
            f"Sample seen at a member: {md5(b'one').hexdigest()}. It writes itself into the printer's folder.",
            f"Sample seen at a member: {md5(b'other').hexdigest()}. It writes itself into the printer's folder.",
            Apart.FILE,
        ),
        (
            "Fraudulent website of Starfish Bank: the bank warns. Whoever typed a password there calls Starfish Bank.",
            "Fraudulent website of Seahorse Bank: the bank warns. Whoever typed a password there calls Seahorse Bank.",
            Apart.NAMES,
        ),
        (NOTICE, NOTICE.replace("海星", "東方儲蓄"), Apart.NAMES),
    ],
    ids=["cve", "cve each other", "version", "file", "bank", "bank in Chinese"],
)
def test_bulletins_of_one_template_are_apart_and_say_why(one: str, other: str, apart: Apart) -> None:
    assert compared(one, one).same
    assert compared(one, other).apart is apart
    assert not compared(one, other).same


def test_the_same_vulnerability_in_other_words_is_a_copy() -> None:
    one = "CVE-2031-1001: A flaw in the login of Shopfront 2.0 lets a remote attacker run code on the server."
    other = f"Security alert. {one.replace('flaw', 'vulnerability').replace('2.0', '2.')} Members should patch."
    assert compared(one, other).same


def test_a_piece_inside_a_long_digest_is_not_the_digest() -> None:
    digest = "\n".join(
        f"{number}. Item {number * 7919} of this week concerns case {number * 104729}." for number in range(200)
    )
    assert compared(OTHER, f"{digest}\n{OTHER}").apart is Apart.PART


@pytest.mark.parametrize(
    "odd", ["", " ", "\x00\xff\x00", "[" * 20_000, "安", "\ud800", "a" * 2_000_000, "🙂 " * 50_000]
)
def test_odd_texts_are_inert(odd: str) -> None:
    begun = time.process_time()
    assert not compared(odd, REPORT).same
    assert time.process_time() - begun < 1


def test_two_megabytes_take_no_longer_than_their_beginning() -> None:
    begun = time.process_time()
    assert compared(REPORT * 2500, REPORT * 2400).same
    assert time.process_time() - begun < 2


class Shelf:
    """Texts in a list, with a register of their fingers."""

    def __init__(self, texts: list[str]) -> None:
        self.kept = texts
        self.fingers = [set(imprint_of(text).fingers) for text in texts]

    def sharing(self, fingers: Collection[int]) -> Mapping[int, int]:
        """Pieces with how many they share."""
        return Counter({piece: len(own & set(fingers)) for piece, own in enumerate(self.fingers) if own & set(fingers)})

    def texts(self, pieces: Collection[int]) -> dict[int, str]:
        """Their texts."""
        return {piece: self.kept[piece] for piece in pieces}


def test_twins_are_found_on_a_shelf_the_likest_first_and_nothing_else() -> None:
    shelf = Shelf([OTHER, reworded(REPORT), NOTICE, f"{REPORT}\nShare this.", "", NOTICE.replace("海星", "東方儲蓄")])
    assert [twin.piece for twin in twins_among(imprint_of(REPORT), shelf)] == [3, 1]
    assert [twin.piece for twin in twins_among(imprint_of(NOTICE), shelf)] == [2]
    assert twins_among(imprint_of(""), shelf) == []
