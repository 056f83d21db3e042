"""What is done with tokens: issue, whose secret is shown once, and revoke."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Membership, Organisation, Token, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


@transaction.atomic
def issue_token(
    viewer: Viewer,
    *,
    kind: str,
    name: str,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    scopes: Iterable[str] = ("read",),
    ceiling: Tlp = Tlp.GREEN,
    expires: datetime | None = None,
) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again: only a keyed digest is kept."""
    wanted = frozenset(scopes)
    secret = f"infohub_{secrets.token_urlsafe(32)}"
    token = Token(
        kind=kind,
        name=name.strip(),
        digest=keyed_digest(secret),
        membership=membership,
        organisation=organisation,
        scopes=sorted(wanted),
        ceiling=ceiling.value,
        created=now(),
        expires=expires,
    )
    offices.demand_issuing(viewer, token)
    offices.demand_reach(kind, scopes=wanted, ceiling=ceiling)
    _demand_holder(token)
    token.save()
    record(viewer, "issued_token", f"token:{token.pk}", detail={"kind": kind, "scopes": sorted(wanted)})
    return token, secret


@transaction.atomic
def change_token(
    viewer: Viewer, *, token: Token, name: str, scopes: Iterable[str], ceiling: Tlp, expires: datetime | None
) -> Token:
    """Change what a token is called and may do; whose it is and its secret stay."""
    offices.demand_issuing(viewer, token)
    wanted = frozenset(scopes)
    offices.demand_reach(token.kind, scopes=wanted, ceiling=ceiling)
    token.name, token.scopes, token.ceiling, token.expires = name.strip(), sorted(wanted), ceiling.value, expires
    token.save(update_fields=["name", "scopes", "ceiling", "expires"])
    record(viewer, "changed_token", f"token:{token.pk}", detail={"scopes": sorted(wanted)})
    return token


@transaction.atomic
def revoke_token(viewer: Viewer, *, token: Token) -> Token:
    """End a token at its next request."""
    offices.demand_revoking(viewer, token)
    if token.revoked is None:
        token.revoked = now()
        token.save(update_fields=["revoked"])
        record(viewer, "revoked_token", f"token:{token.pk}")
    return token


def _demand_holder(token: Token) -> None:
    fits = {
        TokenKind.PERSONAL.value: token.membership is not None and token.organisation is None,
        TokenKind.ORGANISATION.value: token.membership is None and token.organisation is not None,
        TokenKind.PEER.value: token.membership is None and token.organisation is None,
    }
    if not fits.get(token.kind, False):
        raise RegisterError(_("Choose whose token it is: one person’s, one organisation’s, or a peer’s."))
    if token.membership is not None and token.membership.ended is not None:
        raise RegisterError(_("This membership has ended."))
