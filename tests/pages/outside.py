"""The tools of Node that look at pages: html-validate at the HTML as it was sent, Lighthouse at the page on a phone."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from tests.browser import ARGUMENTS, chromium
from tests.pages.goals import Row

PLACE = Path(__file__).parent.parent.parent / ".pages"
Report: TypeAlias = Any  # JSON, as the tools write it

FAST = 0.95
GOOD = 0.9  # an audit below it is marked by Lighthouse too
CATEGORIES = {"performance": "perf", "accessibility": "a11y", "best-practices": "best"}


def _report(name: str, *arguments: str, into: Path) -> Report:
    """What a tool wrote into a file: a pipe would lose the end of it. An exit code only says that it found some."""
    command = [str(PLACE / "node_modules" / ".bin" / name), *arguments]
    environment = os.environ | {"CHROME_PATH": chromium()}
    into.unlink(missing_ok=True)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if not into.exists():
        raise RuntimeError(f"{name}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(into.read_text(encoding="utf-8"))


def validate(folder: Path, rows: Mapping[str, Row]) -> None:
    """Note in each row what html-validate says about the file of its name in the folder."""
    rules, into = Path(__file__).with_name(".htmlvalidate.mjs"), folder / "html-validate.json"
    reports = _report("html-validate", "--config", str(rules), "--formatter", f"json={into}", str(folder), into=into)
    for row in rows.values():
        row.figures["html"] = 0
    for report in reports:
        row = rows[Path(report["filePath"]).stem]
        row.figures["html"] = report["errorCount"]
        row.complaints += [
            f"{fault['ruleId']} at {fault['line']}:{fault['column']}: {fault['message']}"
            for fault in report["messages"]
        ]


def lighthouse(address: str, row: Row, *, headers: Mapping[str, str], folder: Path, dark: bool = False) -> None:
    """Note in the row what Lighthouse says about the page on a phone; in the dark only what the theme can change.

    It looks up to three times until the page is fast enough: a busy machine only makes it slower.
    """
    asked = ["accessibility"] if dark else list(CATEGORIES)
    best: Report = None
    for _ in range(3):
        report = _lighthouse(address, asked, headers=headers, folder=folder, dark=dark)
        if best is None or _speed(report) > _speed(best):
            best = report
        if _speed(best) >= FAST:
            break
    for category in asked:
        found = best["categories"][category]
        row.figures[CATEGORIES[category]] = min(100 * found["score"], row.figures.get(CATEGORIES[category], 100))
        faults = [best["audits"][audit["id"]] for audit in found["auditRefs"] if audit["weight"]]
        row.complaints += [
            f"Lighthouse{', dark,' if dark else ''} {fault['id']}: {fault['title']} {fault.get('displayValue', '')}"
            for fault in faults
            if fault["score"] is not None and fault["score"] < GOOD
        ]


def _speed(report: Report) -> float:
    """The score for performance; full where it was not asked for."""
    return float(report["categories"].get("performance", {"score": 1})["score"])


def _lighthouse(address: str, asked: list[str], *, headers: Mapping[str, str], folder: Path, dark: bool) -> Report:
    """One report on these categories."""
    sent, into = folder / "headers.json", folder / "lighthouse.json"
    sent.write_text(json.dumps(dict(headers)), encoding="utf-8")
    theme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    report = _report(
        "lighthouse",
        address,
        "--quiet",
        "--output=json",
        f"--output-path={into}",
        f"--only-categories={','.join(asked)}",
        f"--extra-headers={sent}",
        f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS, *theme])}",
        into=into,
    )
    if "runtimeError" in report:
        raise RuntimeError(f"lighthouse: {report['runtimeError']['message']}")
    return report
