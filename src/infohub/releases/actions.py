"""Propose, prepare, consent, release, withdraw: a public copy needs the owner's consent and a second person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from infohub.analysis.tokens import simplified
from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.releases.models import Origin, Proposal, ProposalState, ProposalText, Release, ReleaseState, ReleaseText
from infohub.sharing.models import Item, ItemState
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import fresh_ref
from infohub.support.markdown import plain

SUMMARY_CHARACTERS = 240


class NotAllowedError(Exception):
    """The viewer may see the proposal, but not do this with it now."""


class SecondPersonError(Exception):
    """Whoever wrote the wording cannot release it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The public's words in one language."""

    language: str
    title: str
    summary: str
    body: str
    everyone: str = ""
    small_firms: str = ""
    teams: str = ""
    origin: str = Origin.HUMAN.value


@transaction.atomic
def propose(viewer: Viewer, *, item: Item) -> Proposal:
    """Offer an own piece to the release desk, or as a reader ask its author to offer it.

    Until the author agrees, nobody learns of a piece who could not read it: the asked proposal is the author's.
    """
    item = Item.objects.readable(viewer).select_related("label__author", "label__owner", "label__seal").get(pk=item.pk)
    if item.state != ItemState.PUBLISHED or viewer.token is not None:
        raise NotAllowedError
    running = Proposal.objects.as_system("one open proposal per piece").open().filter(item=item).first()
    if running is not None:
        return running
    own = item.label.answered_for_by(viewer)
    proposal = Proposal.objects.create(
        item=item,
        label=_desk_label(item.label) if own else _author_label(item.label),
        state=ProposalState.PROPOSED if own else ProposalState.ASKED,
        at=now(),
        original_title=item.title,
        original_body=item.body,
        severity=item.severity,
        indicators=[[row.kind, row.value] for row in item.indicators.readable(viewer)],
        editor_id=viewer.person if own else None,
    )
    if own:
        _first_wording(proposal, item)
        proposal.consented_at = now()
        proposal.save()
    else:
        _tell_owner(proposal)
    record(viewer, "propose", item.ref, seal=_seal(item) if own else "")
    return proposal


@transaction.atomic
def agree(viewer: Viewer, *, proposal: Proposal) -> Proposal:
    """The author offers the piece after being asked: now the desk may see it."""
    proposal = _owned(viewer, proposal, ProposalState.ASKED)
    proposal.label = _desk_label(proposal.item.label)
    proposal.state, proposal.consented_at, proposal.editor_id = ProposalState.PROPOSED, now(), viewer.person
    proposal.save()
    _first_wording(proposal, proposal.item)
    record(viewer, "agree", proposal.item.ref, seal=_seal(proposal.item))
    return proposal


@transaction.atomic
def prepare(
    viewer: Viewer, *, proposal: Proposal, texts: Iterable[Words], indicators: list[list[str]], severity: int
) -> Proposal:
    """The desk rewrites the copy: the owner is asked to consent to these words."""
    proposal = _on_desk(viewer, proposal)
    proposal.texts.all().delete()
    for words in texts:
        ProposalText.objects.create(proposal=proposal, checked_by_id=viewer.person, **asdict(words))
    offered = {tuple(pair) for pair in proposal.indicators}
    proposal.indicators = [pair for pair in indicators if tuple(pair) in offered]
    proposal.severity, proposal.editor_id = severity, viewer.person
    proposal.state, proposal.consented_at = ProposalState.CONSENT, None
    proposal.save()
    _tell_owner(proposal)
    record(viewer, "prepare", proposal.item.ref)
    return proposal


@transaction.atomic
def consent(viewer: Viewer, *, proposal: Proposal) -> Proposal:
    """The owner agrees to the words as they stand."""
    proposal = _owned(viewer, proposal, ProposalState.CONSENT)
    proposal.state, proposal.consented_at = ProposalState.READY, now()
    proposal.save()
    record(viewer, "consent", proposal.item.ref, seal=_seal(proposal.item))
    return proposal


@transaction.atomic
def decline(viewer: Viewer, *, proposal: Proposal, reason: str) -> Proposal:
    """The owner says no, or the desk sends it back: nothing becomes public."""
    proposal = _locked(viewer, proposal)
    if proposal.state in {ProposalState.RELEASED, ProposalState.DECLINED}:
        raise NotAllowedError
    if not (proposal.label.answered_for_by(viewer) or viewer.may(Power.RELEASE)):
        raise NotAllowedError
    proposal.state, proposal.reason = ProposalState.DECLINED, reason
    proposal.save()
    record(viewer, "decline", proposal.item.ref)
    return proposal


@transaction.atomic
def release(viewer: Viewer, *, proposal: Proposal) -> Release:
    """Publish the consented copy; whoever wrote its last wording needs somebody else to press this button."""
    proposal = _locked(viewer, proposal)
    if not viewer.may(Power.RELEASE) or proposal.state not in {ProposalState.PROPOSED, ProposalState.READY}:
        raise NotAllowedError
    if proposal.consented_at is None or proposal.item.state != ItemState.PUBLISHED:
        raise NotAllowedError
    if proposal.editor_id == viewer.person:
        raise SecondPersonError
    public = _publish(
        kind=proposal.item.kind,
        severity=proposal.severity,
        sectors=[sector.key for sector in proposal.item.sectors.all()],
        indicators=proposal.indicators,
        texts=[_words(text) for text in proposal.texts.all()],
        original=proposal.item.language,
        at=now(),
    )
    proposal.state, proposal.release, proposal.released_by_id = ProposalState.RELEASED, public, viewer.person
    proposal.save()
    _tell_owner(proposal, Event.RELEASED)
    record(viewer, "release", public.ref)
    return public


