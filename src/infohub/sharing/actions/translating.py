"""The words of a piece in another language: written or checked by whoever answers for it, and found like its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import LANGUAGE_CHOICES
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.indicators import relist
from infohub.sharing.actions.publishing import BODY_CHARACTERS, seal_of
from infohub.sharing.models import Item, ItemState, ItemText, Origin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
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
    return text


@transaction.atomic
def drop_text(viewer: Viewer, *, item: Item, language: str) -> None:
    """Take the words of a language away; readers of it get the original again."""
    held = _answered_for(viewer, item, language)
    gone, _rows = held.texts.filter(language=language).delete()
    if gone:
        _told(viewer, held, "drop_text", language)


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
