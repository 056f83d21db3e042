"""The look of the pages: what each component says, and what the stylesheet, icons and catalogues promise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import timezone, translation

from infohub.analysis.extract import NOT_BY_ITSELF
from infohub.analysis.findings import Kind
from infohub.standards.tlp import Tlp
from infohub.web import languages, moments
from infohub.web.findings import KINDS, NOTES

WEB = Path(languages.__file__).parent
TEMPLATES = [path for path in WEB.parent.rglob("*.html") if "mail" not in path.parts]
LOOKS = [path for path in TEMPLATES if path.parent.name == "parts" or path.name == "layout.html"]
FIVE_PAST_FOUR = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)  # in Hong Kong: 4:05 pm, a Friday


UNHASHED = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def in_hong_kong() -> Iterator[None]:
    """Every test reads the clock of Hong Kong, in English, with unhashed static files."""
    clock = timezone.override(ZoneInfo("Asia/Hong_Kong"))
    with override_settings(STORAGES=UNHASHED), clock, translation.override("en"):
        yield


def rendered(source: str, **context: object) -> str:
    return " ".join(Template("{% load look i18n %}" + source).render(Context(context)).split())


@dataclass(frozen=True)
class Marked:
    tlp: Tlp | int


@dataclass(frozen=True)
class Reader:
    name: str
    organisation_name: str


class Report(forms.Form):
    title = forms.CharField(help_text="One line that says what happened.")
    body = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("alert", "Alert"), ("news", "News")])
    agreed = forms.BooleanField(label="I accept the terms")


# --- labels and severity


@pytest.mark.parametrize(
    ("marking", "colour", "words"),
    [
        (Tlp.CLEAR, "clear", "TLP:CLEAR"),
        (Tlp.GREEN, "green", "TLP:GREEN"),
        (Tlp.AMBER, "amber", "TLP:AMBER"),
        (Tlp.AMBER_STRICT, "amber", "TLP:AMBER+STRICT"),
        (Tlp.RED, "red", "TLP:RED"),
        (4, "red", "TLP:RED"),
        ("TLP:WHITE", "clear", "TLP:CLEAR"),
        (Marked(Tlp.GREEN), "green", "TLP:GREEN"),
        (Marked(0), "clear", "TLP:CLEAR"),
    ],
)
def test_a_marking_is_written_as_first_writes_it(marking: object, colour: str, words: str) -> None:
    assert f'class="tlp {colour}" lang="en" translate="no">{words}<' in rendered("{% tlp marking %}", marking=marking)


def test_a_piece_without_marking_or_severity_shows_none() -> None:
    assert rendered("{% tlp marking %}{% severity value %}", marking=None, value="") == ""
    assert rendered("{% severity value %}", value="dreadful") == ""


@pytest.mark.parametrize(("value", "bars"), [("low", 1), ("medium", 2), ("high", 3), ("critical", 4)])
def test_severity_is_bars_and_a_word(value: str, bars: int) -> None:
    html = rendered("{% severity value %}", value=value)
    assert f'class="sev s{bars}"' in html
    assert html.endswith(f"</i>{value.capitalize()}</span>")


# --- the audience bar


def test_the_audience_bar_counts_people_and_says_what_they_may_do() -> None:
    html = rendered(
        '{% audience_bar marking people=42 organisations=3 names=names within="Banking" %}',
        marking=Tlp.AMBER,
        names=["Ferry Point Bank", "Lantern <Trust>"],
        viewer_person=Reader("M. Lau", "Ferry Point Bank"),
    )
    assert "<strong>42 people in 3 organisations</strong> in Banking can see this." in html
    assert "inside Ferry Point Bank, and to clients who need it" in html
    assert "Ferry Point Bank, Lantern &lt;Trust&gt; and 1 other." in html


def test_the_audience_bar_counts_one_as_one_and_everyone_as_everyone() -> None:
    one = rendered("{% audience_bar marking people=1 organisations=1 %}", marking=Tlp.RED)
    assert "<strong>1 person in 1 organisation</strong> can see this." in one
    assert "Do not pass it on to anybody." in one
    assert "Everyone can see this." in rendered("{% audience_bar marking %}", marking=Tlp.CLEAR)


def test_the_audience_bar_speaks_chinese() -> None:
    with translation.override("zh-hant"):
        html = rendered("{% audience_bar marking people=42 organisations=18 %}", marking=Tlp.GREEN)
    assert "<strong>18間機構共42人</strong>可閱覽。" in html


# --- moments


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "20 November 2026, 4:05 pm"),
        ("zh-hant", "2026年11月20日下午4時05分"),
        ("zh-hans", "2026年11月20日下午4时05分"),
    ],
)
def test_a_moment_is_written_in_the_language_of_the_page(code: str, words: str) -> None:
    with translation.override(code):
        html = rendered("{% moment at %}", at=FIVE_PAST_FOUR)
    assert html == f'<time datetime="2026-11-20T16:05:00+08:00">{words}</time>'


@pytest.mark.parametrize(("hour", "clock"), [(16, "12:00 am"), (4, "12:00 pm"), (15, "11:00 pm")])
def test_midnight_and_noon_are_twelve_o_clock(hour: int, clock: str) -> None:
    assert moments.in_words(datetime(2026, 11, 20, hour, tzinfo=UTC)).endswith(clock)


@pytest.mark.parametrize(
    ("code", "before", "shown"),
    [
        ("en", timedelta(minutes=5), ("4:00", "pm")),
        ("en", timedelta(hours=18), ("10:05", "pm, Thu")),
        ("en", timedelta(days=9), ("11", "Nov")),
        ("en", timedelta(days=365), ("20", "Nov 2025")),
        ("zh-hant", timedelta(minutes=5), ("4:00", "下午")),
        ("zh-hant", timedelta(hours=18), ("10:05", "週四下午")),
        ("zh-hant", timedelta(days=9), ("11日", "11月")),
        ("zh-hans", timedelta(hours=18), ("10:05", "周四下午")),
    ],
)
def test_a_list_shows_the_clock_of_today_and_yesterday_and_then_the_day(
    code: str, before: timedelta, shown: tuple[str, str]
) -> None:
    with translation.override(code):
        assert moments.in_a_list(FIVE_PAST_FOUR - before, now=FIVE_PAST_FOUR) == shown


def test_a_cached_list_never_shows_the_clock() -> None:
    now = timezone.now()
    assert f"<b>{timezone.localtime(now).day}</b>" in rendered('{% moment_short at "day" %}', at=now)


# --- indicators, notes, icons


def test_an_indicator_cannot_be_opened_by_accident_nor_carry_markup() -> None:
    html = rendered("{% defanged value %}", value="http://evil.example/<b>")
    assert "http://" not in html
    assert "evil.example" not in html
    assert "&lt;b&gt;" in html


def test_a_note_escapes_what_it_holds_and_knows_its_kinds() -> None:
    html = rendered('{% note "warn" %}<p>{{ words }}</p>{% endnote %}', words="<script>")
    assert html == '<div class="note warn"><p>&lt;script&gt;</p></div>'
    with pytest.raises(TemplateSyntaxError):
        rendered('{% note "loud" %}{% endnote %}')


def test_every_icon_that_a_template_shows_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/icons.svg").read_text(encoding="utf-8")))
    shown = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))}
    assert {"bell", "search"} <= shown
    assert shown <= drawn


# --- forms


def test_a_refused_form_names_each_field_and_keeps_what_was_typed() -> None:
    form = Report({"title": "", "body": "What we saw <here>"})
    form.add_error(None, "No one would receive this.")
    html = rendered(
        "{% form_errors form %}{% field form.title %}{% field form.body %}{% field form.kind %}{% field form.agreed %}",
        form=form,
    )
    assert "There are 4 problems" in html
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert '<a href="#id_kind_0">Kind: This field is required.</a>' in html
    assert "<li>No one would receive this.</li>" in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext">One line that says what happened.<' in html
    assert 'id="id_title_error"' in html
    assert '<fieldset class="field ticks" aria-describedby="id_kind_error">' in html
    assert "What we saw &lt;here&gt;" in html


def test_a_form_not_yet_sent_shows_no_error_and_says_what_may_stay_empty() -> None:
    html = rendered("{% form_errors form %}{% field form.title %}{% field form.body %}", form=Report())
    assert "problem" not in html
    assert 'class="bad"' not in html
    assert html.count("(optional)") == 1


# --- rows of lists


def test_a_row_of_a_list_shows_the_piece_and_escapes_it() -> None:
    entry = {
        "url": "/items/IH-7K3QXM",
        "title": "Relay <domains>",
        "summary": "Seven of them.",
        "severity": "high",
        "tlp": Tlp.GREEN,
        "published_at": FIVE_PAST_FOUR,
        "author_name": "A member in finance",
        "kind_label": "Alert",
        "counts": ["7 indicators"],
    }
    html = render_to_string("parts/tide_row.html", {"entry": entry, "heading": "h2"})
    for part in ("<h2><a", "Relay &lt;domains&gt;", "sev s3", "TLP:GREEN", "A member in finance", "7 indicators"):
        assert part in html


def test_a_pager_shows_only_the_pages_there_are() -> None:
    assert "Older" not in render_to_string("parts/pager.html", {"newer": "?after=1"})
    assert render_to_string("parts/pager.html", {"newer": "", "older": ""}).strip() == ""


# --- languages


@pytest.mark.parametrize(
    ("path", "code", "address"),
    [
        ("/", "zh-hant", "/zh-hant/"),
        ("/advisories/PZ-4T9WKD", "zh-hans", "/zh-hans/advisories/PZ-4T9WKD"),
        ("/zh-hant/advisories/", "en", "/advisories/"),
        ("/zh-hant/advisories/", "zh-hans", "/zh-hans/advisories/"),
        ("/zh-hanto/", "en", "/zh-hanto/"),
    ],
)
def test_the_language_switch_keeps_the_page(path: str, code: str, address: str) -> None:
    assert languages.same_page(path, languages.language_of(code)) == address


@pytest.mark.django_db
def test_the_language_switch_marks_the_language_of_the_page() -> None:
    request = RequestFactory().get("/zh-hant/advisories/")
    source = (
        "{% language_links as links %}{% for l in links %}{{ l.language.html }} {{ l.href }} {{ l.here }};{% endfor %}"
    )
    with translation.override("zh-hant"):
        shown = rendered(source, request=request)
        assert rendered("{% html_lang %}") == "zh-Hant-HK"
    assert shown == "en /advisories/ False;zh-Hant-HK /zh-hant/advisories/ True;zh-Hans /zh-hans/advisories/ False;"


@pytest.mark.parametrize("locale", ["zh_Hant", "zh_Hans"])
def test_every_word_of_the_shared_frame_is_translated(locale: str) -> None:
    with (WEB / "locale" / locale / "LC_MESSAGES/django.mo").open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    words = {
        text for path in LOOKS for text in re.findall(r'{% translate "([^"]+)" %}', path.read_text(encoding="utf-8"))
    }
    assert "Skip to main content" in words
    assert {text for text in words if catalogue.gettext(text) == text} == set()


# --- what every page promises


def test_an_error_page_needs_no_context() -> None:
    for name in ("400", "403", "403_csrf", "404", "500"):
        html = render_to_string(f"{name}.html")
        assert '<html lang="en">' in html
        assert "<h1>" in html


def test_no_template_carries_inline_style_or_script() -> None:
    inline = re.compile(
        r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\s(hx-)?on[a-z:-]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    guilty = [path.name for path in TEMPLATES if inline.search(path.read_text(encoding="utf-8"))]
    assert len(TEMPLATES) > 15
    assert guilty == []


def test_the_stylesheet_stays_within_its_budget() -> None:
    css = (WEB / "static/app.css").read_bytes()
    assert len(css) <= 30_000
    assert b"http:" not in css
    assert b"https:" not in css


def test_the_fonts_leave_room_in_the_first_view() -> None:
    fonts = list((WEB / "static/fonts").glob("*.woff2"))
    assert len(fonts) == 3
    assert sum(font.stat().st_size for font in fonts) <= 50_000


def test_fonts_and_icons_come_with_their_licences() -> None:
    fonts = (WEB / "static/fonts/OFL.txt").read_text(encoding="utf-8")
    icons = (WEB / "static/icons-LICENSE.txt").read_text(encoding="utf-8")
    assert "Copyright © 2017 IBM Corp. with Reserved Font Name Plex" in fonts
    assert "SIL OPEN FONT LICENSE Version 1.1" in fonts
    assert "ISC License" in icons


def test_a_mail_and_its_plain_twin_say_the_same() -> None:
    context = {
        "site": {"name": "Infohub"},
        "marking": "TLP:AMBER",
        "link": "https://hub.example/items/IH-7K3QXM",
        "reason": "You sit in Banking & Payments.",
        "unsubscribe_url": "https://hub.example/stop/1",
    }
    mail, twin = render_to_string("mail/layout.html", context), render_to_string("mail/layout.txt", context)
    for part in ("Infohub", "TLP:AMBER", "https://hub.example/items/IH-7K3QXM", "https://hub.example/stop/1"):
        assert part in mail
        assert part in twin
    assert "Banking &amp; Payments" in mail
    assert "Banking & Payments" in twin


def test_every_kind_of_finding_and_its_notes_have_words_in_every_language() -> None:
    assert list(KINDS) == list(Kind)
    assert set(NOTES) >= NOT_BY_ITSELF
    english = [str(words) for words in (*KINDS.values(), *NOTES.values())]
    for code in ("zh-hant", "zh-hans"):
        with translation.override(code):
            assert [one for one in english if translation.gettext(one) == one] == []
