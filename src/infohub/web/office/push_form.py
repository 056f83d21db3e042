"""The form of a push: which collection of which peer, what goes there, and how often."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.intel.actions import PushTerms
from infohub.intel.models import Collection
from infohub.intel.models.sources import LONGEST, SHORTEST
from infohub.members.models import TokenKind
from infohub.policy import offices
from infohub.policy.viewer import peer_viewer
from infohub.standards.tlp import Tlp


class CredentialForm(forms.Form):
    """Who we are to a peer; a password is taken and never shown again."""

    user = forms.CharField(
        label=_("User name"),
        max_length=200,
        required=False,
        help_text=_("Empty where the peer asks for a token or for nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password or token"),
        max_length=2000,
        required=False,
        strip=False,
        help_text=_("It is kept encrypted, sent to this peer’s host alone and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("user") and not given.get("password"):
            self.add_error("password", gettext("A user name needs its password; type both."))


class PushForm(CredentialForm):
    """What an officer says about a push."""

    handle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(label=_("Peer"), max_length=120, help_text=_("What the office calls it."))
    url = forms.CharField(
        label=_("Address of its collection"),
        max_length=2000,
        help_text=_("Of the TAXII 2.1 collection to which the peer lets us add: it ends with /collections/ and an id."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    collection = forms.TypedChoiceField(
        label=_("What is sent"),
        coerce=int,
        help_text=_(
            "A collection that every peer may read, or one by agreement: the agreement is with this peer then."
        ),
    )
    ceiling = forms.TypedChoiceField(
        label=_("Up to the level"),
        coerce=lambda value: Tlp(int(value)),
        help_text=_("What is stricter never leaves. No peer gets more than TLP:GREEN."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes between two times"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=60,
        help_text=_("From 15, a quarter of an hour, to 10080, a week."),
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        levels = offices.ceilings(TokenKind.PEER, None)
        collection, ceiling = self.fields["collection"], self.fields["ceiling"]
        assert isinstance(collection, forms.TypedChoiceField)
        assert isinstance(ceiling, forms.TypedChoiceField)
        collection.choices = [(row.pk, row.title) for row in Collection.objects.for_peers(peer_viewer(max(levels)))]
        ceiling.choices = [(level.value, level.mark) for level in levels]
        ceiling.initial = min(levels).value

    @property
    def place(self) -> Collection:
        """The collection that was chosen."""
        return Collection.objects.get(pk=self.cleaned_data["collection"])

    @property
    def terms(self) -> PushTerms:
        """What was typed."""
        given = self.cleaned_data
        return PushTerms(
            name=given["name"],
            url=given["url"].strip(),
            ceiling=given["ceiling"],
            minutes=given["minutes"],
            user=given["user"],
            password=given["password"],
        )
