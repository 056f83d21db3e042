"""The form of a source: where it is, how it is asked, and where what it has goes."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.intel.actions import Terms
from infohub.intel.models import Collection, CollectionKind, Source, SourceKind
from infohub.intel.models.sources import LONGEST, SHORTEST
from infohub.standards.tlp import Tlp


class SourceForm(forms.Form):
    """What an officer says about a source; a password is taken and never shown again."""

    handle = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What the office calls it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind.choices)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_(
            "Of the file, of a MISP feed’s folder, of a provider’s provider-metadata.json, or of the TAXII server, API "
            "root or collection."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    part = forms.CharField(
        label=_("Which part"),
        max_length=300,
        required=False,
        help_text=_("Of TAXII the collection, by id or title. Of a list the column, by number from 1 or by name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    user = forms.CharField(
        label=_("User name"),
        max_length=200,
        required=False,
        help_text=_("Empty where the source asks for a token or for nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password or token"),
        max_length=2000,
        required=False,
        strip=False,
        help_text=_("It is kept encrypted, sent to this source’s host alone and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    forget = forms.BooleanField(label=_("Forget the stored password: the source asks for none"), required=False)
    collection = forms.TypedChoiceField(
        label=_("Into the collection"),
        coerce=int,
        help_text=_(
            "Whoever reads this collection reads what is pulled, as far as its marking lets them. EPSS fills none: "
            "leave it as it is."
        ),
    )
    tlp = forms.TypedChoiceField(
        label=_("Level of objects without a marking"),
        coerce=lambda value: Tlp(int(value)),
        choices=[(level.value, level.mark) for level in Tlp if level.value < len(Tlp) - 1],
        initial=Tlp.AMBER.value,
        help_text=_("A marked object keeps its own. A change counts for what comes from then on."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes between two pulls"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=60,
        help_text=_("From 15, a quarter of an hour, to 10080, a week."),
    )

    def __init__(self, data: QueryDict | None, *, source: Source | None = None) -> None:
        super().__init__(data, initial=_initial(source))
        self.source = source
        collections = Collection.objects.exclude(kind=CollectionKind.EVERYTHING)
        chosen = self.fields["collection"]
        assert isinstance(chosen, forms.TypedChoiceField)
        chosen.choices = [(row.pk, f"{row.title} ({Tlp(row.ceiling).mark})") for row in collections]
        if source is not None:
            self.fields["kind"].disabled = chosen.disabled = True
        if source is None or not source.credential:
            del self.fields["forget"]
        else:
            self.fields["password"].help_text = _("One is stored. Empty keeps it; what you type takes its place.")

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("user") and not given.get("password"):
            self.add_error("password", gettext("A user name needs its password; type both."))

    @property
    def place(self) -> Collection:
        """The collection that was chosen."""
        return Collection.objects.get(pk=self.cleaned_data["collection"])

    @property
    def terms(self) -> Terms:
        """What was typed."""
        given = self.cleaned_data
        return Terms(
            name=given["name"],
            url=given["url"].strip(),
            part=given["part"],
            tlp=given["tlp"],
            minutes=given["minutes"],
            user=given["user"],
            password=given["password"],
            forget=bool(given.get("forget")),
        )


def _initial(source: Source | None) -> dict[str, object]:
    """What stands now; the credential never leaves the database for a page."""
    if source is None:
        return {"handle": uuid4()}
    shown = {name: getattr(source, name) for name in ("name", "kind", "url", "part", "tlp", "minutes")}
    return {**shown, "handle": source.uuid, "collection": source.collection_id}
