"""The three languages of the pages: how each is named, marked up and addressed in the Public Zone."""

from dataclasses import dataclass

from django.http import HttpRequest

from infohub.members.programme import offered_languages


@dataclass(frozen=True)
class Language:
    """A language as settings know it (`code`), as HTML marks it (`html`) and as the switch shows it."""

    code: str
    html: str
    short: str
    name: str

    @property
    def prefix(self) -> str:
        """What its public addresses begin with; English has none."""
        return "" if self.code == "en" else f"/{self.code}"


LANGUAGES = (
    Language("en", "en", "EN", "English"),
    Language("zh-hant", "zh-Hant-HK", "繁", "繁體中文"),
    Language("zh-hans", "zh-Hans", "简", "简体中文"),
)


def language_of(code: str | None) -> Language:
    """The language of a settings code; English for any other."""
    return next((language for language in LANGUAGES if language.code == code), LANGUAGES[0])


def offered() -> list[Language]:
    """The languages that the programme offers on its pages."""
    return [language_of(code) for code, _name in offered_languages()]


def language_at(path: str) -> Language:
    """The language of a public address."""
    return next(
        (other for other in LANGUAGES[1:] if path == other.prefix or path.startswith(f"{other.prefix}/")), LANGUAGES[0]
    )


def same_page(path: str, language: Language) -> str:
    """The address of the public page at `path` in another language."""
    return f"{language.prefix}{path.removeprefix(language_at(path).prefix) or '/'}"


def with_query(request: HttpRequest, path: str) -> str:
    """Another address with the query of this one."""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
