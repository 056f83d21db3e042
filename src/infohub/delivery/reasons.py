"""Why a notice came, in words: the same beside it on its page and in its mail."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Entry
from infohub.delivery.models import Notice
from infohub.members.models import Group

REASONS = {
    "everyone": _("to all members"),
    "named": _("to you by name"),
    "circle": _("through your organisation or sector"),
    "participant": _("you wrote it or took part"),
    "mentioned": _("somebody mentions you by name"),
}


def why(notice: Notice, entry: Entry, own: Collection[int]) -> str:
    """Why this came: by which rule, or through which of the groups the reader sits in, `own`.

    Nothing where the event says it all.
    """
    if rule := notice.reason.get("rule"):
        return gettext("matches your rule “%(name)s”") % {"name": rule}
    groups = _through(notice, entry, own)
    return gettext("through your group %(name)s") % {"name": groups[0].name} if groups else _because(notice)


def why_unnamed(notice: Notice, entry: Entry, own: Collection[int]) -> str:
    """The same without the name of a rule or a group, where that would say more of the piece than may be said."""
    if notice.reason.get("rule"):
        return gettext("matches one of your rules")
    return gettext("through one of your groups") if _through(notice, entry, own) else _because(notice)


def _through(notice: Notice, entry: Entry, own: Collection[int]) -> list[Group]:
    if notice.reason.get("because") != "circle":
        return []
    return [group for group in entry.groups.all() if group.pk in own]


def _because(notice: Notice) -> str:
    return str(REASONS.get(notice.reason.get("because", ""), ""))
