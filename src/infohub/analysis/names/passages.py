"""Words of the trade, and passages that are techniques or code: no proper names, but what reports mark as well."""

import re
from collections.abc import Iterator

from .kinds import Method, NameKind
from .sentence import Sentence, Span

_CONCEPTS = re.compile(
    r"\b(?:[Mm]alware(?:-as-a-[Ss]ervice)?|MaaS|[Pp]ayload|[Vv]ulnerability|RATs?|[Bb]otnet|APT(?! ?-?\d|-C)"
    r"|[Cc]ybercriminals|[Bb]anking [Tt]rojans|[Rr]emote [Aa]ccess [Tt]rojans?|[Ii]nfostealers?"
    r"|[Ss]upply[ -]chain attacks?|[Dd]ropper|[Bb]itcoins?|SSL|TLS|RDP|AES|RC4|RSA|DoH|VirusTotal|Discord|[Pp]astebin"
    r")(?![\w-])"
)
_TACTICS = re.compile(
    r"\b(?:C ?& ?C|C2|CnC|[Cc]ommand[ -]and[ -][Cc]ontrol|[Ii]nitial [Aa]ccess|[Cc]redential [Hh]arvesting"
    r"|[Pp]ersistence|[Ll]ateral [Mm]ovement|[Pp]rivilege [Ee]scalation|[Dd]efense [Ee]vasion|executes)(?![\w-])"
)
_TECHNIQUES = re.compile(
    r"\b(?:[Rr]ansomware|DDoS|RaaS|[Rr]ootkits?|[Ww]eb ?[Ss]hells?|[Ee]mail [Ff]raud"
    r"|[Dd]istributed[ -][Dd]enial[ -]of[ -][Ss]ervice|[Ss]pear-?phishing (?:emails?|campaigns?|attacks?)"
    r"|phishing campaigns?|password spraying|malvertising|PowerShell scripts?|brute[ -]forc(?:e|ing)"
    r"|credential stuffing|keylogging)(?![\w-])"
)
_TITLE = r"[A-Z][\w()/-]*(?: (?:[A-Z(/:][\w()/:-]*|and|or|of|from|on|for|to|the|in|over|via|with|/|:|-))*"
_NUMBERED = re.compile(rf"(?<![\w./])T1\d{{3}}(?: ?\. ?\d{{3}})? (?:\||:|-|–) {_TITLE}")
_NO_CODE = re.compile(r"h\w\wps? : /|[0-9a-fA-F]{32}|^\[|^!|^#|^\||\[ \. \]|^\d \.|^\+ ")
_COMMANDS = (
    r"\breg (?:add|delete) \"|^schtasks |^cmd(?:\.exe)? / ?[Cc] |^(?:netsh|vssadmin|wmic|bcdedit|net) (?:[a-z]+|/) .*/"
)
_PROGRAMS = (
    r"^\$ ?\w* = |^[a-zA-Z]+\.[a-zA-Z_.]+ ?\( .*\) ?;?$|^\w+ \( ?[\"'].*\) ?;?$|^= [A-Z]+ \(|^import \w+$"
    r"|^\w+ \+? ?= [\"'\[{(]|^\w+ = \w[\w.]* \(|^for \w+ in .*:$|^if .* :$|^def \w+ ?\(|^function \w+ ?\("
    r"|^\w+ \{$|^[{}]+ ;?$|^(?:[0-9a-f]{2} ){3,}|^SELECT .* FROM |^<\?|^\? \.$"
)
_DETECTION = (
    r"^(?:alert|drop) (?:tcp|udp|http) |^rule [\w\\ ]+ ?\{?$|^(?:condition|strings|meta) :|^(?:all|any|\d+) of them$"
)
_MARKUP = (
    r"^< ! |^/ \* - - > |^\. ?[\w-]+ .*\{$|^[\w-]+ : [\w#% .-]+ (?:! important )?;$"
    r"|^\" [^\"]+ \" : (?:\" ?[^\"]*\"|\[) ?,?$|^\] ,?$"
)
_CODE = re.compile(f"{_COMMANDS}|{_PROGRAMS}|{_DETECTION}|{_MARKUP}")


def passages_in(sentence: Sentence) -> Iterator[Span]:
    """Code first, which leaves no room for anything else; then techniques, tactics and concepts."""
    yield from _code(sentence)
    yield from _numbered(sentence)
    for pattern, kind in (
        (_TECHNIQUES, NameKind.TECHNIQUE),
        (_TACTICS, NameKind.TACTIC),
        (_CONCEPTS, NameKind.CONCEPT),
    ):
        for start, end in sentence.matches(pattern):
            yield Span(start, end, kind, Method.LIST)


def _numbered(sentence: Sentence) -> Iterator[Span]:
    """Techniques with number and title."""
    for start, end in sentence.matches(_NUMBERED):
        yield Span(start, end, NameKind.TECHNIQUE, Method.PATTERN)


def _code(sentence: Sentence) -> Iterator[Span]:
    if sentence.words and is_code(sentence):
        yield Span(0, len(sentence), NameKind.CODE, Method.PATTERN)


def is_code(sentence: Sentence) -> bool:
    """Whether the whole line is a command or a piece of a program."""
    return bool(_CODE.search(sentence.line)) and not _NO_CODE.search(sentence.line)
