"""What readers of a piece may do with it, by its marking, in words."""

from __future__ import annotations

from django.utils.translation import gettext

from infohub.standards.tlp import Tlp


def may_pass_on(level: Tlp, organisation: str) -> str:
    """How far a reader of this organisation may pass it on."""
    words = {
        Tlp.CLEAR: gettext("You may pass it on to anyone."),
        Tlp.GREEN: gettext("You may pass it on to members and partners. Do not post it publicly."),
        Tlp.AMBER: gettext(
            "You may pass it on inside %(organisation)s, and to clients who need it to protect themselves. "
            "Do not post it publicly."
        ),
        Tlp.AMBER_STRICT: gettext("You may pass it on inside %(organisation)s only."),
        Tlp.RED: gettext("It is for you alone. Do not pass it on to anybody."),
    }
    return words[level] % {"organisation": organisation or gettext("your organisation")}
