"""The subjects of the demonstration, read from the texts beside this file: what members write about, as stories.

A text holds themes. `# key` opens one, `name: value` lines say its language, group, sectors and time span; `## first`
and `## detect` are the advice its pieces share; every other `## kind: title` is a piece, with one line of settings,
its Markdown, and one `> ` line per comment (`> @author ` where the author of the piece answers).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

_SEVERITIES = {"low", "medium", "high", "critical"}
_MARKINGS = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}
_TARGETS = {"group", "everyone", "public", "people", "organisations", "sectors"}
_STATES = {"draft", "submitted", "withdrawn"}
_FILES = {"csv", "timeline", "figures"}
_MARKS = set("dahmuv")
_CLASSES = {"member", "vendor", "regulator", "association", "office"}


@dataclass
class Settings:
    """The line under a piece's title: severity, marking, whom it reaches, its indicators and files."""

    severity: str | None = None
    tlp: str = "AMBER"
    targets: list[str] = field(default_factory=list)
    except_classes: list[str] = field(default_factory=list)
    except_organisations: list[str] = field(default_factory=list)
    frozen: bool = False
    unattributed: bool = False
    state: str = "published"
    file: str | None = None
    author: str | None = None
    home: str | None = None
    copies: int = 1
    plain: bool = False
    marks: dict[str, int] = field(default_factory=dict)


@dataclass
class Episode:
    """One piece of a story, before chance fills in its names and numbers."""

    kind: str
    title: str
    settings: Settings
    body: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)


@dataclass
class Theme:
    """A story: pieces that follow each other and share their advice."""

    key: str
    header: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    detect: list[str] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.header.get("language", "en")

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.header.get("group", "").split())

    @property
    def sectors(self) -> tuple[str, ...]:
        return tuple(self.header.get("sectors", "").split())

    @property
    def size(self) -> tuple[int, int]:
        """How large a house is, in representatives, to which the story fits."""
        usual = "1-4" if "smes" in self.groups else "3-9"
        low, _, high = self.header.get("size", usual).partition("-")
        return int(low), int(high)

    def values(self, name: str) -> list[str]:
        """The alternatives of a variable of this theme."""
        return [value.strip() for value in self.header.get(name, "").split("|") if value.strip()]


def _set(settings: Settings, word: str) -> None:
    """One word of the settings line."""
    if word in _SEVERITIES:
        settings.severity = word
    elif word in _MARKINGS:
        settings.tlp = word
    elif word in _TARGETS:
        settings.targets.append(word)
    elif word in _FILES:
        settings.file = word
    elif word in _STATES:
        settings.state = word
    else:
        _set_other(settings, word)


def _set_other(settings: Settings, word: str) -> None:
    if word in {"frozen", "unattributed", "plain"}:
        setattr(settings, word, True)
    elif word.startswith("-"):
        name = word[1:]
        (settings.except_classes if name in _CLASSES else settings.except_organisations).append(name)
    elif word.startswith("by="):
        settings.author = word[3:]
    elif word.startswith("home="):
        settings.home = word[5:]
    elif word[0] == "x" and word[1:].isdigit():
        settings.copies = int(word[1:])
    elif word[0] in _MARKS and word[1:].isdigit():
        settings.marks[word[0]] = int(word[1:])
    else:
        raise ValueError(f"unknown setting {word!r}")


def _settings(line: str) -> Settings:
    settings = Settings()
    for word in line.split():
        _set(settings, word)
    return settings


def _paragraphs(lines: list[str]) -> list[str]:
    """Without the empty lines at both ends."""
    return "\n".join(lines).strip("\n").split("\n")


def _episode(title: str, lines: list[str]) -> Episode:
    kind, _, words = title.partition(": ")
    body = [line for line in lines[1:] if not line.startswith("> ")]
    talk = [line[2:] for line in lines[1:] if line.startswith("> ")]
    return Episode(kind, words, _settings(lines[0]), _paragraphs(body), talk)


def _theme(text: str) -> Theme:
    head, *sections = text.split("\n## ")
    key, *header = head.strip().split("\n")
    theme = Theme(key.strip(), dict(line.split(": ", 1) for line in header if line))
    for section in sections:
        title, *lines = section.split("\n")
        if title == "first":
            theme.first = _paragraphs(lines)
        elif title == "detect":
            theme.detect = _paragraphs(lines)
        else:
            theme.episodes.append(_episode(title, lines))
    return theme


def _read() -> Iterator[Theme]:
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            yield from map(_theme, ("\n" + file.read_text("utf-8")).split("\n# ")[1:])


@cache
def themes() -> tuple[Theme, ...]:
    """All themes, in the order of their files."""
    return tuple(_read())
