"""The rows a label protects: their manager refuses to be read until somebody said who is asking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self, TypeVar, cast

from django.apps import apps
from django.db import connection, models
from django.db.models import F
from django.db.models.sql import Query

from infohub.policy.lookups import Among
from infohub.policy.models import Label, PolicyNotAskedError
from infohub.policy.viewer import Viewer

M = TypeVar("M", bound=models.Model)


class LabelledQuerySet(models.QuerySet[M]):
    """Evaluates only after `.readable(viewer)` or `.as_system(reason)`; every other read raises."""

    asked = False

    def readable(self, viewer: Viewer) -> Self:
        """Only what this viewer may read now."""
        rows = self.filter(Among(F("label_id"), Label.objects.readable_ids(viewer)))
        rows.asked = True
        return rows

    def as_system(self, reason: str) -> Self:
        """All rows, for work that has no reader; the reason is for whoever reviews the call."""
        rows = self.all()
        rows.asked = bool(reason)
        return rows

    def count(self) -> int:
        self._demand()
        return super().count()

    def exists(self) -> bool:
        self._demand()
        return super().exists()

    def aggregate(self, *args: object, **kwargs: object) -> dict[str, object]:
        self._demand()
        return super().aggregate(*args, **kwargs)

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._demand()
        return super().iterator(chunk_size)

    def update(self, **kwargs: object) -> int:
        self._demand()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._demand()
        return super().delete()

    def resolve_expression(self, *args: object, **kwargs: object) -> Query:
        """A subquery reads rows too."""
        self._demand()
        return cast(Query, super().resolve_expression(*args, **kwargs))

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # Django's own hook, without a stub
        clone.asked = self.asked
        return clone

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._demand()
        super()._fetch_all()

    def _demand(self) -> None:
        if not self.asked:
            raise PolicyNotAskedError(self.model.__name__)


def ease_planning() -> None:
    """Keep PostgreSQL from weighing thousands of label ids against a hundred common ones each time it plans a query."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, Labelled):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN label_id SET STATISTICS 1")


class Labelled(models.Model):
    """A shareable row: it has a label, and nobody reads it without asking the policy."""

    label = models.ForeignKey(Label, models.PROTECT, related_name="+")

    objects = LabelledQuerySet.as_manager()
    all_rows = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "all_rows"
        default_manager_name = "objects"
