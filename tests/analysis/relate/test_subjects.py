"""What a piece is about decides what it is related to and which story it goes on with."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import pytest

from infohub.analysis.extract import extract
from infohub.analysis.relate.rarity import Rarity, background, rarity_of
from infohub.analysis.relate.related import Related, related, related_in, telling
from infohub.analysis.relate.stories import JOINS, WINDOW, Told, story_of
from infohub.analysis.relate.subjects import MOST_WORDS, Sort, Subject, Trait, subject_of

KINDS = {
    "Grey Heron": "actor",
    "MudLark": "malware",
    "Reedwarbler": "malware",
    "ropewalk": "tool",
    "Port Authority": "organisation",
}


@dataclass(frozen=True)
class Name:
    """A name as the part that finds names gives it."""

    kind: str
    canonical: str
    start: int


def subject(text: str) -> Subject:
    """The subject of a text in which the names above were found, the first as many times as it stands there."""
    found = [
        Name(kind, name, place)
        for name, kind in KINDS.items()
        for place in range(len(text))
        if text.startswith(name, place)
    ]
    return subject_of(text, extract(text), found)


class Register:
    """Subjects in a list."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.subjects = [subject(text) for text in texts]
        self.counted = Counter(key for one in self.subjects for key in one.keys)

    def pieces(self) -> int:
        """How many."""
        return len(self.subjects)

    def having(self, keys: Collection[str]) -> Mapping[str, int]:
        """How many have each."""
        return {key: self.counted[key] for key in keys if key in self.counted}

    def with_any(self, keys: Collection[str], *, most: int) -> Iterable[tuple[int, Subject]]:
        """Those with one of them."""
        return [(piece, one) for piece, one in enumerate(self.subjects) if one.keys & set(keys)][:most]


MUDLARK = "Grey Heron sends MudLark to ports.\nThe loader MudLark waits for a week, then fetches ropewalk from hxxp://tide[.]example."
SHELF = [
    "Grey Heron is back: the group now prefers cranes to ships and sells what it finds.",
    "Reedwarbler steals passwords from browsers of accountants. It comes by mail with an invoice.",
    "Clinics share what they learnt when the loader MudLark came by post; Port Authority helped.",
    "A guide to tabletop exercises for boards.",
    "Administrators may use ropewalk to keep sessions open; so may others.",
]


def close(text: str, shelf: list[str]) -> list[Related]:
    """What is related to a text on a shelf, closest first."""
    return related_in(Register(shelf), subject(text), besides=())


def test_what_is_named_counts_before_words_and_is_said() -> None:
    found = close(MUDLARK, SHELF)
    assert [one.piece for one in found[:2]] == [2, 0]
    assert [trait.shown for trait in found[0].shares] == ["MudLark"]
    assert [trait.shown for trait in found[1].shares] == ["Grey Heron"]
    assert 3 not in [one.piece for one in found if one.shares]
    assert next(one for one in found if one.piece == 4).score < found[1].score / 2  # a tool is in everybody's hands


def test_a_vulnerability_or_an_indicator_is_shared_however_it_is_written() -> None:
    digest = sha256(b"mudlark").hexdigest()
    shelf = ["Patch CVE-2031-5150 now.", f"Block {digest.upper()} at the border.", "Nothing of the kind."]
    found = close(f"Seen with cve 2031 5150 as {digest}", shelf)
    assert [(one.piece, [trait.sort for trait in one.shares]) for one in found] == [
        (0, [Sort.CVE]),
        (1, [Sort.INDICATOR]),
    ]


def test_a_piece_is_not_related_to_itself_and_an_empty_one_to_nothing() -> None:
    register = Register(SHELF)
    assert 0 not in [one.piece for one in related_in(register, register.subjects[0], besides=[0])]
    assert related_in(register, subject(""), besides=()) == []
    assert related(subject(""), enumerate(register.subjects), Rarity(0, {})) == []


