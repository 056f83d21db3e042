"""What a mail may say: the exit table turned into words, in the reader's language, before anybody lays it out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Entry, Severity
from infohub.delivery.actions import mail_off_link
from infohub.delivery.models import Event, Notice
from infohub.delivery.reasons import why, why_unnamed
from infohub.members.models import Group, Person
from infohub.members.programme import language_for
from infohub.policy.exits import Carry, Exit, carries

BODY_CHARACTERS = 20_000
SUBJECT_CHARACTERS = 180

_KINDS = {
    "alert": _("Alert"),
    "advisory": _("Advisory"),
    "incident": _("Incident"),
    "insight": _("Insight"),
    "practice": _("Good practice"),
    "news": _("News"),
    "question": _("Question"),
}
_LEADS = {
    Event.SHARED: _("A piece was shared with you."),
    Event.COMMENTED: _("There is a new comment."),
    Event.REVISED: _("There is a new revision."),
    Event.CONSENT: _("Your consent to a public copy is asked."),
    Event.RELEASED: _("A public copy was released."),
    Event.RETURNED: _("It was sent back to you."),
    Event.DOUBTED: _("A reader says that one of its indicators is a false positive. You decide."),
    Event.SEEN: _("A member has seen this too."),
    Event.MENTIONED: _("Somebody mentions you in the discussion."),
    Event.UNSEALED: _("Two officers of the programme opened its seal and know that you wrote it. The piece says why."),
    Event.REPORTED: _("A reader reports a contribution to its discussion. You may hide it."),
    Event.ACCEPTED: _("Its author says that your contribution answers the question."),
    Event.SUGGESTED: _("A reader suggests other words for it. You decide."),
}
_PREFIXES = {
    Event.COMMENTED: _("New comment: %(line)s"),
    Event.REVISED: _("New revision: %(line)s"),
    Event.CONSENT: _("Your consent is asked: %(line)s"),
    Event.RELEASED: _("Released: %(line)s"),
    Event.RETURNED: _("Sent back: %(line)s"),
    Event.DOUBTED: _("False positive? %(line)s"),
    Event.SEEN: _("Seen by a member: %(line)s"),
    Event.MENTIONED: _("You are mentioned: %(line)s"),
    Event.UNSEALED: _("Seal opened: %(line)s"),
    Event.REPORTED: _("Reported: %(line)s"),
    Event.ACCEPTED: _("Your answer was accepted: %(line)s"),
    Event.SUGGESTED: _("Correction suggested: %(line)s"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a mail says: whoever lays it out has nothing else to say it with."""

    subject: str
    marking: str
    heading: str
    lead: str
    body: str
    body_language: str
    link: str
    reason: str
    mail_off: str
    language: str


@dataclass(frozen=True, slots=True)
class Written:
    """A letter laid out, once for each kind of mail program."""

    html: str
    plain: str


Write = Callable[[Letter], Written]
WriteDigest = Callable[["DigestLetter"], Written]


def letter(notice: Notice, *, entry: Entry, own: Collection[int]) -> Letter | None:
    """The letter of a notice, as much as mail may carry at this marking; nothing where mail may carry nothing.

    `own` are the groups the reader sits in. Call it with the reader's language active.
    """
    carry = carries(Exit.MAIL, entry.tlp)
    because = _why(notice, entry, own)
    if carry is Carry.FULL:
        title = _one_line(entry.title)
        line = _with_severity(entry, title) if notice.event == Event.SHARED else title
        return _letter(
            notice,
            entry,
            subject=_with_event(notice, line),
            heading=title,
            lead=_lead(notice, entry),
            body=_text(notice, entry),
            because=because,
        )
    if carry is Carry.SAFE_LINE:
        line = safe_line(entry, _known(entry, own))
        return _letter(
            notice, entry, subject=_with_event(notice, line), heading=line, lead=_lead(notice), because=because
        )
    if carry is Carry.BARE:
        line = _bare(notice, entry)
        return _letter(notice, entry, subject=line, heading=line)
    return None


def _known(entry: Entry, own: Collection[int]) -> list[Group]:
    """The entry's groups that this reader may know of."""
    return [group for group in entry.groups.all() if group.listed or group.pk in own]


