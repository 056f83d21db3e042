"""Everything that changes what members share; one verb each."""

from infohub.sharing.actions.attachments import attach, detach
from infohub.sharing.actions.discussion import comment
from infohub.sharing.actions.drafts import Stamp, Text, discard, save_draft, start_draft
from infohub.sharing.actions.publishing import publish
from infohub.sharing.actions.review import approve, send_back
from infohub.sharing.actions.withdrawal import take_back_to_edit, withdraw

__all__ = [
    "Stamp",
    "Text",
    "approve",
    "attach",
    "comment",
    "detach",
    "discard",
    "publish",
    "save_draft",
    "send_back",
    "start_draft",
    "take_back_to_edit",
    "withdraw",
]
