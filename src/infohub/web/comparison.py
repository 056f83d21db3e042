"""The original beside its public version, as the release desk and the owner look at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from infohub.analysis.difference import Part, difference
from infohub.releases.models import Proposal, ProposalText
from infohub.web.languages import Language, language_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """A public text; in the language of the original with what was taken out and put in, if that can be told."""

    language: Language
    text: ProposalText
    title: list[Part] | None
    body: list[Part] | None
    is_original: bool

    @property
    def is_told(self) -> bool:
        return self.title is not None and self.body is not None


def comparisons(proposal: Proposal) -> list[Comparison]:
    """Every language of the wording, the original's first."""
    texts = sorted(proposal.texts.all(), key=lambda text: text.language != proposal.item.language)
    return [_compared(proposal, text) for text in texts]


def owner_in_words(proposal: Proposal) -> str:
    """Whose piece it is, as far as its seal allows."""
    if proposal.label.owner is not None:
        return proposal.label.owner.name
    seal = proposal.label.seal
    if seal is not None and seal.sector is not None:
        return _("A member in %(sector)s") % {"sector": seal.sector.name}
    return _("A member")


def _compared(proposal: Proposal, text: ProposalText) -> Comparison:
    original = text.language == proposal.item.language
    return Comparison(
        language=language_of(text.language),
        text=text,
        title=difference(proposal.original_title, text.title) if original else None,
        body=difference(proposal.original_body, text.body) if original else None,
        is_original=original,
    )
