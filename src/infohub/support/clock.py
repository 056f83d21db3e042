"""The clock: one function everybody asks, so that tests can hold it still."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(tz=UTC)
