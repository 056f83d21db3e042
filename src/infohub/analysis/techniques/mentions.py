"""Techniques that a text names itself: by id, by the name ATT&CK gives them, or by a Chinese term for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from infohub.analysis.codes import attack_ids_in
from infohub.analysis.techniques.catalogue import ENTERPRISE, Catalogue, Technique, catalogue

BY_ID, BY_NAME, BY_TERM = "id", "name", "term"

MOST = 2_000
"""More mentions than any report has; a list of all ids a thousand times says nothing more."""

_NAMED, _TERMED = 0.9, 0.6
# Names are right about as often as ids are: in TRAM's reports .62 of either are labels of their report, which labels
# what is told and not what is listed. What Chinese terms are worth was not measured.
_CAPITAL = re.compile(r"(?<![\w-])[A-Z][\w/&-]*")
_BEFOREHAND = {"reconnaissance", "resource-development"}
"""Their techniques have names like "IP Addresses", which say nothing where they stand."""

_TERMS = {
    "T1003": "憑證傾印|凭据转储|凭证转储",
    "T1027": "程式碼混淆|代碼混淆|代码混淆",
    "T1053.005": "排程工作|計劃任務|计划任务",
    "T1055": "程序注入|進程注入|进程注入",
    "T1056.001": "鍵盤記錄|鍵盤側錄|键盘记录",
    "T1071.004": "DNS ?隧道",
    "T1110": "暴力破解",
    "T1110.003": "密碼噴灑|密码喷洒",
    "T1110.004": "撞庫|撞库|憑證填充|凭证填充",
    "T1189": "水坑攻擊|水坑攻击",
    "T1195": "供應鏈攻擊|供应链攻击",
    "T1486": "勒索軟件加密|勒索软件加密|加密勒索",
    "T1496": "挖礦|挖矿",
    "T1498": "拒絕服務攻擊|阻斷服務攻擊|拒绝服务攻击",
    "T1505.003": "網頁後門|網站後門|网页后门",
    "T1558.001": "黃金票據|黄金票据",
    "T1558.003": "Kerberoasting ?攻[擊击]",
    "T1566": "釣魚電郵|釣魚郵件|钓鱼邮件|魚叉式釣魚|鱼叉式钓鱼",
    "T1568.002": "網域生成演算法|域名生成算法",
    "T1574.001": "DLL ?(?:側載|侧加载|劫持)",
}
_TERM = re.compile("|".join(f"(?P<{number.replace('.', '_')}>{terms})" for number, terms in _TERMS.items()))


class Mention(NamedTuple):
    """A technique, where it is named, by what, and how sure that is."""

    technique: Technique
    start: int
    end: int
    confidence: float
    method: str


def mentions_in(text: str) -> Iterator[Mention]:
    """Mentions, one kind after the other; ids that ATT&CK gave up are those of what took their place."""
    return islice(_all_mentions(text), MOST)


def _all_mentions(text: str) -> Iterator[Mention]:
    known = catalogue()
    for found in attack_ids_in(text):
        if (technique := known.technique(found.value)) is not None:
            yield Mention(technique, found.start, found.end, 1.0, BY_ID)
    yield from _names_in(text)
    for term in _TERM.finditer(text):
        technique = known.technique((term.lastgroup or "").replace("_", "."))
        if technique is not None:
            yield Mention(technique, *term.span(), _TERMED, BY_TERM)


def _names_in(text: str) -> Iterator[Mention]:
    names = _names()
    for capital in _CAPITAL.finditer(text):
        for name, technique in names.get(capital.group(), ()):
            end = capital.start() + len(name)
            if text.startswith(name, capital.start()) and not text[end : end + 1].isalnum():
                yield Mention(technique, capital.start(), end, _NAMED, BY_NAME)
                break


@cache
def _names() -> Mapping[str, Sequence[tuple[str, Technique]]]:
    """Names of two words and more by their first word, longest first; ICS's only where Enterprise has none such."""
    return names_of(catalogue())


def names_of(known: Catalogue) -> dict[str, list[tuple[str, Technique]]]:
    """The names of a catalogue that are worth looking for."""
    chosen: dict[str, Technique] = {}
    twice: set[str] = set()
    for one in sorted(known.techniques.values(), key=lambda one: (one.domain != ENTERPRISE, one.id)):
        if not one.current or " " not in one.name or not set(one.tactics) - _BEFOREHAND:
            continue
        if one.name in chosen and chosen[one.name].domain == one.domain:
            twice.add(one.name)
        chosen.setdefault(one.name, one)
    by_word: dict[str, list[tuple[str, Technique]]] = {}
    for name in sorted(chosen.keys() - twice, key=lambda name: (-len(name), name)):
        if (first := _CAPITAL.match(name)) is not None:
            by_word.setdefault(first.group(), []).append((name, chosen[name]))
    return by_word
