"""An outline for each kind of piece, in the language of its text: headings to write below."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

_FIRST = _("Do this first")
_HEADINGS = {
    "alert": (_("What happens"), _FIRST, _("How to tell whether you are affected")),
    "advisory": (_("Who is affected"), _FIRST, _("What happens"), _("Where to read on")),
    "incident": (
        _("What happened, and when"),
        _("What we did"),
        _("What helped to find it"),
        _("What we ask of others"),
    ),
    "insight": (_("What we see"), _("What we think it means"), _("How sure we are")),
    "practice": (_("The problem"), _("What we do"), _("What it took"), _("What we would do differently")),
    "news": (_("What is new"), _("Why it matters to members")),
    "question": (_("What we want to know"), _("What we have tried")),
}


def outline_of(kind: str, language: str) -> str:
    """The headings as Markdown; nothing for a kind without an outline."""
    with translation.override(language):
        return "\n\n".join(f"## {heading}\n" for heading in _HEADINGS.get(kind, ()))
