"""What in a draft points at its author's own organisation, and the words that could stand there instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from infohub.analysis.redact import Known, Trace, is_full_name, own_remarks
from infohub.members.models import Membership

_INSTEAD = {
    Trace.ORGANISATION: _("our organisation"),
    Trace.DOMAIN: _("our domain"),
    Trace.PERSON: _("a colleague"),
    Trace.INSIDE: _("an internal address"),
    Trace.HOST: _("an internal machine"),
    Trace.IDENTITY: _("an identity card number"),
    Trace.PHONE: _("a telephone number"),
}
_NAMES_US = frozenset({Trace.ORGANISATION, Trace.DOMAIN, Trace.PERSON})


@dataclass(frozen=True, slots=True)
class OwnDetail:
    """One way of writing something of one's own, however often it stands in the text."""

    trace: Trace
    text: str
    instead: str

    @property
    def names_us(self) -> bool:
        """Whether it says who the author is, and not only what it is like inside."""
        return self.trace in _NAMES_US


def known_of(author: Membership) -> Known:
    """The names, domains and people of the author's organisation."""
    organisation = author.organisation
    people = Membership.objects.current().filter(organisation=organisation).values_list("person__name", flat=True)
    return Known(
        organisations=(organisation.name,),
        domains=tuple(str(domain) for domain in organisation.domains),
        people=tuple(name for name in people if is_full_name(name)),
    )


def own_details(text: str, known: Known, *, kept: Collection[str], language: str) -> list[OwnDetail]:
    """Each detail once, with its replacement in the language of the text; what the author keeps is not among them."""
    found = {remark.text: remark.trace for remark in own_remarks(text, known) if remark.text not in kept}
    with translation.override(language):
        return [OwnDetail(trace, written, str(_INSTEAD[trace])) for written, trace in found.items()]
