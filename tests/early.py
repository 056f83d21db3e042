"""Gives every test process an instance of its own to configure, before Django reads its settings."""

import os
import shutil
import tempfile

KEPT = "INFOHUB_DATABASE_URL"  # named by script/with-postgres

for name in [name for name in os.environ if name.startswith("INFOHUB_") and name != KEPT]:
    del os.environ[name]

FOLDER = tempfile.mkdtemp(prefix="infohub-tests-")
os.environ["INFOHUB_DATA"] = FOLDER
os.environ["INFOHUB_CACHE"] = "memory"


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(FOLDER, ignore_errors=True)
