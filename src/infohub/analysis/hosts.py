"""Host names in a live text: which dotted words are domains, which are file names, and which are neither."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import name as character_name

import tldextract

from .candidates import Candidate
from .findings import Kind
from .known import (
    CODE_ENDINGS,
    CODE_STARTS,
    FILE_ENDINGS,
    FILE_NOT_DOMAIN,
    INTERNAL_ENDINGS,
    PLATFORMS,
    RESERVED_ENDINGS,
    RESERVED_NAMES,
    SYSTEM_FILES,
    VIRUS_NAMES,
    WEAK,
    WELL_KNOWN_DOMAINS,
)
from .livetext import LiveText

# Latin, Greek and Cyrillic letters with ASCII digits, hyphen and underscore; never Chinese, which may touch a name.
LETTERS = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff"
_LABEL = rf"[{LETTERS}_-]"
_DOTTED = re.compile(rf"(?<!{_LABEL}){_LABEL}++(?:[.。｡]{_LABEL}++)++")
_DOTS = re.compile("[.。｡]")
_USUAL_LABEL = re.compile(r"_?[^\W_](?:[\w-]{0,61}[^\W_])?\Z")
_ENDING = re.compile(r"(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})\Z")

_SIGNS = frozenset("#!’")
_SIGNED = re.compile(rf"{_LABEL}{{1,63}}[#!’]\Z")

DOCUMENTATION_NAME = "documentation name"
INTERNAL_NAME = "internal name"
WELL_KNOWN = "well known"
PUNYCODE = "punycode"
LOOK_ALIKE = "look-alike letters"


def names_in(live: LiveText) -> Iterator[Candidate]:
    """Domains and file names. A name its author defanged is meant as one; a live one must not look like code."""
    text = live.text
    for found in _DOTTED.finditer(text):
        start, end = _without_hyphens(text, *found.span())
        name = text[start:end]
        as_written = "." in name and live.as_written(start, end)
        if found_name := _name(name, live=as_written, called=text[end : end + 1] == "("):
            kind, value, length, note = found_name
            if kind is Kind.FILE:
                if _only_part(text, found.start(), start, end):
                    continue
                earlier = _file_start(text, start)
                value, length, start = text[earlier:start] + value, length + start - earlier, earlier
            yield Candidate(kind, value, start, start + length, note)


def domain_of(written: str) -> tuple[str, str] | None:
    """The domain as it goes over the wire and what is special about it; None where it is no domain."""
    return _domain_of(_DOTS.sub(".", written).lower())


@lru_cache(maxsize=16384)
def _domain_of(name: str) -> tuple[str, str] | None:
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(map(_USUAL_LABEL.match, labels)):
        return None
    wire = _wire_name(name)
    if not wire or not _ENDING.match(wire.rpartition(".")[2]):
        return None
    registered = registered_domain(wire)
    if registered is None or "_" in registered:
        return None
    return wire, _note(name, wire, registered)


def registered_domain(wire: str) -> str | None:
    """The part somebody registered: `evil.co.uk` of `www.evil.co.uk`; None where the ending is not in use."""
    ending = wire.rpartition(".")[2]
    if ending in RESERVED_ENDINGS or ending in INTERNAL_ENDINGS:
        return ".".join(wire.split(".")[-2:])
    return _registered(".".join(wire.split(".")[-5:]))


def _name(name: str, *, live: bool, called: bool) -> tuple[Kind, str, int, str] | None:
    """Kind, value, length in the text and note of a dotted word."""
    labels = _DOTS.split(name)
    if labels[-1].isdigit():
        return None
    ending = labels[-1].lower()
    if ending in FILE_ENDINGS and (ending not in FILE_NOT_DOMAIN or (live and _is_file(name, labels))):
        return _file(name)
    if live and reads_like_code(name, called=called):
        return None
    if shorter := _before_sentence(name):
        return _name(shorter, live=live, called=False)
    domain = domain_of(name)
    return (Kind.DOMAIN, domain[0], len(name), domain[1]) if domain else None


def _file(name: str) -> tuple[Kind, str, int, str] | None:
    if name.lower() in PLATFORMS or "。" in name:
        return None
    return Kind.FILE, name, len(name), WEAK if name.lower() in SYSTEM_FILES else ""


def _only_part(text: str, found: int, start: int, end: int) -> bool:
    """Whether the name is only what is left of one: `<word>-need.php`, `.*discover\\.json.*`."""
    after_placeholder = found < start and text[found - 1 : found] in {">", "]", "}"}
    return after_placeholder or text[start - 2 : start] == ".*" or text.startswith(".*", end)


def _file_start(text: str, start: int) -> int:
    """Where a file's name begins that has signs no host has: `invoice#268.iso`, `users’_list.docx`."""
    while text[start - 1 : start] in _SIGNS and (before := _SIGNED.search(text, max(0, start - 64), start)):
        start = before.start()
    return start


