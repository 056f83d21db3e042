"""Names recognised by how they are written or what stands beside them, listed or not."""

import re
from collections.abc import Iterator
from functools import cache

from .gazetteer import ordinary_words, read_list
from .kinds import Method, NameKind
from .sentence import Sentence, Span

_CODES = re.compile(
    r"(?<![\w-])(?:"
    r"APT ?-? ?\d{1,3}|(?:T-)?APT-(?:C|Q) ?- ?\d\d|FIN ?\d{1,2}|TA ?\d{3,4}|UNC ?\d{3,5}"
    r"|(?:DEV|Storm|UAC|TG|TAG|ITG|UTA|CL-STA|CL-CRI|STAC) ?- ?\d{3,5}|ITG\d\d|TEMP ?\. ?[A-Z]\w+"
    r")(?![\w])"
)
_BEASTS = re.compile(
    r"\b[A-Z][A-Za-z]+ (?:Panda|PANDA|Bear|BEAR|Kitten|KITTEN|Spider|SPIDER|Chollima|CHOLLIMA|Jackal|JACKAL|Leopard"
    r"|LEOPARD|Tiger|TIGER|Buffalo|BUFFALO|Typhoon|Sleet|Blizzard|Sandstorm|Tempest|Ursa|Libra|Serpens|Pisces"
    r"|Scorpius)\b"
)

_MALWARE = (
    r"malware|ransomware|stealer|infostealer|trojan|backdoor|loader|downloader|dropper|botnet|worm|wiper|rootkit|spyware"
    r"|keylogger|implant|rat"
)
_MALWARE_WORD = re.compile(rf"(?i:{_MALWARE})")
_MALWARE_FOLLOWS = re.compile(
    rf"(?i:(?:{_MALWARE})s?|miner|cryptominer|payloads?|samples?|variants?|binary|binaries|infections?|strains?"
    r"|famil(?:y|ies)|bots?|beacons?|executables?|distribution|affiliates?|operators?|dll|c2s?)"
)
_CHINESE_MALWARE = frozenset(
    {"勒索", "木馬", "木马", "病毒", "後門", "后门", "蠕蟲", "蠕虫", "殭屍", "僵尸", "惡意", "恶意"}
)
_CHINESE_ACTORS = frozenset({"組織", "组织", "集團", "集团", "團夥", "团伙", "駭客", "黑客"})
_ACTOR_WORD = re.compile(r"(?i:group|gang|group's|actors?|crew|cartel|syndicate|collective)")
_TOOL_WORD = re.compile(r"(?i:packer|crypter|cryptor|builder)")
_CALLED = r"(?: (?:known as|called|named|dubbed|such as|like|famil(?:y|ies)|strains?|,))"
_BEFORE = re.compile(
    r"\b(?:(?P<malware>(?:malware|ransomware|trojans?|stealer|backdoor|loader|botnet|RATs?|family|downloader|dropper"
    rf"|worm|wiper|payload|infostealer){_CALLED}*)"
    rf"|(?P<actor>(?:threat actors?|actor|group|gang|APT|APT group|groups){_CALLED}*)"
    rf"|(?P<tool>tools?{_CALLED}+)) (?:the )?(?:[“\"‘'*] )*(?P<name>[A-Z][\w.-]*)"
)
_COMPOUND = re.compile(r"-(?:based|speaking|linked|backed|type|themed|language|related|encoded|style|like|aligned)$")


@cache
def _no_names() -> frozenset[str]:
    return frozenset(word for line in read_list("not_names.txt") for word in line) | ordinary_words()


def coded_actors(sentence: Sentence) -> Iterator[Span]:
    """Attackers that go by a number or by an animal or a weather."""
    for pattern in (_CODES, _BEASTS):
        for start, end in sentence.matches(pattern):
            yield Span(start, end, NameKind.ACTOR, Method.CODE_NAME)


def typed_names(sentence: Sentence) -> Iterator[Span]:
    """Unlisted names whose kind the word beside them tells: "the Xyz stealer", "a loader called Xyz"."""
    for place in range(1, len(sentence)):
        word = sentence.words[place]
        if kind := _told_after(word):
            start = _name_before(sentence, place)
            if start < place and (kind is NameKind.MALWARE or place - start <= 2):
                yield Span(start, place, kind, Method.PATTERN)
    for found in _BEFORE.finditer(sentence.line):
        start, end = sentence.place(*found.span("name"))
        if start not in sentence.addressed and _may_be_name(sentence, start):
            kind = next(NameKind(group) for group in ("malware", "actor", "tool") if found[group])
            yield Span(start, end, kind, Method.PATTERN)


def _told_after(word: str) -> NameKind | None:
    if _MALWARE_WORD.fullmatch(word):
        return NameKind.MALWARE
    if _ACTOR_WORD.fullmatch(word):
        return NameKind.ACTOR
    return NameKind.TOOL if _TOOL_WORD.fullmatch(word) else None


def _name_before(sentence: Sentence, place: int) -> int:
    """Where the run of names right before this word begins."""
    start = place
    while start > 0 and place - start < 3 and _may_be_name(sentence, start - 1):
        start -= 1
    return start


def _may_be_name(sentence: Sentence, place: int) -> bool:
    """A capital, and no word of every day or of the trade."""
    word = sentence.words[place]
    folded = sentence.folded[place]
    return (
        word[0].isupper()
        and len(word) > 2
        and place not in sentence.addressed
        and folded not in _no_names()
        and "." not in word
        and not _COMPOUND.search(folded)
        and not _CODES.fullmatch(word)
    )


def malware_beside(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the word before or after speaks of malicious software."""
    after = sentence.word(end)
    return (
        bool(_MALWARE_FOLLOWS.fullmatch(after))
        or bool(_MALWARE_WORD.fullmatch(sentence.word(start - 1)))
        or after + sentence.word(end + 1) in _CHINESE_MALWARE
    )


def people_follow(sentence: Sentence, place: int) -> bool:
    """Whether the word here speaks of those who run it."""
    return sentence.word(place) in ("operators", "operator", "affiliates", "affiliate")


def group_follows(sentence: Sentence, place: int) -> bool:
    """Whether the word here speaks of a group of people."""
    after = sentence.word(place)
    return bool(_ACTOR_WORD.fullmatch(after)) or after + sentence.word(place + 1) in _CHINESE_ACTORS
