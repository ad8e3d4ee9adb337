"""A real browser, for pages to be looked at with."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
QUIET = ("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND")


def seen_in_a_browser(page: Path) -> str:
    """The document that a Chromium makes of a page.

    Without one the test is skipped, but never on a build machine.
    """
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None and os.environ.get("CI"):
        pytest.fail("no Chromium here to look at the page with; install one")
    if browser is None:
        pytest.skip("needs Chromium to look at the page with")
    done = subprocess.run(
        [
            *(browser, *FLAGS, *QUIET, f"--user-data-dir={page.parent / 'profile'}"),
            *("--virtual-time-budget=10000", "--dump-dom", page.as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout
