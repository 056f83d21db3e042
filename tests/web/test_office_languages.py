"""The languages and the clock that the office chooses: for pages, old addresses, forms, mail and hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.audit.models import Record
from infohub.delivery.actions import announce, choose_pace
from infohub.delivery.digests import send_digests
from infohub.delivery.models import Digest, Event, Notice, Pace
from infohub.members.models import Person, Programme
from infohub.policy.viewer import SYSTEM
from infohub.programme.figures import published_figures
from infohub.register.actions import issue_token
from infohub.register.actions.programme import describe_programme
from infohub.register.refusals import RegisterError
from infohub.releases.models import Release
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.web.accounts import letters
from infohub.web.letters import write_digest
from tests import make
from tests.cast import Cast, sign_in
from tests.delivery.telling import send
from tests.delivery.test_wishes import entry, the_hour_has_come
from tests.releases.acts import released, words
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

ALL = ["en", "zh-hant", "zh-hans"]
PAGE = "/office/programme/"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CIRCLE = {"because": "circle"}
TYPED: dict[str, object] = {"name_en": "Harbour", "languages": ALL, "time_zone": "Asia/Hong_Kong"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def offer(cast: Cast, *languages: str, time_zone: str = "Asia/Hong_Kong") -> None:
    """Let the programme manager choose on the page."""
    answer = sign_in(Client(), cast.grace).post(PAGE, TYPED | {"languages": languages, "time_zone": time_zone})
    assert answer.status_code == 302


def speaks(person: Person, language: str) -> Person:
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    return person


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def public(cast: Cast) -> Release:
    return released(cast, words(), words("zh-hant", title="騙徒來電索取一次性密碼"))


def test_the_programme_manager_chooses_and_the_audit_says_what(cast: Cast) -> None:
    page = read(sign_in(Client(), cast.grace), PAGE)
    assert page.count('name="languages"') == page.count("checked") == 3
    assert 'value="Asia/Hong_Kong"' in page
    offer(cast, "zh-hant", "en", time_zone="europe/london")
    row = Programme.objects.get()
    assert (row.languages, row.time_zone) == (["en", "zh-hant"], "Europe/London")
    detail = Record.objects.get(verb="described_programme", person=cast.grace.pk).detail
    assert (detail["languages"], detail["time_zone"]) == (["en", "zh-hant"], "Europe/London")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"languages": []}, "Offer at least one language."),
        ({"languages": ["en", "fr"]}, "fr is not one of the available choices"),
        ({"time_zone": "Atlantis/Lost_City"}, "There is no such time zone."),
        ({"time_zone": "../../etc/passwd"}, "There is no such time zone."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_comes_back(
    cast: Cast, typed: dict[str, object], complaint: str
) -> None:
    answer = sign_in(Client(), cast.grace).post(PAGE, TYPED | typed)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert 'value="Harbour"' in answer.content.decode()
    assert not Programme.objects.exists()


@pytest.mark.parametrize(("languages", "zone"), [([], "UTC"), (["en", "fr"], "UTC"), (["en"], "Atlantis/Lost_City")])
def test_the_action_refuses_it_too(cast: Cast, languages: list[str], zone: str) -> None:
    with pytest.raises(RegisterError):
        describe_programme(
            cast.as_(cast.grace), names={"en": "H"}, taglines={}, languages=languages, time_zone=zone, review=False
        )


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_nobody_else_chooses(who: str, cast: Cast) -> None:
    client = sign_in(Client(), getattr(cast, who))
    assert client.get(PAGE).status_code == client.post(PAGE, TYPED).status_code == 404
    assert not Programme.objects.exists()


def test_switches_and_forms_name_the_offered_languages_only(cast: Cast, public: Release) -> None:
    offer(cast, "en", "zh-hant")
    for path in ("/", "/zh-hant/about", f"/advisories/{public.ref}"):
        page = read(Client(), path)
        assert ['hreflang="en"' in page, 'hreflang="zh-Hant-HK"' in page] == [True, True]
        assert "zh-hans" not in page.lower()
    assert "/zh-hant/advisories/" in read(Client(), f"/advisories/{public.ref}").partition('id="languages"')[2]
    forms = ((cast.ann, "/member/account/"), (cast.grace, "/office/people/new/"))
    for person, path in forms:
        page = read(sign_in(Client(), person), path)
        assert ['<option value="zh-hant"' in page, '<option value="zh-hans"' in page] == [True, False]
    offer(cast, "en")
    assert "/zh-hant" not in read(Client(), f"/advisories/{public.ref}")
    offer(cast, *ALL)
    assert 'hreflang="zh-Hans"' in read(Client(), "/")


def test_a_text_may_still_be_written_in_every_language(cast: Cast) -> None:
    offer(cast, "en")
    assert '<option value="zh-hans"' in read(sign_in(Client(), cast.ann), "/member/share/")


def test_old_addresses_lead_to_the_first_offered_language_with_path_and_query(cast: Cast, public: Release) -> None:
    offer(cast, "zh-hant", "zh-hans")
    for old, led in {
        "/": "/zh-hant/",
        "/advisories?severity=high&page=2": "/zh-hant/advisories?severity=high&page=2",
        f"/advisories/{public.ref}?from=mail": f"/zh-hant/advisories/{public.ref}?from=mail",
    }.items():
        answer = Client().get(old)
        assert (answer.status_code, answer["Location"]) == (302, led)
        assert "max-age" not in answer.get("Cache-Control", "")
    read(Client(), "/zh-hans/advisories")
    assert 'lang="zh-Hant-HK"' in Client().get("/no/such/page").content.decode()[:200]
    offer(cast, "en")
    assert Client().get("/zh-hant/guidance/scam?a=1")["Location"] == "/guidance/scam?a=1"
    read(Client(), "/guidance/scam?a=1")


def test_what_programs_fetch_stays_where_it_is(cast: Cast, public: Release) -> None:
    paths = [f"/advisories/{public.ref}/{name}" for name in ("indicators.csv", "stix.json")]
    paths += ["/feeds/public.atom", "/zh-hans/feeds/public.json", "/.well-known/security.txt", "/api/v1/releases"]
    for languages in (ALL, ["zh-hant"]):
        offer(cast, *languages)
        for path in paths:
            assert Client().get(path).status_code == 200, path


def test_whose_language_is_not_offered_gets_the_first_until_it_is_back(cast: Cast) -> None:
    ben = speaks(cast.ben, "zh-hans")
    client = sign_in(Client(), ben)
    assert 'lang="zh-Hans"' in read(client, "/member/")
    offer(cast, "zh-hant", "en")
    assert '<html lang="en"' in read(client, "/member/")
    client.post("/member/account/", {"name": "Ben Lam", "language": "en"})
    ben.refresh_from_db()
    assert (ben.name, ben.language) == ("Ben Lam", "zh-hans")
    offer(cast, *ALL)
    assert 'lang="zh-Hans"' in read(client, "/member/")
    offer(cast, "zh-hant", "en")
    client.post("/member/account/", {"name": "Ben Lam", "language": "zh-hant"})
    assert 'lang="zh-Hant-HK"' in read(client, "/member/")


def test_sign_in_speaks_an_offered_language_too(cast: Cast) -> None:
    assert "zh-Hans" in Client().get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()[:200]
    offer(cast, "zh-hant")
    for wanted in ("en", "zh-hans"):
        page = Client().get("/accounts/login/", HTTP_ACCEPT_LANGUAGE=wanted).content.decode()
        assert 'lang="zh-Hant-HK"' in page[:200]


def test_mail_and_feed_speak_the_first_offered_language_and_the_own_one_when_it_is_back(cast: Cast) -> None:
    ben, ann = speaks(cast.ben, "zh-hant"), speaks(cast.ann, "zh-hant")
    choose_pace(cast.as_(ann), pace=Pace.DIGEST, digest_hour=18, quiet=None, groups={})
    _token, secret = issue_token(
        SYSTEM, kind="personal", name="reader", membership=make.membership(ben), scopes=("feed",), ceiling=Tlp.AMBER
    )
    shared(cast.as_(cast.ann), Choice(memberships=[make.membership(ben).pk]), text("First"))
    said = {}
    for languages in (["en"], ALL):
        offer(cast, *languages)
        mail.outbox.clear()
        piece = entry(cast, Tlp.GREEN, title=f"Calls {len(languages)}")
        people, day = [ben.pk, ann.pk], LONG_AGO + timedelta(days=len(languages))
        announce(piece, event=Event.COMMENTED, people=people, key="1", reason=CIRCLE, due_at=day)
        the_hour_has_come()
        Notice.objects.filter(event=Event.SHARED).delete()
        assert (send(), send_digests(write_digest)) == (1, 1)
        letters.test(ben)
        letters.wait()
        said[len(languages)] = "\n".join(f"{one.subject}\n{one.body}\n{html(one)}" for one in mail.outbox)
        said[len(languages)] += read(Client(), f"/feeds/mine/{secret}.atom")
    assert ["New comment" in said[1], "piece for you today" in said[1], "test mail" in said[1]] == [True] * 3
    assert "Alert" in said[1]
    assert "zh-Hant" not in said[1]
    assert "警報" in said[3]
    assert said[3].count('lang="zh-Hant-HK"') >= 3
    ben.refresh_from_db()
    assert ben.language == "zh-hant"


def html(letter: mail.EmailMessage) -> str:
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def test_dates_follow_the_programme_s_clock_on_member_and_public_pages(cast: Cast, public: Release) -> None:
    Release.objects.filter(pk=public.pk).update(published_at=datetime(2026, 7, 1, 20, 30, tzinfo=UTC))
    piece = shared(cast.as_(cast.ann), Choice(organisations=[cast.bank.pk]))
    for zone, day, offset in (("Asia/Hong_Kong", "2 July", "+08:00"), ("Europe/London", "1 July", "+01:00")):
        offer(cast, *ALL, time_zone=zone)
        page = read(Client(), f"/advisories/{public.ref}")
        assert [f"{day} 2026" in page, offset in page] == [True, True]
        assert (offset in read(sign_in(Client(), cast.ben), f"/items/{piece.ref}")) is (zone == "Asia/Hong_Kong")
    assert str(published_figures().months[0].first.tzinfo) == "Europe/London"


@pytest.mark.parametrize("zone", ["Atlantis/Lost_City", "", "../etc", "Asia"])
def test_a_zone_this_machine_does_not_know_fails_no_page(cast: Cast, public: Release, zone: str) -> None:
    Release.objects.filter(pk=public.pk).update(published_at=datetime(2026, 7, 1, 20, 30, tzinfo=UTC))
    Programme.objects.create(pk=1, names={"en": "Harbour"}, time_zone=zone)
    assert "2 July 2026" in read(Client(), f"/advisories/{public.ref}")
    read(sign_in(Client(), cast.ann), "/member/")
    assert "Harbour" in read(sign_in(Client(), cast.grace), PAGE)


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Hong_Kong", 10), ("Europe/London", 17), ("Atlantis/Lost_City", 10)])
def test_daily_mails_and_quiet_hours_follow_the_programme_s_clock(cast: Cast, zone: str, hour: int) -> None:
    Programme.objects.create(pk=1, names={"en": "Harbour"}, time_zone=zone)
    noon = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    piece = entry(cast)
    choose_pace(cast.as_(cast.ben), pace=Pace.DIGEST, digest_hour=18, quiet=None, groups={})
    choose_pace(cast.as_(cast.ann), pace=Pace.AT_ONCE, digest_hour=18, quiet=(0, 18), groups={})
    people = [cast.ben.pk, cast.ann.pk]
    announce(piece, event=Event.COMMENTED, people=people, key="1", reason=CIRCLE, due_at=noon)
    evening = noon.replace(hour=hour)
    assert Digest.objects.get().due_at == evening
    assert Notice.objects.get(person=cast.ann).due_at == evening


def test_no_page_asks_for_the_programme_twice(cast: Cast, public: Release) -> None:
    offer(cast, "en", "zh-hant")
    client = sign_in(Client(), cast.ben)
    for path in ("/", f"/advisories/{public.ref}", "/about", "/member/", "/member/account/", "/member/feed/"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            read(client, path)
        assert sum("members_programme" in query["sql"] for query in queries) == 1, path


def test_rows_from_before_offer_everything(cast: Cast) -> None:
    Programme.objects.create(pk=1, names={"en": "Harbour"})
    assert [code for code, _name in Programme.objects.get().offered] == ALL
    for path in ("/", "/zh-hant/", "/zh-hans/"):
        assert 'hreflang="zh-Hans"' in read(Client(), path)
    assert timedelta(hours=8) == datetime.now(Programme.objects.get().zone).utcoffset()
