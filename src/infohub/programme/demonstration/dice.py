"""Chance that falls the same way every time: one stream of dice per thing that is being made."""

from random import Random

SEED = "harbour-cyber-exchange"


def dice(*names: object) -> Random:
    """The dice for the thing named; adding another thing elsewhere never changes how these fall."""
    return Random(":".join((SEED, *map(str, names))))  # noqa: S311 (invented data, nothing secret)
