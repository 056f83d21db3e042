"""The Public Zone: in three languages, the same for everybody, without cookies, and nothing of a member in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from stix2validator import ValidationOptions, validate_instance

from infohub.members.models import Programme
from infohub.releases.actions import take_down, withdraw_release
from infohub.releases.models import Release
from infohub.support.clock import now
from infohub.web.public import guidance
from tests import make
from tests.cast import Cast, sign_in
from tests.releases.acts import SECRET, released, words

pytestmark = pytest.mark.django_db

WEB = Path(guidance.__file__).parent.parent
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
LANGUAGES = {"": "en", "/zh-hant": "zh-Hant-HK", "/zh-hans": "zh-Hans"}
PAGES = (
    *("/", "/advisories", "/statistics", "/guidance", "/guidance/first-hour", "/guidance/scam", "/guidance/basics"),
    *("/about", "/about/accessibility", "/about/notices"),
)
FILES = ("/feeds/public.atom", "/feeds/public.json", "/.well-known/security.txt")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def public(cast: Cast) -> Release:
    return released(cast, words(), words("zh-hant", title="騙徒來電索取一次性密碼"))


# --- languages


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", LANGUAGES)
def test_every_page_stands_in_every_language_and_leads_to_the_others(
    client: Client, public: Release, prefix: str, path: str
) -> None:
    page = client.get(f"{prefix}{path}")
    assert page.status_code == 200
    assert page["Content-Language"] == LANGUAGES[prefix]
    assert f'<html lang="{LANGUAGES[prefix]}">' in page.text
    assert translation.get_language() == "en"
    for other, code in LANGUAGES.items():
        address = f"{other}{path}"
        assert f'hreflang="{code}" href="http://testserver{address}"' in page.text
        assert f'href="{address}" lang="{code}"' in page.text


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_no_link_of_a_page_is_dead_and_each_stays_in_its_language(client: Client, public: Release, prefix: str) -> None:
    seen: set[str] = set()
    todo = [f"{prefix}/"]
    while todo:
        path = todo.pop()
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in {200, 302}, path
        if "text/html" not in answer["Content-Type"] or answer.status_code == 302:
            continue
        main = re.sub(r'<nav class="langs.*?</nav>', "", answer.text, flags=re.DOTALL)
        links = {link.split("#")[0] for link in re.findall(r'<a [^>]*href="([^"]+)"', main)}
        inside = {link for link in links if link.startswith("/") and not link.startswith(("/accounts/", "/.well"))}
        relative = {f"{path.rsplit('/', 1)[0]}/{link}" for link in links if link[:1].isalpha() and ":" not in link}
        if not path.endswith(public.ref):  # the page of a release leads to its other languages
            assert all(link.startswith(f"{prefix}/") for link in inside), (path, inside)
        inside = {link for link in inside if link.startswith(f"{prefix}/")}
        todo += [link.replace("&amp;", "&") for link in inside | relative if link not in seen and link not in todo]
        todo = [link for link in todo if link not in seen]
    assert f"{prefix}/advisories/{public.ref}" in seen
    assert len(seen) > 15


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/", "/"),
        ("/en/advisories?kind=alert&page=2", "/advisories?kind=alert&page=2"),
        ("/en//evil.example/", "/evil.example/"),
        ("/en/%5Cevil.example", "/evil.example"),
        ("/zh-hant", "/zh-hant/"),
    ],
)
def test_english_addresses_have_no_prefix_and_no_address_leads_elsewhere(
    client: Client, path: str, target: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, target)


def test_what_does_not_exist_says_so_in_the_language_of_its_address(client: Client, public: Release) -> None:
    for path in ("/nothing", "/zh-hant/nothing", "/zh-hant/advisories/PZ-222222", "/fr/", "/zh-hanto/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert ('lang="zh-Hant-HK">' in answer.text[:200]) == path.startswith("/zh-hant/")
    assert client.get(f"/zh-hant/advisories/{public.ref}").status_code == 200


def test_a_text_is_shown_in_the_language_of_the_page_else_in_its_own_and_says_so(client: Client, cast: Cast) -> None:
    public = released(cast, words("zh-hant", title="騙徒來電", body="請勿告訴任何人。"))
    path = f"/advisories/{public.ref}"
    english, hant, hans = client.get(path).text, client.get(f"/zh-hant{path}").text, client.get(f"/zh-hans{path}").text
    assert 'lang="zh-Hant-HK">騙徒來電</h1>' in english
    assert "not been translated into English" in english
    assert ">騙徒來電</h1>" in hant
    assert 'lang="zh-Hant-HK">騙徒來電' not in hant
    assert ">骗徒来电</h1>" in hans
    assert "由程序从繁体中文转换" in hans
    assert f'href="/zh-hans{path}" lang="zh-Hans"' in english


@pytest.mark.parametrize("locale", ["zh_Hant", "zh_Hans"])
def test_every_word_of_the_public_pages_is_translated(locale: str) -> None:
    with (WEB / "locale" / locale / "LC_MESSAGES/django.mo").open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    templates = [path.read_text(encoding="utf-8") for path in (WEB / "templates/public").glob("*.html")]
    modules = [path.read_text(encoding="utf-8") for path in (WEB / "public").glob("*.py")]
    said = {text for source in templates for text in re.findall(r'{% translate "([^"]+)"', source)}
    said |= {text for source in modules for text in re.findall(r'(?:\b_|gettext)\("([^"]+)"\)', source)}
    for source in templates:
        said |= {
            re.sub(r"{{ (\w+) }}", r"%(\1)s", " ".join(text.split()))
            for text in re.findall(r"{% blocktranslate[^%]*%}(.*?){% (?:plural|endblock)", source, re.DOTALL)
        }
    assert len(said) > 80
    assert {text for text in said if catalogue.gettext(text) == text and text != "%(who)s:"} == set()
    assert {str(path.name)[:-3].split(".")[0] for path in guidance.TEXTS.glob("*.md")} == {
        path.name.removesuffix(".en.md") for path in guidance.TEXTS.glob("*.en.md")
    }


# --- the same for everybody


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/zh-hant/", "/advisories?severity=high"])
def test_a_public_answer_sets_no_cookie_and_may_be_kept_for_a_minute(
    client: Client, public: Release, path: str
) -> None:
    answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrf" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/", "/zh-hant/advisories", *FILES])
def test_who_has_the_answer_already_is_told_that_it_still_holds(client: Client, public: Release, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_signed_in_person_reads_the_very_same_page(client: Client, cast: Cast) -> None:
    released(cast)
    stranger = client.get("/")
    sign_in(client, cast.ann)
    member = client.get("/")
    assert member.content == stranger.content
    assert member["ETag"] == stranger["ETag"]
    assert "Ann" not in member.text


def test_a_message_for_one_person_is_kept_by_no_cache(client: Client) -> None:
    client.cookies["messages"] = "x"
    assert "public" not in client.get("/").get("Cache-Control", "")
    del client.cookies["messages"]
    assert "public" in client.get("/")["Cache-Control"]


def test_pages_are_only_read(client: Client) -> None:
    for path in ("/", "/advisories", "/feeds/public.atom"):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


# --- nothing of a member


def test_what_was_taken_out_appears_nowhere_in_public(client: Client, cast: Cast, public: Release) -> None:
    path = f"/advisories/{public.ref}"
    taken_out = (SECRET, "Treasury", "2345 6789", "10.20.30.40", "IH-", "Ann", "bank.example")
    for address in (*PAGES, *FILES, path, f"{path}/indicators.csv", f"{path}/stix.json"):
        for prefix in LANGUAGES:
            if address.startswith("/.well-known"):
                continue
            answer = client.get(prefix + address)
            assert answer.status_code == 200
            assert [word for word in taken_out if word in answer.text] == [], (prefix, address)
    assert words().title in client.get(path).text


def test_an_unreleased_piece_has_no_public_address(client: Client, cast: Cast, public: Release) -> None:
    for ref in ("IH-222222", public.ref.lower(), str(public.uuid), str(public.pk)):
        assert client.get(f"/advisories/{ref}").status_code == 404
        assert client.get(f"/advisories/{ref}/stix.json").status_code == 404
        assert client.get(f"/advisories/{ref}/indicators.csv").status_code == 404


# --- home and list


def test_the_first_page_leads_with_the_most_severe_of_the_last_fortnight(client: Client) -> None:
    release("Old and critical", severity=4, days=30)
    release("Fresh and low", severity=1, days=1)
    release("Fresh and high", severity=3, days=9)
    lead = re.search(r'<h1 class="lead".*?</h1>', client.get("/").text, re.DOTALL)
    assert lead is not None
    assert "Fresh and high" in lead[0]
    assert "Fresh and low" in client.get("/").text


def test_the_first_page_says_what_to_do_in_three_lines(client: Client, public: Release) -> None:
    page = client.get("/").text
    for line in ("Nobody honest asks for your code.", "Tell the front desk today.", "Block the address."):
        assert line in page
    steps = release(
        "Steps", severity=4, days=0, body="Text.\n\n## Do this first\n\n1. One\n2. Two\n3. Three\n4. Four\n"
    )
    assert steps.severity == 4
    page = client.get("/").text
    assert re.findall(r"<span>(One|Two|Three|Four)</span>", page) == ["One", "Two", "Three"]


def test_an_empty_programme_has_a_first_page_too(client: Client) -> None:
    for prefix in LANGUAGES:
        assert client.get(f"{prefix}/").status_code == 200
    assert "Nothing has been released to the public yet" in client.get("/advisories").text


def test_the_list_is_narrowed_by_its_address_and_offers_the_feed_of_it(client: Client) -> None:
    finance = make.sector("finance")
    release("A critical alert", severity=4, kind="alert").sectors.add(finance)
    release("A low piece of news", severity=1, kind="news")
    for query, expected in (
        ("kind=alert", ["A critical alert"]),
        ("severity=low", ["A low piece of news"]),
        ("sector=finance&severity=critical", ["A critical alert"]),
        ("sector=finance&severity=low", []),
        ("kind=tlhIngan", []),
        ("", ["A low piece of news", "A critical alert"]),
    ):
        page = client.get(f"/advisories?{query}").text
        assert sorted(re.findall(r"A critical alert|A low piece of news", page)) == sorted(expected), query
        feed = client.get(f"/feeds/public.json?{query}").json()
        assert sorted(item["title"] for item in feed["items"]) == sorted(expected)
    assert "/feeds/public.atom?kind=alert" in client.get("/advisories?kind=alert&page=1").text


def test_the_language_switch_keeps_the_filter(client: Client, public: Release) -> None:
    page = client.get("/advisories?kind=alert&severity=high").text
    assert 'href="/zh-hant/advisories?kind=alert&amp;severity=high"' in page


def test_the_list_is_paged(client: Client) -> None:
    for number in range(21):
        release(f"Number {number:02}", days=number)
    first, second = client.get("/advisories").text, client.get("/advisories?page=2").text
    assert (first.count('<ol class="tide'), "Number 19" in first, "Number 20" in first) == (1, True, False)
    assert "?page=2" in first
    assert "Number 20" in second
    for odd in ("0", "-1", "x", "99999999999999999999", "٣"):
        assert client.get(f"/advisories?page={odd}").status_code == 200


# --- withdrawn


def test_a_withdrawn_release_keeps_its_page_and_leaves_lists_and_feeds(
    client: Client, cast: Cast, public: Release
) -> None:
    withdraw_release(cast.as_(cast.mori), public=public, reason="The address was wrong.")
    page = client.get(f"/advisories/{public.ref}").text
    assert "The address was wrong." in page
    assert words().title in page
    assert 'name="robots" content="noindex"' in page
    assert public.ref not in client.get("/").text + client.get("/advisories").text
    assert client.get("/feeds/public.json").json()["items"] == []
    assert client.get(f"/advisories/{public.ref}/indicators.csv").status_code == 404
    gone = ET.fromstring(client.get("/feeds/public.atom").content).find(f"{TOMBSTONE}deleted-entry")
    assert gone is not None
    assert gone.get("ref") == public.uuid.urn
    objects = client.get(f"/advisories/{public.ref}/stix.json").json()["objects"]
    assert [part["revoked"] for part in objects if part["type"] == "report"] == [True]


def test_a_release_that_was_taken_down_keeps_its_address_alone(client: Client, cast: Cast, public: Release) -> None:
    take_down(cast.as_(cast.mori), public=public, reason="It named somebody.")
    for path in (f"/advisories/{public.ref}", f"/zh-hant/advisories/{public.ref}"):
        page = client.get(path)
        assert page.status_code == 200
        assert "It named somebody." in page.text
        assert words().title not in page.text
        assert "Block the address" not in page.text
        assert "198.51.100" not in page.text
    assert words().body not in client.get(f"/advisories/{public.ref}/stix.json").text


# --- for machines


def test_the_atom_feed_is_what_readers_expect(client: Client, public: Release) -> None:
    for prefix, language in LANGUAGES.items():
        answer = client.get(f"{prefix}/feeds/public.atom")
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ET.fromstring(answer.content)
        assert feed.tag == f"{ATOM}feed"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
        assert own == [feed.findtext(f"{ATOM}id")] == [f"http://localhost:8000{prefix}/feeds/public.atom"]
        entry = feed.find(f"{ATOM}entry")
        assert entry is not None
        assert entry.findtext(f"{ATOM}id") == public.uuid.urn
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(f"{ATOM}updated") or "")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"http://localhost:8000{prefix}/advisories/{public.ref}"
        assert "<p>" in (entry.findtext(f"{ATOM}content") or "")


def test_the_feed_names_the_language_of_each_text(client: Client, cast: Cast) -> None:
    released(cast, words("zh-hant", title="騙徒來電"))
    item = client.get("/feeds/public.json").json()["items"][0]
    assert (item["language"], item["title"]) == ("zh-Hant-HK", "騙徒來電")


def test_the_json_feed_is_version_1_1(client: Client, public: Release) -> None:
    answer = client.get("/feeds/public.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost:8000/feeds/public.json"
    (item,) = feed["items"]
    assert (item["id"], item["url"]) == (public.uuid.urn, f"http://localhost:8000/advisories/{public.ref}")
    assert {"title", "summary", "content_html", "date_published", "date_modified", "language"} <= set(item)


def test_a_text_with_signs_that_xml_cannot_carry_breaks_no_feed(client: Client) -> None:
    release(
        "Bell \x07 & <b> ]]> \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), body="a\x0bb\ufffe\uffff"
    )
    feed = ET.fromstring(client.get("/feeds/public.atom").content)
    assert (feed.findtext(f"{ATOM}entry/{ATOM}title") or "").startswith("Bell  & <b> ]]>")


def test_indicators_leave_live_as_csv_and_as_stix_that_validates(client: Client, public: Release) -> None:
    table = client.get(f"/advisories/{public.ref}/indicators.csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table["Content-Disposition"] == f'attachment; filename="{public.ref}.csv"'
    lines = table.text.split("\r\n")
    assert lines[0] == "type,value,tlp,advisory,published"
    assert lines[1].startswith("url,http://198.51.100.7/pay,TLP:CLEAR,PZ-")
    answer = client.get(f"/advisories/{public.ref}/stix.json")
    assert answer["Content-Type"] == "application/stix+json;version=2.1"
    outcome = validate_instance(answer.json(), ValidationOptions(version="2.1"))
    assert outcome.is_valid, [str(error) for error in outcome.errors]
    assert client.get(f"/zh-hant/advisories/{public.ref}/stix.json").json() == answer.json()


def test_every_language_of_a_release_is_in_its_stix_until_it_is_withdrawn(client: Client, cast: Cast) -> None:
    public = released(cast, words(), words("zh-hant", title="騙徒來電"))

    def told(prefix: str = "") -> list[dict[str, object]]:
        answer = client.get(f"{prefix}/advisories/{public.ref}/stix.json").json()
        outcome = validate_instance(answer, ValidationOptions(version="2.1"))
        assert outcome.is_valid, [str(error) for error in outcome.errors]
        return [part for part in answer["objects"] if part["type"] == "language-content"]

    said = {language: part["labels"] for part in told() for language in part["contents"]}  # type: ignore[attr-defined]
    assert said == {"zh-HK": ["human"], "zh-CN": ["converted"]}
    assert told("/zh-hans") == told()
    before = [part["id"] for part in told()]
    withdraw_release(cast.as_(cast.mori), public=public, reason="The address was wrong.")
    assert [(part["id"], part["revoked"]) for part in told()] == [(one, True) for one in before]
    assert "騙徒來電" not in str(told())


def test_the_page_shows_indicators_that_nobody_opens_by_accident(client: Client, public: Release) -> None:
    page = client.get(f"/advisories/{public.ref}").text
    assert "hxxp://198.51.100[.]7/pay" in page
    assert "http://198.51.100.7" not in page


def test_a_value_that_a_spreadsheet_would_run_is_plain_text(client: Client) -> None:
    public = release("Formula", indicators=[["file", "=cmd()"], ["domain", "evil.example"]])
    table = client.get(f"/advisories/{public.ref}/indicators.csv").text
    assert "file,'=cmd()," in table
    assert "domain,evil.example," in table


def test_security_txt_says_whom_to_tell_and_until_when(client: Client) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith(("mailto:", "https://"))
    expires = datetime.fromisoformat(fields["Expires"])
    assert now() + timedelta(days=100) < expires < now() + timedelta(days=365)
    assert fields["Canonical"].endswith("/.well-known/security.txt")


# --- size


@pytest.mark.parametrize(
    "path", ["/", "/advisories", "/advisories?sector=finance", "/feeds/public.atom", "/feeds/public.json"]
)
def test_a_page_asks_the_database_as_often_for_many_releases_as_for_one(client: Client, path: str) -> None:
    finance = make.sector("finance")
    release("One").sectors.add(finance)
    for_one = queries(client, path)
    for number in range(25):
        release(f"More {number}").sectors.add(finance)
    assert queries(client, path) == for_one <= 8


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


def test_the_programme_s_own_name_stands_in_the_language_of_the_page(client: Client) -> None:
    Programme.objects.create(pk=1, names={"en": "Harbour Exchange", "zh-hant": "海港交流"})
    assert "Harbour Exchange" in client.get("/about").text
    assert "海港交流" in client.get("/zh-hant/about").text


def release(
    title: str,
    *,
    severity: int = 2,
    days: int = 0,
    kind: str = "advisory",
    body: str = "A text.",
    indicators: list[list[str]] | None = None,
) -> Release:
    at = datetime.now(UTC) - timedelta(days=days, minutes=1)
    made = Release.objects.create(
        ref=f"PZ-{Release.objects.count() + 1:06}",
        kind=kind,
        severity=severity,
        indicators=indicators or [],
        published_at=at,
        updated_at=at,
    )
    made.texts.create(language="en", title=title, summary=f"About {len(title)} letters.", body=body, original=True)
    return made
