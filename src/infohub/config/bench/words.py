"""Invented texts for the bench: words as frequent as in a language, some of them rare, some Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from infohub.analysis.tokens import search_text

COMMON, RARE, CHINESE = "phishing", "zirconwharf", "釣魚網站"
RARE_EVERY, COMMON_EVERY, CHINESE_EVERY = 9973, 5, 10
STORIES = 1500
_SYLLABLES = "ba ko ri ten dal mor sho pin wek lua gri fon tam ser vol hen jut cas".split()
_CHINESE = "伺服器帳戶電郵付款銀行供應商更新漏洞攻擊防護備份密碼登入通知會員報告網絡系統"


@dataclass(frozen=True, slots=True)
class Story:
    """A text, its language, and the words search knows it by."""

    language: str
    body: str
    tokens: str


def stories(random: Random) -> list[Story]:
    """Texts that several pieces share; each piece adds its own title and address."""
    vocabulary = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(4000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    return [_story(random, vocabulary, weights, number) for number in range(STORIES)]


def _story(random: Random, vocabulary: list[str], weights: list[float], number: int) -> Story:
    if number % CHINESE_EVERY == 0:
        body = "。".join("".join(random.choices(_CHINESE, k=24)) for _ in range(12)) + f"。{CHINESE}已封鎖。"
        return Story("zh-hant", body, search_text(body))
    words = random.choices(vocabulary, weights, k=random.randint(90, 220))
    if number % COMMON_EVERY == 1:
        words[3] = COMMON
    body = ". ".join(" ".join(words[at : at + 12]).capitalize() for at in range(0, len(words), 12))
    return Story("en", body, search_text(body))


def title(random: Random, number: int) -> str:
    """A title of its own for each piece."""
    words = ["".join(random.choices(_SYLLABLES, k=3)) for _ in range(4)]
    return " ".join([*words, RARE] if number % RARE_EVERY == 1 else words).capitalize()


def address(number: int) -> str:
    """The indicator of a piece: a documentation address that three pieces or so share."""
    number //= 3
    return f"2001:db8:{number >> 16 & 0xFFFF:x}::{number & 0xFFFF:x}"
