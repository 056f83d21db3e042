"""Any list of pieces, or a collection, as a file: what of it leaves, in which form, and what does not and why."""

from infohub.sharing.lists.collections import (
    LISTS,
    Collected,
    collected,
    exported_from,
    held_in,
)
from infohub.sharing.lists.exporting import exported
from infohub.sharing.lists.forms import FORMS, Form, Held, held
from infohub.sharing.lists.gathering import INDICATORS, PIECES, Gathered, gathered
from infohub.sharing.lists.losses import EXAMPLES, Loss, grouped

__all__ = [
    "EXAMPLES",
    "FORMS",
    "INDICATORS",
    "LISTS",
    "PIECES",
    "Collected",
    "Form",
    "Gathered",
    "Held",
    "Loss",
    "collected",
    "exported",
    "exported_from",
    "gathered",
    "grouped",
    "held",
    "held_in",
]
