"""STIX objects as given, version by version, and the values they speak of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StixObject(models.Model):
    """One version of a STIX object, its text kept as it was given. What means the same is stored once.

    Nothing here says that an id and version are one object: contradictions are judged collection by collection,
    because a check over the whole store would tell strangers what exists.
    """

    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    version = models.DateTimeField()
    spec_version = models.CharField(max_length=8, default="2.1")
    creator = models.CharField(max_length=300, blank=True, help_text="The id of the identity that made it, if it says")
    revoked = models.BooleanField(default=False)
    valid_until = models.DateTimeField(null=True)
    raw = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        # A constraint and no `unique`: that would give PostgreSQL a second index, for patterns nobody asks for.
        constraints: ClassVar = [models.UniqueConstraint(fields=["digest"], name="kept_once")]

    def __str__(self) -> str:
        return self.stix_id


class Observable(models.Model):
    """A value that an object speaks of, in the spelling of every look-up.

    `key` and `upper` find what lies around it (networks, subdomains): `standards.stix21.sought` says how.
    """

    object = models.ForeignKey(StixObject, models.CASCADE, related_name="observables", db_index=False)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=600)
    key = models.CharField(max_length=600, blank=True)
    upper = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["value"], name="observable_value"),
            models.Index(
                fields=["key"],
                name="observable_around",
                condition=~models.Q(key=""),
                opclasses=["varchar_pattern_ops"],  # on PostgreSQL byte by byte, in whatever order the database sorts
            ),
        ]

    def __str__(self) -> str:
        return self.value
