"""The audit: records nobody can change or delete, and the hash chain that seals them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import ClassVar

from django.db import models


class RecordQuerySet(models.QuerySet["Record"]):
    def matching(self, *, verb: str = "", subject: str = "") -> RecordQuerySet:
        """Of this verb and about this subject, where they are given; newest first."""
        wanted = {name: word for name, word in (("verb", verb), ("subject", subject)) if word}
        return self.filter(**wanted).select_related("link").order_by("-pk")

    def about(self, subjects: Collection[str], *, verbs: Collection[str]) -> RecordQuerySet:
        """Of one of these verbs and about one of these subjects; newest first."""
        return self.filter(subject__in=subjects, verb__in=verbs, seal="").order_by("-pk")

    def unsealed(self) -> RecordQuerySet:
        """Records that are not in the chain yet."""
        return self.filter(link=None)


class Record(models.Model):
    """One thing that was done, written in the transaction of the action that did it. Ids only, never bodies."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    person = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    token = models.BigIntegerField(null=True)
    seal = models.CharField(max_length=36, blank=True)
    detail = models.JSONField(default=dict)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["subject", "at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    def digest_after(self, previous: str) -> str:
        """The link of this record behind the link before it: SHA-256 over both."""
        content = [
            *(previous, self.pk, self.at.isoformat(), self.verb, self.subject),
            *(self.person, self.organisation, self.token, self.seal, self.detail),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class Link(models.Model):
    """One link of the chain: the record's place in it and the digest that covers all before."""

    position = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(Record, models.PROTECT, related_name="link")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position}: {self.digest[:12]}"
