"""What files may be attached, told by their first bytes, and the metadata taken out of pictures."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from infohub.sharing.refusals import FileRefusedError
from infohub.standards import png
from infohub.standards.mail import without_receivers

_TEXT = {
    ".txt": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".eml": "message/rfc822",
    ".yar": "text/plain",
    ".yara": "text/plain",
    ".yml": "application/yaml",
    ".yaml": "application/yaml",
    ".rules": "text/plain",
    ".ioc": "application/xml",
    ".xml": "application/xml",
}
_BINARY = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", png.SIGNATURE),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
}


def kind_of_file(name: str, content: bytes) -> str:
    """The content type of an acceptable file; FileRefusedError says what is wrong with any other."""
    ending = PurePath(name).suffix.lower()
    if not content:
        raise FileRefusedError(_("“%(name)s” is empty.") % {"name": name})
    if ending in _BINARY:
        content_type, start = _BINARY[ending]
        if not content.startswith(start):
            raise FileRefusedError(_("“%(name)s” is not what its name says it is.") % {"name": name})
        return content_type
    if ending not in _TEXT:
        raise FileRefusedError(
            _("“%(name)s” cannot be attached. Take text, CSV, JSON, e-mail (.eml), rules, PDF, PNG or JPEG files.")
            % {"name": name}
        )
    if b"\x00" in content:
        raise FileRefusedError(_("“%(name)s” is not what its name says it is.") % {"name": name})
    return _TEXT[ending]


def cleaned(content_type: str, content: bytes) -> bytes:
    """A picture without its metadata (place, camera, author), an e-mail without whom it was for; others as they are."""
    if content_type == "image/jpeg":
        return _bare_jpeg(content)
    if content_type == "image/png":
        return _bare_png(content)
    if content_type == "message/rfc822":
        return without_receivers(content)
    return content


def _bare_jpeg(content: bytes) -> bytes:
    """Drop application and comment segments (JPEG, ITU-T T.81 annex B), keep JFIF's own and all picture data."""
    out, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            break
        size = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            out += content[at : at + size]
        at += size
    return bytes(out + content[at:])


def _bare_png(content: bytes) -> bytes:
    picture = png.bare(content)
    if picture is None:
        raise FileRefusedError(_("The picture is damaged."))
    return picture
