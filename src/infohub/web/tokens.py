"""Tokens on pages: the form that asks for one, the rows of a list, and the answer that shows the secret once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.intel.models import WRITING
from infohub.members.models import Organisation, OrganisationStatus, Token, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer, token_ceiling
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.web.tools import Tool, curl_line, rest_line

SCOPES = {
    "taxii": _("pulls the collections it may read over TAXII 2.1; most tools need only this"),
    "taxii-write": _("adds objects over TAXII 2.1 where your organisation may, and takes them away again"),
    "read": _("reads pieces and lists of values, searches and looks values up over the REST API"),
    "write": _("shares pieces in your name over the REST API"),
    "misp": _("pulls the MISP feed"),
    "feed": _("shows your pieces in a feed reader, at an address that is the key"),
}
DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("One year"))]


def named(scope: str) -> SafeString:
    """A scope by its name and in a sentence."""
    return format_html('<span class="mono" translate="no">{}</span>: {}', scope, SCOPES[scope])


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

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kind: TokenKind,
        holder: Organisation | None = None,
        closed: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(data, prefix=kind.value)
        self.kind = kind
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope, named(scope)) for scope in offices.open_scopes(kind) if scope not in closed]
        if WRITING in closed:
            scopes.help_text = gettext(
                "Adding objects is not offered: no collection is open to your organisation for that. "
                "The programme office opens one."
            )
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


def issued(
    request: HttpRequest, template: str, *, nav: str, token: Token, secret: str, tools: Sequence[Tool] = ()
) -> HttpResponse:
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
        "tools": tools,
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
