"""What comes in from outside as stories of the day, those first that concern the reader, and a draft made of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from infohub.analysis.document import Document
from infohub.analysis.names.sectors import sectors_in
from infohub.analysis.relate.rarity import Rarity
from infohub.analysis.relate.stories import Told, story_of
from infohub.analysis.relate.subjects import Subject
from infohub.analysis.summarise import summary_of
from infohub.analysis.tokens import query_terms, search_text
from infohub.assist.relations import marks_of
from infohub.assist.sectors import keys_of
from infohub.delivery.models import Rule
from infohub.intel.arrivals import Report, arrived
from infohub.members.models import LANGUAGE_CHOICES, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import Text
from infohub.sharing.models import TITLE_CHARACTERS, ItemKind
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

DAYS, MOST = 3, 60
_KEPT = DAYS * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of a report so that it is read once, whoever looks: it follows from its own words alone.

    `sectors` are the analysis' own; which of the programme's cover them is asked when somebody looks.
    """

    subject: Subject
    sectors: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one happening, the newest first; by the names of rules and sectors it concerns the reader."""

    reports: tuple[Report, ...]
    rules: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    @property
    def first(self) -> Report:
        return self.reports[0]

    @property
    def sources(self) -> int:
        return len({report.source for report in self.reports})

    @property
    def summary(self) -> str:
        """Sentences of the newest report that has some, as they stand there; the beginning of a short one."""
        text = next((report.text for report in self.reports if report.text.strip()), "")
        spans = summary_of(Document(text))
        return " ".join(" ".join(text[start:end].split()) for start, end in spans) or " ".join(text.split())[:600]


def stories_for(viewer: Viewer) -> list[Story]:
    """What came in the last days: first what concerns the viewer, then what several tell, then the newest.

    All of it, what is rare included, is found out from what this viewer may read.
    """
    reports = arrived(viewer, since=now() - timedelta(days=DAYS), most=MOST)
    known = _known(reports)
    watched = _watched(viewer)
    stories = [_concerning(story, known, watched) for story in _together(reports, known)]
    return sorted(stories, key=_weight, reverse=True)


def story_with(viewer: Viewer, stix_id: str) -> Story | None:
    """The viewer's story that has this report."""
    stories = stories_for(viewer)
    return next((story for story in stories if any(report.stix_id == stix_id for report in story.reports)), None)


def draft_of(story: Story) -> Text:
    """The words of a draft about it: sentences of the newest report, and whose they are. The strictest level counts."""
    quoted = "\n".join(f"> {line}" for line in story.summary.splitlines())
    cited = "\n".join(f"- {_cited(report)}" for report in story.reports)
    language = story.first.language
    return Text(
        kind=ItemKind.ADVISORY if any(report.is_advisory for report in story.reports) else ItemKind.NEWS,
        title=story.first.title[:TITLE_CHARACTERS],
        body="\n\n".join(part for part in (quoted, _("Sources:"), cited) if part),
        language=language if language in dict(LANGUAGE_CHOICES) else "en",
        tlp=max(Tlp.AMBER, *(report.tlp for report in story.reports)),
    )


def _cited(report: Report) -> str:
    name = report.source or _("a source outside")
    return f"{name}: {report.title}" + (f", {report.url}" if report.url else "")


def _weight(story: Story) -> tuple[bool, int, float]:
    return bool(story.rules or story.sectors), story.sources, story.first.published.timestamp()


def _known(reports: Sequence[Report]) -> Mapping[str, _Known]:
    """By digest; a report is read when it is first shown to anybody, and its words never change."""
    keys = {_key("report", report.digest): report for report in reports}
    there: dict[str, _Known] = cache.get_many(keys)
    new = {key: _read(report) for key, report in keys.items() if key not in there}
    if new:
        cache.set_many(new, _KEPT)
    return {keys[key].digest: one for key, one in (there | new).items()}


def _read(report: Report) -> _Known:
    text = report.whole
    named = frozenset(one.sector for one in sectors_in(text))
    return _Known(marks_of(Document(text)).subject, named, frozenset(search_text(text).split()))


def _together(reports: Sequence[Report], known: Mapping[str, _Known]) -> list[tuple[Report, ...]]:
    """The reports story by story. What was put together is kept for exactly these reports, whoever may read them."""
    key = _key("stories", *sorted(report.digest for report in reports))
    places: dict[str, int] | None = cache.get(key)
    if places is None:
        places = _places(sorted(reports, key=lambda report: (report.published, report.stix_id)), known)
        cache.set(key, places, _KEPT)
    stories: dict[int, list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.published, reverse=True):
        stories.setdefault(places[report.digest], []).append(report)
    return [tuple(story) for story in stories.values()]


def _places(reports: Sequence[Report], known: Mapping[str, _Known]) -> dict[str, int]:
    """The number of each report's story, told by nothing but the reports before it."""
    having = Counter(key for report in reports for key in known[report.digest].subject.keys)
    rarity, told = Rarity(len(reports), having), list[Told]()
    places = {}
    for number, report in enumerate(reports):
        subject, day = known[report.digest].subject, report.published.toordinal()
        found = story_of(subject, day, told, rarity)
        places[report.digest] = number if found is None else found
        told.append(Told(places[report.digest], day, subject))
    return places


@dataclass(frozen=True, slots=True)
class _Watched:
    """What concerns a person: running rules that a report could meet, and the organisation's sectors by key.

    `covers` says which of the programme's sectors cover those that analysis tells apart.
    """

    rules: Sequence[Rule]
    sectors: Mapping[str, str]
    covers: Mapping[str, Sequence[str]]

    def named(self, told: _Known) -> set[str]:
        """The programme's sectors that a report names."""
        return {key for one in told.sectors for key in self.covers.get(one, ())}


def _watched(viewer: Viewer) -> _Watched:
    rules = Rule.objects.filter(person=viewer.person, paused_at=None, groups=None).prefetch_related("sectors")
    asking = [rule for rule in rules if rule.words or rule.sectors.all()]
    rows = {sector.key: sector for sector in Sector.objects.all()}
    own = {key: sector.name for key, sector in rows.items() if sector.pk in viewer.sectors}
    return _Watched(asking, own, keys_of(rows))


def _concerning(reports: tuple[Report, ...], known: Mapping[str, _Known], watched: _Watched) -> Story:
    """The story with why it concerns the reader. Severity is not asked: outside nobody rates as members do."""
    told = [known[report.digest] for report in reports]
    named = {key for one in told for key in watched.named(one)}
    met = tuple(rule.name for rule in watched.rules if any(_meets(rule, one, watched.named(one)) for one in told))
    return Story(reports, met, tuple(name for key, name in watched.sectors.items() if key in named))


def _meets(rule: Rule, told: _Known, named: set[str]) -> bool:
    """Whether a report has all words of the rule and names one of its sectors; a rule for other kinds asks for none."""
    if rule.kinds and not {ItemKind.NEWS, ItemKind.ADVISORY} & set(rule.kinds):
        return False
    sectors = {sector.key for sector in rule.sectors.all()}
    return set(query_terms(rule.words)) <= told.terms and (not sectors or bool(sectors & named))


def _key(*parts: str) -> str:
    return f"incoming:{settings.VERSION}:{parts[0]}:{sha256(' '.join(parts[1:]).encode()).hexdigest()}"
