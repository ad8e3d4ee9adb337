"""How long a check of one order takes here, beside the checks of other libraries, in one run.

Every round times each of our checks and then each check of a peer, so that whatever else the machine does
falls on all of them alike. What a peer looks at and what it does not is written at the top of its file in
`benchmarks/peers`; a new file there is a new peer.

Ours stands there four times, because it puts off what nobody asks for: it reads a snapshot once, and works
out the details of an order that passes when they are read. A peer that tells every value is to be held
against ours in full; one that goes over the positions each time, against ours on a new snapshot.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from statistics import median
from timeit import Timer
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.conftest import Beside, NotBeside
from benchmarks.peer import PeerCheck, peers, proven
from benchmarks.test_limits import HELD, LIMITS, MICRO, RESTING, limits, orders
from live.risk_limits import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.peer import Peer
    from live.portfolio import LivePortfolioSnapshot

ROUNDS, ROUND_S, FIRST = 31, 0.01, 20
READ_BEFORE, NEVER_THE_LAST = [HELD], [HELD, replace(HELD)]  # only the last snapshot is remembered
VERDICT, FULL = "ours: verdict, snapshot read before", "ours: told in full, new snapshot"


def ours(
    what: str, snapshots: Sequence[LivePortfolioSnapshot], *, in_full: bool, resting: int = 0
) -> PeerCheck:
    """Our check in the shape of a peer's, the snapshots in turn, with or without its details being read."""
    engine, strict, asked, turns = (
        limits(resting),
        limits(max_order_notional=50.0),
        orders(1),
        cycle(snapshots),
    )

    def verdict() -> Any:
        return engine.check_orders(asked, portfolio=next(turns))

    def told() -> Any:
        result = verdict()
        return result.limit_details and result

    def passed(result: Any) -> bool:
        met = [one for one in result.limit_details if one.severity is RiskCheckSeverity.OK]
        return result.severity is RiskCheckSeverity.OK and len(met) == LIMITS

    def refused() -> bool:
        return not strict.check_orders(asked, portfolio=HELD).allowed

    return PeerCheck(what, LIMITS, told if in_full else verdict, passed, refused)


def of_us() -> Iterator[PeerCheck]:
    """The four that are ours."""
    yield ours(VERDICT, READ_BEFORE, in_full=False)
    yield ours(f"ours: the same beside {RESTING:,} resting", READ_BEFORE, in_full=False, resting=RESTING)
    yield ours("ours: told in full, snapshot read before", READ_BEFORE, in_full=True)
    yield ours(FULL, NEVER_THE_LAST, in_full=True)


def of_peer(peer: Peer, folder: Path) -> list[PeerCheck | NotBeside]:
    """A peer's checks under its name, or why there are none: it is not installed, or it fails."""
    title = f"{peer.name} {peer.installed}".strip()
    if not peer.installed:
        return [NotBeside(title, "not installed")]
    try:
        return [replace(check, what=f"{title}: {check.what}") for check in peer.checks(folder)]
    except Exception as error:  # noqa: BLE001 - whatever a peer raises stands in the table
        return [NotBeside(title, f"failed: {type(error).__name__}: {error}")]


def round_us(check: PeerCheck, times: int) -> float:
    """Microseconds of a check, over so many of them in a row."""
    return Timer(check.check).timeit(times) / times * MICRO


def medians_us(benchmark: Any, checks: Sequence[PeerCheck]) -> list[float]:
    """Microseconds of each check in the median over rounds in which every one has its turn."""
    turns = [(check, max(1, int(ROUND_S * MICRO / round_us(check, FIRST)))) for check in checks]
    rounds: list[list[float]] = []

    def one_round() -> None:
        rounds.append([round_us(check, times) for check, times in turns])

    benchmark.pedantic(one_round, rounds=ROUNDS, warmup_rounds=1)
    return [median(taken) for taken in zip(*rounds[1:], strict=True)]


@pytest.mark.filterwarnings("default")  # what a peer deprecates is not ours to refuse
def test_beside_peers(benchmark: Any, beside: list[Beside | NotBeside], tmp_path: Path) -> None:
    """One order far from every limit; a peer that is not installed is named, one that fails fails the run."""
    found = [
        *(proven(check) for check in of_us()),
        *(line for peer in peers() for line in of_peer(peer, tmp_path)),
    ]
    checks = [line for line in found if isinstance(line, PeerCheck)]
    took = dict(zip([check.what for check in checks], medians_us(benchmark, checks), strict=True))
    beside += [
        Beside(f"{line.what}, {line.limits} limits", took[line.what], took[VERDICT], took[FULL])
        if isinstance(line, PeerCheck)
        else line
        for line in found
    ]
    failed = [str(line) for line in found if isinstance(line, NotBeside) and line.reason.startswith("failed")]
    assert not failed
