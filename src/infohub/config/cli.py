"""The command line: one word for each thing an operator does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import django
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infohub.config.settings")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Infohub: share with exactly the right people.")
programme = typer.Typer(no_args_is_help=True, help="Move a programme in.")
bench = typer.Typer(no_args_is_help=True, help="Measure, with a baseline in the same run.")
app.add_typer(programme, name="programme")
app.add_typer(bench, name="bench")


@app.command()
def migrate() -> None:
    """Bring the database to the shape this version needs and lay out the static files."""
    django.setup()
    from infohub.config.serving import prepare  # noqa: PLC0415  (Django must be set up first)

    prepare()


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty instance with a demonstration programme.")] = False,
) -> None:
    """Migrate, then serve and work until stopped."""
    if demo:
        os.environ["INFOHUB_DEMO"] = "1"
    django.setup()
    from infohub.config.serving import serve  # noqa: PLC0415

    raise typer.Exit(serve())


@app.command()
def worker() -> None:
    """Send what is due, place what is due, seal the audit: runs until stopped."""
    django.setup()
    from infohub.config.worker import work  # noqa: PLC0415

    work()
