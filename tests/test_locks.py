"""What is installed is exactly what was reviewed: named, versioned, hashed, and from nowhere in particular."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTRAS = ["pdf", "rules", "train"]
LOCKS = ["requirements.lock", *(f"requirements-{extra}.lock" for extra in EXTRAS), "requirements-dev.lock"]


def written(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def versions(lock: str) -> dict[str, str]:
    """The version of each package in a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", written(lock), re.MULTILINE))


def direct(*extras: str) -> set[str]:
    """The packages the project itself asks for, without versions and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {re.split(r"[\[<>=!; ]", line)[0].lower() for line in asked}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_its_version_and_hashes(lock: str) -> None:
    packages = re.split(r"^(?=[a-z])", written(lock), flags=re.MULTILINE)[1:]
    assert len(packages) == len(versions(lock))
    assert [package.split("\n")[0] for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"^.*(?://|--index|--find-links| @ ).*$", written(lock), re.MULTILINE) == []


def test_everything_asked_for_is_locked() -> None:
    assert direct("build", "postgres") - versions("requirements.lock").keys() == set()
    for extra in EXTRAS:
        assert direct("build", "postgres", extra) - versions(f"requirements-{extra}.lock").keys() == set()
    assert direct("build", "postgres", *EXTRAS, "dev") - versions("requirements-dev.lock").keys() == set()


def test_what_is_tested_is_what_runs() -> None:
    tested = versions("requirements-dev.lock")
    for lock in LOCKS:
        assert {name: version for name, version in versions(lock).items() if tested.get(name) != version} == {}, lock
    assert {"typst", "pysigma", "yara-x", "scikit-learn"} & versions("requirements.lock").keys() == set()


def test_direct_dependencies_stay_few() -> None:
    assert len(direct()) <= 30


def test_what_looks_at_pages_is_pinned_and_comes_from_nowhere_in_particular() -> None:
    asked = json.loads((ROOT / "tests/pages/package.json").read_text(encoding="utf-8"))
    lock = (ROOT / "tests/pages/package-lock.json").read_text(encoding="utf-8")
    packages = {path: package for path, package in json.loads(lock)["packages"].items() if path}
    assert "://" not in lock
    assert [path for path, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    exact = asked["dependencies"] | asked["overrides"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in exact} == exact


def test_the_libraries_of_the_standards_are_those_that_work_and_none_of_them_runs() -> None:
    """A later validator ships without its schemas; misp-stix takes seconds on first use."""
    tested = versions("requirements-dev.lock")
    pinned = {"stix2": "3.0.2", "stix2-patterns": "2.1.2", "stix2-validator": "3.2.0", "taxii2-client": "2.3.0"}
    assert {name: tested[name] for name in pinned} == pinned
    for lock in LOCKS[:-1]:
        assert versions(lock).keys() & {*pinned, "misp-stix", "pymisp"} == set()
    assert "misp-stix" not in tested
