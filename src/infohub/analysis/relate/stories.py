"""Stories: pieces that tell of one happening as it goes on, put together one after the other as they come."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from infohub.analysis.relate.closeness import Weighed, shared
from infohub.analysis.relate.rarity import Rarity
from infohub.analysis.relate.subjects import Sort, Subject

WINDOW = 60
"""Days after its latest piece that a story still takes one."""

JOINS = 0.22
_MAIN, _MOST_MAIN = 0.2, 1.2
_SOON, _FADES, _OTHER_CVE = 5, 120, 0.3


@dataclass(frozen=True, slots=True)
class Told:
    """A piece that belongs to a story already; days are counted from anywhere."""

    story: int
    day: int
    subject: Subject


def story_of(subject: Subject, day: int, told: Iterable[Told], rarity: Rarity) -> int | None:
    """The story that goes on with this piece, or none: then it begins one. The same pieces give the same answer."""
    weighed = Weighed(subject, rarity)
    closeness: dict[int, list[float]] = defaultdict(list)
    latest: dict[int, int] = {}
    for one in told:
        closeness[one.story].append(_close(weighed, Weighed(one.subject, rarity), abs(day - one.day), rarity))
        latest[one.story] = max(one.day, latest.get(one.story, one.day))
    # The closest piece and all of them count alike: a chain of neighbours must not carry a story to another subject.
    scores = {story: (max(each) + sum(each) / len(each)) / 2 for story, each in closeness.items()}
    open_still = [story for story in scores if day - latest[story] <= WINDOW and scores[story] >= JOINS]
    return max(open_still, key=lambda story: (scores[story], -story), default=None)


def _close(one: Weighed, other: Weighed, days: int, rarity: Rarity) -> float:
    mainly = sum(rarity.of_trait(trait.key) ** 2 for trait in shared(one.subject.main, other.subject.main))
    close = one.by_words(other) + _MAIN * min(mainly, _MOST_MAIN)
    if days <= _SOON:
        return close
    close *= 1 - min(days, _FADES) / _FADES
    return close * _OTHER_CVE if _other_vulnerability(one.subject, other.subject) else close


def _other_vulnerability(one: Subject, other: Subject) -> bool:
    """Whether both speak of vulnerabilities and of none together: what came out at once may still be one story."""
    here, there = one.of(Sort.CVE), other.of(Sort.CVE)
    return bool(here and there) and here.isdisjoint(there)
