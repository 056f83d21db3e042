"""The command line: one word for each thing an operator does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import django
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infohub.config.settings")

EVALUATION = Path("data/analysis")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they hold secrets
    help="Infohub: share with exactly the right people.",
)
programme = typer.Typer(no_args_is_help=True, help="Move a programme in.")
bench = typer.Typer(no_args_is_help=True, help="Measure, with a baseline in the same run.")
evals = typer.Typer(help="Measure the analysis against its targets.")
app.add_typer(programme, name="programme")
app.add_typer(bench, name="bench")
app.add_typer(evals, name="evals")


@app.command()
def migrate() -> None:
    """Bring the database to the shape this version needs and lay out the static files."""
    django.setup()
    from infohub.config.serving import prepare  # noqa: PLC0415  (Django must be set up first)

    prepare()


@app.command()
def up(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty instance with a demonstration programme.")
    ] = False,
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


@app.command()
def analyse() -> None:
    """Read everything anew that other models read, with progress; stopped, it goes on where it was when run again."""
    django.setup()
    from infohub.config.analysing import read_all  # noqa: PLC0415

    done, waiting = read_all()
    left = f" {waiting:,} wait: a worker has them, or they failed a moment ago. Run it again later."
    typer.echo(f"{done:,} read." + (left if waiting else ""))


@app.command()
def demo() -> None:
    """Fill an empty instance with a lively invented programme; DATA/demo-people.json says how to sign in."""
    os.environ["INFOHUB_DEMO"] = "1"
    django.setup()
    from infohub.config.serving import fill_demonstration, prepare  # noqa: PLC0415

    prepare()
    typer.echo(fill_demonstration())


@app.command()
def code(email: Annotated[str, typer.Argument(help="Whose second step, on a demonstration only.")]) -> None:
    """Print the present one-time code of an invented person of the demonstration."""
    django.setup()
    from infohub.config.serving import demonstration_code  # noqa: PLC0415

    typer.echo(demonstration_code(email))


@app.command()
def verify() -> None:
    """Walk the audit chain and compare the catalogue with its sources; fails on any difference."""
    django.setup()
    from infohub.config.verifying import verify_all  # noqa: PLC0415

    raise typer.Exit(verify_all())


@app.command()
def ingest(
    file: Annotated[str, typer.Argument(help="A file or https address: a STIX 2.1 bundle, MISP events or OpenIOC.")],
    collection: Annotated[str, typer.Option(help="Alias or id of the collection.")],
    losses: Annotated[
        Path | None, typer.Option(help="Where the report of every object is written, as a table.")
    ] = None,
) -> None:
    """Take objects into a collection: unmarked ones get its level, stricter ones are refused, again changes nothing."""
    django.setup()
    from infohub.config.ingesting import ingest_file  # noqa: PLC0415

    raise typer.Exit(ingest_file(file, collection, losses=losses))


@programme.command("import")
def import_programme(
    file: Annotated[Path, typer.Argument(help="The programme file (docs/import.md).")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Where references, links and secrets are written; else programme-result.json in DATA."),
    ] = None,
    demo_credentials: Annotated[
        bool, typer.Option(help="Passwords and second steps; only with INFOHUB_DEMO=1.")
    ] = False,
) -> None:
    """Import organisations, people, groups, tokens and items; again changes only what is new."""
    django.setup()
    from rich.console import Console  # noqa: PLC0415

    from infohub.config.serving import prepare  # noqa: PLC0415
    from infohub.programme.moving_in import move_in  # noqa: PLC0415
    from infohub.web.accounts import letters  # noqa: PLC0415

    prepare()
    with Console(stderr=True).status("reading") as status:
        outcome = move_in(
            file,
            out=out,
            demo_credentials=demo_credentials,
            progress=lambda kind, number: status.update(f"{kind}: {number}"),
        )
    for problem in outcome.result.problems:
        typer.echo(f"{problem['where']} ({problem['id']}): {problem['rule']}: {problem['outcome']}", err=True)
    letters.tell_former_addresses(outcome.result.moved)
    if outcome.problem:
        typer.echo(outcome.problem, err=True)
    else:
        typer.echo(f"{len(outcome.result.items)} pieces, {len(outcome.result.problems)} remarks")
        typer.echo(f"References, links and secrets: {outcome.result.path}")
    raise typer.Exit(outcome.status)


@bench.command("pages")
def bench_pages(pieces: Annotated[int, typer.Option(help="How many pieces to write first.")] = 50_000) -> None:
    """Measure the member pages at size, in a database of its own or the empty one of INFOHUB_DATABASE_URL."""
    with _scratch():
        from infohub.config.bench.pages import measure  # noqa: PLC0415

        raise typer.Exit(measure(pieces))


@bench.command("lookup")
def bench_lookup(
    indicators: Annotated[int, typer.Option(min=100, help="How many indicators to write first.")] = 1_000_000,
    pieces: Annotated[int, typer.Option(min=10, help="In how many pieces.")] = 20_000,
    objects: Annotated[int, typer.Option(min=100, help="How many objects of machines to write beside.")] = 1_000_000,
) -> None:
    """Measure lookups and completion at size, in a database of its own or the empty one of INFOHUB_DATABASE_URL."""
    with _scratch():
        from infohub.config.bench.lookup import measure  # noqa: PLC0415

        raise typer.Exit(measure(indicators, pieces, objects))


@bench.command("taxii")
def bench_taxii(objects: Annotated[int, typer.Option(min=2000, help="How many objects to add.")] = 100_000) -> None:
    """Measure adding and pulling over TAXII, in a database of its own or the empty one of INFOHUB_DATABASE_URL."""
    with _scratch():
        from infohub.config.bench.taxii import measure  # noqa: PLC0415

        raise typer.Exit(measure(objects))


@evals.callback(invoke_without_command=True)
def evals_all(
    context: typer.Context,
    *,
    data: Annotated[Path, typer.Option(help="The folder of evaluation data (docs/analysis/README.md).")] = EVALUATION,
    only: Annotated[str, typer.Option(help="One task instead of all.")] = "",
    out: Annotated[Path | None, typer.Option(help="A folder for figures.md and figures.json.")] = None,
) -> None:
    """Measure every task, beside baseline and target; fails where a figure got worse than the committed one."""
    if context.invoked_subcommand is None:
        django.setup()
        from infohub.config.evals.command import measure  # noqa: PLC0415

        raise typer.Exit(measure(data, only=only, out=out))


@evals.command("predict")
def evals_predict(
    task: Annotated[str, typer.Argument(help="A task of the table.")],
    file: Annotated[Path, typer.Argument(help="Rows of this task, one JSON object a line.", exists=True)],
    data: Annotated[
        Path | None, typer.Option(help="Where documents to search lie; else the folder around the file's.")
    ] = None,
) -> None:
    """Write predictions of the shipped models to standard output, one JSON object a line."""
    django.setup()
    from infohub.config.evals.command import predict  # noqa: PLC0415

    raise typer.Exit(predict(task, file, data))


@evals.command("train")
def evals_train(
    part: Annotated[str, typer.Argument(help="A part of the analysis that learns.")],
    data: Annotated[Path, typer.Argument(help="The folder of evaluation data.")],
) -> None:
    """Make the shipped models of a part again; needs `script/setup train`."""
    django.setup()
    from infohub.config.evals.command import train  # noqa: PLC0415

    raise typer.Exit(train(part, data))


@evals.command("learn")
def evals_learn(
    *,
    promote: Annotated[bool, typer.Option("--promote", help="Let it count, where it is better.")] = False,
    shipped: Annotated[bool, typer.Option("--shipped", help="Lead back to what is shipped instead.")] = False,
) -> None:
    """Work out what members' decisions teach of how sure suggestions are, beside what is shipped."""
    django.setup()
    from infohub.config.learning import back_to_shipped, learn_now  # noqa: PLC0415

    raise typer.Exit(back_to_shipped() if shipped else learn_now(promoting=promote))


@contextmanager
def _scratch() -> Iterator[None]:
    """A data folder that is deleted afterwards, with an empty database ready."""
    with tempfile.TemporaryDirectory(prefix="infohub-bench-") as folder:
        os.environ["INFOHUB_DATA"] = folder
        django.setup()
        from infohub.config.serving import prepare  # noqa: PLC0415
        from infohub.members.models import Organisation  # noqa: PLC0415

        prepare()
        if Organisation.objects.exists():
            typer.echo("There is a programme here: the bench only writes into an empty database.")
            raise typer.Exit(2)
        yield


if __name__ == "__main__":
    app()
