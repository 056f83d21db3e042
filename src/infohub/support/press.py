"""Makes one PDF: a program of its own with little memory, little time and no files, for strangers wrote the text.

It reads the order as JSON from its input and writes the PDF to its output; what it ends with says what was wrong. The
folder it is started in is all that it could read from a template, and is empty.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import typst

NO_FONT = 3
MEMORY, SECONDS = 1_500_000_000, 15


def press() -> int:
    """Make what was ordered."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    order = json.loads(sys.stdin.buffer.read())
    folders = [Path(folder) for folder in order["folders"]]
    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders).families()
    fonts = typst.Fonts(font_paths=folders)
    there = set(fonts.families())
    chinese = [*own, *(family for family in order["chinese"] if family in there)]
    if order["needs_chinese"] and not chinese:
        return NO_FONT
    latin = [family for family in order["latin"] if family in there]
    sheet = order["sheet"] | {"fonts": [*latin, *chinese]}
    template = Path(order["template"]).read_bytes()
    made = typst.compile(template, font_paths=fonts, sys_inputs={"sheet": json.dumps(sheet)})
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(press())
