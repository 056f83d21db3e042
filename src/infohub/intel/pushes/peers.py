"""Speaks to a peer's TAXII 2.1 server: what it takes, an envelope, what became of it, and please delete this."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.fernet import InvalidToken
from django.utils.translation import gettext_lazy as _

from infohub.intel import pulls
from infohub.intel.models import Push
from infohub.intel.pulls import PullError, Trouble
from infohub.intel.pulls.asking import ENOUGH, MOST_SECONDS, refusal_of, unreadable
from infohub.intel.pushes.choosing import Limits
from infohub.standards import jsontext
from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.stix21.parse import UNVERSIONED
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.taxii21.media import TAXII, content_type_allows
from infohub.standards.taxii21.status import Status, read_status
from infohub.support import outbound
from infohub.support.outbound import Answer, Method

USUAL_BYTES = 10_000_000
"""What is sent at once where the peer names no limit; no envelope of ours is larger, whatever it names."""

_COLLECTION = re.compile(r"(?P<root>https?://[^?#]+?)/collections/(?P<name>[\w.~-]+)/?", re.ASCII | re.IGNORECASE)
_NOT_TAKEN = frozenset({400, 413, 422})
"""The envelope as a whole is not what the peer takes: fewer objects may be."""

_NOT_NOW = frozenset({401, 429, 503})
_MESSAGE = 500


_OF_PEERS: Mapping[str, object] = {
    Trouble.LOCKED: _("The peer refuses the user name, password or token."),
    Trouble.BUSY: _("The peer asks to come back later."),
    Trouble.FAILING: _("The peer answers with an error."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was refused for what it holds, and what the peer said."""

    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a request to delete; a peer that does not confirm is asked again unless its answer is final."""

    confirmed: bool
    is_final: bool
    message: str


@dataclass(slots=True)
class Peer:
    """One collection of a peer during one turn. Every address is below that of the collection's own API root."""

    root: str
    collection: str
    authorization: str
    begun: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, push: Push) -> Peer:
        """For this push, beginning now."""
        found = _COLLECTION.fullmatch(push.url)
        if found is None:
            raise PullError(Trouble.MEDIA)
        try:
            return cls(found["root"], f"{found['root']}/collections/{found['name']}/", push.authorization())
        except InvalidToken:
            raise PullError(Trouble.SEALED) from None

    @property
    def has_time(self) -> bool:
        """Whether this turn may take up more."""
        return time.monotonic() - self.begun < ENOUGH

    def limits(self) -> Limits:
        """What the collection and its API root say that they take."""
        told = _read(self._ask(self.collection))
        most = _read(self._ask(f"{self.root}/")).get("max_content_length")
        bytes_ = most if isinstance(most, int) and not isinstance(most, bool) and most > 0 else USUAL_BYTES
        return Limits(can_write=told.get("can_write") is True, most_bytes=min(bytes_, USUAL_BYTES))

    def send(self, envelope: bytes) -> Status | Refusal:
        """What the peer answers to an envelope; PullError or OutboundError where it was not even considered."""
        answer = self._answer(f"{self.collection}objects/", method="POST", body=envelope)
        if answer.status in _NOT_TAKEN:
            return Refusal(message_of(answer))
        return _status(_good(answer))

    def status(self, identifier: str) -> Status | None:
        """What became of an envelope meanwhile; nothing where the peer does not know any more."""
        answer = self._answer(f"{self.root}/status/{quote(identifier, safe='')}/")
        return None if answer.status in {404, 410} else _status(_good(answer))

    def delete(self, stix_id: str, versions: Iterable[datetime]) -> Asked:
        """Ask to delete these versions of an object; servers date those that have no version themselves."""
        named = ",".join(microseconds(one) for one in versions if one != UNVERSIONED)
        query = f"?{urlencode({'match[version]': named})}" if named else ""
        answer = self._answer(f"{self.collection}objects/{quote(stix_id, safe='')}/{query}", method="DELETE")
        if answer.status in _NOT_NOW:
            raise refusal_of(answer)
        confirmed = 200 <= answer.status < 300
        is_failing = answer.status >= 500 and answer.status != 501
        return Asked(confirmed, is_final=not is_failing, message="" if confirmed else message_of(answer))

    def _ask(self, url: str) -> Answer:
        return _good(self._answer(url))

    def _answer(self, url: str, *, method: Method = "GET", body: bytes | None = None) -> Answer:
        headers = {"Accept": TAXII}
        headers |= {"Content-Type": TAXII} if body is not None else {}
        headers |= {"Authorization": self.authorization} if self.authorization else {}
        left = max(0.1, self.begun + MOST_SECONDS - time.monotonic())
        return outbound.fetch(url, headers=headers, method=method, body=body, seconds=left)


def in_words(problem: str) -> str:
    """A kept problem as the office reads it: the words of a pull, but for those that speak of a source."""
    code, _space, detail = problem.partition(" ")
    words = _OF_PEERS.get(code)
    return pulls.in_words(problem) if words is None else f"{words} {detail}".strip()


def is_collection(url: str) -> bool:
    """Whether this is the address of a TAXII collection."""
    return _COLLECTION.fullmatch(url) is not None


def message_of(answer: Answer) -> str:
    """Status and words of an answer that refuses."""
    found = jsontext.read(answer.body)
    body: Mapping[str, Json] = found if isinstance(found, dict) else {}
    words = [said for name in ("title", "description") if isinstance(said := body.get(name), str)]
    return f"{answer.status} {': '.join(words)}".strip()[:_MESSAGE]


def _good(answer: Answer) -> Answer:
    if 200 <= answer.status < 300:
        return answer
    raise refusal_of(answer)


def _status(answer: Answer) -> Status:
    found = read_status(dict(_read(answer)))
    if isinstance(found, Problem):
        raise unreadable(found)
    return found


def _read(answer: Answer) -> Mapping[str, Json]:
    """The object in a body; servers that call it plain JSON mean the same."""
    kind = answer.headers.get("content-type", "")
    if not content_type_allows(kind) and kind.partition(";")[0].strip().lower() != "application/json":
        raise PullError(Trouble.MEDIA)
    found = jsontext.read(answer.body)
    if isinstance(found, Problem):
        raise unreadable(found)
    if not isinstance(found, dict):
        raise PullError(Trouble.UNREADABLE)
    return found
