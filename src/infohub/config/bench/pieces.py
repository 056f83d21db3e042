"""The pieces of the bench, in bulk, with all that publishing makes of one: label, entry, words, indicator, notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from random import Random

from infohub.catalogue.models import Entry
from infohub.catalogue.search import backend
from infohub.config.bench.register import APART, Register
from infohub.config.bench.words import Story, address, stories, title
from infohub.delivery.models import Event, Notice
from infohub.members.models import Group, Membership
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.policy.viewer import person_viewer
from infohub.sharing.models import Comment, Indicator, Item, ItemKind, Revision
from infohub.standards.tlp import Tlp
