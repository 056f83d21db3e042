"""The calls of a machine in words: what it did, why it was refused, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from infohub.intel.models import Call, CallKind, Face
from infohub.members.models import Token

Words = str | Promise

NEW_TOKEN = gettext_lazy("Issue a new token and put it into the machine.")
WITH_SCOPE = gettext_lazy(
    "Use a token with the scope taxii-write; if your organisation has no write access, ask the programme office."
)
ONLY_OWN = gettext_lazy("Only the organisation that added an object takes it away.")
ASK_OFFICE = gettext_lazy("Ask the programme office for write access to this collection.")


@dataclass(frozen=True, slots=True)
class Told:
    """A call in a list; `next` says what to do where something stands in its way."""

    at: datetime
    face: str
    words: str
    refused: bool
    next: str


def told(calls: Iterable[Call], token: Token, titles: Mapping[int, str]) -> list[Told]:
    """Calls of one token, in words; collections that are closed to it by now are not named."""
    return [_told(call, token, _title(call, titles)) for call in calls]


def _told(call: Call, token: Token, title: str) -> Told:
    refused = call.status >= 400
    words, then = _refusal(call, token, title) if refused else (_deed(call, title), "")
    if not refused and call.what == CallKind.ADDED and not call.objects_told:
        then = _("The answer said object by object why; the address of the status says it again.")
    return Told(call.at, Face(call.face).label, words, refused, str(then))


def _title(call: Call, titles: Mapping[int, str]) -> str:
    if call.collection_id is None:
        return ""
    known = titles.get(call.collection_id)
    return _("“%(title)s”") % {"title": known} if known else _("a collection that is closed to it now")


DEEDS: dict[str, Words] = {
    CallKind.DISCOVERY: gettext_lazy("asked where the API root is"),
    CallKind.API_ROOT: gettext_lazy("asked what the API root speaks"),
    CallKind.COLLECTIONS: gettext_lazy("listed the collections that are open to it"),
    CallKind.COLLECTION: gettext_lazy("looked at %(title)s"),
    CallKind.OBJECT: gettext_lazy("pulled one object of %(title)s"),
    CallKind.VERSIONS: gettext_lazy("asked for the versions of an object of %(title)s"),
    CallKind.STATUS: gettext_lazy("asked what became of what it had added"),
    CallKind.REMOVED: gettext_lazy("took an object out of %(title)s"),
    CallKind.VALUES: gettext_lazy("took a list of the values in %(title)s"),
    CallKind.PIECES: gettext_lazy("read the list of pieces"),
    CallKind.PIECE: gettext_lazy("read a piece"),
    CallKind.SEARCH: gettext_lazy("searched"),
    CallKind.LOOKUP: gettext_lazy("looked values up"),
    CallKind.SHARED: gettext_lazy("sent a piece"),
    CallKind.OTHER: gettext_lazy("asked for something else"),
}


def _deed(call: Call, title: str) -> str:
    n = call.objects_told
    facts = {"n": f"{n:,}", "title": title}
    if call.what == CallKind.OBJECTS:
        if not n:
            return _("found nothing new in %(title)s") % facts
        return ngettext("pulled %(n)s object of %(title)s", "pulled %(n)s objects of %(title)s", n) % facts
    if call.what == CallKind.MANIFEST:
        return ngettext("listed %(n)s object of %(title)s", "listed %(n)s objects of %(title)s", n) % facts
    if call.what == CallKind.ADDED:
        if not n:
            return _("added nothing to %(title)s: every object was refused") % facts
        return ngettext("added %(n)s object to %(title)s", "added %(n)s objects to %(title)s", n) % facts
    return str(DEEDS[call.what]) % facts


OTHER_REFUSALS: dict[int, tuple[Words, Words]] = {
    400: (gettext_lazy("refused: the request was not valid"), gettext_lazy("The answer named the parameter.")),
    405: (gettext_lazy("refused: this cannot be done at that address"), ""),
    406: (
        gettext_lazy("refused: it did not ask for TAXII 2.1"),
        gettext_lazy("Set the tool to TAXII 2.1; older versions are not spoken here."),
    ),
    409: (gettext_lazy("refused: its key named another piece before"), gettext_lazy("Use a new key for each piece.")),
    413: (
        gettext_lazy("refused: too much at once"),
        gettext_lazy("Send it in several parts: an envelope holds 10 MB and 10,000 objects."),
    ),
    415: (
        gettext_lazy("refused: it sent something else than TAXII 2.1"),
        gettext_lazy("Send the body uncompressed, as application/taxii+json;version=2.1."),
    ),
    422: (gettext_lazy("refused: a value or a rule stood against it"), gettext_lazy("The answer said where.")),
    429: (
        gettext_lazy("refused: too many requests in a minute"),
        gettext_lazy("Let it ask less often; the answer says how long to wait."),
    ),
}


def _refusal(call: Call, token: Token, title: str) -> tuple[str, Words]:
    judge = JUDGES.get(call.status)
    if judge is not None:
        return judge(call, token, title)
    if call.status >= 500:
        return _("failed: the fault was ours"), _("It may try again; if that goes on, tell the programme office.")
    words, then = OTHER_REFUSALS.get(call.status, (_("refused"), ""))
    return str(words), then


def _dead(call: Call, token: Token, _title: str) -> tuple[str, Words]:
    if token.revoked is not None and token.revoked <= call.at:
        return _("refused: the token has been revoked"), NEW_TOKEN
    if token.expires is not None and token.expires <= call.at:
        return _("refused: the token has expired"), NEW_TOKEN
    return _("refused: the organisation or the person was not active"), _("Ask the programme office.")


def _not_allowed(call: Call, token: Token, title: str) -> tuple[str, Words]:
    lacking = _lacking(call, token)
    if lacking:
        facts = {"scope": lacking}
        return (
            _("refused: the token has not the scope %(scope)s") % facts,
            _("Issue a token with the scope %(scope)s and put it into the machine.") % facts,
        )
    facts = {"title": title}
    if call.what == CallKind.ADDED:
        then = ASK_OFFICE if "taxii-write" in token.scopes else WITH_SCOPE
        return _("refused: may read but not add to %(title)s") % facts, then
    if call.what == CallKind.REMOVED:
        return _("refused: may not take this out of %(title)s") % facts, ONLY_OWN
    if title:
        return _("refused: may add to %(title)s but not read it") % facts, ""
    return _("refused: not for a token of this kind"), ""


def _lacking(call: Call, token: Token) -> str:
    """The scope without which nothing of the kind opens."""
    over_rest = "write" if call.what == CallKind.SHARED else "read"
    needed = "taxii" if call.face == Face.TAXII else over_rest
    return "" if needed in token.scopes else needed


def _absent(_call: Call, _token: Token, title: str) -> tuple[str, Words]:
    if title:
        return _("refused: there is no such object in %(title)s, or none it may read") % {"title": title}, ""
    then = _("Compare the address and the collection ID with those on the page Integrations.")
    return _("refused: nothing at that address, or nothing it may read"), then


Judge = Callable[[Call, Token, str], tuple[str, Words]]
JUDGES: dict[int, Judge] = {401: _dead, 403: _not_allowed, 404: _absent}
