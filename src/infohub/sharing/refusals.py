"""The ways an act of sharing can be refused, each named after the rule it breaks."""


class NotAllowedError(Exception):
    """The viewer may read the piece, but not do this with it."""


class ChangedSinceCheckError(Exception):
    """The text or its audience is not what the author last checked."""


class WrittenElsewhereError(Exception):
    """Another window wrote this draft since it was opened here."""


class SentBeforeError(Exception):
    """The key that a program gave this piece named another one before."""


class NotReadyError(Exception):
    """Something the piece needs is missing; the message says what, the field says where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class FileRefusedError(Exception):
    """A file is too large, not what it says, or of a kind we do not take."""
