"""A text that names a technique is believed: ids as they are now, names as ATT&CK writes them, Chinese terms."""

import pytest

from infohub.analysis.techniques.catalogue import catalogue
from infohub.analysis.techniques.mentions import BY_ID, BY_NAME, BY_TERM, mentions_in


def named(text: str) -> list[tuple[str, str, str]]:
    return [(one.technique.id, text[one.start : one.end], one.method) for one in mentions_in(text)]


def test_an_id_is_confirmed_as_it_is() -> None:
    text = "They ran scripts (T1059.001), see also T0859."
    assert named(text) == [("T1059.001", "T1059.001", BY_ID), ("T0859", "T0859", BY_ID)]
    assert {one.confidence for one in mentions_in(text)} == {1.0}


def test_an_id_that_attack_gave_up_is_that_of_its_successor() -> None:
    assert named("Side-loading (T1574.002) was seen.") == [("T1574.001", "T1574.002", BY_ID)]


@pytest.mark.parametrize(
    "text", ["T10591", "XT1059", "TA0001 is a tactic", "T1999 is nothing", "S0154 is software", ""]
)
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert named(text) == []


def test_a_name_counts_as_it_is_written_and_longer_names_first() -> None:
    assert named("Mitigate Process Hollowing, and Windows Management Instrumentation Event Subscription.") == [
        ("T1055.012", "Process Hollowing", BY_NAME),
        ("T1546.003", "Windows Management Instrumentation Event Subscription", BY_NAME),
    ]


@pytest.mark.parametrize(
    "text", ["Our Server and its Domains", "IP Addresses:", "process hollowing", "Data from Local Systems"]
)
def test_common_words_and_other_spellings_are_no_names(text: str) -> None:
    assert named(text) == []


def test_chinese_terms_are_found_in_both_scripts() -> None:
    assert named("黑客以撞庫登入,再植入網頁後門;受害者收到钓鱼邮件。") == [
        ("T1110.004", "撞庫", BY_TERM),
        ("T1505.003", "網頁後門", BY_TERM),
        ("T1566", "钓鱼邮件", BY_TERM),
    ]


def test_the_catalogue_knows_parents_tactics_and_its_notice() -> None:
    known = catalogue()
    hollowing = known.techniques["T1055.012"]
    assert (hollowing.parent, known.full_name("T1055.012")) == ("T1055", "Process Injection: Process Hollowing")
    assert known.full_name("T4711") == ""
    assert known.technique("t1055") is known.techniques["T1055"]
    assert known.technique("T4711") is None
    assert "MITRE" in known.notice
    keys = {(tactic.domain, tactic.key) for tactic in known.tactics}
    assert all((one.domain, key) in keys for one in known.techniques.values() if one.current for key in one.tactics)
    assert all(one.parent in known.techniques for one in known.techniques.values() if one.parent)
