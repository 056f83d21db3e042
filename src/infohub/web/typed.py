"""Small things typed into a page that needs no form class: one line of words, one number."""

from django.http import HttpRequest

LINE = 300


def line(request: HttpRequest, name: str) -> str:
    """The words without what no database keeps and no reader sees."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:LINE]


def number(request: HttpRequest, name: str) -> int:
    """The number, 0 where none was sent."""
    written = request.POST.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