def _is_file(name: str, labels: list[str]) -> bool:
    """Whether a name whose ending is both (`.sh`, `.zip`, `.py`) is rather a file than a domain."""
    if labels[-1].lower() in {"zip", "mov", "py", "md"}:
        domain = domain_of(name)
        return domain is None or len(labels) < 3 or registered_domain(domain[0]) == ".".join(domain[0].split(".")[-2:])
    return len(labels) == 2 or labels[0].lower() not in {"www", "mail", "cdn", "api", "ns1", "ns2", "blog"}


def reads_like_code(name: str, *, called: bool = False) -> bool:
    """Whether a live dotted word is rather code or prose: `System.IO.File`, `ASP.NET`, `os.name`, `end.Then`."""
    labels = _DOTS.split(name)
    first, last = labels[0], labels[-1]
    if name.lower() in PLATFORMS or any(label.lower() in VIRUS_NAMES for label in labels[:-1]):
        return True
    if last != last.lower() and (
        last != last.upper() or last == "NET" or any(label != label.upper() for label in labels)
    ):
        return not _before_sentence(name)
    if first.lower() in {"com", "org", "net", "io", "edu", "gov"}:
        return True
    if last.lower() not in CODE_ENDINGS:
        return False
    return called or first.lower() in CODE_STARTS or bool(re.match("[a-z]+[A-Z]", labels[-2]))


def _before_sentence(name: str) -> str:
    """The name without a sentence that begins right behind it (`evil.com.Then`, `evil.com。cn` in Chinese prose)."""
    before, dot, after = name[: (cut := _last_dot(name))], name[cut], name[cut + 1 :]
    next_sentence = (dot == "." and after[:1].isupper() and after[1:].islower()) or (dot != "." and "." in before)
    return before if next_sentence and domain_of(before) else ""


def _last_dot(name: str) -> int:
    return max(name.rfind(dot) for dot in ".。｡")


def _without_hyphens(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without hyphens at its ends: list marks and dashes, never part of a name."""
    while start < end and text[start] == "-":
        start += 1
    while end > start and text[end - 1] in "-_":
        end -= 1
    return start, end


def _note(name: str, wire: str, registered: str) -> str:
    ending = wire.rpartition(".")[2]
    if ending in RESERVED_ENDINGS or registered in RESERVED_NAMES:
        return DOCUMENTATION_NAME
    if ending in INTERNAL_ENDINGS and ending != "onion":
        return INTERNAL_NAME
    if wire.startswith("whois."):
        return WELL_KNOWN
    if name != wire:
        return LOOK_ALIKE if len(_scripts(name)) > 1 else PUNYCODE
    if "xn--" in wire:
        return PUNYCODE
    return WELL_KNOWN if registered in WELL_KNOWN_DOMAINS else ""


def _scripts(name: str) -> set[str]:
    return {character_name(character, "?").partition(" ")[0] for character in name if character.isalpha()}


def _wire_name(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    """The public suffix list that came with the library; nothing is fetched and nothing is written."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def _registered(name: str) -> str | None:
    return _suffixes().extract_str(name).top_domain_under_public_suffix or None
