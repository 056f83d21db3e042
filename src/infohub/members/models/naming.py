"""Names by language, and the markings a column may hold."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from infohub.standards.tlp import Tlp

TLP_CHOICES = [(level.value, level.mark) for level in Tlp]
LANGUAGE_CHOICES = [("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文")]


def named(names: Mapping[str, str]) -> str:
    """The name in the language now active, else in English, else in any."""
    return names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), "")
