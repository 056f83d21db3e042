"""An organisation's names, people, machines and numbers, however somebody writes them."""

import pytest

from infohub.analysis.redact import Known, Trace, own_remarks

OWN = Known(
    (
        "Tai Ping Ferry (Hong Kong) Company Limited 太平渡輪（香港）有限公司",
        "Kwun Lung Precision Ltd.",
        "St. Mary's Clinic",
        "Sunrise Eldercare Foundation",
        "Orchid Limited",
    ),
    ("taipingferry.com.hk", "klp-precision.hk"),
    ("Chan Tai Man 陳大文", "Grace Yeung Sze Wan", "Wong Ka-yan", "Peter O'Neill"),
)


def found(text: str) -> list[tuple[Trace, str]]:
    remarks = own_remarks(text, OWN)
    assert all(text[one.start : one.end] == one.text for one in remarks)
    return [(one.trace, one.text) for one in remarks]


@pytest.mark.parametrize(
    "name",
    [
        "Tai Ping Ferry",
        "TAI PING FERRY",
        "TaiPing Ferry",
        "Tai Ping Ferry (Hong Kong) Company Limited",
        "Ｔａｉ　Ｐｉｎｇ　Ｆｅｒｒｙ",
        "太平渡輪",
        "太平渡轮",
        "太平渡輪有限公司",
        "太平渡輪（香港）有限公司",
        "Kwun Lung\nPrecision Limited",
        "St Mary’s Clinic",
        "Sunrise Eldercare",
        "Orchid Limited",
        "ORCHID",
        "KLP",
    ],
)
def test_a_name_is_found_in_any_script_case_and_length(name: str) -> None:
    assert found(f"Yesterday {name} was hit.") == [(Trace.ORGANISATION, name)]


@pytest.mark.parametrize(
    "name",
    [
        "Chan Tai Man",
        "CHAN Tai-man",
        "Tai Man Chan",
        "Taiman Chan",
        "chan.taiman",
        "T.M. Chan",
        "Chan T. M.",
        "陳大文",
        "陈大文",
        "陳 大文",
        "Grace Yeung",
        "Yeung Sze Wan, Grace",
        "Grace Sze Wan Yeung",
        "Wong Kayan",
        "Ka Yan Wong",
        "Peter O’Neill",
        "O'Neill, Peter",
        "Yeung Grace",
        "Grace S.W. Yeung",
        "Yeung Szewan",
        "Kayan Wong",
        "S. W. Yeung",
    ],
)
def test_a_person_is_found_in_any_order(name: str) -> None:
    assert found(f"Ask {name} about it.") == [(Trace.PERSON, name)]


@pytest.mark.parametrize(
    "name",
    [
        "TPF-FS01",
        "TPFDC01",
        "tpf-dc-02",
        "tpf-vpn",
        "KLP-ERP-PROD",
        "klpmail01",
        "taipingferry-dc1",
        "TPF\\chantm",
        "HKG1-PACS-07",
        "WARD7-PC3",
        "DESKTOP-7F3K2L1",
        "SRV_DC_01",
        "srv-web-03",
        "HKGDC01",
        "hk-tpf-fs2",
        "TPF-LT-0231-FIN",
        "tpf-lt-031-a",
        "TPF\\FS02$",
    ],
)
def test_a_machine_is_found_by_its_beginning_or_by_its_looks(name: str) -> None:
    assert found(f"It began on {name}, which was old.") == [(Trace.HOST, name)]


def test_a_machine_is_found_where_a_path_begins_and_where_the_text_says_what_it_is_called() -> None:
    assert found("copied to \\\\WARD7-PC3\\c$\\temp\\a.exe") == [(Trace.HOST, "WARD7-PC3")]
    assert found("Host name: ACCTPC07") == [(Trace.HOST, "ACCTPC07")]


@pytest.mark.parametrize(
    ("text", "trace", "told"),
    [
        ("ring +852 23456789 now", Trace.PHONE, "+852 23456789"),
        ("ring (+852) 2345 6789 now", Trace.PHONE, "(+852) 2345 6789"),
        ("ring 852-23456789 now", Trace.PHONE, "852-23456789"),
        ("Tel: 23456789", Trace.PHONE, "23456789"),
        ("電話：２３４５　６７８９", Trace.PHONE, "２３４５　６７８９"),
        ("Hotline: 800 900 123", Trace.PHONE, "800 900 123"),
        ("holder of A 123456 (3)", Trace.IDENTITY, "A 123456 (3)"),
        ("holder of a123456(3)", Trace.IDENTITY, "a123456(3)"),
        ("holder of Ａ１２３４５６（３）", Trace.IDENTITY, "Ａ１２３４５６（３）"),
        ("in 10.20.x.x only", Trace.INSIDE, "10.20.x.x"),
        ("from \\\\10.20.0.5\\c$", Trace.INSIDE, "10.20.0.5"),
        ("as admin@ad.tpf.local", Trace.INSIDE, "admin@ad.tpf.local"),
        ("at taipingferry.sharepoint.com", Trace.DOMAIN, "taipingferry.sharepoint.com"),
        ("at taipingferry-my.sharepoint.com", Trace.DOMAIN, "taipingferry-my.sharepoint.com"),
        ("by taipingferry.slack.com", Trace.DOMAIN, "taipingferry.slack.com"),
        ("for *.taipingferry.com.hk", Trace.DOMAIN, "*.taipingferry.com.hk"),
        ("as taipingferry.com.hk\\chantm", Trace.DOMAIN, "taipingferry.com.hk\\chantm"),
        ("at https://evil.example/taipingferry.com.hk/owa", Trace.DOMAIN, "taipingferry.com.hk"),
        ("in \\\\dc01.tpf.local\\SYSVOL", Trace.INSIDE, "dc01.tpf.local"),
        ("in OU=IT,DC=tpf,DC=local", Trace.INSIDE, "DC=tpf,DC=local"),
        ("on 10.20.0.10-20 only", Trace.INSIDE, "10.20.0.10-20"),
        ("on 192.168.10.xxx only", Trace.INSIDE, "192.168.10.xxx"),
        ("in C:\\Users\\chantm\\Downloads", Trace.PERSON, "chantm"),
        ("ring +44 (0)20 7946 0958 now", Trace.PHONE, "+44 (0)20 7946 0958"),
        ("ring +852 - 2345 6789 now", Trace.PHONE, "+852 - 2345 6789"),
        ("holder of A123456-3", Trace.IDENTITY, "A123456-3"),
        ("holder of A-123456［3］", Trace.IDENTITY, "A-123456［3］"),
    ],
)
def test_numbers_and_inside_names_are_found_in_more_than_one_form(text: str, trace: Trace, told: str) -> None:
    assert found(text) == [(trace, told)]


@pytest.mark.parametrize(
    "text",
    [
        "the ferry of Tai Po, an orchid, and the sunrise",
        "the change of Chan and the man of Peter",
        "sha256 and TLS1.3 and MD5 in 2010-2019, and 2019 2020",
        "the case 23456789 was closed",
        "FIN7, APT29 and TA505 used win-app-64 and x86-64",
        "www.localnews.com and mail.corporate.com",
        "klp.txt of another",
        "in C:\\Users\\administrator, /home/change and /home/chan",
        "https://evil.example/nottaipingferry.com.hk and https://evil.example/xtaipingferry.com.hk.example",
        "another.slack.com, and DC=corp,DC=example",
        "versions 10.1.2-3 and 10.0.19041.10-20",
        "hk-tpo-orchid and part A123456-4",
    ],
)
def test_words_and_numbers_of_others_are_left_alone(text: str) -> None:
    assert found(text) == []
