"""A member's machines: the collections one may read, and the tokens with which a machine pulls them."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.intel.holdings import late_seats
from infohub.intel.models import WRITING, Call, Collection, still_asking
from infohub.members.models import Membership, Organisation, Token, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer, token_viewer
from infohub.register import actions
from infohub.register.machines import machine_behind
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh, fresh_to_act
from infohub.web.tokens import TokenForm, addresses, issued, rows_of
from infohub.web.tools import rest_line, tools_for
from infohub.web.viewer import viewer_of


@fresh_to_act
@require_http_methods(["GET", "HEAD", "POST"])
def integrations(request: HttpRequest) -> HttpResponse:
    """Collections and tokens; POST issues a token of the kind whose form was sent."""
    viewer = viewer_of(request)
    membership = Membership.objects.filter(pk=viewer.membership or 0).select_related("organisation").first()
    own = membership.organisation if membership else None
    forms = _forms(request, viewer, own)
    sent = forms.get(request.POST.get("kind", ""))
    if request.method == "POST" and (sent is None or membership is None):
        raise Http404
    if sent is not None and membership is not None and sent.is_valid():
        personal = sent.kind == TokenKind.PERSONAL
        token, secret = actions.issue_token(
            viewer,
            membership=membership if personal else None,
            organisation=None if personal else own,
            **sent.wish,
        )
        tools = tools_for(_opened_by(token), secret, scopes=token.scopes)
        return issued(request, "member/issued_token.html", nav="integrations", token=token, secret=secret, tools=tools)
    return _page(request, forms, sent, own)


@require_POST
@fresh
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of one's own, or of the organisation in one's care."""
    viewer = viewer_of(request)
    token = Token.objects.of_machines().filter(pk=pk).first()
    if token is None or not offices.may_revoke(viewer, token):
        raise Http404
    actions.revoke_token(viewer, token=token)
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return redirect("member:integrations")


def _forms(request: HttpRequest, viewer: Viewer, own: Organisation | None) -> dict[str, TokenForm]:
    """A form for each kind of token the viewer may issue; the one that was sent holds what was typed."""
    kinds = [TokenKind.PERSONAL] if viewer.is_member else []
    kinds += [TokenKind.ORGANISATION] if offices.administers(viewer, own) else []
    sent = request.POST.get("kind", "")
    return {
        kind.value: TokenForm(
            request.POST if sent == kind.value else None, kind=kind, holder=own, closed=_closed(viewer, own, kind)
        )
        for kind in kinds
    }


def _closed(viewer: Viewer, own: Organisation | None, kind: TokenKind) -> frozenset[str]:
    """Adding is offered where some collection is open to the holder for it."""
    writes = frozenset({WRITING})
    shared = kind is TokenKind.ORGANISATION
    holder = token_viewer(Token(kind=kind, organisation=own)) if shared else viewer
    return frozenset() if Collection.objects.writable(replace(holder, scopes=writes)).exists() else writes


def _opened_by(token: Token) -> list[Collection]:
    machine = machine_behind(token)
    return [row for row in machine.collections if row.can_read] if machine else []


def _page(
    request: HttpRequest, forms: dict[str, TokenForm], sent: TokenForm | None, own: Organisation | None
) -> HttpResponse:
    viewer = viewer_of(request)
    administers = offices.administers(viewer, own)
    known = Token.objects.of_machines()
    shown = known.filter(Q(pk__in=Token.objects.live(now()).values("pk")) | Q(still_asking()))
    personal = list(shown.filter(membership=viewer.membership, membership__isnull=False))
    shared = list(shown.filter(organisation=own)) if administers else []
    collections = list(Collection.objects.readable(viewer))
    tools = tools_for(collections)
    context = {
        "nav": "integrations",
        "collections": [(row, f"{addresses()['api_root']}collections/{row.uuid}/") for row in collections],
        "personal": rows_of(viewer, personal),
        "shared": rows_of(viewer, shared),
        "refused": Call.objects.all().refused_last([*personal, *shared]),
        "missing": _missing(viewer, personal) | _missing(replace(viewer, membership=None), shared),
        "own": own,
        "administers": administers,
        "personal_form": forms.get(TokenKind.PERSONAL.value),
        "organisation_form": forms.get(TokenKind.ORGANISATION.value),
        "form": sent,
        "tools": tools,
        "tool": next((tool for tool in tools if tool.key == request.GET.get("tool")), tools[0]),
        "rest_line": rest_line(),
        **addresses(),
    }
    return render(request, "member/integrations.html", context, status=422 if sent is not None else 200)


def _missing(holder: Viewer, tokens: list[Token]) -> set[int]:
    """The tokens in use whose holder has sat down in a group since: their own pages say how much there is."""
    seats = late_seats(membership=holder.membership, organisation=holder.organisation, at=now()) if tokens else {}
    latest = max(seats.values(), default=None)
    return {
        token.pk for token in tokens if latest and token.used_at and "taxii" in token.scopes and token.created < latest
    }
