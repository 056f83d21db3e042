"""The forms of an export on a page: what each is for, how much it would hold, where its file is, what it loses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.analysis.findings import Kind
from infohub.sharing.lists import Form, Held
from infohub.standards.blocklists import Listed
from infohub.web.findings import KINDS
from infohub.web.losses import Losses, losses_of


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form on the page; `alone` are its files of one kind: what the kind is called, where it is, how many."""

    title: str
    about: str
    number: int
    holds: str
    url: str
    losses: Losses
    alone: list[tuple[str, str, int]]


def form_row(form: Form, one: Held, *, url: str, alone: list[tuple[str, str, int]], about: str = "") -> FormRow:
    """A form that would hold so much."""
    title, usual = _words(form)
    return FormRow(
        title=title,
        about=about or usual,
        number=one.number,
        holds=_holds(form, one.number),
        url=url,
        losses=losses_of(one.lines),
        alone=alone,
    )


def kinds_alone(values: Iterable[Listed], url: str) -> list[tuple[str, str, int]]:
    """The plain lists of one kind alone, as firewalls want them; of kinds that people know."""
    numbers: dict[str, int] = {}
    for one in values:
        numbers[one.kind] = numbers.get(one.kind, 0) + 1
    sign = "&" if "?" in url else "?"
    known = sorted((kind, number) for kind, number in numbers.items() if kind in set(Kind))
    return [(str(KINDS[Kind(kind)]), f"{url}{sign}type={kind}", number) for kind, number in known]


def _words(form: Form) -> tuple[str, str]:
    """What a form is called, and what it is for."""
    return {
        Form.STIX: (_("STIX 2.1 bundle"), _("Whole pieces for a threat intelligence platform, each object once.")),
        Form.MISP: (_("MISP events"), _("One event for each piece, in one JSON list.")),
        Form.PIECES: (_("Table of pieces"), _("CSV for a spreadsheet, a line for each piece.")),
        Form.INDICATORS: (
            _("Table of indicators"),
            _("CSV with marking, PAP and dates, a line for each piece that has the value."),
        ),
        Form.LIST: (_("Plain list"), _("One value a line, kind by kind, each once.")),
        Form.HOSTS: (_("Hosts file"), _("Names that one computer shall not find.")),
        Form.RPZ: (
            _("DNS policy zone (RPZ)"),
            _("Names with all below them, and addresses, that your resolver shall not answer with."),
        ),
        Form.SURICATA: (
            _("Suricata rules"),
            _("Alerts for addresses, names and web addresses. A rule keeps its number from file to file."),
        ),
        Form.RULES: (
            _("Detection rules"),
            _("Sigma, YARA, Suricata and Snort rules that stand in the texts, each as a file, in one ZIP."),
        ),
    }[form]


def _holds(form: Form, number: int) -> str:
    if form in {Form.STIX, Form.MISP, Form.PIECES}:
        return ngettext("%(n)d piece", "%(n)d pieces", number) % {"n": number}
    if form is Form.INDICATORS:
        return ngettext("%(n)d line", "%(n)d lines", number) % {"n": number}
    if form is Form.RULES:
        return ngettext("%(n)d rule", "%(n)d rules", number) % {"n": number}
    return ngettext("%(n)d value", "%(n)d values", number) % {"n": number}
