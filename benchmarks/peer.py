"""What a file in `benchmarks/peers` hands over, and how the files are found."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parent / "peers"


@dataclass(frozen=True, slots=True)
class PeerCheck:
    """A check of one order by somebody else's library.

    Attributes:
        what: What is called, and beside what.
        limits: How many limits, bounds and breakers it looks at.
        check: Checks the order that passes; this alone is timed.
        passed: Whether what `check` returned, and did, says that no limit was broken.
        refused: Has an order above a limit checked: whether it was refused, for that limit.
    """

    what: str
    limits: int
    check: Callable[[], object]
    passed: Callable[[object], bool]
    refused: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Peer:
    """A library in whose name a file stands.

    Attributes:
        name: The distribution's name: that of the file, with hyphens where the index has them.
        installed: Its version here; empty when it is not installed.
    """

    name: str
    installed: str

    def checks(self, folder: Path) -> list[PeerCheck]:
        """Make its checks ready; what they keep on the disk goes into the folder.

        Raises:
            Exception: Whatever the library raises, and `AssertionError` when a check does not do what it
                says.
        """
        module = importlib.import_module(f"benchmarks.peers.{self.name.replace('-', '_')}")
        return [proven(check) for check in cast("Iterator[PeerCheck]", module.checks(folder))]


def peers() -> list[Peer]:
    """One for every file, whether it is installed or not."""
    names = sorted(file.stem.replace("_", "-") for file in FOLDER.glob("[a-z]*.py"))
    return [Peer(name, installed_version(name)) for name in names]


def installed_version(name: str) -> str:
    """Version of a distribution; empty when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def proven(check: PeerCheck) -> PeerCheck:
    """Make sure that the order passes and that one above a limit is refused: else nothing is compared."""
    assert check.passed(check.check()), f"{check.what}: the order that should pass did not"
    assert check.refused(), f"{check.what}: the order that should be refused was not"
    return check
