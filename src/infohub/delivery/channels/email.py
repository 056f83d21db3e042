"""Mail: makes the message of a notice and hands it over, saying whether a failure is for now or for good."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from infohub.delivery.letters import DigestLetter, Letter, Written
from infohub.delivery.models import Digest, Notice
from infohub.members.models import Person
from infohub.support.ids import keyed_digest


class RefusedError(Exception):
    """This message will never be taken: trying again is no use."""


class NotNowError(Exception):
    """This message was not taken now; another may be."""


class UnreachableError(Exception):
    """The way out itself is closed: nothing can be sent now."""


def message(notice: Notice, *, letter: Letter, written: Written) -> EmailMultiAlternatives:
    """The mail of a notice. Its Message-ID follows from the notice, so that one sent twice is seen as one."""
    return _mail(notice.person, letter, written, key=message_key(notice), at=notice.created_at)


def digest_message(digest: Digest, *, letter: DigestLetter, written: Written) -> EmailMultiAlternatives:
    """The mail of a digest, named after it in the same way."""
    return _mail(digest.person, letter, written, key=f"digest-{keyed_digest(f'digest {digest.pk}')[:24]}", at=digest.on)


def _mail(
    person: Person, letter: Letter | DigestLetter, written: Written, *, key: str, at: datetime
) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=written.plain,
        from_email=settings.MAIL_FROM,
        to=[person.email],
        headers={
            "Message-ID": f"<{key}@{settings.HOST}>",
            "Date": format_datetime(at),
            "List-Unsubscribe": f"<{letter.mail_off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(written.html, "text/html")
    return mail


def message_key(notice: Notice) -> str:
    """A name for the notice's mail that says nothing about how many there are."""
    return f"notice-{keyed_digest(f'notice {notice.pk}')[:24]}"


class Post:
    """One open way out for a batch; the setting decides whether it leads to a mail server or to files."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand over one message. Raises RefusedError, NotNowError or UnreachableError; their words name nobody."""
        try:
            self._connection.open()
            self._connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as problem:
            raise _refusal([code for code, _ in problem.recipients.values()]) from problem
        except smtplib.SMTPSenderRefused as problem:
            raise NotNowError(f"SMTP {problem.smtp_code} to the sender") from problem
        except smtplib.SMTPDataError as problem:
            raise _refusal([problem.smtp_code]) from problem
        except ValueError as problem:  # Django's word for an address or a header that cannot be written
            raise RefusedError("the address cannot be written") from problem
        except OSError as problem:
            self._close()
            raise UnreachableError(f"mail: {type(problem).__name__}") from problem

    def _close(self) -> None:
        try:
            self._connection.close()
        except OSError:
            self._connection = get_connection()


def _refusal(codes: list[int]) -> RefusedError | NotNowError:
    words = f"SMTP {', '.join(str(code) for code in codes)}"
    return RefusedError(words) if all(code >= 500 for code in codes) else NotNowError(words)
