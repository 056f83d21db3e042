"""What the register refuses, beside what the policy does not allow."""

from django.utils.translation import gettext as _


class RegisterError(Exception):
    """A rule of the register forbids it; the message says the rule in words."""


class AddressTakenError(RegisterError):
    """Somebody else has this address."""

    def __init__(self) -> None:
        super().__init__(_("Another person already has this e-mail address."))


class MembershipOverlapsError(RegisterError):
    """A person represents one organisation at a time."""

    def __init__(self) -> None:
        super().__init__(_("This person represents another organisation in that time."))


class NotInvitableError(RegisterError):
    """A set-up link makes no sense for this person."""

    def __init__(self) -> None:
        super().__init__(_("This person has already set up sign-in, is suspended or has left."))


class LinkGoneError(RegisterError):
    """The set-up link is used, expired, revoked or unknown: which of them is nobody's business."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works."))
