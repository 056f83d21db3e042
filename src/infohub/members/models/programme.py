"""The programme itself and the sectors of its members."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from infohub.members.models.naming import named


class Programme(models.Model):
    """The programme itself: one row, what its pages and messages call it."""

    names = models.JSONField(default=dict)
    taglines = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Hong_Kong")
    mark = models.CharField(max_length=80, blank=True, help_text="Name of its picture; empty = the built-in mark")
    review = models.BooleanField(default=False, help_text="Every piece waits for a moderator before readers get it")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_programme")]

    def __str__(self) -> str:
        return named(self.names)

    @property
    def name(self) -> str:
        return named(self.names)

    @property
    def tagline(self) -> str:
        return named(self.taglines)


class Sector(models.Model):
    """A part of the economy, such as finance and insurance."""

    key = models.SlugField(unique=True)
    names = models.JSONField()

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return named(self.names)
