"""The components of every page as template tags: labels, severity, icons, audience bar, fields, dates, notes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, ngettext, pgettext

from infohub.analysis.findings import Kind
from infohub.standards.refang import defang
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp, tlp_from
from infohub.web import moments
from infohub.web.findings import KINDS, NOTES
from infohub.web.handling import may_pass_on
from infohub.web.languages import language_of, offered, same_page, with_query
from infohub.web.rows import foreign

register = template.Library()


class Labelled(Protocol):
    """Anything that carries a marking, such as a label."""

    tlp: Tlp | int | str


Marking = Tlp | int | str | Labelled | None

_SEVERITY_BARS = {"low": 1, "medium": 2, "high": 3, "critical": 4}
_NOTE_KINDS = frozenset({"info", "ok", "warn", "danger", "ai"})


@register.simple_tag
def tlp(marking: Marking) -> SafeString:
    """The marking on black, in FIRST's colour; nothing where there is none."""
    level = _level(marking)
    if level is None:
        return SafeString()
    # TLP words are English in every language (FIRST, TLP 2.0 section 1), so they are marked as such.
    colour = level.word.lower().removesuffix("+strict")
    return format_html('<span class="tlp {}" lang="en" translate="no">{}</span>', colour, level.mark)


@register.filter
def kind_word(kind: str) -> str:
    """What a kind of finding is called."""
    return str(KINDS[Kind(kind)])


@register.filter
def note_word(note: str) -> str:
    """The words of a finding's note."""
    return str(NOTES.get(note, note))


@register.simple_tag
def severity(value: str | None) -> SafeString:
    """One to four bars and the word; nothing where the piece has no severity."""
    bars = _SEVERITY_BARS.get(str(value or ""))
    if bars is None:
        return SafeString()
    words = {
        "low": pgettext("severity", "Low"),
        "medium": pgettext("severity", "Medium"),
        "high": pgettext("severity", "High"),
        "critical": pgettext("severity", "Critical"),
    }
    return format_html(
        '<span class="sev s{}"><i aria-hidden="true"><b></b><b></b></i>{}</span>', bars, words[str(value)]
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite, always beside words, so it says nothing to a screen reader."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)


@register.inclusion_tag("parts/audience_bar.html", takes_context=True)
def audience_bar(
    context: Context,
    marking: Marking,
    *,
    people: int | None = None,
    organisations: int = 0,
    may: str = "",
    names: Sequence[str] = (),
    within: str = "",
) -> Mapping[str, object]:
    """Who can see this and what they may do with it; `people=None` stands for everyone."""
    level = _level(marking)
    return {
        "level": level,
        "people": None if people is None else ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
        "organisations": ngettext("%(n)d organisation", "%(n)d organisations", organisations) % {"n": organisations},
        "may": may or _what_readers_may_do(level, context),
        "names": names,
        "others": max(organisations - len(names), 0),
        "within": within,
    }


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> Mapping[str, object]:
    """A form field with its label, help and errors, each linked to the control."""
    widget = bound.field.widget
    single_tick = isinstance(widget, CheckboxInput)
    choices = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    classes = str(widget.attrs.get("class", ""))
    attrs: dict[str, str | bool] = {} if single_tick or choices else {"class": f"in {classes}".strip()}
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "choices": choices,
        "single_tick": single_tick,
        "optional": not bound.field.required and not single_tick and not getattr(bound.form, "may_stay_empty", False),
    }


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: BaseForm) -> Mapping[str, object]:
    """The summary above a form that was not accepted, with a link to every field to mend."""
    mistakes = [
        {"href": _control_id(form[name]), "label": form[name].label, "text": text}
        for name, texts in form.errors.items()
        if name in form.fields
        for text in texts
    ]
    mistakes += [{"href": "", "label": "", "text": text} for text in form.non_field_errors()]
    return {"mistakes": mistakes}


@register.simple_tag
def moment(at: datetime | None, form: str = "full") -> SafeString:
    """A moment in words (`form="day"` leaves the clock out), with the exact time for machines."""
    if at is None:
        return SafeString()
    words = moments.day_in_words(at) if form == "day" else moments.in_words(at)
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(at).isoformat(timespec="seconds"), words)


@register.filter
def written(at: str) -> datetime | None:
    """A moment that is written as STIX writes it."""
    return moment_of(at)


@register.simple_tag
def ago(at: datetime) -> SafeString:
    """How long ago a moment was, in its largest unit, with the exact time for machines."""
    new = timezone.now() - at < timedelta(minutes=1)
    words = gettext("just now") if new else gettext("%(time)s ago") % {"time": timesince(at, depth=1)}
    exact = timezone.localtime(at).isoformat(timespec="seconds")
    return format_html('<time class="ago" datetime="{}">{}</time>', exact, words)


@register.simple_tag
def moment_short(at: datetime | None, form: str = "clock") -> SafeString:
    """The date column of a tide list; `form="day"` never shows the clock (pages that are cached over midnight)."""
    if at is None:
        return SafeString()
    now = timezone.now()
    above, below = moments.day_in_a_list(at, now=now) if form == "day" else moments.in_a_list(at, now=now)
    exact = timezone.localtime(at).isoformat(timespec="seconds")
    return format_html('<time datetime="{}"><b>{}</b> {}</time>', exact, above, below)


@register.simple_tag
def defanged(value: str) -> SafeString:
    """An indicator that nobody can open by accident."""
    return format_html('<span class="mono" translate="no">{}</span>', defang(value))


@register.simple_tag
def copy_button(target: str, words: str = "") -> SafeString:
    """Copies the text of the element with the id `target`; hidden where the browser cannot."""
    return format_html(
        '<button class="btn" type="button" data-copy="{}" data-copied="{}" hidden>{} {}</button>',
        target,
        gettext("Copied"),
        icon("copy"),
        words or gettext("Copy"),
    )


@register.simple_block_tag
def note(content: SafeString, kind: str = "info") -> SafeString:
    """A paragraph set apart: info, ok, warn, danger, or ai for what a machine drafted."""
    if kind not in _NOTE_KINDS:
        raise template.TemplateSyntaxError(f"There is no note of the kind {kind!r}.")
    return format_html('<div class="note {}">{}</div>', kind, content)


@register.simple_tag
def html_lang() -> str:
    """The page's language as HTML writes it."""
    return language_of(get_language()).html


@register.simple_tag
def lang(language: str) -> SafeString:
    """The `lang` of an element whose words somebody wrote in a language, where it is not the page's."""
    other = foreign(language)
    return format_html(' lang="{}"', other) if other else SafeString()


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> Iterable[Mapping[str, object]]:
    """The same public page in each language that the programme offers."""
    request = context.get("request")
    if request is None:
        return []
    here = language_of(get_language())
    pages = [(language, with_query(request, same_page(request.path, language))) for language in offered()]
    return [
        {
            "language": language,
            "href": address,
            "absolute": request.build_absolute_uri(address),
            "here": language == here,
        }
        for language, address in pages
    ]


def _level(marking: Marking) -> Tlp | None:
    if marking is None or marking == "":
        return None
    if isinstance(marking, str):
        return tlp_from(marking)
    return Tlp(marking) if isinstance(marking, int) else _level(marking.tlp)


def _control_id(bound: BoundField) -> str:
    # A group of radio buttons or ticks has no control with the field's own id, only its first one.
    return bound.id_for_label or f"{bound.auto_id}_0"


def _what_readers_may_do(level: Tlp | None, context: Context) -> str:
    home = getattr(context.get("viewer_person"), "organisation_name", "")
    return may_pass_on(level, home) if level is not None else ""
