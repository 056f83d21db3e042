"""The documents name what the code has, and promise nothing that it has not."""

import ast
import os
import re
from functools import cache
from pathlib import Path

import pytest
import typer
from django.urls import URLPattern, URLResolver, get_resolver

from infohub.api.rest import api
from infohub.config.cli import app
from infohub.policy.exits import Carry, Exit
from infohub.policy.powers import Power

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
READERS = {"str", "int", "bool", "float", "list", "dict", "url", "path", "json"}


@cache
def text(path: str) -> str:
    return (DOCS / path).read_text(encoding="utf-8")


def settings() -> set[str]:
    """Every environment variable that the product reads."""
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")}
    names = {name for source in sources.values() for name in re.findall(r"""["'](INFOHUB_[A-Z_]+)["']""", source)}
    tree = ast.parse(sources[ROOT / "src/infohub/config/settings.py"])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in {"secret", "kept_secret"} or called in {f"env.{reader}" for reader in READERS}:
                names.add(f"INFOHUB_{str(node.args[0].value).upper()}")
    return names


def commands(group: typer.Typer = app, words: str = "infohub") -> set[str]:
    """Every command of the command line, with the words of its group before it."""
    own = {
        f"{words} {command.name or command.callback.__name__}"
        for command in group.registered_commands
        if command.callback
    }
    if group.registered_callback and group.registered_callback.invoke_without_command is True:
        own.add(words)
    return own.union(
        *(
            commands(inner.typer_instance, f"{words} {inner.name}")
            for inner in group.registered_groups
            if inner.typer_instance
        )
    )


def paths() -> set[str]:
    """The first part of every address the server answers."""

    def first(pattern: URLPattern | URLResolver) -> str:
        return re.split(r"[/<]", str(pattern.pattern).lstrip("^"))[0].replace("\\", "")

    return {first(pattern) for pattern in get_resolver().url_patterns} - {""}


def headings(page: str) -> str:
    """All headings of a page, one under the other."""
    return "\n".join(re.findall(r"^#+ .*$", text(page), re.MULTILINE))


def test_every_setting_is_explained_and_every_explained_setting_exists() -> None:
    explained = set(re.findall(r"`(INFOHUB_[A-Z_]+)`", text("settings.md")))
    assert settings() - explained == set()
    assert {name for name in explained - settings() if not name.endswith("_FILE")} == set()


def test_every_power_has_a_heading_in_the_words() -> None:
    assert [power.value for power in Power if f"`{power.value}`" not in headings("words.md")] == []


def test_every_exit_and_what_it_carries_is_in_the_words() -> None:
    assert [kind.value for kind in [*Exit, *Carry] if f"`{kind.value}`" not in text("words.md")] == []


def test_every_command_has_a_heading() -> None:
    assert [command for command in sorted(commands()) if f"`{command}`" not in headings("operate.md")] == []


def test_every_documented_command_exists() -> None:
    said = set(re.findall(r"^#+ `(infohub [a-z ]+)`", text("operate.md"), re.MULTILINE))
    assert said - commands() == set()


def test_every_address_is_in_the_architecture() -> None:
    assert [path for path in sorted(paths()) if f"`/{path}" not in text("architecture.md")] == []


def test_every_address_of_the_api_is_in_its_document() -> None:
    described = {path.removeprefix("/api/v1") for path in api.get_openapi_schema(path_prefix="api/v1")["paths"]}
    assert len(described) > 20
    assert [path for path in sorted(described) if f"`{path}`" not in text("api.md")] == []


def test_every_floor_is_in_the_architecture() -> None:
    floors = sorted(path.parent.name for path in (ROOT / "src/infohub").glob("*/__init__.py"))
    assert [floor for floor in floors if f"`{floor}`" not in text("architecture.md")] == []


def test_every_direct_dependency_says_why_it_is_there() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[project.scripts]")[0]
    names = set(re.findall(r'^ *(?:[a-z]+ = \[)?"([A-Za-z0-9-]+)', project, re.MULTILINE)) - {"Apache-2"}
    assert len(names) > 20
    assert [name for name in sorted(names) if f"**{name}**" not in text("dependencies.md")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", written) + re.findall(r'src="([^"]+)"', written)
    assert [link for link in links if ":" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operate.md"])
def test_written_commands_can_be_run(page: str) -> None:
    written = (ROOT / page).read_text(encoding="utf-8")
    scripts = set(re.findall(r"\b(script/[a-z-]+|\.ci/run)\b", written))
    assert scripts
    assert [script for script in sorted(scripts) if not os.access(ROOT / script, os.X_OK)] == []
    spoken = set(re.findall(r"^(?:\.venv/bin/)?(infohub [a-z]+)", written, re.MULTILINE))
    assert {command for command in spoken if not any(name.startswith(command) for name in commands())} == set()


def clauses() -> list[list[str]]:
    """The lines of the tables of conformance: what is asked, where it is met, what shows it."""
    lines = [line for line in text("conformance.md").splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines if not line.startswith("| what is asked |")]


def test_every_clause_names_a_test_that_exists_or_says_that_it_is_not_met() -> None:
    assert len(clauses()) > 80
    for asked, _where, shown in clauses():
        named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", shown)
        assert named or shown.startswith(("**not met**", "**left out**")), asked
        for path, name in named:
            assert f"\ndef {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), f"{path}::{name}"


def test_every_place_where_a_clause_is_met_exists() -> None:
    for asked, where, shown in clauses():
        places = re.findall(r"`([\w/]+\.py)`", where)
        assert places or "test_locks.py" in shown or shown.startswith("**"), asked
        assert [place for place in places if not (ROOT / "src/infohub" / place).exists()] == []


def test_every_test_of_conformance_shows_a_clause() -> None:
    said = text("conformance.md")
    for path in sorted((ROOT / "tests/taxii").glob("test_conformance_*.py")):
        names = re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert [name for name in names if f"`taxii/{path.name}::{name}`" not in said] == []
