"""The public's words in one language as a value, and what they must have before an owner is asked to consent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from django.utils.translation import gettext as _

from infohub.analysis.card import card_of
from infohub.analysis.tokens import simplified
from infohub.releases.models import Origin, Wording
from infohub.releases.refusals import WordingError
from infohub.sharing.models import Item
from infohub.support.markdown import plain

_SUMMARY = 240
_MOST = {
    "title": 300,
    "summary": 400,
    "everyone": 400,
    "small_firms": 400,
    "teams": 400,
    "body": 100_000,
}
_REQUIRED = ("title", "summary", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Title, summary, what to do for three kinds of readers, and the text."""

    language: str
    title: str
    summary: str
    body: str
    everyone: str = ""
    small_firms: str = ""
    teams: str = ""
    origin: str = Origin.HUMAN.value


def words_of(item: Item) -> Words:
    """The piece's own words; its card is filled as far as headings of the text say for whom a part is."""
    card = card_of(item.body)
    return Words(
        language=item.language,
        title=item.title,
        summary=plain(card.opening or item.body, _SUMMARY) or item.title,
        everyone=plain(card.everyone, _MOST["everyone"]),
        small_firms=plain(card.small_firms, _MOST["small_firms"]),
        teams=plain(card.teams, _MOST["teams"]),
        body=item.body,
    )


def words_in(text: Wording) -> Words:
    """The words of a row."""
    return Words(**{name: getattr(text, name) for name in Words.__dataclass_fields__})


def checked(texts: Iterable[Words]) -> list[Words]:
    """The same words when each language is complete, stands once and fits; raises WordingError otherwise."""
    complete = list(texts)
    if not complete:
        raise WordingError("", "", _("Write the public version in at least one language."))
    if len({words.language for words in complete}) < len(complete):
        raise WordingError(complete[0].language, "", _("One language stands there twice."))
    for words in complete:
        _check(words)
    return complete


def _check(words: Words) -> None:
    written = asdict(words)
    for field in _REQUIRED:
        if not written[field].strip():
            raise WordingError(words.language, field, _("A public text needs a title, a summary and a body."))
    for field, most in _MOST.items():
        if len(written[field]) > most:
            raise WordingError(words.language, field, _("This holds %(most)d characters.") % {"most": most})


def with_simplified(texts: list[Words]) -> list[Words]:
    """A missing Simplified text is converted from the Traditional one, and says so."""
    by_language = {words.language: words for words in texts}
    source = by_language.get("zh-hant")
    if source is None or "zh-hans" in by_language:
        return texts
    converted = {name: simplified(getattr(source, name))[:most] for name, most in _MOST.items()}
    return [*texts, replace(source, language="zh-hans", origin=Origin.CONVERTED.value, **converted)]
