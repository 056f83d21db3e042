"""How a codec says that something it read is wrong: as a value, object by object, never by failing half-way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` points at the place (`objects[3].pattern`), `message` says what is wrong with it, or the remedy.

    Where a page may show it, `message` is a fixed English sentence, so that it can be translated, and `found` is what
    was there instead.
    """

    path: str
    message: str
    found: str = ""

    def __str__(self) -> str:
        said = f"{self.path}: {self.message}" if self.path else self.message
        return f"{said} ({self.found})" if self.found else said
