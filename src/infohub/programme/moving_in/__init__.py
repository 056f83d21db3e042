"""Moving in: a programme file (docs/import.md) goes through the same rules as the pages, row by row."""

from infohub.programme.moving_in.walk import Outcome, move_in

__all__ = ["Outcome", "move_in"]
