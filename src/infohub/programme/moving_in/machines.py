"""Tokens and collections of a programme file: what machines use."""

from __future__ import annotations

from django.utils.text import slugify

from infohub.intel.models import Collection, CollectionKind
from infohub.members.models import Membership, Organisation, Token, TokenKind
from infohub.policy.exits import Carry, Exit, carries
from infohub.policy.models import Audience
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in.audience import clause_from
from infohub.programme.moving_in.reading import Row
from infohub.programme.moving_in.run import Run
from infohub.register import actions as register
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import random_ref

TOKEN_NAMES = frozenset({"id", "kind", "person", "organisation", "name", "scopes", "ceiling", "expires"})
COLLECTION_NAMES = frozenset({"id", "title", "tlp", "audience", "writers"})
KINDS = (TokenKind.PERSONAL.value, TokenKind.ORGANISATION.value, TokenKind.PEER.value)


def token(row: Row, run: Run, earlier: Token | None) -> Token:
    """Issue a token, whose secret goes into the answer this once; or change what it may do."""
    run.look_over(row, TOKEN_NAMES)
    kind = row.one_of("kind", KINDS)
    name, scopes = row.text("name", most=120), row.texts("scopes")
    ceiling, expires = row.tlp("ceiling", Tlp.GREEN), row.moment_or_none("expires")
    if not scopes:
        raise row.refuse("name at least one scope", "scopes")
    membership, holder = _holder(row, run, kind)
    if earlier is None:
        made, secret = register.issue_token(
            SYSTEM,
            kind=kind,
            name=name,
            membership=membership,
            organisation=holder,
            scopes=scopes,
            ceiling=ceiling,
            expires=expires,
        )
        run.facts["secret"] = secret
        return made
    if (earlier.kind, earlier.membership, earlier.organisation) != (kind, membership, holder):
        raise row.refuse("a token stays with its holder: give the new one another id", "kind")
    return register.change_token(SYSTEM, token=earlier, name=name, scopes=scopes, ceiling=ceiling, expires=expires)


def _holder(row: Row, run: Run, kind: str) -> tuple[Membership | None, Organisation | None]:
    if kind == TokenKind.PERSONAL:
        return run.known.membership_at(row, "person", row.text("person"), now()), None
    if kind == TokenKind.ORGANISATION:
        return None, run.known.organisation(row, "organisation")
    return None, None


def collection(row: Row, run: Run, earlier: Collection | None) -> Collection:
    """A collection by agreement, with its readers and writers."""
    run.look_over(row, COLLECTION_NAMES)
    made = earlier or Collection(
        kind=CollectionKind.NAMED, alias=f"{slugify(row.id)[:60] or 'named'}-{random_ref('c').lower()}"
    )
    ceiling = row.tlp("tlp", Tlp.GREEN)
    if carries(Exit.MACHINE, ceiling) is Carry.NOTHING:
        raise row.refuse("machines get nothing that is RED", "tlp")
    made.titles, made.ceiling = row.names("title"), ceiling.value
    made.audience = Audience.objects.intern(clause_from(row.row("audience"), run.known))
    writing = clause_from(row.row("writers"), run.known)
    made.writers = Audience.objects.intern(writing) if writing.grants_anything else None
    made.save()
    return made
