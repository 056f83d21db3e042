"""The programme itself and the sectors of its members."""

from __future__ import annotations

import uuid
from datetime import tzinfo
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import models
from django.db.models import Q
from django.utils import timezone

from infohub.members.models.naming import LANGUAGE_CHOICES, named


class Programme(models.Model):
    """The programme itself: one row, what its pages and messages call it."""

    names = models.JSONField(default=dict)
    taglines = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Hong_Kong")
    languages = models.JSONField(default=list, blank=True, help_text="Of pages and mail; empty = all three")
    mark = models.CharField(max_length=80, blank=True, help_text="Name of its picture; empty = the built-in mark")
    review = models.BooleanField(default=False, help_text="Every piece waits for a moderator before readers get it")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    named_at = models.DateTimeField(null=True, help_text="When its name changed: machines get a new version")

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

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The languages of pages and mail; where the row names none of ours, all of them."""
        return [choice for choice in LANGUAGE_CHOICES if choice[0] in self.languages] or LANGUAGE_CHOICES

    @property
    def zone(self) -> tzinfo:
        """Its time zone; that of the settings where this machine does not know it."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return timezone.get_default_timezone()


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
