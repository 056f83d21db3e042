"""Names of files with spaces in them, where quotes or a list of hashes show where they begin and end."""

import re
from collections.abc import Iterator

from .candidates import Candidate
from .findings import Kind

_LURE = (
    r"(?:7z|cab|chm|docm|docx?|eml|hta|html?|hwpx?|img|iso|lnk|msg|msi|one|pdf|pptm|pptx?|rar|rtf|scr|txt"
    r"|xlsb|xlsm|xlsx?|zip)"
)
_LINE_END = re.compile(rf"\.(?:{_LURE}|exe|dll)(?=[ \t\r]*$)", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(
    rf"(?:“(?P<curly>[^“”\"\n]{{3,120}}\.{_LURE})”|\"(?P<plain>[^“”\"\n]{{3,120}}\.{_LURE})\")", re.IGNORECASE
)
_LABEL = re.compile(r"[ \t]*(?:[*•–-][ \t]+)?(?:file ?)?name: ?|[ \t]*(?:[*•–-][ \t]+)?", re.IGNORECASE)
_HASH = re.compile(r"\W*(?:(?:md5|sha-?1|sha-?256|hash) ?[:=] ?)?[0-9a-f]{32,64}\b.{0,40}", re.IGNORECASE)
_NAME = re.compile(r"[^\W_](?:[^\\/:*?\"<>|\n.]|\.(?! ))*(?: (?![-/])(?:[^\\/:*?\"<>|\n.]|\.(?! ))+)*\Z")
_INNER = re.compile(r"\.(?:exe|dll|ps1|bat|cmd|vbs|js)\b.", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:files?|hash|md5|sha-?(?:1|256)|samples?|named|detects?|the|via)\b", re.IGNORECASE)
_MOST = 120


def spaced_names_in(text: str) -> Iterator[Candidate]:
    """Names in quotes, and lines that are nothing but a name beside a line that is nothing but a hash."""
    for quoted in _QUOTED.finditer(text):
        group = "curly" if quoted["curly"] else "plain"
        if _is_name(quoted[group]):
            yield Candidate(Kind.FILE, quoted[group], *quoted.span(group))
    for ending in _LINE_END.finditer(text):
        line = text.rfind("\n", max(0, ending.end() - _MOST - 40), ending.end()) + 1
        if label := _LABEL.match(text, line, ending.end()):
            name = text[label.end() : ending.end()]
            if _is_name(name) and _beside_hash(text, line, ending.end()):
                yield Candidate(Kind.FILE, name, label.end(), ending.end())


def _is_name(written: str) -> bool:
    """Whether several words can be one name: not the end of a sentence, nor a command with a program in it."""
    several = " " in written and len(written) <= _MOST and _NAME.match(written)
    return bool(several) and not (_INNER.search(written) or _SENTENCE.search(written))


def _beside_hash(text: str, start: int, end: int) -> bool:
    """Whether the next line that says something, or the one before, is a hash."""
    after = text[end : end + 200].split("\n")[1:]
    before = text[max(0, start - 200) : start].split("\n")[:-1]
    return any(_HASH.fullmatch(lines[0].strip()) for lines in map(_told, (after, before[::-1])) if lines)


def _told(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip()]
