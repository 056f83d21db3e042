"""A member's machines: the collections one may read, and the tokens with which a machine pulls them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.intel.models import Collection
from infohub.members.models import Membership, Organisation, Token, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import actions
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh, fresh_to_act
from infohub.web.tokens import TokenForm, addresses, curl_line, issued, rest_line, rows_of
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
        return issued(request, "member/issued_token.html", nav="integrations", token=token, secret=secret)
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
        kind.value: TokenForm(request.POST if sent == kind.value else None, kind=kind, holder=own) for kind in kinds
    }


def _page(
    request: HttpRequest, forms: dict[str, TokenForm], sent: TokenForm | None, own: Organisation | None
) -> HttpResponse:
    viewer = viewer_of(request)
    live = Token.objects.of_machines().live(now())
    collections = [
        (row, f"{settings.BASE_URL}/taxii2/api/collections/{row.uuid}/") for row in Collection.objects.readable(viewer)
    ]
    administers = offices.administers(viewer, own)
    context = {
        "nav": "integrations",
        "collections": collections,
        "personal": rows_of(viewer, live.filter(membership=viewer.membership, membership__isnull=False)),
        "shared": rows_of(viewer, live.filter(organisation=own)) if administers else [],
        "own": own,
        "administers": administers,
        "personal_form": forms.get(TokenKind.PERSONAL.value),
        "organisation_form": forms.get(TokenKind.ORGANISATION.value),
        "form": sent,
        "curl": curl_line("collections/"),
        "rest_line": rest_line(),
        **addresses(),
    }
    return render(request, "member/integrations.html", context, status=422 if sent is not None else 200)
