"""Indicators as the lists that programs obey: plain values, a hosts file, a response policy zone (RPZ).

What a form cannot hold is said line by line, with the remedy; nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from infohub.standards.blockable import Network, name_of, network_of, target_of, too_wide
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp

BREAKS_LINES = "It holds signs that end a line or cannot be seen. Take the table of indicators."
LIKE_A_COMMENT = "It begins with #, so a program that reads the list may take it for a comment."
NAMES_ALONE = "A hosts file knows names alone. Take the RPZ zone, the Suricata rules or the plain list."
ZONE_KINDS = "A zone knows names and addresses alone. Take the plain list or the table of indicators."
NO_NAME = "This is no name or address that a network uses. Take the plain list."
ONE_PAGE = "It is one page: its whole host would be blocked. Take the Suricata rules or the plain list."
HOST_ALONE = "Its host stands there, for the web address means everything on it."
TOO_WIDE = "The network is too wide: what reads the list would block a large part of the Internet."
TOO_LONG = "The name is too long for a zone. Take the hosts file."
NOT_TO_BLOCK = "Its author asks, by the PAP, that nothing be blocked on it."

SENTENCES = (
    *(BREAKS_LINES, LIKE_A_COMMENT, NAMES_ALONE, ZONE_KINDS, NO_NAME),
    *(ONE_PAGE, HOST_ALONE, TOO_WIDE, TOO_LONG, NOT_TO_BLOCK),
)

ADDRESSES = frozenset({"ipv4", "ipv6"})
_ADDRESS_TRIGGER = ".rpz-ip"
_LONGEST = 200  # leaves room for `*.` and for the zone's own name


@dataclass(frozen=True, slots=True)
class Listed:
    """A value that leaves: `kind` is a word of `analysis.findings.Kind`, `refs` the pieces or objects that have it.

    Of several of them it carries the strictest marking; `unblocked` where one of their authors asks not to block.
    """

    kind: str
    value: str
    tlp: Tlp
    refs: tuple[str, ...]
    unblocked: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file, how many of the values are in it, and what became of the others."""

    text: str
    taken: int
    tlp: Tlp
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a form writes for a value, nothing where it holds none such; `reason` says what is to be known of it."""

    entry: str
    reason: str = ""
    changed: bool = False


def plain_list(values: Sequence[Listed], *, kind: str = "") -> Rendered:
    """One value a line, kind by kind, or one kind alone."""
    wanted = sorted((one for one in values if kind in {"", one.kind}), key=lambda one: one.kind)
    fits = [(one, _as_it_is(one)) for one in wanted]
    text = []
    for name, group in groupby(fits, key=lambda pair: pair[0].kind):
        entries = [fit.entry for _one, fit in group if fit.entry]
        text += [f"# {name}: {len(entries)}", *entries] if entries else []
    return rendered(fits, text)


def hosts_file(values: Sequence[Listed]) -> Rendered:
    """Names that a computer shall not find, as its hosts file says it."""
    fits = [(one, _in_hosts(one)) for one in values]
    names = dict.fromkeys(f"0.0.0.0 {fit.entry}" for _one, fit in fits if fit.entry)
    return rendered(fits, ["# These names alone, none below them.", *names], blocks=True)


def policy_zone(values: Sequence[Listed], *, serial: int) -> Rendered:
    """A response policy zone, whatever its name: names with all below them, and addresses that answers may not hold."""
    fits = [(one, _in_zone(one)) for one in values]
    records = dict.fromkeys(record for _one, fit in fits if fit.entry for record in _records(fit.entry))
    head = (
        "$TTL 300",
        f"@ IN SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 300",
        "@ IN NS localhost.",
    )
    return rendered(fits, [*head, *records], sign=";", blocks=True)


def rendered(
    fits: Sequence[tuple[Listed, Fit]], text: Iterable[str], *, sign: str = "#", blocks: bool = False
) -> Rendered:
    """The file: its first line says the strictest marking of what is in it."""
    taken = [one for one, fit in fits if fit.entry]
    tlp = max((one.tlp for one in taken), default=Tlp.CLEAR)
    told = tuple(
        _line(one, fit, blocks=blocks) for one, fit in fits if fit.reason or (blocks and fit.entry and one.unblocked)
    )
    return Rendered("\n".join([f"{sign} {tlp.mark}", *text, ""]), len(taken), tlp, told)


def _line(one: Listed, fit: Fit, *, blocks: bool) -> Line:
    """What became of a value; a reason not to block it is one only where it will be blocked."""
    outcome = Outcome.CHANGED if fit.changed else Outcome.TAKEN if fit.entry else Outcome.REFUSED
    reasons = (fit.reason, NOT_TO_BLOCK if blocks and fit.entry and one.unblocked else "")
    return Line(one.value, outcome, tuple(Problem(", ".join(one.refs), reason) for reason in reasons if reason))


def _as_it_is(one: Listed) -> Fit:
    if not one.value.isprintable() or not one.value:
        return Fit("", BREAKS_LINES)
    network = network_of(one.value) if one.kind in ADDRESSES else None
    if network is not None and too_wide(network):
        return Fit("", TOO_WIDE)
    return Fit(one.value, LIKE_A_COMMENT if one.value.startswith("#") else "")


def _in_hosts(one: Listed) -> Fit:
    if one.kind == "domain":
        name = name_of(one.value)
        return Fit(name) if name else Fit("", NO_NAME)
    return _host_of(one) if one.kind == "url" else Fit("", NAMES_ALONE)


def _host_of(one: Listed) -> Fit:
    target = target_of(one.value)
    if target is None:
        return Fit("", NO_NAME)
    if not target.whole:
        return Fit("", ONE_PAGE)
    return Fit(target.host, HOST_ALONE, changed=True) if name_of(target.host) else Fit("", NAMES_ALONE)


def _in_zone(one: Listed) -> Fit:
    if one.kind in ADDRESSES:
        network = network_of(one.value)
        if network is None:
            return Fit("", NO_NAME)
        return Fit("", TOO_WIDE) if too_wide(network) else Fit(_trigger(network))
    if one.kind not in {"domain", "url"}:
        return Fit("", ZONE_KINDS)
    fit = _in_hosts(one)
    if fit.reason == NAMES_ALONE and (target := target_of(one.value)) and (network := network_of(target.host)):
        return Fit(_trigger(network), HOST_ALONE, changed=True)
    return Fit("", TOO_LONG) if len(fit.entry) > _LONGEST else fit


def _records(entry: str) -> tuple[str, ...]:
    return (f"{entry} CNAME .",) if entry.endswith(_ADDRESS_TRIGGER) else (f"{entry} CNAME .", f"*.{entry} CNAME .")


def _trigger(network: Network) -> str:
    """Length and address, from its end to its beginning; in IPv6 `zz` stands where its text form has `::`."""
    address = str(network.network_address)
    parts = address.split(".") if network.version == 4 else address.replace("::", ":zz:").strip(":").split(":")
    return f"{network.prefixlen}.{'.'.join(reversed(parts))}{_ADDRESS_TRIGGER}"
