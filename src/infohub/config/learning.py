"""`infohub evals learn`: what members' decisions teach, beside what is shipped, and whether it counts."""

from __future__ import annotations

from rich.console import Console

from infohub.analysis.sureness import ENOUGH, FEWEST
from infohub.assist.learning import NothingBetterError, go_back, learn, promote
from infohub.assist.models import Kept, Tuning
from infohub.assist.tasks import learn_due
from infohub.policy.viewer import SYSTEM


def learn_now(*, promoting: bool) -> int:
    """Work out and print what there is to learn, and promote it if asked; 1 where nothing is better than shipped."""
    console = Console(highlight=False)
    asked = learn(SYSTEM)
    with console.status("learning"):
        learn_due()
    tuning = Tuning.objects.get(pk=asked.pk)
    if tuning.made_at is None:
        console.print(f"A worker is at it, or it failed: {tuning.problem or 'ask again in a moment'}")
        return 1
    kinds: dict[str, Kept] = tuning.kinds
    if not kinds:
        console.print(f"Not enough labels: {ENOUGH} of a kind are needed, of {FEWEST} organisations at least.")
        return 1
    for subject, kept in kinds.items():
        console.print(_line(subject, kept))
    if not promoting:
        return 0 if tuning.steps else 1
    try:
        promote(SYSTEM, tuning=tuning)
    except NothingBetterError:
        console.print("Nothing is better than what is shipped: nothing was promoted.")
        return 1
    console.print("It counts from now on; infohub evals learn --shipped leads back.")
    return 0


def back_to_shipped() -> int:
    """Let the shipped models' own confidence count again."""
    Console().print("What is shipped counts again." if go_back(SYSTEM) else "What is shipped counts already.")
    return 0


def _line(subject: str, kept: Kept) -> str:
    (log, learnt_log), (square, learnt_square) = kept["log"], kept["square"]
    says = "better" if kept["better"] else "no better: stays as shipped"
    return f"{subject}: log loss {log:.4f} -> {learnt_log:.4f}, Brier {square:.4f} -> {learnt_square:.4f}: {says}"
