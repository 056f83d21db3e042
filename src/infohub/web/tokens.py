"""Tokens on pages: the form that asks for one, the rows of a list, and the answer that shows the secret once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Organisation, OrganisationStatus, Token, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer, token_ceiling
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

SCOPES = {
    "taxii": _("Pull collections over TAXII 2.1"),
    "taxii-write": _("Add objects over TAXII 2.1"),
    "read": _("Read over the REST API"),
    "write": _("Share over the REST API"),
    "misp": _("Pull the MISP feed"),
    "feed": _("Read the personal feed"),
}
DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("One year"))]
ACCEPT = "application/taxii+json;version=2.1"
SAMPLE = "YOUR_TOKEN"


class Wish(TypedDict):
    """What `issue_token` wants to know, beside the holder."""

    kind: str
    name: str
    scopes: list[str]
    ceiling: Tlp
    expires: datetime


class TokenForm(forms.Form):
    """What a machine is to be allowed, and for how long."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What will use it, such as “MISP, production”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scope"),
        widget=forms.CheckboxSelectMultiple,
        initial=["taxii"],
        error_messages={"required": _("Choose what the token is for.")},
    )
    ceiling = forms.TypedChoiceField(
        label=_("Reads up to"),
        coerce=lambda value: Tlp(int(value)),
        initial=Tlp.GREEN.value,
        help_text=_("No token reads RED."),
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, data: QueryDict | None, *, kind: TokenKind, holder: Organisation | None = None) -> None:
        super().__init__(data, prefix=kind.value)
        self.kind = kind
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope, SCOPES[scope]) for scope in offices.open_scopes(kind)]
        ceiling = self.fields["ceiling"]
        assert isinstance(ceiling, forms.TypedChoiceField)
        ceiling.choices = [(level.value, level.mark) for level in offices.ceilings(kind, holder)]
        if holder is not None and offices.limits_programs(holder):
            words = gettext("%(name)s lets its programs read up to %(tlp)s.")
            ceiling.help_text = words % {"name": holder.name, "tlp": Tlp(holder.ceiling).mark}

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        return Wish(
            kind=self.kind.value,
            name=given["name"],
            scopes=given["scopes"],
            ceiling=given["ceiling"],
            expires=now() + timedelta(days=given["days"]),
        )


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in a list; `ended` says why it no longer works, empty while it does."""

    token: Token
    holder: str
    ceiling: Tlp
    ended: str
    revocable: bool


def rows_of(viewer: Viewer, tokens: Iterable[Token]) -> list[TokenRow]:
    """The rows of these tokens, which came with their holders."""
    at = now()
    return [_row(viewer, token, at) for token in tokens]


def _row(viewer: Viewer, token: Token, at: datetime) -> TokenRow:
    return TokenRow(token, _holder(token), token_ceiling(token), _ended(token, at), _revocable(viewer, token))


def issued(request: HttpRequest, template: str, *, nav: str, token: Token, secret: str) -> HttpResponse:
    """The answer that shows a secret, once: with the addresses and a line that can be run as it is."""
    path = "members" if token.kind == TokenKind.PEER.value else "everything"
    context = {
        "nav": nav,
        "token": token,
        "secret": secret,
        "holder": _holder(token),
        "back": request.path,
        "feed": f"{settings.BASE_URL}/feeds/mine/{secret}" if "feed" in token.scopes else "",
        "machine": "taxii" in token.scopes,
        "rest_line": rest_line(secret) if "read" in token.scopes else "",
        **addresses(),
        "list_line": curl_line("collections/", secret),
        "pull_line": curl_line(f"collections/{path}/objects/?limit=20", secret),
    }
    return render(request, template, context)


def addresses() -> dict[str, str]:
    """Where a TAXII client begins, and where the REST API is and describes itself."""
    base = settings.BASE_URL
    return {
        "discovery": f"{base}/taxii2/",
        "api_root": f"{base}/taxii2/api/",
        "rest": f"{base}/api/v1/",
        "openapi": f"{base}/api/v1/openapi.json",
    }


def rest_line(secret: str = SAMPLE) -> str:
    """A command that asks the REST API for the newest pieces."""
    return f"curl -H 'Authorization: Bearer {secret}' '{settings.BASE_URL}/api/v1/items?limit=5'"


def curl_line(path: str, secret: str = SAMPLE) -> str:
    """A command that asks the API root for this path."""
    return f"curl -u 'token:{secret}' -H 'Accept: {ACCEPT}' '{settings.BASE_URL}/taxii2/api/{path}'"


def _holder(token: Token) -> str:
    if token.organisation is not None:
        return token.organisation.name
    if token.membership is not None:
        return f"{token.membership.person.name}, {token.membership.organisation.name}"
    return gettext("a peer programme")


def _ended(token: Token, at: datetime) -> str:
    if token.revoked is not None:
        return gettext("revoked")
    if token.expires is not None and token.expires <= at:
        return gettext("expired")
    held_by = _organisation(token)
    if held_by is not None and held_by.status != OrganisationStatus.ACTIVE:
        return gettext("asleep: its organisation is not active")
    return ""


def _organisation(token: Token) -> Organisation | None:
    return token.membership.organisation if token.membership else token.organisation


def _revocable(viewer: Viewer, token: Token) -> bool:
    return token.revoked is None and offices.may_revoke(viewer, token)
