"""The form in which the release desk writes the public version: one section for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from infohub.analysis.findings import Kind
from infohub.members.models import LANGUAGE_CHOICES
from infohub.releases.models import Origin, Proposal, ProposalText
from infohub.releases.refusals import WordingError
from infohub.releases.words import Words
from infohub.web.findings import KINDS
from infohub.web.languages import Language, language_of

_ORIGINS = [(Origin.HUMAN.value, Origin.HUMAN.label), (Origin.MACHINE.value, Origin.MACHINE.label)]
_MISSING = {"required": _("A public text needs a title, a summary and a body.")}
_SEVERITIES = Proposal._meta.get_field("severity").flatchoices


class WordsForm(forms.Form):
    """The public's words in one language; left empty, there is no text in it."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=300, error_messages=_MISSING)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=400,
        error_messages=_MISSING,
        help_text=_("One or two sentences: lists, feeds and the first page show them."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    everyone = forms.CharField(label=_("Everyone should"), required=False, max_length=400)
    small_firms = forms.CharField(label=_("Shops and small firms should"), required=False, max_length=400)
    teams = forms.CharField(label=_("Security teams should"), required=False, max_length=400)
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        error_messages=_MISSING,
        max_length=100_000,
        help_text=_("Markdown works."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    origin = forms.ChoiceField(label=_("Where this text comes from"), choices=_ORIGINS)

    def full_clean(self) -> None:
        """A language without a text has nothing to complain about."""
        super().full_clean()
        if self.is_bound and self.is_empty:
            self.errors.clear()

    @property
    def language(self) -> Language:
        return language_of(str(self.prefix))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written; the origin alone is no text."""
        return not any(str(self[name].value() or "").strip() for name in self.fields if name != "origin")

    def words(self) -> Words:
        """The words as the action takes them."""
        written = {name: str(self.cleaned_data[name]).replace("\r\n", "\n") for name in self.fields}
        return Words(language=self.language.code, **written)


class CopyForm(forms.Form):
    """What all languages of a copy have in common."""

    wording = forms.IntegerField(widget=forms.HiddenInput)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=_SEVERITIES, coerce=int)
    indicators = forms.MultipleChoiceField(
        label=_("Indicators that become public"), required=False, widget=forms.CheckboxSelectMultiple
    )


@dataclass(frozen=True, slots=True)
class Preparation:
    """The whole form."""

    copy: CopyForm
    languages: tuple[WordsForm, ...]

    def forms(self) -> Iterator[forms.Form]:
        yield self.copy
        yield from self.languages

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms()]  # all of them: each says what is wrong with it
        return all(valid)

    def texts(self) -> list[Words]:
        return [form.words() for form in self.languages if not form.is_empty]

    def refuse(self, refusal: WordingError) -> None:
        """Put the refusal beside its field."""
        form = next((form for form in self.languages if form.language.code == refusal.language), self.copy)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def preparation(proposal: Proposal, posted: QueryDict | None = None) -> Preparation:
    """The form as it stands in the rows, or as it was sent."""
    texts = {text.language: text for text in proposal.texts.all()}
    names = list(WordsForm.base_fields)
    copy = CopyForm(
        posted,
        initial={
            "wording": proposal.wording,
            "severity": proposal.severity,
            "indicators": [_named(pair) for pair in proposal.indicators],
        },
    )
    field = copy.fields["indicators"]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = [(_named(pair), f"{KINDS[Kind(pair[0])]} {pair[1]}") for pair in proposal.offered]
    return Preparation(
        copy,
        tuple(
            WordsForm(posted, prefix=code, initial=_initial(texts.get(code), names))
            for code in sorted((code for code, _name in LANGUAGE_CHOICES), key=lambda c: c != proposal.item.language)
        ),
    )


def _initial(text: ProposalText | None, names: list[str]) -> dict[str, str]:
    return {name: getattr(text, name) for name in names} if text else {"origin": Origin.HUMAN.value}


def chosen_indicators(proposal: Proposal, form: CopyForm) -> list[list[str]]:
    """The ticked ones of those that were offered."""
    ticked = set(form.cleaned_data["indicators"])
    return [pair for pair in proposal.offered if _named(pair) in ticked]


def _named(pair: list[str]) -> str:
    kind, value = pair
    return f"{kind} {value}"
