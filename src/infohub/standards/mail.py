"""Reads an e-mail as a file (RFC 5322, MIME): what it says, from whom, what is attached, whatever is broken in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from html import unescape

from infohub.standards.problem import Problem

TEXT_CHARACTERS = 1_000_000
PARTS, MOST_PARTS, MOST_PARAMETERS = 200, 2000, 1000
MOST_OF_A_HEADER, MOST_OF_A_TAG = 4000, 4000
TOLD = ("From", "Reply-To", "Date", "Subject")
# Whom it was for, and the way to them: a bounce address often holds the receiver's (VERP).
RECEIVERS = frozenset(
    {
        *(b"to", b"cc", b"bcc", b"delivered-to", b"envelope-to", b"x-envelope-to", b"x-original-to", b"apparently-to"),
        *(b"received", b"return-path", b"resent-to", b"resent-cc", b"x-forwarded-to", b"x-forwarded-for"),
    }
)
# Read by their own name alone: some of Python's codecs are quadratic, run code points backwards or refuse half a text.
CHARSETS = frozenset(
    {
        *("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "big5", "big5-hkscs", "big5hkscs"),
        *("gbk", "gb2312", "gb18030", "hz-gb-2312", "euc-jp", "euc-kr", "euc-tw", "shift_jis", "shift-jis", "koi8-r"),
        *("koi8-u", "iso-2022-jp", "iso-2022-kr", "latin1", "latin-1", "macintosh"),
        *(f"iso-8859-{number}" for number in range(1, 17)),
        *(f"windows-{number}" for number in range(1250, 1259)),
        *(f"cp{number}" for number in range(1250, 1259)),
    }
)
_BLOCKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"})
_PARAGRAPHS = re.compile(rb"\r?\n\r?\n")
_HEADERS = re.compile(rb"\s*[!-9;-~]+:")
_TAG = re.compile(r"(<[^<>]*>)")
_HREF = re.compile(r"""\bhref\s*=\s*(?:["']([^"']*)["']|([^\s>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with an e-mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail: its telling headers in the order of TOLD, its words, its files. To whom it went is left out."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    files: tuple[MailFile, ...]

    @property
    def as_markdown(self) -> str:
        """Headers as a list, then the words."""
        told = "\n".join(f"- {name}: {value}" for name, value in self.headers)
        return f"{told}\n\n{self.text}".strip()


def read_mail(raw: bytes) -> Mail | Problem:
    """The e-mail in these bytes, or why they are none."""
    if raw.count(b"\n--") > MOST_PARTS:
        return Problem("", f"this e-mail has more than {MOST_PARTS} parts")
    if any(one.count(b";") > MOST_PARAMETERS and _HEADERS.match(one) for one in _PARAGRAPHS.split(raw)):
        return Problem("", f"a header of this e-mail has more than {MOST_PARAMETERS} parameters")
    try:
        return _mail(BytesParser().parsebytes(raw))
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, OverflowError) as problem:
        return Problem("", f"this is no e-mail that can be read: {type(problem).__name__}")


def _mail(message: Message) -> Mail | Problem:
    parts = list(_parts(message))
    headers = tuple((name, value) for name in TOLD if (value := _header(message, name)))
    if not headers:
        return Problem("", "this is no e-mail: it has no headers")
    return Mail(
        subject=dict(headers).get("Subject", ""),
        headers=headers,
        text=_text(parts),
        files=tuple(_file(part) for part in parts if _is_file(part)),
    )


def without_receivers(raw: bytes) -> bytes:
    """The same file without the headers that say whom it was for, and the way to them; what it says stays as it was."""
    head, gap, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
    kept, telling = [], True
    for line in head.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):  # a folded line belongs to the header above it
            telling = line.partition(b":")[0].strip().lower() not in RECEIVERS
        if telling:
            kept.append(line)
    return b"".join(kept).rstrip(b"\r\n") + gap + body if gap else raw


def text_of_html(html: str) -> str:
    """What a reader would see of HTML, with the address of every link beside its words; nothing of it is loaded.

    A mail's HTML is hostile more often than well-formed, so every step here is linear in its length.
    """
    for start, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<head", "</head")):
        html = _without(html, start, end)
    said, link = [], ""
    for part in _TAG.split(html):
        if not part.startswith("<"):
            said.append(" ".join(part.split("\n")))
            continue
        name = part[1:].lstrip("/").partition(">")[0].split(None, 1)
        tag = name[0].lower().rstrip("/") if name else ""
        if tag in _BLOCKS:
            said.append("\n")
        elif tag == "a" and part.startswith("</"):
            said.append(f" <{link}> " if link else "")
        elif tag == "a":
            found = _HREF.search(part[:MOST_OF_A_TAG])
            link = (found.group(1) or found.group(2)) if found else ""
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in unescape("".join(said)).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without(html: str, start: str, end: str) -> str:
    """The same without what stands from each start to its end; one that has no end goes on to the last character."""
    folded, kept, position = html.lower(), [], 0
    if len(folded) != len(html):  # a letter whose small form is two: positions would not agree
        return html
    while (at := folded.find(start, position)) >= 0:
        kept.append(html[position:at])
        ended = folded.find(end, at)
        position = folded.find(">", ended) + 1
        if ended < 0 or position == 0:
            return "".join(kept)
    return "".join([*kept, html[position:]])


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= PARTS:
            return
        if not part.is_multipart():
            yield part


def _header(message: Message, name: str) -> str:
    """One line, without characters that no line has."""
    words = [_words(part, charset) for part, charset in decode_header(str(message.get(name, ""))[:MOST_OF_A_HEADER])]
    return " ".join("".join(words).split())[:500]


def _words(said: bytes | str, charset: str | None) -> str:
    """Text in a character set that is known to be harmless, whatever it calls itself; nothing that cannot be kept."""
    if isinstance(said, bytes):
        known = (charset or "").strip().lower()
        said = said.decode(known if known in CHARSETS else "utf-8", errors="replace")
    return said.replace("\x00", "").encode("utf-8", errors="replace").decode()


def _text(parts: list[Message]) -> str:
    """The words as plain text, else what its HTML says."""
    shown = [part for part in parts if not _is_file(part)]
    plain = [_decoded(part) for part in shown if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        words = "\n\n".join(plain)
    else:
        words = "\n\n".join(text_of_html(_decoded(part)) for part in shown if part.get_content_type() == "text/html")
    return words.replace("\r\n", "\n").strip()[:TEXT_CHARACTERS]


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _file(part: Message) -> MailFile:
    payload = part.get_payload(decode=True)
    name = " ".join(_words(str(part.get_filename() or "file")[:MOST_OF_A_HEADER], None).split())[:200]
    return MailFile(name, payload if isinstance(payload, bytes) else b"")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return _words(payload, str(part.get_content_charset() or "")) if isinstance(payload, bytes) else ""
