"""File paths and registry keys in a folded text; they are never defanged, so they are read as they stand."""

import re
from collections.abc import Iterator

from .candidates import Candidate
from .findings import Kind
from .known import SYSTEM_FILES, WEAK

# A word after a space must look like part of a name (`Program Files (x86)`), or the path would swallow the sentence.
# Folders may have Chinese names, but in `…\Run和HKLM\…` the sentence goes on to another key.
_CHINESE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_REST = r"\\/:*?\"<>|\s,;，。；、："
_WORD = rf"(?:[^{_CHINESE}{_REST}]|(?![{_REST}])[{_CHINESE}](?!HK[A-Z]|[A-Za-z]:\\))+"
_FOLDER = rf"{_WORD}(?: (?=[A-Z0-9(]|and Settings){_WORD}){{0,4}}"
_LAST = r"[0-9A-Za-z_.$%&@#~{}()\[\]+='!-]+"
_RUNNABLE = r"(?:exe|dll|bat|cmd|ps1|vbs|js|lnk|scr|sys|docx?|xlsx?|pdf|txt|zip|iso)"
_SPACED_LAST = rf"[0-9A-Za-z_.()-]+(?: [A-Z0-9(][0-9A-Za-z_.()-]*){{1,4}}\.{_RUNNABLE}(?![0-9A-Za-z])"
_BELOW = rf"\\{{1,2}}(?:{_FOLDER}\\{{1,2}}){{0,24}}(?:{_SPACED_LAST}|{_LAST})?"
# Every pattern begins with a rare sign, which the engine finds quickly: the letter of a drive stands before it.
_DRIVE = re.compile(rf":(?<=[A-Za-z]:){_BELOW}")
_ROOTED = re.compile(
    r"[%$~\\](?:(?<=%)[A-Za-z_()0-9]{2,30}%|(?<=\$)(?:env:)?[A-Za-z_]{2,30}|(?<=~)"
    rf"|(?<=\\)(?<![0-9A-Za-z:%$~\\].)\\[0-9A-Za-z_.$-]{{1,63}}){_BELOW}"
)
_UNIX = re.compile(
    r"[~/](?:(?<=~)|(?:tmp|etc|usr|var|opt|home|root|dev|bin|sbin|lib|lib64|mnt|proc|sys|run|srv|boot|private|Library|System|Users"
    r"|Applications|Volumes|data|sdcard|system|storage|media|config|flash)(?=/))"
    r"(?:/[0-9A-Za-z_.+@%~#=,:-]+)+"
)
_REGISTRY = re.compile(
    r"[hH][kK](?<![0-9A-Za-z_]..)(?:LM|CU|CR|U|CC|EY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)):?"
    rf"\\{{1,2}}(?:{_FOLDER}\\{{1,2}}){{0,24}}(?:{_LAST})?",
    re.IGNORECASE,
)
# More words of the last name, where something shows its end: `…\Session Manager</code>`, or the end of a list's line.
_MORE_WORDS = re.compile(rf"(?: [A-Z][0-9A-Za-z]*){{1,3}}(?=[\"'`<”’」{_CHINESE}])")
_LISTED = re.compile(r"(?: [A-Z][0-9A-Za-z]*){1,3}(?=[ \t\r]*(?:\n|\Z))")
_LIST_MARK = re.compile(r"(?:\A|\n)[ \t]*(?:[*•-][ \t]+)?\Z")
_SHARE = re.compile(r"\\\\[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+\\[0-9A-Za-z$_-]+\Z")
_BEFORE = re.compile(r"[0-9A-Za-z_./\\~%=&?+#)\]-]\Z")
_TRAILING = ".,;:!?'=-"
_SYSTEM_FOLDERS = frozenset({"windows", "system32", "syswow64", "sysnative", "v1.0", "%windir%", "%systemroot%"})
_PAIRS = {")": "(", "]": "[", "}": "{"}


def paths_in(folded: str) -> Iterator[Candidate]:
    """Windows and Unix paths and registry keys, as written."""
    if "\\" in folded:
        yield from _found(_REGISTRY, Kind.REGISTRY, folded)
        yield from _found(_DRIVE, Kind.PATH, folded, before=1)
        yield from _found(_ROOTED, Kind.PATH, folded)
    yield from _found(_UNIX, Kind.PATH, folded)


def _found(pattern: re.Pattern[str], kind: Kind, folded: str, *, before: int = 0) -> Iterator[Candidate]:
    for found in pattern.finditer(folded):
        start = found.start() - before
        if _BEFORE.match(folded[max(0, start - 1) : start]):
            continue
        end = _end_of_words(found, folded) if kind is Kind.REGISTRY else found.end()
        value = _ended(folded[start:end])
        parts = [part for part in re.split(r"[\\/]+", value) if part]
        deep = len(parts) > 2 or kind is Kind.REGISTRY or "." in parts[-1] or _SHARE.match(value)
        if len(parts) > 1 and deep and any(map(str.isalnum, parts[-1])):
            yield Candidate(kind, value, start, start + len(value), _note(parts))


def _end_of_words(found: re.Match[str], folded: str) -> int:
    """Where the last name of a key ends, if it has several words and something shows it."""
    more = _MORE_WORDS.match(folded, found.end())
    if more is None and _LIST_MARK.search(folded, max(0, found.start() - 12), found.start()):
        more = _LISTED.match(folded, found.end())
    return more.end() if more else found.end()


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
