"""How fast drills run and start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.conftest import Figure
from drills.contracts import Verdict
from drills.run import run_drills
from drills.scenario import load_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]
DRILLS = 500
TESTS = 1000
TWO_STEPS = """\
drill: order-above-the-limit-{number}
title: Two orders, one of them above the limit, and three sinks
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
config:
  live_risk: {{max_order_notional: 500}}
  live_alerts: {{sinks: [log, webhook, slack_webhook]}}
steps:
  - at: 0s
    check_orders: [{{symbol: BTC/EUR, side: BUY, notional: 100}}]
  - at: 1m
    check_orders: [{{symbol: BTC/EUR, side: BUY, notional: 2000}}]
expect:
  checks: [{{at: 0s, allowed: true}}, {{at: 1m, allowed: false, severity: BREACH}}]
  alerts:
    - at: 1m
      code: RISK_LIMIT_VIOLATION_ORDERS
      level: CRITICAL
      delivered: {{log: once, webhook: once, slack_webhook: once}}
"""
TEST_MODULE = '''\
"""Every drill is a test."""


def test_drill(drill):
    drill.passes()
'''


def write_drills(folder: Path, count: int) -> None:
    """Write that many scenario files."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.yaml").write_text(TWO_STEPS.format(number=number), encoding="utf-8")


def usual_environment() -> dict[str, str]:
    """This environment, in which Python keeps the bytecode of what it has compiled, as it does by itself."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def median_s(benchmark: Any, rounds: int, action: Callable[..., Any], *args: Any, **options: Any) -> float:
    """Seconds that an action takes in the median, after one round that does not count."""
    benchmark.pedantic(action, args=args, kwargs=options, rounds=rounds, warmup_rounds=1)
    return float(benchmark.stats.stats.median)


def test_drills_per_second(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """Stage and judge a drill of two steps and three sinks, in process, loading not counted."""
    write_drills(tmp_path / "scenarios", DRILLS)
    scenarios = load_scenarios([tmp_path / "scenarios"])
    assert {result.verdict for result in run_drills(scenarios)} == {Verdict.PASS}
    rate = DRILLS / median_s(benchmark, 7, run_drills, scenarios)
    figures.append(
        Figure("two-step drill with three sinks, in process", rate, 500, "drills/s", at_least=True)
    )


def test_files_per_second(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """Read and validate the file of such a drill."""
    write_drills(tmp_path / "scenarios", DRILLS)
    rate = DRILLS / median_s(benchmark, 7, load_scenarios, [tmp_path / "scenarios"])
    figures.append(Figure("its file, read and validated", rate, 500, "files/s", at_least=True))


def test_start_up(benchmark: Any, figures: list[Figure]) -> None:
    """`drills list` over the shipped scenarios, from the start of the interpreter to its end."""
    command = [BIN / "drills", "list", ROOT / "scenarios"]
    seconds = median_s(benchmark, 20, subprocess.check_output, command, env=usual_environment())
    figures.append(Figure("drills list, start to end", 1000 * seconds, 150, "ms"))


def test_a_thousand_drills_under_pytest(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """A session over the generated cases of one file."""
    (tmp_path / "scenarios").mkdir()
    generated = "".join(f"  n{number}: {{notional: {1000 + number}}}\n" for number in range(TESTS))
    drill = TWO_STEPS.format(number=0).replace("notional: 2000", "notional: $notional")
    (tmp_path / "scenarios/drill.yaml").write_text(f"{drill}cases:\n{generated}", encoding="utf-8")
    seconds = session_s(benchmark, tmp_path)
    figures.append(Figure("1,000 generated drills under pytest", seconds, 3, "s"))


def test_a_thousand_files_under_pytest(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """A session over as many files, each read and validated by itself."""
    write_drills(tmp_path / "scenarios", TESTS)
    seconds = session_s(benchmark, tmp_path)
    figures.append(Figure("1,000 scenario files under pytest", seconds, 4, "s"))


def session_s(benchmark: Any, folder: Path) -> float:
    """Seconds of a pytest session from start to end, one process, no plugin but ours."""
    (folder / "tests").mkdir()
    (folder / "tests/test_drills.py").write_text(TEST_MODULE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    options = f"-q --rootdir {folder} -p drills.pytest_plugin {folder}/tests"
    command = [str(BIN / "pytest"), *options.split()]
    env = usual_environment() | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert f"{TESTS} passed".encode() in subprocess.check_output(command, env=env)
    return median_s(benchmark, 5, subprocess.check_output, command, env=env)


def test_importing_the_limits(benchmark: Any, figures: list[Figure]) -> None:
    """What it adds to the start of the interpreter; none of the slow libraries is loaded."""
    check = "import sys; import live.risk_limits; "
    slow = "{'numpy', 'polars', 'httpcore', 'structlog', 'rich', 'pydantic'}"
    subprocess.run([sys.executable, "-c", f"{check}assert not {slow} & set(sys.modules)"], check=True)
    bare, with_limits = (start_s(code) for code in ("pass", "import live.risk_limits"))
    benchmark.pedantic(start_s, args=("import live.risk_limits", 1), rounds=1)
    figures.append(Figure("import live.risk_limits", 1000 * (with_limits - bare), 60, "ms"))


def start_s(code: str, rounds: int = 15) -> float:
    """Seconds that an interpreter takes for a line of code from start to end, in the median."""
    took = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, env=usual_environment())
        took.append(time.perf_counter() - begin)
    return statistics.median(took[1:])
