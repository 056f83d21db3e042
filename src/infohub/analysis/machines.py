"""Names of machines as companies give them, and accounts on them; places in a text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .hosts import registered_domain
from .known import FILE_ENDINGS
from .named import initials_of, lowered, occurrences

# Groups of attackers, numbers of advisories and names of algorithms look alike.
_OTHERS = (
    "APT|UNC|TA|FIN|CVE|CWE|TLP|STAC|UTF|ISO|RHSA|RHSB|VMSA|ICSA|ICSMA|GHSA|ZDI|DSA|DLA|USN|GLSA|FG|SA|JVN|JVNDB|CNVD"
    "|CNNVD|EDB|CSAF|MAR|SSA|DEV|STORM|COVID|SHA|AES|RSA|RFC|KB"
)
_ROLES = (
    "APP|AUTH|BACKUP|BKP|DB|DC|EXCH|FILE|FS|FW|GW|JUMP|LAPTOP|MAIL|NAS|NB|PC|PRINT|PRN|RDS|SERVER|SQL|SRV|SVR|VPN|WEB"
    "|WKS|WS"
)
# Every pattern begins with a rare sign, which the engine finds quickly.
_CAPITALS = re.compile(r"[A-Z](?<![A-Za-z0-9_-].)[A-Z0-9_-]{3,45}(?![A-Za-z0-9_-])")
# LTB-FS02, HK-DC-SRV01, HKG1-PACS-02; what Windows chooses; a role and a number: DC01, HKGDC01, SRV_DC_01.
_HOST = re.compile(
    rf"(?!(?:{_OTHERS})-)"
    r"(?:[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,9}){0,3}-[A-Z]{1,12}[0-9]{1,4}"
    r"|[A-Z][A-Z0-9]{1,9}(?:-[A-Z]{1,12}){1,3}-[0-9]{1,4}"
    r"|(?:DESKTOP|LAPTOP)-(?=[A-Z]*[0-9])[A-Z0-9]{6,15}|WIN-(?=[A-Z]*[0-9])[A-Z0-9]{11}"
    rf"|(?:[A-Z]{{2,9}}|(?:[A-Z0-9]{{2,9}}_){{1,2}})?(?:{_ROLES})[-_]?0[1-9])"
)
_NUMBERED = re.compile(r"-(?:[a-z]{2,7})?0[1-9](?![\w@-]|\.[A-Za-z0-9])")
_SMALL = re.compile(r"(?<![\w./@\\-])[a-z][a-z0-9]{1,8}(?:-[a-z0-9]{2,9}){0,2}-(?:[a-z]{2,7})?0[1-9]\Z")
_ROLE = re.compile(rf"(?<![a-z])(?:{_ROLES.lower()})(?![a-z])")
_LONGEST = 45
_CALLED = re.compile(
    r"(?:(?i:\b(?:host|computer|machine) ?name)|主機名稱?|主机名称?)[ \t]{0,2}(?:[:=]|is|was|called)?[ \t]?[\"'`]?"
    r"(?P<name>(?=[A-Z_-]{2,12}[0-9])[A-Z][A-Z0-9_-]{3,14})(?![\w-])"
)
_TAKEN = FILE_ENDINGS | frozenset(_OTHERS.lower().split("|"))
_SHORTEST = 3
# After the beginning that tells whose it is: `-WS0417`, `-vpn`, `-ERP-PROD`, `-lt-031-a`, `\\chantm`.
_OWN = re.compile(
    r"\\[A-Za-z][\w.-]{1,30}\b\$?|[A-Za-z0-9]{0,17}(?:[-_][A-Za-z0-9]{1,17}){0,4}(?<=[0-9])(?![\w@-])"
    r"|(?=[-_][\w-]{0,60}[0-9])(?:[-_][A-Za-z0-9]{1,17}){1,4}(?![\w@-])"
    rf"|(?:[-_][A-Z][A-Z0-9]{{1,11}}){{1,3}}(?![\w@-])|-(?:{_ROLES.lower()})(?![\w@-]|\.\w)"
)
_SITE, _LONGEST_SITE = re.compile(r"(?<![\w.@/\\-])[A-Za-z0-9]{2,5}-\Z"), 6  # `hk-` of `hk-hlb-fs02`
_INSIDE_A_NAME = re.compile(r"(?:[\w.@/-]|(?<!\\)\\)\Z")


def machines_in(text: str) -> Iterator[tuple[int, int]]:
    """Names that look like a machine's, whosever it is."""
    yield from (found.span() for found in _CAPITALS.finditer(text) if _HOST.fullmatch(found.group()))
    for number in _NUMBERED.finditer(text):
        small = _SMALL.search(text, max(0, number.start() - _LONGEST), number.end())
        if small and _ROLE.search(small.group()):
            yield small.span()
    yield from (found.span("name") for found in _CALLED.finditer(text))


def own_machines_in(text: str, organisations: Iterable[str], domains: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Names that begin as the organisation does and end with a number, and accounts: `HLB-WS0417`, `HLB\\chantm`."""
    whole = [domain.lower() for domain in domains]
    beginnings = {*(name for one in organisations for name in initials_of(one)), *map(first_label, whole), *whole}
    usable = {start for start in beginnings if len(start) >= _SHORTEST and start not in _TAKEN}
    lower = lowered(text)
    for start in sorted(usable, key=len, reverse=True):
        for at in occurrences(start, lower):
            site = _SITE.search(text, max(0, at - _LONGEST_SITE), at)
            first = site.start() if site else at
            inside = _INSIDE_A_NAME.search(text, max(0, first - 2), first)
            if found := None if inside else _OWN.match(text, at + len(start)):
                yield first, found.end()


@lru_cache(4096)
def first_label(domain: str) -> str:
    """What a domain begins with, without its subdomains: `harbour` of `www.harbour.com.hk`."""
    return (registered_domain(domain.lower()) or domain.lower()).partition(".")[0]
