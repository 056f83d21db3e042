"""A passkey in a real browser: added, used alone after signing out, and asked for before what matters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import barriers
from tests.flows.people import Town, picture, settle
from tests.stage import Stage


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance())


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


def looked_at(page: Page, name: str) -> None:
    """No barrier on this page, and a picture of it."""
    assert barriers(page) == [], name
    picture(page, name)


def test_a_passkey_is_added_and_then_signs_in_alone(town: Town, page: Page) -> None:
    with_passkeys(page)
    town.sign_in(page, "ann")
    page.goto(f"{town.url}/member/account/sign-in/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("This computer")
    looked_at(page, "passkey-new")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"{town.url}/member/account/sign-in/")
    expect(page.get_by_text("This computer").first).to_be_visible()
    picture(page, "security")

    page.get_by_role("button", name="Sign out").first.click()
    page.goto(f"{town.url}/accounts/login/")
    picture(page, "login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{town.url}/member/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(f"{town.url}/accounts/password/change/")
    expect(page.get_by_label("Present password")).to_be_visible()


def test_a_passkey_follows_the_password_and_a_browser_is_trusted(town: Town, page: Page) -> None:
    with_passkeys(page)
    town.sign_in(page, "ben")
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    page.get_by_label("Name").fill("Key")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"{town.url}/member/account/sign-in/")
    for trusted in (False, True):
        page.get_by_role("button", name="Sign out").first.click()
        page.goto(f"{town.url}/accounts/login/")
        page.get_by_label("E-mail").fill(town.address("ben"))
        page.locator("input[type=password]").fill(town.facts["people"]["ben"]["password"])
        page.get_by_role("button", name="Continue").click()
        if not trusted:
            page.get_by_label("Trust this browser").check()
            looked_at(page, "second-step")
            page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{town.url}/member/")
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    looked_at(page, "second-step-again")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{town.url}/accounts/second-step/passkey/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")


def test_without_scripts_the_code_is_enough_and_no_button_promises_more(town: Town, page: Page) -> None:
    page.route("**/passkey*.js", lambda route: route.abort())
    page.goto(f"{town.url}/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    town.sign_in(page, "dan")
    page.goto(f"{town.url}/accounts/second-step/passkey/")
    expect(page.get_by_text("This browser cannot make a passkey here")).to_be_visible()


def test_a_lost_second_step_is_asked_for_and_decided(town: Town, page: Page) -> None:
    page.goto(f"{town.url}/accounts/login/")
    page.get_by_label("E-mail").fill(town.address("cara"))
    page.locator("input[type=password]").fill(town.facts["people"]["cara"]["password"])
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I have lost my phone").click()
    looked_at(page, "recovery-ask")
    page.get_by_role("button", name="Ask for a new second step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is made")
    looked_at(page, "recovery-asked")
    town.instance.wait_until(lambda: bool(town.instance.letters(town.address("cara"))))
    (letter,) = town.instance.letters(town.address("cara"))
    said = "".join(part.get_content() for part in letter.walk() if part.get_content_type() == "text/plain")
    (stop,) = [word for word in said.split() if "/recovery/stop/" in word]

    page.context.clear_cookies()
    town.sign_in(page, "opal")
    page.goto(f"{town.url}/office/recoveries/")
    picture(page, "recoveries")
    page.get_by_role("link", name="Cara Lam").click()
    looked_at(page, "recovery-person")

    page.context.clear_cookies()
    page.goto(stop)
    looked_at(page, "recovery-stop")
    page.get_by_role("button", name="Stop the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The request is stopped")
