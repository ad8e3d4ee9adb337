"""Start-up counts: a slow library is imported only on the path that needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SLOW = {
    "live": {
        "apprise",
        "exchange_calendars",
        "freezegun",
        "httpcore",
        "numpy",
        "pandas",
        "plotly",
        "polars",
        "pydantic",
        "rich",
        "smtplib",
    },
    "live.risk_limits": {"httpcore", "numpy", "polars", "pydantic", "rich", "structlog"},
    "live.breaker": {"httpcore", "numpy", "polars", "pydantic", "rich", "sqlite3", "structlog"},
    "live.monitor": {
        "apprise",
        "exchange_calendars",
        "httpcore",
        "numpy",
        "polars",
        "pydantic",
        "rich",
        "sqlite3",
        "structlog",
    },
    "drills.cli": {
        "apprise",
        "exchange_calendars",
        "freezegun",
        "httpcore",
        "numpy",
        "plotly",
        "polars",
        "pytest",
    },
    "drills.pytest_plugin": {
        "exchange_calendars",
        "freezegun",
        "httpcore",
        "numpy",
        "plotly",
        "polars",
        "pydantic",
    },
}


def loaded_by(module: str) -> set[str]:
    """Names of all modules that a fresh interpreter has loaded after importing this one."""
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", SLOW)
def test_importing_a_module_loads_no_slow_library(module: str) -> None:
    """Whoever only checks an order or lists scenarios does not wait for charts, frames or HTTP."""
    assert sorted(SLOW[module] & loaded_by(module)) == []


def test_listing_drills_loads_no_slow_library() -> None:
    """Completion, `drills list` and a mistyped command answer at once."""
    program = """
import sys
from drills.cli import main

sys.argv = ["drills", "list", "scenarios"]
try:
    main()
except SystemExit:
    print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout
    assert sorted((SLOW["drills.cli"] | {"pydantic", "rich", "structlog"}) & set(done.stderr.split())) == []
