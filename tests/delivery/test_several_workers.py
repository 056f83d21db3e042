"""The promise that several workers share the work: every notice is sent, none is sent twice, the chain stays one."""

import subprocess
import sys
from pathlib import Path

from tests import postbox
from tests.delivery.crowd import PROGRAM
from tests.stage import INFOHUB, Instance, Stage

ROOT = Path(__file__).parent.parent.parent
PEOPLE = 120


def run(instance: Instance, *command: str | Path) -> subprocess.Popen[bytes]:
    """Start a program in the instance's environment."""
    with (instance.folder / "log").open("ab") as log:
        return subprocess.Popen(command, env=instance.environment, cwd=ROOT, stdout=log, stderr=log)


def test_two_workers_send_every_notice_once_and_seal_one_chain(stage: Stage) -> None:
    with postbox.opened() as server:
        instance = stage.instance(email_url=server.url)
        instance.run("migrate")
        assert run(instance, sys.executable, "-c", PROGRAM.format(PEOPLE)).wait(60) == 0, instance.log
        workers = [run(instance, INFOHUB, "worker") for _ in range(2)]
        everything = server.wait_for(PEOPLE)
        for worker in workers:
            worker.terminate()
        assert [worker.wait(20) for worker in workers] == [0, 0]
        assert everything, instance.log
        assert len({letter["Message-ID"] for letter in server.letters}) == PEOPLE
        assert len(server.letters) == PEOPLE
        verified = instance.run("verify", check=False).stdout
        assert f"audit: {PEOPLE} records, {PEOPLE} sealed, 0 waiting" in verified
        assert "link" not in verified, verified
