"""The demonstration programme: an invented, lively programme as a programme file, the same for the same moment."""

from infohub.programme.demonstration.assembly import programme_file

__all__ = ["programme_file"]
