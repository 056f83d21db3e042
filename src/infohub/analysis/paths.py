"""File paths and registry keys in a folded text; they are never defanged, so they are read as they stand."""

import re
from collections.abc import Iterator

from .candidates import Candidate
from .findings import Kind
from .known import SYSTEM_FILES, WEAK

# A word after a space must look like part of a name (`Program Files (x86)`), or the path would swallow the sentence.
_WORD = r"[^\\/:*?\"<>|\s,;，。；、：]+"
_FOLDER = rf"{_WORD}(?: (?=[A-Z0-9(]|and Settings){_WORD}){{0,4}}"
_LAST = r"[0-9A-Za-z_.$%&@#~{}()\[\]+='!-]+"
_RUNNABLE = r"(?:exe|dll|bat|cmd|ps1|vbs|js|lnk|scr|sys|docx?|xlsx?|pdf|txt|zip|iso)"
_SPACED_LAST = rf"[0-9A-Za-z_.()-]+(?: [A-Z0-9(][0-9A-Za-z_.()-]*){{1,4}}\.{_RUNNABLE}(?![0-9A-Za-z])"
_WINDOWS = re.compile(
    rf"(?:[A-Za-z]:|%[A-Za-z_()0-9]{{2,30}}%|\$env:[A-Za-z]{{2,30}}|\\\\[0-9A-Za-z_.$-]{{1,63}})"
    rf"\\{{1,2}}(?:{_FOLDER}\\{{1,2}}){{0,24}}(?:{_SPACED_LAST}|{_LAST})?"
)
_UNIX = re.compile(
    r"[~/](?:(?<=~)|(?:tmp|etc|usr|var|opt|home|root|dev|bin|sbin|lib|lib64|mnt|proc|sys|run|srv|boot|private|Library|System|Users"
    r"|Applications|Volumes|data|sdcard|system|storage|media|config|flash)(?=/))"
    r"(?:/[0-9A-Za-z_.+@%~#=,:-]+)+"
)
_REGISTRY = re.compile(
    r"(?<![0-9A-Za-z_])(?:HKLM|HKCU|HKCR|HKU|HKCC|HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)):?"
    rf"\\{{1,2}}(?:{_FOLDER}\\{{1,2}}){{0,24}}(?:{_LAST})?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[0-9A-Za-z_./\\~%=&?+#)\]-]\Z")
_TRAILING = ".,;:!?'=-"
_SYSTEM_FOLDERS = frozenset({"windows", "system32", "syswow64", "sysnative", "v1.0", "%windir%", "%systemroot%"})
_PAIRS = {")": "(", "]": "[", "}": "{"}


def paths_in(folded: str) -> Iterator[Candidate]:
    """Windows and Unix paths and registry keys, as written."""
    if "\\" in folded:
        yield from _found(_REGISTRY, Kind.REGISTRY, folded)
        yield from _found(_WINDOWS, Kind.PATH, folded)
    yield from _found(_UNIX, Kind.PATH, folded)


def _found(pattern: re.Pattern[str], kind: Kind, folded: str) -> Iterator[Candidate]:
    for found in pattern.finditer(folded):
        start = found.start()
        if _BEFORE.match(folded[max(0, start - 1) : start]):
            continue
        value = _ended(found.group())
        parts = [part for part in re.split(r"[\\/]+", value) if part]
        deep = len(parts) > 2 or kind is Kind.REGISTRY or "." in parts[-1]
        if len(parts) > 1 and deep and any(map(str.isalnum, parts[-1])):
            yield Candidate(kind, value, start, start + len(value), _note(parts))


def _note(parts: list[str]) -> str:
    """A system file in its own place says little; the same name elsewhere says much."""
    folder, name = parts[-2].lower(), parts[-1].lower()
    return WEAK if name in SYSTEM_FILES and folder in _SYSTEM_FOLDERS else ""


def _ended(value: str) -> str:
    """The path without the sentence's final signs and without a bracket opened before it."""
    while value:
        last = value[-1]
        opened = _PAIRS.get(last)
        if last in _TRAILING or (opened and value.count(last) > value.count(opened)):
            value = value[:-1]
        else:
            break
    return value