@transaction.atomic
def bring_in(viewer: Viewer, *, item: Item) -> Release:
    """A public piece of a programme that moves in: already released there, recorded as imported."""
    item = Item.objects.as_system("moving in").get(pk=item.pk)
    indicators = [[row.kind, row.value] for row in item.indicators.as_system("moving in")]
    public = _publish(
        kind=item.kind,
        severity=item.severity,
        sectors=[sector.key for sector in item.sectors.all()],
        indicators=indicators,
        texts=[_words_of(item)],
        original=item.language,
        at=item.published_at or now(),
        imported=True,
    )
    record(viewer, "import_release", public.ref)
    return public


@transaction.atomic
def withdraw_release(viewer: Viewer, *, public: Release) -> Release:
    """Take a release back: its page stays with a banner, lists and feeds drop it."""
    if not viewer.may(Power.RELEASE):
        raise NotAllowedError
    public = Release.objects.select_for_update().get(pk=public.pk)
    public.state, public.updated_at = ReleaseState.WITHDRAWN, now()
    public.save()
    record(viewer, "withdraw_release", public.ref)
    return public


def _publish(
    *,
    kind: str,
    severity: int,
    sectors: list[str],
    indicators: list[list[str]],
    texts: list[Words],
    original: str,
    at: datetime,
    imported: bool = False,
) -> Release:
    public = Release.objects.create(
        ref=fresh_ref(Release, "PZ"),
        kind=kind,
        severity=severity,
        sectors=sectors,
        indicators=indicators,
        published_at=at,
        updated_at=at,
        imported=imported,
    )
    first = original if any(words.language == original for words in texts) else texts[0].language
    for words in _with_simplified(texts):
        ReleaseText.objects.create(release=public, original=words.language == first, **asdict(words))
    return public


def _with_simplified(texts: list[Words]) -> list[Words]:
    """A missing Simplified text is converted from the Traditional one, and says so."""
    by_language = {words.language: words for words in texts}
    source = by_language.get("zh-hant")
    if source is None or "zh-hans" in by_language:
        return texts
    fields = {name: simplified(str(value)) for name, value in asdict(source).items()}
    return [*texts, Words(**fields | {"language": "zh-hans", "origin": Origin.CONVERTED.value})]


def _first_wording(proposal: Proposal, item: Item) -> None:
    ProposalText.objects.create(proposal=proposal, **asdict(_words_of(item)))


def _words_of(item: Item) -> Words:
    return Words(
        language=item.language, title=item.title, summary=plain(item.body, SUMMARY_CHARACTERS), body=item.body
    )


def _words(text: ProposalText) -> Words:
    return Words(**{name: getattr(text, name) for name in Words.__dataclass_fields__})


def _desk_label(label: Label) -> Label:
    """What is offered is read by the desk and by whoever answers for the piece."""
    desk = Clause(programme_review=True)
    return Label.objects.intern(
        tlp=Tlp(label.tlp), clauses=[desk], owner=label.owner, author=label.author, seal=label.seal
    )


def _author_label(label: Label) -> Label:
    return Label.objects.intern(
        tlp=Tlp(label.tlp), owner=label.owner, author=label.author, seal=label.seal, private=True
    )


def _locked(viewer: Viewer, proposal: Proposal) -> Proposal:
    rows = Proposal.objects.readable(viewer).select_for_update(of=("self",)).select_related("item__label", "label")
    return rows.get(pk=proposal.pk)


def _owned(viewer: Viewer, proposal: Proposal, state: ProposalState) -> Proposal:
    locked = _locked(viewer, proposal)
    if locked.state != state or not locked.label.answered_for_by(viewer):
        raise NotAllowedError
    return locked


def _on_desk(viewer: Viewer, proposal: Proposal) -> Proposal:
    locked = _locked(viewer, proposal)
    if not viewer.may(Power.RELEASE) or locked not in Proposal.objects.readable(viewer).on_desk():
        raise NotAllowedError
    return locked


def _tell_owner(proposal: Proposal, event: Event = Event.CONSENT) -> None:
    """Whoever wrote the piece hears that consent is asked, or that it is public now."""
    label = proposal.item.label
    author = label.author or (label.seal.membership if label.seal else None)
    if author is None:
        return
    entry = Entry.objects.as_system("the entry of the piece on the desk").get(ref=proposal.item.ref)
    key = f"{proposal.pk}.{proposal.at:%s}.{proposal.state}"
    announce(entry, event=event, people=[author.person_id], key=key, reason={"because": "owner"}, due_at=now())


def _seal(item: Item) -> str:
    return str(item.label.seal.uuid) if item.label.seal else ""
