"""Keeps the cache table on a connection of its own, so that a rolled-back action rolls back no throttle."""

from django.db.models import Model


class CacheRouter:
    """Django's database cache asks for the model label `django_cache`; everything else lives in `default`."""

    def db_for_read(self, model: type[Model], **_hints: object) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool | None:
        return (db == "cache") == (app_label == "django_cache")
