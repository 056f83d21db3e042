"""A passkey in a real browser: added, used alone after signing out, and asked for before what matters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.flows.people import PEOPLE, Town, known_names, looked_at, settle
from tests.flows.words import ENGLISH, HANT, Words, left_in_english, said
from tests.stage import Stage

WITHOUT_SCRIPTS = (
    "This browser cannot make a passkey here. Use a newer one with scripts switched on, or an authenticator app."
)


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(), languages={"dan": HANT, "mori": HANT, "ben": HANT})


@pytest.fixture
def locale(words: Words) -> str:
    return words.locale


def in_both(english: str, chinese: str) -> pytest.MarkDecorator:
    """Each language with a person of its own, whose code and session nobody else uses up."""
    return pytest.mark.parametrize(("words", "who"), [(ENGLISH, english), (HANT, chinese)], ids=["en", "zh-hant"])


def with_passkeys(page: Page) -> None:
    """Give the browser something that holds passkeys and verifies its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@in_both("ann", "dan")
def test_a_passkey_is_added_and_then_signs_in_alone(town: Town, page: Page, words: Words, who: str) -> None:
    with_passkeys(page)
    town.sign_in(page, who, words)
    page.goto(f"{town.url}/member/account/sign-in/")
    page.get_by_role("link", name=words("Add a passkey")).click()
    page.get_by_label(words("Name")).fill("This computer")
    looked_at(page, "passkey-new", words)
    page.get_by_role("button", name=words("Make the passkey")).click()
    page.wait_for_url(f"{town.url}/member/account/sign-in/")
    expect(page.get_by_text("This computer").first).to_be_visible()
    looked_at(page, "security", words, "This computer")

    page.get_by_role("button", name=words("Sign out")).first.click()
    page.goto(f"{town.url}/accounts/login/")
    looked_at(page, "login", words)
    page.get_by_role("button", name=words("Sign in with a passkey")).click()
    page.wait_for_url(f"{town.url}/member/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(f"{town.url}/accounts/password/change/")
    expect(page.get_by_label(words("Present password"))).to_be_visible()


@in_both("cara", "mori")
def test_a_passkey_follows_the_password_and_a_browser_is_trusted(
    town: Town, page: Page, words: Words, who: str
) -> None:
    with_passkeys(page)
    town.sign_in(page, who, words)
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    page.get_by_label(words("Name")).fill("Key")
    page.get_by_role("button", name=words("Make the passkey")).click()
    page.wait_for_url(f"{town.url}/member/account/sign-in/")
    for trusted in (False, True):
        page.get_by_role("button", name=words("Sign out")).first.click()
        page.goto(f"{town.url}/accounts/login/")
        page.get_by_label(words("E-mail address")).fill(town.address(who))
        page.get_by_label(words("Password")).fill(town.facts["people"][who]["password"])
        page.get_by_role("button", name=words("Continue")).click()
        if not trusted:
            page.get_by_label(words("Trust this browser for 14 days")).check()
            looked_at(page, "second-step", words)
            page.get_by_role("button", name=words("Use a passkey")).click()
        page.wait_for_url(f"{town.url}/member/")
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    looked_at(page, "second-step-again", words)
    page.get_by_role("button", name=words("Use a passkey")).click()
    page.wait_for_url(f"{town.url}/accounts/second-step/passkey/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Add a passkey"))


@pytest.mark.parametrize(("words", "who"), [(HANT, "ben")], ids=["zh-hant"])
def test_without_scripts_the_code_is_enough_and_no_button_promises_more(
    town: Town, page: Page, words: Words, who: str
) -> None:
    page.route("**/passkey*.js", lambda route: route.abort())
    page.goto(f"{town.url}/accounts/login/")
    expect(page.get_by_role("button", name=words("Sign in with a passkey"))).to_be_hidden()
    town.sign_in(page, who, words)
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    expect(page.get_by_text(words(WITHOUT_SCRIPTS))).to_be_visible()


def letters_to_stop(town: Town, who: str) -> list[str]:
    """What this person was written about a request that can be stopped."""
    return [
        written for letter in town.instance.letters(town.address(who)) if "/recovery/stop/" in (written := said(letter))
    ]


@in_both("cara", "ben")
def test_a_lost_second_step_is_asked_for_and_decided(town: Town, page: Page, words: Words, who: str) -> None:
    page.goto(f"{town.url}/accounts/login/")
    page.get_by_label(words("E-mail address")).fill(town.address(who))
    page.get_by_label(words("Password")).fill(town.facts["people"][who]["password"])
    page.get_by_role("button", name=words("Continue")).click()
    page.get_by_role("link", name=words("I have lost my phone and my codes")).click()
    looked_at(page, "recovery-ask", words)
    page.get_by_role("button", name=words("Ask for a new second step")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Your request is made"))
    looked_at(page, "recovery-asked", words)
    town.instance.wait_until(lambda: bool(letters_to_stop(town, who)))
    (letter,) = letters_to_stop(town, who)
    (stop,) = [word for word in letter.split() if "/recovery/stop/" in word]
    assert words is ENGLISH or left_in_english(letter, known_names()) == []

    page.context.clear_cookies()
    town.sign_in(page, "opal", words)
    page.goto(f"{town.url}/office/recoveries/")
    looked_at(page, "recoveries", words)
    page.get_by_role("link", name=PEOPLE[who][0], exact=True).click()
    looked_at(page, "recovery-person", words)

    page.context.clear_cookies()
    page.goto(stop)
    looked_at(page, "recovery-stop", words)
    page.get_by_role("button", name=words("Stop the request")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("The request is stopped"))
