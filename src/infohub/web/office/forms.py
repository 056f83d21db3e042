"""The forms of the programme office."""

from __future__ import annotations

import re
from typing import TypedDict, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.members.models import (
    LANGUAGE_CHOICES,
    Group,
    Organisation,
    OrganisationClass,
    OrganisationStatus,
    Programme,
    Sector,
    named,
)
from infohub.members.programme import offered_languages
from infohub.sharing.addressees import Match, found
from infohub.standards.tlp import Tlp

SHOWN_MATCHES = 8
_AREAS = frozenset(["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"])

M = TypeVar("M")


class ReasonForm(forms.Form):
    """Why something that matters is done; it stands in the audit."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It is kept in the audit. Name no piece and quote none."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: whoever looks at the audit later will ask.")},
    )

    def __init__(self, data: QueryDict | None, *, asks_reason: bool = True) -> None:
        super().__init__(data)
        if not asks_reason:
            del self.fields["reason"]


class SealForm(ReasonForm):
    """Which seal an officer asks to open, and why; the author is told the reason."""

    field_order = ("ref", "reason")

    ref = forms.CharField(
        label=_("Reference of the piece"),
        max_length=16,
        help_text=_("Such as IH-7K3QXM. You are shown nothing of the piece."),
    )


class Newcomer(TypedDict):
    """What `welcome` wants to know."""

    name: str
    email: str
    language: str
    organisation: Organisation | None
    administrator: bool


class Settings(TypedDict):
    """What `open_group` and `change_group` want to know."""

    names: dict[str, str]
    about: str
    default_tlp: Tlp
    listed: bool
    review: bool


class AdmitForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    organisation_class = forms.ChoiceField(
        label=_("Class"),
        choices=OrganisationClass.choices,
        help_text=_("Authors can leave vendors and regulators out of their audience."),
    )
    sectors = forms.ModelMultipleChoiceField(
        label=_("Sectors"), queryset=Sector.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    domains = forms.CharField(
        label=_("Domains"),
        max_length=1000,
        required=False,
        help_text=_("Of its e-mail addresses and sites, with a space between them, such as bank.example."),
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        sectors = self.fields["sectors"]
        assert isinstance(sectors, forms.ModelMultipleChoiceField)
        sectors.queryset = Sector.objects.all()

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Organisation.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(gettext("An organisation of this name is in the programme already."))
        return name

    def clean_domains(self) -> list[str]:
        """Split at spaces and commas; each must look like a domain."""
        domains = [domain for domain in re.split(r"[\s,;]+", str(self.cleaned_data["domains"])) if domain]
        for domain in domains:
            if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain):
                raise forms.ValidationError(gettext("“%(domain)s” is no domain."), params={"domain": domain})
        return domains


class EnrolForm(forms.Form):
    """Somebody new: enrolled and invited in one step."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation goes there; they sign in with it."))
    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=offered_languages)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        help_text=_("Its name or its reference. Empty for an officer who represents nobody."),
    )
    administrator = forms.BooleanField(
        label=_("Administrator of the organisation: invites and removes its people, issues its tokens"), required=False
    )

    def __init__(
        self, data: QueryDict | None, *, own: Organisation | None = None, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.own = own
        if own is not None:
            del self.fields["organisation"]

    def clean_organisation(self) -> Organisation | None:
        name = str(self.cleaned_data["organisation"])
        return one_organisation(name) if name else None

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("administrator") and self.own is None and given.get("organisation", "") is None:
            self.add_error("organisation", _("Say which organisation this person is to administer."))

    @property
    def newcomer(self) -> Newcomer:
        """Who comes."""
        given = self.cleaned_data
        return Newcomer(
            name=given["name"],
            email=given["email"],
            language=given["language"],
            organisation=self.own or given["organisation"],
            administrator=given["administrator"],
        )


class GroupForm(forms.Form):
    """What a group is called and how it works."""

    name_en = forms.CharField(label=_("Name"), max_length=120)
    name_zh_hant = forms.CharField(label=_("Name in Traditional Chinese"), max_length=120, required=False)
    name_zh_hans = forms.CharField(label=_("Name in Simplified Chinese"), max_length=120, required=False)
    about = forms.CharField(
        label=_("What it is for"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    default_tlp = forms.TypedChoiceField(
        label=_("Usual TLP"),
        choices=[(t.value, t.mark) for t in Tlp],
        coerce=lambda value: Tlp(int(value)),
        initial=Tlp.AMBER.value,
    )
    listed = forms.BooleanField(label=_("Listed: all members may know that it exists"), required=False, initial=True)
    review = forms.BooleanField(label=_("A moderator looks at each piece before readers get it"), required=False)

    @classmethod
    def about_group(cls, data: QueryDict | None, group: Group, *, steers: bool) -> GroupForm:
        """The form with what the group is now; its name and whether it is listed are the programme's to change."""
        names = {f"name_{code.replace('-', '_')}": name for code, name in group.names.items()}
        now = {"about": group.about, "default_tlp": group.default_tlp, "listed": group.listed, "review": group.review}
        form = cls(data, initial={"name_en": named(group.names), **names, **now})
        for name in ("name_en", "name_zh_hant", "name_zh_hans", "listed"):
            form.fields[name].disabled = not steers
        return form

    @property
    def settings(self) -> Settings:
        """How the group is to be."""
        given = self.cleaned_data
        names = {code: given[f"name_{code.replace('-', '_')}"] for code, _language in LANGUAGE_CHOICES}
        return Settings(
            names={code: name for code, name in names.items() if name},
            about=given["about"],
            default_tlp=given["default_tlp"],
            listed=given["listed"],
            review=given["review"],
        )


class Described(TypedDict):
    """What `describe_programme` wants to know."""

    names: dict[str, str]
    taglines: dict[str, str]
    languages: list[str]
    time_zone: str
    review: bool


class ProgrammeForm(forms.Form):
    """What the programme calls itself in each language, English standing in for what is left empty; how it speaks."""

    name_en = forms.CharField(label=_("Name"), max_length=80)
    name_zh_hant = forms.CharField(label=_("Name in Traditional Chinese"), max_length=80, required=False)
    name_zh_hans = forms.CharField(label=_("Name in Simplified Chinese"), max_length=80, required=False)
    tagline_en = forms.CharField(label=_("One line about it"), max_length=200, required=False)
    tagline_zh_hant = forms.CharField(label=_("The line in Traditional Chinese"), max_length=200, required=False)
    tagline_zh_hans = forms.CharField(label=_("The line in Simplified Chinese"), max_length=200, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages of pages and mail"),
        choices=LANGUAGE_CHOICES,
        help_text=_(
            "The first one ticked stands in for those that are not: old addresses lead to it, and people who chose "
            "another language get it until theirs is back. Pieces keep their words in every language."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Offer at least one language.")},
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("Of dates on pages and in mail, of daily mails and quiet hours. Such as Asia/Hong_Kong."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    review = forms.BooleanField(label=_("A moderator looks at every piece before readers get it"), required=False)

    @classmethod
    def about(cls, data: QueryDict | None, programme: Programme | None) -> ProgrammeForm:
        """The form with what stands now."""
        if programme is None:
            return cls(data, initial={"languages": list(dict(LANGUAGE_CHOICES)), "time_zone": settings.TIME_ZONE})
        told: dict[str, object] = {f"name_{_field(code)}": name for code, name in programme.names.items()}
        told |= {f"tagline_{_field(code)}": line for code, line in programme.taglines.items()}
        told |= {"languages": [code for code, _name in programme.offered], "time_zone": programme.time_zone}
        return cls(data, initial={**told, "review": programme.review})

    def clean_time_zone(self) -> str:
        """However it was capitalised, and with spaces or without."""
        typed = str(self.cleaned_data["time_zone"]).replace(" ", "_")
        known = {zone.casefold(): zone for zone in available_timezones()}
        if typed.casefold() not in known:
            raise forms.ValidationError(gettext("There is no such time zone. Write it as Area/City."))
        return known[typed.casefold()]

    @staticmethod
    def zones() -> list[str]:
        """What the field suggests: the zones named after a place."""
        return sorted(zone for zone in available_timezones() if zone.partition("/")[0] in _AREAS)

    @property
    def wish(self) -> Described:
        """What was typed."""
        given = self.cleaned_data
        return Described(
            names=self._told("name"),
            taglines=self._told("tagline"),
            languages=given["languages"],
            time_zone=given["time_zone"],
            review=given["review"],
        )

    def _told(self, what: str) -> dict[str, str]:
        given = {code: self.cleaned_data[f"{what}_{_field(code)}"] for code, _language in LANGUAGE_CHOICES}
        return {code: words for code, words in given.items() if words}


def _field(code: str) -> str:
    return code.replace("-", "_")


class WhomForm(forms.Form):
    """Finds the one person or organisation that is meant."""

    whom = forms.CharField(label=_("Name, e-mail address or reference"), max_length=200)

    def __init__(
        self, data: QueryDict | None, *, label: str, people_only: bool = False, prefix: str | None = None
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["whom"].label = label
        self.people_only = people_only

    def clean_whom(self) -> Match:
        words = str(self.cleaned_data["whom"])
        matches = [match for match in found(words) if match.membership or not self.people_only]
        return _only(matches, [match.name for match in matches], words)


def one_organisation(words: str) -> Organisation:
    """The organisation that is called so; else the only one whose name contains the words."""
    active = Organisation.objects.filter(status=OrganisationStatus.ACTIVE)
    matches = list(active.called(words)) or list(active.found(words)[: SHOWN_MATCHES + 1])
    return _only(matches, [one.name for one in matches], words)


def _only(matches: list[M], names: list[str], words: str) -> M:
    if not matches:
        raise forms.ValidationError(gettext("Nothing active is called “%(name)s”."), params={"name": words})
    if len(matches) > 1:
        several = gettext("Several are called so: %(names)s. Type one of them in full.")
        raise forms.ValidationError(several, params={"names": "; ".join(names[:SHOWN_MATCHES])})
    return matches[0]
