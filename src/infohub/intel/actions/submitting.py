"""Takes what a machine sends to a collection, and takes it away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from infohub.audit.actions import Detail, record
from infohub.intel.actions.adding import add
from infohub.intel.actions.collections import lock_with_special
from infohub.intel.actions.explaining import KEPT_ASIDE, add_explained, keep_aside
from infohub.intel.actions.marking import take_out
from infohub.intel.actions.reading import Given, is_unexplained, read_objects
from infohub.intel.models import Collection, Placement, Submission
from infohub.members.models import Organisation, Token
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer, token_viewer
from infohub.standards.problem import Problem
from infohub.standards.stix21.parse import Refused, Stated
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.taxii21.filters import ALL, FIRST, LAST
from infohub.support import clock

_TRIES = 3

Told = list[dict[str, str]]


def submit(viewer: Viewer, *, collection: Collection, objects: Sequence[Given]) -> Submission:
    """Add the objects of an envelope; the answer says object by object what was taken, and why the rest was not.

    What is refused for an unknown marking alone is kept aside, and added once its definition is sent. Reading happens
    before the transaction, so that nobody else waits for it. Another writer may be adding the same text to another
    collection at the same moment: then this one looks again.
    """
    for _again in range(_TRIES - 1):
        try:
            return _submit(viewer, collection, objects, _read(viewer, collection, objects))
        except IntegrityError:
            continue
    return _submit(viewer, collection, objects, _read(viewer, collection, objects))


def _read(viewer: Viewer, collection: Collection, objects: Sequence[Given]) -> list[Stated | Refused]:
    return read_objects(objects, collection=collection, source=source_of(viewer), organisation=viewer.organisation)


@transaction.atomic
def _submit(
    viewer: Viewer, collection: Collection, objects: Sequence[Given], read: Sequence[Stated | Refused]
) -> Submission:
    collection = Collection.objects.get(pk=collection.pk)
    viewer = _as_now(viewer)
    if not collection.writable_by(viewer):
        raise NotAllowedError
    source = source_of(viewer)
    stated = [one for one in read if isinstance(one, Stated)]
    shown = collection.level_shown_to(viewer)
    problems = iter(add(collection.pk, stated, source=source, own=_identity_of(viewer), shown=shown))
    kept_aside = keep_aside(collection, source, objects, read)
    explained = add_explained(collection, source, objects, organisation=viewer.organisation, shown=shown)
    taken: Told = []
    turned_down: Told = []
    for one in read:
        wrong = _wrong(one, kept_aside=kept_aside) if isinstance(one, Refused) else _as_some(next(problems))
        told = {"id": _kept(one.id), "version": microseconds(one.version)}
        if wrong:
            turned_down.append({**told, "message": _kept("; ".join(map(str, wrong)))})
        else:
            taken.append(told)
    made = Submission.objects.create(
        token_id=viewer.token or 0, collection=collection, at=clock.now(), taken=taken, refused=turned_down
    )
    detail: Detail = {"taken": len(taken), "refused": len(turned_down)}
    record(viewer, "submit_objects", collection.alias, detail=detail | ({"explained": explained} if explained else {}))
    return made


def _wrong(one: Refused, *, kept_aside: bool) -> tuple[Problem, ...]:
    """What is wrong; of what is kept aside, what will bring it in."""
    if kept_aside and is_unexplained(one):
        return (replace(KEPT_ASIDE, found=one.problems[0].found),)
    return one.problems


@transaction.atomic
def remove(
    viewer: Viewer,
    *,
    collection: Collection,
    stix_id: str,
    versions: Sequence[str | datetime],
    spec_versions: Sequence[str] = (),
) -> int:
    """Take away what the viewer's organisation added under this id, all of it or some versions; how many rows.

    Raises NotAllowedError where others added it, and Placement.DoesNotExist where the viewer is shown nothing of it, or
    of these versions.
    """
    viewer = _as_now(viewer)
    if not collection.writable_by(viewer):
        raise NotAllowedError
    lock_with_special([collection.pk])
    mine = Placement.objects.filter(collection=collection, source=source_of(viewer), tlp__lte=viewer.ceiling.value)
    shown = (collection.shown_to(viewer) | mine).select_related("object").defer("object__raw")
    there = list(shown.filter(stix_id=stix_id).order_by("version"))
    meant = _of_versions(there, versions)
    if spec_versions:
        meant = [row for row in meant if row.object.spec_version in spec_versions]
    own = [row.pk for row in meant if row.source == source_of(viewer)]
    if not meant:
        raise Placement.DoesNotExist
    if not own:
        raise NotAllowedError
    take_out(Placement.objects.filter(pk__in=own))
    record(viewer, "remove_objects", collection.alias, detail={"object": stix_id, "versions": len(own)})
    return len(own)


def _of_versions(rows: Sequence[Placement], versions: Sequence[str | datetime]) -> list[Placement]:
    """Those of the versions asked for, of rows in the order of their versions."""
    if ALL in versions or not rows:
        return list(rows)
    meant = {moment for moment in versions if isinstance(moment, datetime)}
    meant |= {rows[-1].version} if LAST in versions else set()
    meant |= {rows[0].version} if FIRST in versions else set()
    return [row for row in rows if row.version in meant]


def _as_now(viewer: Viewer) -> Viewer:
    """The machine as its rights stand inside the transaction: a body may take long, and end after they did."""
    token = Token.objects.of_machines().live(clock.now()).order_by().filter(pk=viewer.token or 0).first()
    if token is None:
        raise NotAllowedError
    return token_viewer(token)


def _identity_of(viewer: Viewer) -> str:
    """The id of the identity that the viewer's organisation is."""
    own = Organisation.objects.filter(pk=viewer.organisation or 0).values_list("uuid", flat=True).first()
    return f"identity--{own}" if own else ""


def source_of(viewer: Viewer) -> str:
    """On whose behalf a machine adds: its organisation, whoever's token it uses."""
    return f"org-{viewer.organisation}"


def _as_some(problem: Problem | None) -> tuple[Problem, ...]:
    return (problem,) if problem else ()


def _kept(text: str) -> str:
    """As PostgreSQL keeps it, which knows no NUL."""
    return text.replace("\x00", "\ufffd")
