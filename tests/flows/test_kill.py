"""The promise that a power cut loses nothing that was acknowledged, doubles nothing, and tells nobody outside."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn, TypedDict

import pytest

from tests.stage import Instance, Stage
from tests.visitor import GoneError, Opened, Visitor

ROOT = Path(__file__).parent.parent.parent
SENT_WITHIN = 180.0  # the leases of a worker that was killed run out, then the next one sends

BEGAN = "2026-01-01T00:00:00+08:00"
READERS = tuple(f"reader{number}" for number in range(12))
OUTSIDERS = ("cara", "carl")


def person(name: str, organisation: str) -> dict[str, object]:
    """A representative as the programme file has it."""
    return {
        "id": name,
        "name": name.capitalize(),
        "email": f"{name}@{organisation}.example",
        "roles": ["representative"],
        "status": "active",
        "memberships": [{"organisation": organisation, "from": BEGAN, "to": None}],
    }


PROGRAMME = {
    "format": "infohub-programme/1",
    "programme": {"name": {"en": "Harbour"}, "time_zone": "Asia/Hong_Kong"},
    "sectors": [{"id": "finance", "name": {"en": "Finance"}}],
    "organisations": [
        {
            "id": name,
            "name": name.capitalize(),
            "sectors": ["finance"],
            "class": "member",
            "status": "active",
            "since": BEGAN,
        }
        for name in ("bank", "clinic")
    ],
    "people": [person(name, "bank") for name in ("ann", *READERS)] + [person(name, "clinic") for name in OUTSIDERS],
}


@dataclass
class Author:
    """Ann, who shares one piece after the other with her colleagues, and goes on where she was interrupted."""

    instance: Instance
    browser: Visitor
    acknowledged: dict[str, str] = field(default_factory=dict)
    unsure: str = ""
    begun: int = 0

    def share_next(self) -> None:
        """Write a piece, check it and share it; it is acknowledged when its page opens."""
        self.begun += 1
        title = f"Piece {self.begun}"
        form = self.browser.open("/member/share/")
        text = {"title": title, "body": f"They called about {title}.", "tlp": "AMBER", "colleagues": "on"}
        checked = self.browser.submit(form, "body", **text, do="check")
        self.unsure = checked.path
        self._finish(checked)

    def share_without_end(self) -> NoReturn:
        """Share one piece after the other until the server is gone."""
        while True:
            self.share_next()

    def go_on(self) -> None:
        """Open the draft whose sharing was cut off, and share it unless that had happened already."""
        if self.unsure:
            page = self.browser.open(f"{self.unsure}?check=1")
            self._finish(page)

    def _finish(self, page: Opened) -> None:
        if not page.path.startswith("/items/"):
            page = self.browser.submit(page, "nonce", do="share")
        assert page.status == 200, self.instance.log[-4000:]
        assert page.path.startswith("/items/"), page.path
        ref = page.path.strip("/").split("/")[1]
        self.acknowledged[ref] = page.path
        self.unsure = ""


@pytest.fixture
def harbour(stage: Stage) -> tuple[Instance, Author]:
    """A programme of two organisations, running, with Ann signed in; mail goes at once."""
    instance = stage.instance(outbox_seconds="0", demo="1")
    file, result = instance.folder / "programme.json", instance.folder / "result.json"
    file.write_text(json.dumps(PROGRAMME), encoding="utf-8")
    instance.run("programme", "import", str(file), "--out", str(result), "--demo-credentials")
    ann = json.loads(result.read_text(encoding="utf-8"))["people"]["ann"]
    instance.start()
    browser = Visitor(instance.base_url).sign_in("ann@bank.example", ann["password"], ann["totp_secret"])
    return instance, Author(instance, browser)


class Kept(TypedDict):
    """What the database holds (tests/flows/ledger.py)."""

    published: list[tuple[str, str]]
    listed: list[str]
    told: list[list[str]]
    unsent: int
    retried: int
    dropped: int
    recorded: list[str]
    placed: list[list[str | int]]
    waiting: list[list[str | int]]


def ledger(instance: Instance) -> Kept:
    """Ask the database itself."""
    program = "import django; django.setup(); from tests.flows.ledger import tell; tell()"
    told = subprocess.run(
        [sys.executable, "-c", program], env=instance.environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    content: Kept = json.loads(told.stdout)
    return content


def letters(instance: Instance) -> Counter[tuple[str, str]]:
    """How many mails each address got of each piece."""
    return Counter((str(letter["To"]), ref) for letter in instance.letters() for ref in refs_in(letter))


def letter_count(instance: Instance) -> int:
    """How many mails there are, without reading them."""
    return len(list((instance.folder / "data" / "mail").glob("*.eml")))


def refs_in(letter: EmailMessage) -> set[str]:
    """The pieces a mail leads to."""
    plain = letter.get_body(("plain",))
    assert plain is not None
    return {word.rpartition("/")[2] for word in str(plain.get_content()).split() if "/items/" in word}


def test_power_cuts_lose_nothing_double_nothing_and_tell_nobody_outside(
    harbour: tuple[Instance, Author], request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, ann = harbour
    chance, kills = random.Random(7), request.config.getoption("kills")
    for _ in range(kills):
        begun = time.monotonic()
        ann.share_next()
        cut = threading.Timer(chance.uniform(0, 2) * (time.monotonic() - begun), instance.kill)
        cut.start()
        with pytest.raises(GoneError):
            ann.share_without_end()
        cut.join()
        instance.start()
        ann.go_on()

    readers = {f"{name}@bank.example" for name in READERS}
    wanted = Counter({(reader, ref): 1 for reader in readers for ref in ann.acknowledged})
    instance.wait_until(lambda: letter_count(instance) >= len(wanted), SENT_WITHIN)
    # A worker that was killed between a letter and its receipt leaves a lease, after which the letter goes out again.
    instance.wait_until(lambda: ledger(instance)["unsent"] == 0, SENT_WITHIN)
    assert letters(instance) == wanted
    assert instance.stop() == 0
    kept = ledger(instance)
    refs = sorted(ann.acknowledged)
    assert sorted(ref for _, ref in kept["published"]) == refs
    assert len({title for title, _ in kept["published"]}) == len(refs)
    assert sorted(kept["listed"]) == refs
    assert sorted(kept["recorded"]) == refs
    assert sorted(map(tuple, kept["told"])) == sorted(wanted)
    for_machines = Counter(tuple(row) for row in kept["placed"] + kept["waiting"])
    assert {row[0] for row in for_machines} == set(refs)
    assert set(for_machines.values()) == {1}
    assert (kept["unsent"], kept["dropped"]) == (0, 0)
    assert instance.run("verify", check=False).returncode == 0
    with capsys.disabled():
        figures = f"{kills} kills, {ann.begun} pieces begun, {len(refs)} acknowledged, {len(wanted)} mails"
        figures = f"{figures} ({kept['retried']} in the second attempt)"
        sys.stdout.write(f"\n{figures}: nothing lost, nothing doubled, nobody outside told\n")
