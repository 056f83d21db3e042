"""Web and mail addresses in a live text."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from .addresses import address_note, ipv4_of
from .candidates import Candidate
from .findings import Kind
from .hosts import LETTERS, domain_of, reads_like_code
from .known import FILE_ENDINGS, FREE_MAIL

_IDEOGRAPHS = r"[^\x00-\x7f\u3000-\u3020\uff00-\uff0f\uff1a-\uff20\uff5b-\uff65\u2010-\u2027\s]"
_AUTHORITY = re.compile(
    rf"\[[0-9A-Fa-f:.]{{2,45}}\](?::[0-9]{{1,5}})?|[{LETTERS}._~%!$&;=+@:。｡-]+"
    rf"|{_IDEOGRAPHS}(?:{_IDEOGRAPHS}|[0-9A-Za-z.-])*"
)
_REST = re.compile(r"[/?#][0-9A-Za-z\u00c0-\u024f\u0370-\u052f._~:/?#@!$&'()*+,;=%|{}\\-]{0,8191}")
# `http` is never the end of a word: a word before it lost its space, as after a table was copied; `C&Ctcp://` likewise.
_SCHEME = re.compile(
    r"(?:(?<![0-9A-Za-z])(?:ftps?|sftp|wss?|tcp|udp|ldaps?|rmi|smb|ssh|telnet|tftp)|https?|(?-i:(?<=[A-Z])(?:tcp|udp)))\Z",
    re.IGNORECASE | re.ASCII,
)
_SIGN = re.compile("://")
_BARE = re.compile(
    rf"(?<![{LETTERS}_.@/\\:=-])(?P<authority>[{LETTERS}_-]++(?:\.[{LETTERS}_-]++){{1,8}}+)"
    r"(?P<port>:[0-9]{1,5})?"
    r"(?P<rest>/[0-9A-Za-z._~:/?#@!$&'()*+,;=%-]*[0-9A-Za-z][0-9A-Za-z._~:/?#@!$&'()*+,;=%-]*)"
)
_EMAIL = re.compile(rf"@(?=[{LETTERS}])[{LETTERS}_-]{{1,63}}(?:[.。｡][{LETTERS}_-]{{1,63}}){{1,8}}")
_LOCAL = re.compile(r"[0-9A-Za-z_][0-9A-Za-z._%+'-]{0,63}\Z")
_NEXT = re.compile(r"(?<=[0-9A-Za-z])https?://")
_TAG = re.compile(r"/[a-z][a-z0-9]{0,9}\Z")
_ENTITY = re.compile(r"&(?:gt|lt|quot|nbsp|apos|#39|#x27|#34);", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~|\\{}$"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def urls_in(text: str) -> Iterator[Candidate]:
    """Web addresses with a scheme, cut where a sentence, a Chinese character or Markdown goes on."""
    covered = 0
    for sign in _SIGN.finditer(text):
        scheme = _SCHEME.search(text[max(0, sign.start() - 8) : sign.start()])
        place = _AUTHORITY.match(text, sign.end())
        if scheme is None or place is None or sign.start() < covered:
            continue
        rest = _REST.match(text, place.end())
        authority = place.group() if rest else place.group().rstrip(".,;:!&=$%。｡-")
        if host := _host(authority):
            kept = _ended(rest.group()) if rest else ""
            covered = sign.end() + len(authority) + len(kept)
            value = f"{scheme.group().lower()}://{host[0]}{kept.replace('&amp;', '&')}"
            yield Candidate(Kind.URL, value, sign.start() - len(scheme.group()), covered, host[1])


def bare_urls_in(text: str) -> Iterator[Candidate]:
    """A host with a path and no scheme, as advisories often list them; the value has no scheme either."""
    for found in _BARE.finditer(text):
        host = _host(found["authority"])
        kept = _ended(found["rest"])
        code = reads_like_code(found["authority"])
        if host is None or code or len(kept) < 2 or _other_host(kept[1:]):
            continue
        if text[found.end() : found.end() + 1] == ">" and _TAG.match(found["rest"]):
            continue  # `198.51.100.7/span>` is what is left of a page
        value = f"{host[0]}{found['port'] or ''}{kept.replace('&amp;', '&')}"
        yield Candidate(Kind.URL, value, found.start(), found.end() - len(found["rest"]) + len(kept), host[1])


def emails_in(text: str) -> Iterator[Candidate]:
    """Mail addresses; looked for from the at sign outwards, so that prose costs nothing."""
    for found in _EMAIL.finditer(text):
        local = _LOCAL.search(_last_word(text, found.start()))
        if local is None or local.group().endswith("."):
            continue
        name = _sentence_cut(found.group()[1:].rstrip("-_"))
        if domain := domain_of(name):
            start = found.start() - len(local.group())
            value = f"{local.group().lower()}@{domain[0]}"
            note = "" if domain[0] in FREE_MAIL else domain[1]
            yield Candidate(Kind.EMAIL, value, start, found.start() + 1 + len(name), note)


def _last_word(text: str, end: int) -> str:
    """The characters before the at sign that a mailbox may have, at most 64."""
    start = end
    while start > max(0, end - 64) and (
        text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] in "._%+'-")
    ):
        start -= 1
    return text[start:end].lstrip(".%+'-")


def _sentence_cut(name: str) -> str:
    """The mail domain without a sentence right behind it: `a@evil.example.Then`."""
    before, _, after = name.rpartition(".")
    return before if after[:1].isupper() and after[1:].islower() and domain_of(before) else name


def _host(authority: str) -> tuple[str, str] | None:
    """User, host and port as they go over the wire, and the note on the host; None where there is no host."""
    user, at, place = authority.rpartition("@")
    if place.startswith("["):
        return _bracketed_host(f"{user}{at}", place)
    name, colon, port = place.partition(":")
    if port and not port.isdigit():
        return None
    if numeric := ipv4_of(name):
        return f"{user}{at}{numeric}{colon}{port}", address_note(numeric)
    domain = domain_of(name)
    return (f"{user}{at}{domain[0]}{colon}{port}", domain[1]) if domain else None


def _other_host(path: str) -> bool:
    """Whether what follows the slash is a prefix length or a second host (`198.51.100.7/evil.example` lists two)."""
    if path.isdigit():
        return len(path) <= 3
    return "/" not in path and path.rpartition(".")[2].lower() not in FILE_ENDINGS and _host(path) is not None


def _bracketed_host(before: str, place: str) -> tuple[str, str] | None:
    written, _, port = place[1:].partition("]")
    try:
        address = IPv6Address(written)
    except AddressValueError:
        return None
    return f"{before}[{address}]{port}", address_note(address)


def _ended(rest: str) -> str:
    """The path and query without what belongs to the sentence: final signs and brackets opened outside."""
    for pattern in (_ENTITY, _NEXT):
        if found := pattern.search(rest):
            rest = rest[: found.start()]
    surplus = {close: rest.count(close) - rest.count(opening) for close, opening in _PAIRS.items()}
    while rest:
        last = rest[-1]
        if last in _TRAILING:
            rest = rest[:-1]
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            rest = rest[:-1]
        else:
            break
    return rest
