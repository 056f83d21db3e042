"""All tokens of machines, without their secrets: who holds what, how far it reaches, when it was used."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.members.models import Token, TokenKind
from infohub.policy import offices
from infohub.register import actions
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh
from infohub.web.lists import asked, chips, paged
from infohub.web.office.doors import open_to
from infohub.web.tokens import TokenForm, issued, rows_of
from infohub.web.viewer import viewer_of

_KINDS = (TokenKind.PERSONAL, TokenKind.ORGANISATION, TokenKind.PEER)


@require_safe
@open_to(offices.keeps_register)
def tokens(request: HttpRequest) -> HttpResponse:
    """All tokens, newest first; those that work unless the address asks for the others too."""
    viewer = viewer_of(request)
    kind, words, everything = (asked(request, name) for name in ("kind", "q", "all"))
    rows = Token.objects.of_machines().found(words)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows if everything else rows.live(now())
    page, newer, older = paged(request, rows)
    context = {
        "nav": "tokens",
        "rows": rows_of(viewer, page),
        "newer": newer,
        "older": older,
        "query": words,
        "filtered": bool(kind or words or everything),
        "steers": offices.steers(viewer),
        "filters": [
            (_("Kind"), chips(request, "kind", [(k.value, str(k.label)) for k in _KINDS])),
            (_("State"), chips(request, "all", [("1", _("Ended ones too"))])),
        ],
    }
    return render(request, "office/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def issue_peer(request: HttpRequest) -> HttpResponse:
    """A token for a peer programme: it reads CLEAR and GREEN pieces for all members, and nothing else."""
    form = TokenForm(request.POST if request.method == "POST" else None, kind=TokenKind.PEER)
    if form.is_valid():
        token, secret = actions.issue_token(viewer_of(request), **form.wish)
        return issued(request, "office/issued_token.html", nav="tokens", token=token, secret=secret)
    status = 422 if form.is_bound else 200
    return render(request, "office/token_new.html", {"nav": "tokens", "form": form}, status=status)


@require_POST
@open_to(offices.keeps_register)
@fresh
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token at its next request."""
    token = Token.objects.of_machines().filter(pk=pk).first()
    if token is None:
        raise Http404
    actions.revoke_token(viewer_of(request), token=token)
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return redirect("office:tokens")
