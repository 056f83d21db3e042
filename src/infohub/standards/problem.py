"""How a codec says that something it read is wrong: as a value, object by object, never by failing half-way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` points at the place (`objects[3].pattern`), `message` says what is wrong with it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message
