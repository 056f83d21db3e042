"""Every template can be read by the engine, and is written so that a difference between versions shows only changes."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

TEMPLATES = Path(__file__).parent.parent / "src" / "infohub" / "web" / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_and_is_tidy(name: str) -> None:
    get_template(name)
    written = (TEMPLATES / name).read_text(encoding="utf-8")
    signature = "-- "  # mail programs know a signature by its trailing space
    untidy = [line for line in written.split("\n") if line not in {signature, line.rstrip()} or "\t" in line]
    assert untidy == []
    assert written.endswith("\n")
    assert not written.endswith("\n\n")


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html") and "mail/" not in name])
def test_a_page_brings_no_script_and_no_style_of_its_own(name: str) -> None:
    written = (TEMPLATES / name).read_text(encoding="utf-8")
    assert [sign for sign in ("<style", " style=", "<script>", " onclick=", "javascript:") if sign in written] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_every_field_says_of_what_type_it_is(name: str) -> None:
    written = (TEMPLATES / name).read_text(encoding="utf-8")
    assert [field for field in re.findall(r"<input\b[^>]*>", written) if " type=" not in field] == []
