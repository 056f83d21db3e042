"""The owner's card in a Markdown text, by written rules: opening, first steps, what each reader should do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"#{1,6}[ \t]+(?P<words>.+?)[ \t#]*")
_POINT = re.compile(r"[ \t]{0,3}(?:[-*+]|[0-9]{1,2}[.)])[ \t]+(?P<words>.+)")
_NO_PROSE = re.compile(r"\s*(?:[|>`~#-]|\d{1,2}[.)]\s|\*\s|<)")

_STEPS = ("do this first", "先做這幾件事", "請先這樣做", "请先这样做", "先做这几件事")
_EVERYONE = ("everyone", "everyone else", "everybody", "the public", "公眾", "公众", "市民", "所有人")
_FIRMS = (
    *("shops and small firms", "for shops and small firms", "small firms", "for small firms", "for owners"),
    *("for shop owners", "商戶", "商户", "店主", "中小企", "中小企业", "企业负责人", "商戶及中小企"),
)
_HEADINGS = {
    "en": ("Small firms", "Do this first"),
    "zh-hant": ("中小企", "請先這樣做"),
    "zh-hans": ("中小企业", "请先这样做"),
}
_TEAMS = ("security teams", "for security teams", "保安團隊", "保安团队", "安全团队", "資訊保安團隊")


@dataclass(frozen=True, slots=True)
class Card:
    """Pieces of the text as they stand in it, with their Markdown; empty where the text has none."""

    opening: str
    steps: tuple[str, ...]
    everyone: str
    small_firms: str
    teams: str


def card_of(text: str) -> Card:
    """The card as far as headings of the text name its parts."""
    sections = dict(reversed(list(_sections(text))))  # of two with one heading the first counts
    return Card(
        opening=_paragraph(sections.get("", "")),
        steps=tuple(_points(_first(sections, _STEPS))),
        everyone=_advice(_first(sections, _EVERYONE)),
        small_firms=_advice(_first(sections, _FIRMS)),
        teams=_advice(_first(sections, _TEAMS)),
    )


def has_card(text: str) -> bool:
    """Whether the text says already what small firms should know, or what to do first."""
    card = card_of(text)
    return bool(card.steps or card.small_firms)


def with_card(text: str, *, language: str, opening: str, steps: Sequence[str]) -> str:
    """The text with a card: under its headings where they stand empty, else at the end; in the words given alone."""
    firms, first = _HEADINGS.get(language, _HEADINGS["en"])
    if opening:
        text = _put(text, _FIRMS, firms, opening)
    return _put(text, _STEPS, first, "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))


def _put(text: str, names: tuple[str, ...], heading: str, content: str) -> str:
    lines = text.rstrip().splitlines()
    for number, line in enumerate(lines):
        found = _HEADING.fullmatch(line.rstrip())
        if found and found["words"].strip("：:").lower() in names and _is_empty(lines[number + 1 :]):
            return "\n".join((*lines[: number + 1], "", content, *lines[number + 1 :])) + "\n"
    return "\n".join((*lines, "", f"## {heading}", "", content)) + "\n"


def _is_empty(below: Sequence[str]) -> bool:
    """Whether nothing stands before the next heading."""
    standing = next((line for line in below if line.strip()), "#")
    return standing.startswith("#")


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Headings in small letters with what stands under each; what stands before the first has none."""
    heading, lines = "", list[str]()
    for line in text.splitlines():
        found = _HEADING.fullmatch(line.rstrip())
        if found is None:
            lines.append(line)
        else:
            yield heading, "\n".join(lines)
            heading, lines = found["words"].strip("：:").lower(), []
    yield heading, "\n".join(lines)


def _first(sections: dict[str, str], names: tuple[str, ...]) -> str:
    return next((sections[name] for name in names if name in sections), "")


def _advice(section: str) -> str:
    """The first paragraph of a section, else its first point."""
    return _paragraph(section) or next(_points(section), "")


def _paragraph(section: str) -> str:
    blocks = re.split(r"\n[ \t]*\n", section.strip("\n"))
    return next((" ".join(block.split()) for block in blocks if block.strip() and not _NO_PROSE.match(block)), "")


def _points(section: str) -> Iterator[str]:
    for line in section.splitlines():
        if found := _POINT.fullmatch(line):
            yield found["words"].strip()
