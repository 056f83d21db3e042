"""Withdrawing to edit: nothing leaves that had not left, and the author goes on with the same words and readers."""

from __future__ import annotations

import pytest

from infohub.audit.models import Record
from infohub.delivery.models import Notice
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.sharing.actions import attach, publish, start_draft, take_back_to_edit
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemState
from infohub.sharing.refusals import NotAllowedError
from infohub.support.clock import now
from tests.cast import Cast
from tests.sharing.acts import text


def shared_with_a_file(cast: Cast, *, unattributed: bool = False) -> Item:
    viewer = cast.as_(cast.ann)
    written = text(unattributed=unattributed, declined=("198.51.100.7",))
    item = start_draft(viewer, text=written, choice=Choice(groups=[cast.banking.pk]))
    attach(viewer, item=item, name="hops.csv", chunks=[b"a,b\n"])
    return publish(viewer, item=item, nonce=check(viewer, item=item).nonce)


@pytest.mark.parametrize("unattributed", [False, True])
def test_the_draft_has_the_words_the_readers_and_the_files_and_nobody_hears_of_it(
    cast: Cast, unattributed: bool
) -> None:
    ensure_collections()
    item = shared_with_a_file(cast, unattributed=unattributed)
    draft = take_back_to_edit(cast.as_(cast.ann), item=item)
    item.refresh_from_db()
    assert (item.state, draft.state) == (ItemState.WITHDRAWN, ItemState.DRAFT)
    assert (draft.title, draft.body, draft.tlp, draft.unattributed) == (item.title, item.body, item.tlp, unattributed)
    assert draft.choice == item.choice
    assert draft.ref != item.ref
    assert [(file.name, file.size) for file in draft.attachments.readable(cast.as_(cast.ann))] == [("hops.csv", 4)]
    assert not Item.objects.readable(cast.as_(cast.ben)).filter(pk__in=[item.pk, draft.pk]).exists()
    assert not Notice.objects.unsent().exists()
    place_due(now())
    assert not Placement.objects.filter(source=item.ref).exists()
    again = publish(cast.as_(cast.ann), item=draft, nonce=check(cast.as_(cast.ann), item=draft).nonce)
    assert Item.objects.readable(cast.as_(cast.ben)).get(pk=again.pk).title == item.title
    if unattributed:
        about = Record.objects.filter(subject__in=[item.ref, draft.ref])
        assert about.exists()
        assert not about.exclude(person=None).exists()


def test_nobody_but_the_author_takes_a_piece_back(cast: Cast) -> None:
    item = shared_with_a_file(cast)
    with pytest.raises(NotAllowedError):
        take_back_to_edit(cast.as_(cast.ben), item=item)
    take_back_to_edit(cast.as_(cast.ann), item=item)
    item.refresh_from_db()
    with pytest.raises(NotAllowedError):
        take_back_to_edit(cast.as_(cast.ann), item=item)
    assert Item.objects.as_system("a test counts").count() == 2
