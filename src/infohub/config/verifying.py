"""`infohub verify`: the audit chain and the catalogue, compared with what they stand for."""

from __future__ import annotations

from rich.console import Console

from infohub.audit.verify import walk
from infohub.programme.verifying import compare


def verify_all() -> int:
    """Print the figures and every difference; 0 when all is sound."""
    console = Console(highlight=False)
    with console.status("walking the audit chain") as status:
        chain = walk(lambda sealed: status.update(f"walking the audit chain: {sealed} links"))
        status.update("comparing the catalogue with its pieces")
        pieces = compare()
    console.print(
        f"audit: {chain.records} records, {chain.sealed} sealed, {chain.waiting} waiting, {chain.anchors} anchors"
    )
    console.print(f"catalogue: {pieces.pieces} pieces, {pieces.children} children, {pieces.files} files")
    for problem in [*chain.problems, *pieces.differences]:
        console.print(f"  {problem}")
    sound = chain.sound and not pieces.differences
    console.print("sound" if sound else f"NOT SOUND: {chain.problem_count + len(pieces.differences)} problems")
    return 0 if sound else 1
