"""Everything that changes what members share; one verb each."""

from infohub.sharing.actions.attachments import attach, detach, open_mail
from infohub.sharing.actions.confirming import decide_finding
from infohub.sharing.actions.discussion import comment, delete_comment, edit_comment
from infohub.sharing.actions.drafts import Stamp, Text, discard, save_draft, start_draft
from infohub.sharing.actions.indicators import dismiss_doubts, doubt, retract_indicator
from infohub.sharing.actions.order import accept_answer, hide_comment, let_stand, report_comment
from infohub.sharing.actions.pinning import pin, unpin
from infohub.sharing.actions.publishing import publish
from infohub.sharing.actions.review import approve, send_back
from infohub.sharing.actions.revising import revise
from infohub.sharing.actions.seals import ask_to_open, forget_seals, keep_sealed, open_seal
from infohub.sharing.actions.sending import send
from infohub.sharing.actions.standing import close_discussion, open_discussion, set_course
from infohub.sharing.actions.suggesting import settle, suggest
from infohub.sharing.actions.translating import drop_text, put_text
from infohub.sharing.actions.withdrawal import take_back_to_edit, withdraw

__all__ = [
    "Stamp",
    "Text",
    "accept_answer",
    "approve",
    "ask_to_open",
    "attach",
    "close_discussion",
    "comment",
    "decide_finding",
    "delete_comment",
    "detach",
    "discard",
    "dismiss_doubts",
    "doubt",
    "drop_text",
    "edit_comment",
    "forget_seals",
    "hide_comment",
    "keep_sealed",
    "let_stand",
    "open_discussion",
    "open_mail",
    "open_seal",
    "pin",
    "publish",
    "put_text",
    "report_comment",
    "retract_indicator",
    "revise",
    "save_draft",
    "send",
    "send_back",
    "set_course",
    "settle",
    "start_draft",
    "suggest",
    "take_back_to_edit",
    "unpin",
    "withdraw",
]