def _why(notice: Notice, entry: Entry, own: Collection[int]) -> str:
    """Why it came, as far as mail may say: a rule is named with the piece, a group where the default line names it."""
    carry = carries(Exit.MAIL, entry.tlp)
    says_groups = carry is Carry.SAFE_LINE and not entry.safe_line.strip() and "rule" not in notice.reason
    if carry is Carry.FULL or says_groups:
        return _one_line(why(notice, entry, own))
    return why_unnamed(notice, entry, own) if carry is Carry.SAFE_LINE else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One piece in a digest, as much of it as mail may say."""

    marking: str
    words: str
    summary: str
    link: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class DigestLetter:
    """All that the mail of a day says."""

    subject: str
    marking: str
    heading: str
    lines: tuple[Line, ...]
    reason: str
    mail_off: str
    language: str


def digest_letter(
    person: Person, told: Sequence[Notice], *, own: Collection[int], more: int = 0
) -> DigestLetter | None:
    """The letter of a day's notices, strictest marking first in its subject; nothing where mail may say nothing.

    `own` are the groups the reader sits in; of `more` the letter says where they are. Call it in the reader's language.
    """
    lines = [line for notice in told if (line := _line(notice, notice.entry, own)) is not None]
    if not lines:
        return None
    strictest = max(notice.entry.tlp for notice in told)
    words = ngettext("%(n)d piece for you today", "%(n)d pieces for you today", len(lines) + more)
    words %= {"n": len(lines) + more}
    if more:
        rest = ngettext("%(n)d more is among your notices", "%(n)d more are among your notices", more) % {"n": more}
        lines.append(Line("", rest, "", f"{settings.BASE_URL}/member/notices/"))
    return DigestLetter(
        subject=f"[{strictest.mark}] {words}",
        marking=strictest.mark,
        heading=words,
        lines=tuple(lines),
        reason=gettext("You get this because you chose one mail a day."),
        mail_off=settings.BASE_URL + mail_off_link(person.pk),
        language=language_for(person.language),
    )


def _line(notice: Notice, entry: Entry, own: Collection[int]) -> Line | None:
    carry, summary = carries(Exit.MAIL, entry.tlp), ""
    if carry is Carry.FULL:
        words, summary = _with_event(notice, _with_severity(entry, _one_line(entry.title))), _one_line(entry.summary)
    elif carry is Carry.SAFE_LINE:
        words = _with_event(notice, safe_line(entry, _known(entry, own)))
    elif carry is Carry.BARE:
        words = _bare(notice, entry)
    else:
        return None
    link = f"{settings.BASE_URL}/items/{entry.ref}"
    return Line(entry.tlp.mark, words, summary, link, _why(notice, entry, own))


def _letter(
    notice: Notice, entry: Entry, *, subject: str, heading: str, lead: str = "", body: str = "", because: str = ""
) -> Letter:
    reason = gettext("Why you get this: %(why)s.") % {"why": because} if because else ""
    return Letter(
        subject=f"[{entry.tlp.mark}] {subject}"[:SUBJECT_CHARACTERS],
        marking=entry.tlp.mark,
        heading=heading,
        lead=lead,
        body=body,
        body_language=entry.language,
        link=f"{settings.BASE_URL}/items/{entry.ref}",
        reason=reason or gettext("You get this because you may read this piece."),
        mail_off=settings.BASE_URL + mail_off_link(notice.person_id, notice.entry_id),
        language=language_for(notice.person.language),
    )


def _bare(notice: Notice, entry: Entry) -> str:
    if notice.event == Event.SHARED:
        return gettext("A new %(marking)s piece") % {"marking": entry.tlp.word}
    return gettext("News of a %(marking)s piece") % {"marking": entry.tlp.word}


def safe_line(entry: Entry, groups: Collection[Group]) -> str:
    """The author's line; without one the kind, the severity and the groups this reader may know of."""
    if entry.safe_line.strip():
        return _one_line(entry.safe_line)
    return _one_line(" · ".join([_kind(entry), *_severity(entry), *(group.name for group in groups)]))


def _lead(notice: Notice, entry: Entry | None = None) -> str:
    """What happened; the author is named where the entry is handed in."""
    if entry is not None and notice.event == Event.SHARED:
        return gettext("%(author)s shared this.") % {"author": entry.author}
    return str(_LEADS[Event(notice.event)])


def _text(notice: Notice, entry: Entry) -> str:
    """The text comes when it is new; other events lead to the page."""
    if notice.event not in {Event.SHARED, Event.REVISED}:
        return ""
    if len(entry.text) <= BODY_CHARACTERS:
        return entry.text
    return f"{entry.text[:BODY_CHARACTERS]} …\n\n{gettext('The rest is on the page.')}"


def _with_severity(entry: Entry, line: str) -> str:
    first = next(iter(_severity(entry)), _kind(entry))
    return gettext("%(first)s: %(line)s") % {"first": first, "line": line}


def _with_event(notice: Notice, line: str) -> str:
    prefix = _PREFIXES.get(Event(notice.event))
    return line if prefix is None else str(prefix) % {"line": line}


def _kind(entry: Entry) -> str:
    return str(_KINDS.get(entry.kind, entry.kind))


def _severity(entry: Entry) -> list[str]:
    return [str(Severity(entry.severity).label)] if entry.severity else []


def _one_line(text: str) -> str:
    """Words only: what could end a header, or turn the reading direction, becomes a space."""
    clean = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(clean.split())
