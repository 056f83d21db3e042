"""What machines sent in: one row for each envelope, with the answer object by object."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from infohub.intel.models.collections import Collection
from infohub.members.models import Token
from infohub.policy.viewer import Viewer


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of(self, viewer: Viewer) -> SubmissionQuerySet:
        """Those the token behind the viewer made: nobody else learns of them."""
        return self.filter(token=viewer.token, token__isnull=False)


class Submission(models.Model):
    """An envelope that was answered; `taken` and `refused` are lists of `{id, version, message}` in its order."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.ForeignKey(Token, models.CASCADE, related_name="submissions")
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="submissions")
    at = models.DateTimeField(db_index=True)
    taken = models.JSONField()
    refused = models.JSONField()

    objects = SubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.uuid)


class Unexplained(models.Model):
    """A submitted object whose marking nobody explained yet: nobody reads it before its sender sends the definition."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="+")
    source = models.CharField(max_length=64)
    stix_id = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    marking = models.CharField(max_length=300)
    raw = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "collection", "digest"], name="unexplained_once")
        ]

    def __str__(self) -> str:
        return self.stix_id
