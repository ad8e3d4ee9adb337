"""What holds for the whole suite."""

from __future__ import annotations

import gc

OFTEN_ENOUGH = 50_000
"""After so many new objects garbage is looked for; left alone, Python does after 700."""


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: thousands of tests, and every scenario."""
    gc.freeze()
    gc.set_threshold(OFTEN_ENOUGH)
