"""What moving in remembers: which row came from which id of the sender."""

from typing import ClassVar

from django.db import models


class Imported(models.Model):
    """The sender's own id of a row, per list: importing again updates it and never makes a second one."""

    kind = models.CharField(max_length=24)
    sender_id = models.CharField(max_length=200)
    row = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True, help_text="Of the row as it came; empty = look at it again")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "sender_id"], name="one_row_per_sender_id")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sender_id}"
