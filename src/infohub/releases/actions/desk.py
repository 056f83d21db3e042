"""The release desk: write the public version, send back, release as a second person, take a release back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from infohub.audit.actions import record
from infohub.delivery.models import Event
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.releases.actions.publishing import publish_copy
from infohub.releases.actions.rows import demand_wording, on_desk, tell_owner
from infohub.releases.models import Proposal, ProposalState, ProposalText, Release, ReleaseState
from infohub.releases.refusals import NotAllowedError, SecondPersonError
from infohub.releases.words import Words, checked, words_in
from infohub.support.clock import now


@transaction.atomic
def prepare(
    viewer: Viewer,
    *,
    proposal: Proposal,
    wording: int,
    texts: Iterable[Words],
    indicators: list[list[str]],
    severity: int,
) -> Proposal:
    """Write the public version: the owner is asked to consent to these words, whatever was agreed before."""
    proposal = on_desk(viewer, proposal)
    demand_wording(proposal, wording)
    complete = checked(texts)
    proposal.texts.all().delete()
    for words in complete:
        ProposalText.objects.create(proposal=proposal, checked_by_id=viewer.person, **asdict(words))
    proposal.indicators = [pair for pair in proposal.offered if pair in indicators]
    proposal.severity, proposal.editor_id, proposal.wording = severity, viewer.person, wording + 1
    proposal.state, proposal.consented_at, proposal.consented_wording = ProposalState.CONSENT, None, None
    proposal.save()
    tell_owner(proposal, Event.CONSENT)
    record(viewer, "prepare", proposal.item.ref, detail={"wording": proposal.wording})
    return proposal


@transaction.atomic
def send_back(viewer: Viewer, *, proposal: Proposal, reason: str) -> Proposal:
    """The desk makes no public copy of this piece, and says why."""
    proposal = on_desk(viewer, proposal)
    proposal.state, proposal.reason = ProposalState.DECLINED, reason
    proposal.save()
    tell_owner(proposal, Event.RETURNED)
    record(viewer, "send_back_release", proposal.item.ref)
    return proposal


@transaction.atomic
def release(viewer: Viewer, *, proposal: Proposal, wording: int) -> Release:
    """Publish the consented words; whoever wrote the piece or its last wording needs somebody else to do this."""
    proposal = on_desk(viewer, proposal)
    demand_wording(proposal, wording)
    if proposal.state == ProposalState.CONSENT or not proposal.is_consented:
        raise NotAllowedError
    if proposal.editor_id == viewer.person:
        raise SecondPersonError
    public = publish_copy(
        kind=proposal.item.kind,
        severity=proposal.severity,
        sectors=proposal.item.sectors.all(),
        indicators=proposal.indicators,
        texts=[words_in(text) for text in proposal.texts.all()],
        original=proposal.item.language,
        at=now(),
    )
    proposal.state, proposal.release, proposal.released_by_id = ProposalState.RELEASED, public, viewer.person
    proposal.save()
    tell_owner(proposal, Event.RELEASED)
    record(viewer, "release", public.ref, detail={"wording": wording})
    return public


@transaction.atomic
def withdraw_release(viewer: Viewer, *, public: Release, reason: str) -> Release:
    """Take a release back: its page keeps the text under a banner, lists and feeds drop it."""
    return _taken_back(viewer, public, ReleaseState.WITHDRAWN, reason)


@transaction.atomic
def take_down(viewer: Viewer, *, public: Release, reason: str) -> Release:
    """Take back a release that says what it should not: its address stays, its words are gone from the page."""
    return _taken_back(viewer, public, ReleaseState.TAKEN_DOWN, reason)


def _taken_back(viewer: Viewer, public: Release, state: ReleaseState, reason: str) -> Release:
    public = Release.objects.select_for_update().get(pk=public.pk)
    if not viewer.may(Power.RELEASE) or public.is_taken_down or public.state == state:
        raise NotAllowedError
    public.state, public.updated_at, public.withdrawn_reason = state, now(), reason
    public.save()
    record(viewer, "take_down" if state == ReleaseState.TAKEN_DOWN else "withdraw_release", public.ref)
    return public
