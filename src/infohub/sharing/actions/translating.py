"""The words of a piece in another language: written or checked by whoever answers for it, and found like its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.intel.actions import place
from infohub.members.models import LANGUAGE_CHOICES
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.indicators import relist
from infohub.sharing.actions.publishing import BODY_CHARACTERS, outbox, seal_of
from infohub.sharing.models import Item, ItemState, ItemText, Origin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.sharing.stix import dropped_language, language_objects
from infohub.support.clock import now


@transaction.atomic
def put_text(viewer: Viewer, *, item: Item, language: str, title: str, body: str, origin: Origin) -> ItemText:
    """Give a piece words in a language that is not its own, or better ones."""
    held = _answered_for(viewer, item, language)
    if not title.strip() or not body.strip():
        raise NotReadyError("body" if title.strip() else "title", _("Write the title and the text."))
    if len(body) > BODY_CHARACTERS:
        raise NotReadyError("body", _("The text is longer than 2 million characters. Attach it as a file instead."))
    said = {"title": title, "body": body, "origin": origin, "revision": held.revision, "at": now()}
    text, _new = ItemText.objects.update_or_create(item=held, language=language, defaults=said)
    _told(viewer, held, "put_text", language)
    _place(held, language_objects(held))
    return text


@transaction.atomic
def drop_text(viewer: Viewer, *, item: Item, language: str) -> None:
    """Take the words of a language away; readers of it get the original again, machines are told to revoke them."""
    held = _answered_for(viewer, item, language)
    text = held.texts.filter(language=language).first()
    if text is None:
        return
    gone = dropped_language(held, text, at=now())
    text.delete()
    _told(viewer, held, "drop_text", language)
    _place(held, gone)


def _place(item: Item, objects: list[dict[str, object]]) -> None:
    """Machines get the words where they have the piece, as late as they get a new one."""
    if objects:
        label, clauses = item.label, item.label.clauses
        place(item.ref, objects=objects, tlp=item.marking, label=label, clauses=clauses, due_at=outbox())


def _answered_for(viewer: Viewer, item: Item, language: str) -> Item:
    rows = Item.objects.readable(viewer).select_related(
        "label__author", "author__person", "author__organisation", "seal__membership__person", "seal__sector"
    )
    held = rows.select_for_update(of=("self",)).get(pk=item.pk)
    known = language in dict(LANGUAGE_CHOICES) and language != held.language
    if not known or held.state != ItemState.PUBLISHED or not held.label.answered_for_by(viewer):
        raise NotAllowedError
    return held


def _told(viewer: Viewer, item: Item, verb: str, language: str) -> None:
    relist(item)
    seal = seal_of(item) if item.label.written_by(viewer) else ""
    record(viewer, verb, item.ref, seal=seal, detail={"language": language})
