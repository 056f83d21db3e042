"""Which objects of a collection are known to be false positives."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from infohub.intel.models.collections import Collection


class Retraction(models.Model):
    """An object that counts no more in a collection, in none of its versions; whoever pulls gets it as it was given.

    With a `source`, what that one added alone: it is apart from what others have under the same id.
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="retractions")
    stix_id = models.CharField(max_length=300)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "stix_id", "source"], name="an_object_is_retracted_once")
        ]

    def __str__(self) -> str:
        return self.stix_id
