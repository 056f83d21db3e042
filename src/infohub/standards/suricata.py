"""Indicators as Suricata rules (version 6 and later): addresses, names asked for, web addresses fetched.

A rule keeps its number (sid) whatever else is in the file: it follows from the value alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from infohub.standards.blockable import Target, name_of, network_of, target_of, too_wide
from infohub.standards.blocklists import ADDRESSES, NO_NAME, TOO_WIDE, Fit, Listed, Rendered, rendered

NOT_ON_THE_NETWORK = (
    "It is not seen on the network. Take the plain list: Suricata compares hashes with a list of its own."
)
NO_SUCH_KIND = "Suricata looks for addresses, names and web addresses here. Take the plain list or the table."
NOT_HTTP = "It is no address of the web (http, https). Take the plain list."
SEALED = "It is found only where TLS is opened: the page that is asked for is encrypted."
AS_SENT = "Only what goes over the wire is looked for: no user name, nothing after #."
NUMBER_TAKEN = "Another value has the number that follows from it; it got the next one, which may change."

SENTENCES = (NOT_ON_THE_NETWORK, NO_SUCH_KIND, NOT_HTTP, SEALED, AS_SENT, NUMBER_TAKEN)

_FIRST, _NUMBERS = 1_000_000_000, 1_147_000_000  # above everybody's ranges, below 2^31
_HASHES = frozenset({"md5", "sha1", "sha256", "ssdeep"})
_PLAIN = re.compile(r"[^A-Za-z0-9._/~=?&%-]+")


def suricata_rules(values: Sequence[Listed], *, below: str, of: str = "piece") -> Rendered:
    """One rule a value; `below` is the address, without scheme, below which what has it is; `of` says what that is."""
    numbers: set[int] = set()
    fits = [(one, _numbered(one, _rule(one), (below, of), numbers)) for one in sorted(values, key=_order)]
    return rendered(fits, [fit.entry for _one, fit in fits if fit.entry])


def number_of(kind: str, value: str) -> int:
    """The number that follows from a value."""
    digest = hashlib.sha256(f"{kind} {value}".encode()).digest()
    return _FIRST + int.from_bytes(digest[:8]) % _NUMBERS


def _order(one: Listed) -> tuple[str, str]:
    return one.kind, one.value


def _numbered(one: Listed, fit: Fit, place: tuple[str, str], numbers: set[int]) -> Fit:
    """The rule with its number, its marking and the way to what has the value."""
    if not fit.entry:
        return fit
    number = wanted = number_of(one.kind, one.value)
    while number in numbers:
        number += 1
    numbers.add(number)
    (below, of), ref, (header, _bracket, looked_for) = place, one.refs[0], fit.entry.partition(" (")
    said = f'msg:"{one.tlp.mark} {ref} {one.kind}"; '
    about = f"reference:url,{below}{ref}; metadata:tlp {one.tlp.word}, {of} {ref}; sid:{number}; rev:1;"
    rule = f"{header} ({said}{looked_for}{about})"
    return Fit(rule, fit.reason if number == wanted else NUMBER_TAKEN, changed=fit.changed)


def _rule(one: Listed) -> Fit:
    """Where a rule looks, and behind the bracket for what."""
    if one.kind in ADDRESSES:
        network = network_of(one.value)
        if network is None:
            return Fit("", NO_NAME)
        return Fit("", TOO_WIDE) if too_wide(network) else Fit(f"alert ip $HOME_NET any <> {network} any (")
    if one.kind == "domain":
        name = name_of(one.value)
        looked_for = f'dns.query; dotprefix; content:".{name}"; nocase; endswith; '
        return Fit(f"alert dns any any -> any any ({looked_for}") if name else Fit("", NO_NAME)
    if one.kind == "url":
        target = target_of(one.value)
        return _fetched(target) if target else Fit("", NO_NAME)
    return Fit("", NOT_ON_THE_NETWORK if one.kind in _HASHES else NO_SUCH_KIND)


def _fetched(target: Target) -> Fit:
    """A web address as it is asked for; of https without a path the name in the handshake."""
    if target.scheme not in {"", "http", "https"}:
        return Fit("", NOT_HTTP)
    host = _equals(f"[{target.host}]" if ":" in target.host else target.host)
    there = f"$HOME_NET any -> any {target.port or 'any'} ("
    if target.scheme == "https" and target.whole and name_of(target.host):
        return Fit(f"alert tls {there}tls.sni; {host}nocase; ")
    path = "" if target.whole else f"http.uri.raw; {_equals(target.path)}"
    reason = AS_SENT if target.unsent else SEALED if target.scheme == "https" else ""
    return Fit(f"alert http {there}http.host; {host}{path}", reason, changed=target.unsent)


def _equals(text: str) -> str:
    """The whole of what is looked at is this text; every sign that could end it stands there in hexadecimal."""
    safe = _PLAIN.sub(lambda found: f"|{found.group().encode().hex(' ')}|", text)
    return f'content:"{safe}"; bsize:{len(text.encode())}; '
