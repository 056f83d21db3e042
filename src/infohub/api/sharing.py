"""Sharing by a program: who would read it, and the piece itself, kept or shared in one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, TypeVar

from django.http import HttpRequest
from ninja import Header, Router, Status

from infohub.api.door import author
from infohub.api.problems import Problem, ProblemError, Wrong
from infohub.api.rows import item_url, reach
from infohub.api.shapes import Draft, Reach, Sent, ToSend
from infohub.catalogue.models import Severity
from infohub.members.models import Group, Sector
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import Text, send
from infohub.sharing.actions.sending import would_read
from infohub.sharing.addressees import Match, each_exactly
from infohub.sharing.choice import Choice, reach_of
from infohub.sharing.models import ItemState
from infohub.sharing.refusals import NotReadyError, SentBeforeError
from infohub.standards.tlp import Tlp, tlp_from

R = TypeVar("R")

TAGS = ["Sharing"]


def open_on(router: Router) -> None:
    """Add sharing to the router of the pieces: an address belongs to one router, whatever its methods."""
    router.post("/readers", response=Reach, operation_id="readers", tags=TAGS)(readers)
    router.post("/items", response={200: Sent, 201: Sent, 409: Problem}, operation_id="send", tags=TAGS)(post)


def readers(request: HttpRequest, draft: Draft) -> Reach:
    """Who would read this piece, computed by what decides it when it is shared. Keeps nothing."""
    viewer = author(request)
    reached, waits_for = _refusing(lambda: would_read(viewer, text=_text(draft), choice=_read(viewer, draft).choice))
    return reach(reached, waits_for)


def post(
    request: HttpRequest,
    draft: ToSend,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[Sent]:
    """Keep a piece as a draft, or share it. With an `Idempotency-Key` it is one piece, however often it is sent (200).

    Nothing is kept of what is refused; the refusal names the rule and the place.
    """
    viewer = author(request)
    text, read = _text(draft), _read(viewer, draft)
    share = draft.state == "published"
    try:
        item, new = _refusing(
            lambda: send(viewer, text=text, choice=read.choice, sectors=read.sectors, share=share, key=key)
        )
    except SentBeforeError:
        raise ProblemError(409, "This Idempotency-Key named another piece before.") from None
    told = reach(reach_of(item.label.audience())) if item.state == ItemState.PUBLISHED else None
    sent = Sent(ref=item.ref, url=item_url(item.ref), state=ItemState(item.state), readers=told)
    return Status(201 if new else 200, sent)


@dataclass(slots=True)
class Read:
    """The audience as rows, and what of it names nothing here."""

    choice: Choice = field(default_factory=Choice)
    sectors: list[Sector] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def _read(viewer: Viewer, draft: Draft) -> Read:
    """Whom the names, addresses, keys and references mean. What means nobody, or two, is refused with its place."""
    read, audience = Read(), draft.audience
    keys = {sector.key: sector for sector in Sector.objects.all()}
    groups = {group.ref: group.pk for group in Group.objects.listed_or_in(viewer.groups | viewer.moderates)}
    own = {key: sector.pk for key, sector in keys.items()}
    without = audience.without
    called = each_exactly(viewer, [*audience.people, *audience.organisations, *without.organisations])
    organisation, person = partial(_one, called, membership=False), partial(_one, called, membership=True)
    read.choice = Choice(
        everyone=audience.everyone,
        confirmed=audience.confirmed,
        colleagues=audience.colleagues,
        frozen=audience.frozen,
        memberships=_each(read, "audience.people", audience.people, person),
        organisations=_each(read, "audience.organisations", audience.organisations, organisation),
        sectors=_each(read, "audience.sectors", audience.sectors, own.get),
        groups=_each(read, "audience.groups", audience.groups, groups.get),
        except_classes=sorted({one.value for one in without.classes}),
        except_organisations=_each(read, "audience.except.organisations", without.organisations, organisation),
    )
    _each(read, "sectors", draft.sectors, own.get)
    read.sectors = [keys[key] for key in draft.sectors if key in keys]
    if read.wrong:
        raise ProblemError(422, "Part of this names nobody, or nothing, that is active here.", errors=read.wrong)
    return read


def _each(read: Read, where: str, names: Sequence[str], meaning: Callable[[str], int | None]) -> list[int]:
    meant = [meaning(name) for name in names]
    read.wrong += [
        Wrong(where=f"{where}[{number}]", what=f"“{names[number]}” names nothing here, or more than one thing.")
        for number, pk in enumerate(meant)
        if pk is None
    ]
    return sorted({pk for pk in meant if pk is not None})


def _one(matches: dict[str, list[Match]], name: str, *, membership: bool) -> int | None:
    """The one membership or organisation that is called so in full."""
    found = [match.pk for match in matches.get(name.strip().casefold(), ()) if match.membership == membership]
    return found[0] if len(found) == 1 else None


def _text(draft: Draft) -> Text:
    return Text(
        kind=draft.kind.value,
        title=draft.title,
        body=draft.body,
        language=draft.language.value,
        severity=Severity[draft.severity.name].value,
        tlp=tlp_from(draft.tlp),
        pap=_level(draft.pap),
        safe_line=draft.safe_line,
        unattributed=draft.unattributed,
        declined=tuple(draft.not_indicators),
    )


def _level(word: str | None) -> Tlp | None:
    return tlp_from(word) if word else None


def _refusing(act: Callable[[], R]) -> R:
    """Do it, or tell which rule forbids it and where."""
    try:
        return act()
    except NotReadyError as missing:
        wrong = Wrong(where=missing.field, what=str(missing))
        raise ProblemError(422, str(missing), errors=[wrong]) from None
    except RefusedError as refusal:
        wrong = Wrong(where="audience", what=str(refusal))
        raise ProblemError(422, str(refusal), errors=[wrong]) from None
