"""Codes of the second step, as an app and as our command line show them."""

from infohub.register import second_step
from infohub.support import sealing
from tests.authenticator import Clock


def test_our_code_is_the_one_an_app_shows_now(clock: Clock) -> None:
    secret = second_step.fresh_secret()
    assert second_step.present_code(secret) == clock.code(secret)


def test_a_code_is_read_however_it_is_typed() -> None:
    assert second_step.plain_digits(" １２３-456 ") == "123456"
    assert second_step.plain_digits("1234 5678") == "12345678"


def test_what_is_sealed_twice_differs_and_opens_the_same() -> None:
    first, second = sealing.seal("secret"), sealing.seal("secret")
    assert first != second
    assert {sealing.unseal(first), sealing.unseal(sealing.resealed(second))} == {"secret"}
