"""Sheets of paper as PDF, made by a program apart; the library for it is an extra that an installation may lack."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from infohub.standards.tlp import Tlp
from infohub.support.markdown import Block, Span, blocks

CHARACTERS = 100_000
SECONDS = 20
COLUMNS = 10
PRESSES = BoundedSemaphore(2)  # whoever asks holds a thread of the server meanwhile, and pages need the others
_HERE = Path(__file__).parent
_NO_FONT = 3  # what the program ends with where it has no Chinese font
_COLOURS = {Tlp.RED: "#FF2B2B", Tlp.AMBER: "#FFC000", Tlp.AMBER_STRICT: "#FFC000", Tlp.GREEN: "#33FF00"}
_REGIONS = {"zh-Hant-HK": ("zh", "HK"), "zh-Hans": ("zh", "CN")}
_LATIN = ["IBM Plex Sans", "Noto Sans", "Liberation Sans", "Arial", "DejaVu Sans"]
_TRADITIONAL = [
    *("Noto Sans CJK HK", "Noto Sans HK", "Source Han Sans HC", "PingFang HK"),
    *("Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei", "AR PL UMing HK"),
]
_SIMPLIFIED = [
    *(
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "PingFang SC",
        "Microsoft YaHei",
        "WenQuanYi Micro Hei",
    ),
    *("WenQuanYi Zen Hei", "AR PL UMing CN", "Droid Sans Fallback"),
]
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_ENDLESS = re.compile(r"[^\s\u2e80-\uffef]{64}(?=[^\s\u2e80-\uffef])")  # nothing in it says where a line may end

log = structlog.get_logger(__name__)


class NotPrintedError(Exception):
    """There is no PDF of this; the message says to its reader why, and what to do."""


class BusyError(NotPrintedError):
    """Not now: as many are being made as this computer makes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that stands on the paper, in words ready to be set; `body` is Markdown."""

    language: str
    marking: Tlp
    title: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    stamp: str
    audience: str
    facts: tuple[tuple[str, str], ...]
    body: str
    indicators_title: str
    indicators_head: tuple[str, str]
    indicators: tuple[tuple[str, str], ...]
    files_title: str = ""
    files: tuple[str, ...] = ()


def prints() -> bool:
    """Whether this installation makes PDFs."""
    return find_spec("typst") is not None


def printed(sheet: Sheet) -> bytes:
    """The PDF of a sheet. Raises NotPrintedError."""
    if len(sheet.body) > CHARACTERS:
        raise NotPrintedError(_("This text is too long for a PDF. Print its page, or take another form."))
    if not PRESSES.acquire(blocking=False):
        raise BusyError(_("Others are making PDFs just now. Try again in a minute."))
    try:
        made = _pressed(json.dumps(_order(sheet)).encode())
    finally:
        PRESSES.release()
    if made.returncode == 0:
        return made.stdout
    if made.returncode == _NO_FONT:
        log.warning("pdf_without_chinese_font")
        raise NotPrintedError(_("This computer has no Chinese font to print with. Tell the programme office."))
    log.warning("pdf_failed", code=made.returncode)
    raise NotPrintedError(_("This could not be set as a PDF. Print its page, or take another form."))


def _pressed(order: bytes) -> subprocess.CompletedProcess[bytes]:
    with TemporaryDirectory() as empty:
        try:
            return subprocess.run(  # noqa: S603  (our own program; what people wrote goes in as its input)
                [sys.executable, "-I", str(_HERE / "press.py")],
                input=order,
                capture_output=True,
                timeout=SECONDS,
                cwd=empty,
                env={"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess([], -1, b"", b"")


def _order(sheet: Sheet) -> dict[str, object]:
    """The sheet and how to set it, as the program reads it."""
    simplified = sheet.language == "zh-Hans"
    lang, region = _REGIONS.get(sheet.language, ("en", "GB"))
    set_so = {
        "lang": lang,
        "region": region,
        "marking": sheet.marking.mark,
        "colour": _COLOURS.get(sheet.marking, "#FFFFFF"),
        "blocks": [asdict(_narrow(block)) for block in blocks(sheet.body)],
    }
    words = _clean(asdict(sheet) | set_so)
    return {
        "sheet": words,
        "template": str(_HERE / "sheet.typ"),
        "folders": [settings.FONTS] if settings.FONTS else [],
        "latin": _LATIN if lang == "en" else [],
        "chinese": [*_SIMPLIFIED, *_TRADITIONAL] if simplified else [*_TRADITIONAL, *_SIMPLIFIED],
        "needs_chinese": _CHINESE.search(json.dumps(words, ensure_ascii=False)) is not None,
    }


def _narrow(block: Block) -> Block:
    """A table that no paper holds becomes lines."""
    if not block.rows or len(block.rows[0]) <= COLUMNS:
        return block
    lines = ["  ".join("".join(span.text for span in cell) for cell in row) for row in block.rows]
    spans = [part for line in lines for part in (Span(line, code=True), Span("\n"))]
    return Block("code", indent=block.indent, mark=block.mark, quote=block.quote, spans=tuple(spans))


def _clean(part: object) -> object:
    """The same with words only: no sign that is unseen or turns the reading direction; endless words may break."""
    if isinstance(part, dict):
        return {name: _clean(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_clean(one) for one in part]
    if not isinstance(part, str):
        return part
    seen = "".join(sign for sign in part.expandtabs(4) if sign == "\n" or unicodedata.category(sign)[0] != "C")
    return _ENDLESS.sub(lambda run: f"{run.group()}\u200b", seen)
