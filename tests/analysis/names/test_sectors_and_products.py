"""Sectors and products have one name each, whatever a text calls them, and a programme's own sectors are met by it."""

import pytest

from infohub.analysis.names.kinds import NameKind
from infohub.analysis.names.products import product, products_in
from infohub.analysis.names.sectors import own_sectors, sectors_in

PROGRAMME = {
    "finance": ("Finance and insurance", "金融及保險", "金融及保险"),
    "health": ("Healthcare", "醫療護理", "医疗护理"),
    "utilities": ("Utilities and transport", "公用事業及運輸", "公用事业及运输"),
    "education": ("Education and public services", "教育及公共服務", "教育及公共服务"),
}


def sectors(text: str) -> set[str]:
    """The ids of the sectors that a text names."""
    return {found.sector for found in sectors_in(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two banks and a hospital were hit.", {"finance", "health"}),
        ("The energy, mining and media sectors are warned.", {"energy", "manufacturing", "media"}),
        ("銀行及大學收到可疑電郵", {"finance", "education"}),
        ("银行及大学收到可疑邮件", {"finance", "education"}),
        ("航空公司與電訊商", {"transport", "communications"}),
        ("Social engineering on removable media, mining of coins on open ports, an energy drink.", set()),
        ("", set()),
    ],
)
def test_a_sector_is_told_by_its_words_and_not_by_words_that_mean_other_things_too(text: str, found: set[str]) -> None:
    assert sectors(text) == found


def test_a_sector_says_where_it_stands() -> None:
    text = "A letter to hospitals."
    (found,) = sectors_in(text)
    assert text[found.start : found.end] == "hospitals"


def test_a_programme_calls_its_sectors_as_it_likes_and_has_not_all_of_ours() -> None:
    own = own_sectors(PROGRAMME)
    assert own["transport"] == own["water"] == ("utilities",)
    assert own["government"] == own["education"] == ("education",)
    assert own["finance"] == ("finance",)
    assert "retail" not in own
    assert {key for keys in own.values() for key in keys} <= set(PROGRAMME)
    assert own_sectors({"other": ("Whatever else", "其他")}) == {}
    assert own_sectors({"banks": ("Banking",), "funds": ("Insurance",)})["finance"] == ("banks", "funds")


def test_a_product_has_one_name_with_its_maker() -> None:
    text = "Patch Exchange Server, ESXi and FortiGate today; Windows can wait."
    names = [(name.kind, name.canonical) for name in products_in(text)]
    assert names == [
        (NameKind.PRODUCT, "Microsoft Exchange Server"),
        (NameKind.PRODUCT, "VMware ESXi"),
        (NameKind.PRODUCT, "Fortinet FortiOS"),
        (NameKind.PRODUCT, "Microsoft Windows"),
    ]
    assert all(text[name.start : name.end] == name.surface for name in products_in(text))


def test_words_of_every_day_are_no_products() -> None:
    assert not products_in("Our teams exchange an outlook on the edge of the office; open the windows.")
    assert product("unheard of") == ""
    assert product("MS Exchange") == "Microsoft Exchange Server"