def test_what_every_piece_has_tells_nothing() -> None:
    keys = frozenset({"name:mudlark"})
    assert rarity_of(keys, Register([MUDLARK] * 200)).of_trait("name:mudlark") < 0.1
    assert rarity_of(keys, Register(SHELF)).of_trait("name:mudlark") > 0.8
    assert Rarity(0, {}).of_word("the") < 0.05
    assert Rarity(0, {}).of_word("mudlark") > 0.9
    assert Rarity(1000, {"mudlark": 900}).of_word("mudlark") < 0.2


def test_a_title_and_what_a_text_keeps_coming_back_to_are_its_main_traits() -> None:
    about = subject(f"Grey Heron again\n{'They went on. ' * 60}MudLark, MudLark, MudLark. Reedwarbler too.")
    assert {trait.shown for trait in about.main} == {"Grey Heron", "MudLark"}
    assert Trait(Sort.NAME, "reedwarbler", "any way of writing it") in about.traits


def test_known_decoys_are_no_traits() -> None:
    assert subject("See 10.0.0.7, 192.0.2.1 and 8.8.8.8.").traits == frozenset()


STORY = [
    "MudLark hits Port Authority\nCranes of the Port Authority stand still after MudLark came with an invoice.",
    "Port Authority restores its cranes\nA week after MudLark the Port Authority moves containers again.",
    "Reedwarbler in tax offices\nAccountants lose passwords to Reedwarbler, which arrives as a form.",
]


def told(*days: int) -> list[Told]:
    """The first pieces, each a story of its own."""
    return [Told(story, day, subject(STORY[story])) for story, day in enumerate(days)]


def goes_on_with(text: str, day: int, before: list[Told]) -> int | None:
    """The story a text joins, where nothing else is known."""
    about = subject(text)
    assert story_of(about, day, before, Rarity(0, {})) == story_of(about, day, before[::-1], Rarity(0, {}))
    return story_of(about, day, before, Rarity(0, {}))


def test_a_piece_goes_on_with_the_story_of_its_happening_and_no_other() -> None:
    before = [told(1, 0)[0], Told(2, 3, subject(STORY[2]))]
    assert goes_on_with(STORY[1], 7, before) == 0
    assert goes_on_with("A guide to tabletop exercises for boards.", 7, before) is None
    assert goes_on_with("", 7, before) is None
    assert goes_on_with(STORY[1], 7, []) is None


def test_a_story_ends_when_nothing_was_heard_of_it_for_long() -> None:
    assert goes_on_with(STORY[1], WINDOW // 2, told(0)) == 0
    assert goes_on_with(STORY[1], WINDOW + 1, told(0)) is None


def test_two_vulnerabilities_of_one_product_are_one_story_only_when_they_came_out_together() -> None:
    one = "Shopfront Basket Improper Login Vulnerability\nShopfront Basket has a flaw in its login. CVE-2031-1001"
    other = "Shopfront Basket Path Traversal Vulnerability\nShopfront Basket has a flaw in its paths. CVE-2031-1002"
    before = [Told(7, 0, subject(one))]
    assert goes_on_with(other, 2, before) == 7
    assert goes_on_with(other, 30, before) is None
    assert goes_on_with(other.replace("1002", "1001"), 30, before) == 7


@pytest.mark.parametrize(
    "odd", ["", "\x00\xff", "[" * 20_000, "安全通報" * 5000, "\ud800", "word " * 400_000], ids=range(6)
)
def test_odd_texts_are_inert_and_small(odd: str) -> None:
    begun = time.process_time()
    about = subject_of(odd, (), ())
    assert len(about.words) <= MOST_WORDS
    assert story_of(about, 0, told(0), Rarity(0, {})) is None
    assert len(telling(about, Rarity(0, {}))) <= 24
    assert time.process_time() - begun < 1


def test_chinese_pieces_are_related_in_both_scripts() -> None:
    shelf = ["網絡釣魚短訊冒充快遞公司，騙取信用卡資料", "保安更新：請立即安裝", "A guide for boards"]
    assert close("网络钓鱼短信冒充快递公司，骗取信用卡资料", shelf)[0].piece == 0


def test_the_background_is_small_and_knows_usual_words() -> None:
    usual = background()
    assert usual.texts > 100
    assert usual.rarity("malware") < usual.rarity("wallet") < usual.rarity("harbourmaster") <= 1
    assert 0 < JOINS < 1
