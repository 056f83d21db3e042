"""Items of a programme file: a piece, its files, its discussion and, where it was public, its release."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from infohub.policy.rules import RefusedError, releasable
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in.audience import choice_from
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.run import Run
from infohub.programme.moving_in.talk import talk
from infohub.releases.actions import bring_in as bring_in_release
from infohub.sharing.actions import Text
from infohub.sharing.actions.moving_in import Arrival, bring_in, take_back
from infohub.sharing.actions.publishing import BODY_CHARACTERS
from infohub.sharing.actions.revising import revise
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemKind, ItemState
from infohub.sharing.refusals import FileRefusedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

SEVERITIES = {"": 0, "none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
NAMES = frozenset(
    {
        *("id", "kind", "language", "title", "body", "severity", "sectors", "tlp", "pap", "audience", "author"),
        *("unattributed", "state", "published_at", "indicators", "attachments", "comments"),
    }
)
FILE_NAMES = frozenset({"name", "type", "text"})
SHARED = frozenset({ItemState.PUBLISHED.value, ItemState.WITHDRAWN.value})
FILE_CHARACTERS = 10_000_000


def item(row: Row, run: Run, earlier: Item | None) -> Item:
    """Bring a piece in, or up to date: what is shared keeps its readers, what is not shared yet may still change."""
    run.look_over(row, NAMES)
    arrival = _arrival(row, run)
    public = _public(row, arrival)
    if earlier is not None and earlier.state in SHARED:
        made = _brought_up_to_date(row, run, earlier, arrival)
    else:
        made = _brought_in(row, run, arrival, earlier)
        if public:
            _released(row, run, made)
    if made.state == ItemState.PUBLISHED:
        talk(row, run, made)
        if arrival.state == ItemState.WITHDRAWN:
            take_back(SYSTEM, item=made, at=arrival.at if earlier is None else now())
    return made


def _brought_in(row: Row, run: Run, arrival: Arrival, earlier: Item | None) -> Item:
    before = run.known.before("items", row.id)
    if earlier is not None and before is not None and earlier.updated_at > before.at:
        raise row.refuse("its author has worked on this piece here since: it is not overwritten")
    try:
        return bring_in(SYSTEM, arrival=arrival, item=earlier)
    except RefusedError as refusal:
        raise row.refuse(str(refusal), "audience") from refusal
    except NotReadyError as refusal:
        raise row.refuse(str(refusal), refusal.field) from refusal
    except FileRefusedError as refusal:
        raise row.refuse(str(refusal), "attachments") from refusal


def _released(row: Row, run: Run, made: Item) -> None:
    """The public copy; that there is one is remembered, because it does not point back."""
    release = bring_in_release(SYSTEM, item=made)
    run.known.remember("releases", row, release, digest="")


def _brought_up_to_date(row: Row, run: Run, earlier: Item, arrival: Arrival) -> Item:
    """A correction of what is shared, for the same readers."""
    _demand_same_readers(row, run, earlier, arrival)
    if earlier.state == ItemState.WITHDRAWN:
        if arrival.state == ItemState.WITHDRAWN:
            raise row.refuse("a withdrawn piece is not changed any more")
        raise row.refuse("a withdrawn piece stays withdrawn: bring it in under another id", "state")
    if arrival.state not in SHARED:
        raise row.refuse("what is shared cannot become a draft again", "state")
    try:
        return revise(
            SYSTEM,
            item=earlier,
            text=arrival.text,
            sectors=arrival.sectors,
            named=arrival.extra_indicators,
            files=arrival.files,
        )
    except NotReadyError as refusal:
        raise row.refuse(str(refusal), refusal.field) from refusal
    except FileRefusedError as refusal:
        raise row.refuse(str(refusal), "attachments") from refusal


def _demand_same_readers(row: Row, run: Run, earlier: Item, arrival: Arrival) -> None:
    """Whoever reads a piece, and under which name it was shared, is not changed from outside."""
    writer = earlier.author or (earlier.seal.membership if earlier.seal else None)
    public = run.known.before("releases", row.id) is not None
    same = {
        "audience": Choice.from_json(earlier.choice) == arrival.choice,
        "audience.public": public == row.row("audience").flag("public") or arrival.state == ItemState.WITHDRAWN,
        "tlp": earlier.tlp == arrival.text.tlp,
        "unattributed": earlier.unattributed == arrival.text.unattributed,
        "author": writer is None or writer.pk == arrival.author.pk,
        "published_at": earlier.published_at == arrival.at,
    }
    for name, is_same in same.items():
        if not is_same:
            rule = "readers, marking, author and time of a shared piece are not changed by an import"
            raise row.refuse(f"{rule}: withdraw it, and bring it in under another id", name)


def _arrival(row: Row, run: Run) -> Arrival:
    state = row.one_of("state", ItemState.values, ItemState.PUBLISHED.value)
    at = _time_of(row, state)
    choice = choice_from(row.row("audience"), run.known, at)
    return Arrival(
        author=run.known.membership_at(row, "author", row.text("author"), at),
        text=_text(row, _marking(row, choice, run), unfinished=state == ItemState.DRAFT),
        choice=choice,
        state=state,
        at=at,
        sectors=tuple(run.known.sectors(row, "sectors")),
        extra_indicators=tuple(row.texts("indicators", most=4096)),
        files=tuple(_files(row, run)),
    )


def _text(row: Row, tlp: Tlp, *, unfinished: bool) -> Text:
    missing = "" if unfinished else None
    return Text(
        kind=row.one_of("kind", ItemKind.values),
        title=row.text("title", missing, most=300),
        body=row.text("body", missing, most=BODY_CHARACTERS),
        language=row.one_of("language", [code for code, _name in settings.LANGUAGES], "en"),
        severity=SEVERITIES[row.one_of("severity", list(SEVERITIES), "")],
        tlp=tlp,
        pap=row.tlp_or_none("pap"),
        unattributed=row.flag("unattributed"),
    )


def _files(row: Row, run: Run) -> list[tuple[str, bytes]]:
    """The files that can be taken; what is wrong with another is named."""
    files = []
    for one in row.rows("attachments"):
        try:
            if isinstance(one, RowRefusedError):
                raise one
            run.look_over(one, FILE_NAMES)
            files.append((one.text("name", most=200), one.text("text", most=FILE_CHARACTERS).encode()))
        except RowRefusedError as refusal:
            run.refuse(row, refusal)
    return files


def _time_of(row: Row, state: str) -> datetime:
    """When it was shared; what was not shared yet may have no such time."""
    at = row.past_or_none("published_at")
    if at is None and state in SHARED:
        raise row.refuse("a time is needed here", "published_at")
    return at or now()


def _marking(row: Row, choice: Choice, run: Run) -> Tlp:
    tlp = row.tlp_or_none("tlp")
    if tlp is not None:
        return tlp
    if run.unmarked.narrow and (choice.everyone or choice.sectors):
        raise row.refuse("a piece without a marking may only go to people, organisations or groups", "tlp")
    return run.unmarked.tlp


def _public(row: Row, arrival: Arrival) -> bool:
    """Whether it is public as it stands."""
    public = row.row("audience").flag("public")
    if public and not releasable(arrival.text.tlp or Tlp.CLEAR):
        raise row.refuse("only CLEAR pieces can be public", "audience.public")
    return public and arrival.state == ItemState.PUBLISHED
