"""A pull that changes nothing: what would come of a source, before anybody adds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from infohub.intel.actions.adding import TOO_STRICT, level_in
from infohub.intel.actions.pulling import Read, read_batch
from infohub.intel.actions.sources import Terms, credential_of, demand_sound
from infohub.intel.models import Collection, Source
from infohub.intel.models.sources import SourceRun, sealed_credential
from infohub.intel.pulls import PULLS, Asker, Batch, PullError
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.standards.feeds.facts import Scored
from infohub.standards.losses import Line, Outcome
from infohub.standards.stix21.parse import Stated
from infohub.support.clock import now
from infohub.support.outbound import OutboundError

ENOUGH = 1000  # objects


@dataclass(slots=True)
class Trial:
    """What would enter by type, how many objects would wait and for which markings, what was lost, what went wrong."""

    kinds: Counter[str] = field(default_factory=Counter)
    markings: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    problem: str = ""
    is_cut: bool = False

    @property
    def types(self) -> list[tuple[str, int]]:
        """What would enter, the most frequent first."""
        return self.kinds.most_common()

    @property
    def run(self) -> SourceRun:
        """The same as the run that it would be; never saved."""
        run = SourceRun(taken=self.kinds.total(), held=self.markings.total(), problem=self.problem)
        run.note(self.lines)
        return run

    def see(self, batch: Batch, read: Read, collection: Collection) -> None:
        """One batch more."""
        enters, strict = _parted(read.enters, collection)
        self.kinds.update(one.type for one in enters)
        if isinstance(batch.facts, Scored):
            self.kinds["CVE"] += len(batch.facts.rows)
        self.markings.update(marking for _one, marking in read.waits)
        self.lines += [*batch.lines, *read.refused, *(Line(one.id, Outcome.REFUSED, (TOO_STRICT,)) for one in strict)]
        self.is_cut = self.kinds.total() + self.markings.total() >= ENOUGH


def try_source(viewer: Viewer, *, uuid: UUID, kind: str, collection: Collection, terms: Terms) -> Trial:
    """Pull as it would be pulled now, up to a thousand objects, and keep nothing.

    Without a password, a source that is there already is asked with the one it has.
    """
    offices.demand_steering(viewer)
    demand_sound(collection, terms)
    there = Source.objects.filter(uuid=uuid).first()
    source = Source(
        uuid=uuid,
        kind=kind,
        collection=collection,
        url=terms.url,
        part=terms.part,
        tlp=terms.tlp.value,
        minutes=terms.minutes,
        credential=credential_of(there, terms) if there else sealed_credential(terms.user, terms.password),
        markings=there.markings if there else {},
        added_at=now(),
    )
    trial = Trial()
    try:
        _pull(source, trial)
    except PullError as problem:
        trial.problem = problem.problem
    except OutboundError as problem:
        trial.problem = problem.reason.value
    return trial


def _pull(source: Source, trial: Trial) -> None:
    asker = Asker.of(source)
    for batch in PULLS[source.kind](asker, source):
        trial.see(batch, read_batch(source, replace(batch, objects=batch.objects[:ENOUGH])), source.collection)
        if trial.is_cut or not asker.has_time:
            trial.is_cut = True
            return


def _parted(enters: Sequence[Stated], collection: Collection) -> tuple[list[Stated], list[Stated]]:
    """Those that the collection takes, and those that are stricter than it allows."""
    fits: list[Stated] = []
    strict: list[Stated] = []
    for one in enters:
        (fits if level_in(one, collection) <= collection.ceiling else strict).append(one)
    return fits, strict
