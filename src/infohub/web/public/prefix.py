"""Languages in public addresses: English stands without a prefix, the Chinese ones behind theirs.

Django's own prefix forces its default language on addresses without one, whatever is active; here the address decides.
"""

from __future__ import annotations

import re

from django.core.checks import CheckMessage
from django.urls import URLPattern, URLResolver
from django.utils.translation import get_language

from infohub.web.languages import LANGUAGES, language_of


class LanguagePrefix:
    """Takes the language off an address and hands it to the view; gives addresses in the language now active."""

    name = None
    converters: dict[str, object] = {}

    def __str__(self) -> str:
        return language_of(get_language()).prefix.lstrip("/")

    @property
    def regex(self) -> re.Pattern[str]:
        """What addresses in the active language begin with."""
        prefix = str(self)
        return re.compile(re.escape(f"{prefix}/") if prefix else "")

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, str]]:
        """The rest of the address and its language."""
        for language in LANGUAGES:
            prefix = f"{language.prefix}/".lstrip("/")
            if prefix and path.startswith(prefix):
                return path.removeprefix(prefix), (), {"language": language.code}
        return path, (), {"language": LANGUAGES[0].code}

    def check(self) -> list[CheckMessage]:
        return []


def in_every_language(*patterns: URLPattern) -> URLResolver:
    """The same addresses once in each language."""
    return URLResolver(LanguagePrefix(), list(patterns))  # type: ignore[arg-type]  # as much of a pattern as is asked for
