"""A worker has room for pages that wait besides logins, and as many files open as that takes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from toegang.cli.serve import OWN_FILES, places
from toegang.config import Listen

SOME = Listen(connections=300, pages=700)
ASK = """
import resource
from toegang.cli.serve import open_files
from toegang.config import Listen
resource.setrlimit(resource.RLIMIT_NOFILE, (128, {hard}))
open_files(Listen(connections=300, pages=700))
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def test_pages_that_wait_take_no_place_of_a_login() -> None:
    assert places(SOME) == 1000
    assert Listen().pages == 10_000


def test_a_worker_takes_the_files_that_it_needs_and_says_when_it_may_not() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for hard, allowed in ((most, 1000 + OWN_FILES), (600, 600)):
        told = subprocess.run(
            [sys.executable, "-c", ASK.format(hard=hard)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert told.stdout.splitlines()[-1] == str(allowed)
        assert ("start:few-files" in told.stdout + told.stderr) is (allowed == hard)
