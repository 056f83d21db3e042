"""The ways an act of the release desk can be refused, each named after the rule it breaks."""


class NotAllowedError(Exception):
    """The viewer may see the proposal, but not do this with it now."""


class SecondPersonError(Exception):
    """Whoever wrote the piece or its public wording cannot release it too."""


class ChangedError(Exception):
    """The wording is not the one the viewer looked at: somebody wrote another one meanwhile."""


class AlreadyReleasedError(Exception):
    """A public copy of this piece stands already."""


class NobodyAnswersError(Exception):
    """Its author has left and nobody looks after the piece: there is nobody to ask for consent."""


class WordingError(Exception):
    """A public text lacks something or is too long; the language and the field say where."""

    def __init__(self, language: str, field: str, message: str) -> None:
        super().__init__(message)
        self.language, self.field = language, field
