"""What is compiled is kept for the next process, and never taken for anything else."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from numba import njit, types

from live.compiling import kept
from live.compiling.fingerprint import fingerprint
from live.compiling.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT = 2.0
SCRIPT = """
import sys
from numba.core import event
from live.bars.compiled import CompiledMachine
from live.bars.kind import Kind, Stage
from live.bars.values import QUIET, RAISED, Bar, Said
compiled = []
class Seen(event.Listener):
    def on_start(self, event): compiled.append(event)
    def on_end(self, event): pass
event.register("numba:compile", Seen())
LIMIT = float(sys.argv[1])
def look(bar, past, move, limits, own):
    return own, Said(RAISED, bar.close, LIMIT, bar.ts) if bar.close > LIMIT else QUIET
machine = CompiledMachine([Kind("own", Stage.SHAPE, look, (), ())], 60.0)
said = list(machine.run([[value] for value in Bar(60.0, 3.0, 3.0, 3.0, 3.0, 1.0, 60.0)]))
print(len(said), len(compiled))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is kept meanwhile."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return kept.folder()


def said_and_compiled(limit: float) -> tuple[int, bool]:
    """How many events a process of its own tells of a close of three, and whether it compiled."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(limit)], capture_output=True, text=True, check=True
    )
    said, compiled = map(int, run.stdout.split())
    return said, compiled > 0


def next_one_compiles() -> bool:
    """Whether a function that knows of nothing but the folder had to be compiled."""
    made: Any = njit(inner)
    made._cache = Kept("a key")  # noqa: SLF001 - as the compiled machine does
    made.compile((types.float64,))
    assert made(2.0) == 2.0 + LIMIT
    return not made.stats.cache_hits


@pytest.mark.usefixtures("folder")
def test_the_next_process_does_not_compile_and_a_changed_constant_does() -> None:
    """A number that a function names is part of it."""
    assert said_and_compiled(2.0) == (1, True)
    assert said_and_compiled(2.0) == (1, False)
    assert said_and_compiled(5.0) == (0, True)


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[: len(content) // 2], lambda content: content[:-1] + b"x", lambda _: b""],
    ids=["cut short", "of another content", "empty"],
)
def test_what_is_damaged_is_compiled_anew_and_mended(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """Nothing is taken that is not what was written."""
    assert [next_one_compiles(), next_one_compiles()] == [True, False]
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert [next_one_compiles(), next_one_compiles()] == [True, False]


def test_a_folder_that_cannot_be_written_costs_only_time(folder: Path) -> None:
    """Here it is a file."""
    folder.write_text("in the way")
    assert [next_one_compiles(), next_one_compiles()] == [True, True]
    assert folder.read_text() == "in the way"


def inner(value: float) -> float:
    """A function that another one calls."""
    return value + LIMIT


def outer(value: float) -> float:
    """One that calls it."""
    return inner(value) * 2.0


def with_default(value: float, other: float = 1.0) -> float:
    """One with a default."""
    return value + other


def closing_over(limit: float) -> Callable[[float], float]:
    """One that keeps a number."""
    return lambda value: value + limit


def test_a_fingerprint_is_of_all_that_a_function_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through calls, defaults and closures."""
    before = fingerprint([outer]), fingerprint([with_default])
    monkeypatch.setitem(outer.__globals__, "LIMIT", 3.0)
    monkeypatch.setattr(with_default, "__defaults__", (2.0,))
    after = fingerprint([outer]), fingerprint([with_default])
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert fingerprint([closing_over(1.0)]) != fingerprint([closing_over(2.0)])
    assert fingerprint([closing_over(1.0)]) == fingerprint([closing_over(1.0)])
    assert fingerprint([outer], "a") != fingerprint([outer], "b")


def test_where_nobody_can_tell_there_is_none() -> None:
    """An object of any kind may change without a word."""
    thing = object()
    assert fingerprint([lambda: thing]) == ""


def test_what_nobody_has_read_for_a_month_goes_when_something_is_kept(folder: Path) -> None:
    """Nothing of old sources stays for ever; what is read stays, and so does what is not ours."""
    folder.mkdir()
    unread, torn, other = folder / ("a" * 64), folder / f".{'b' * 64}.123.tmp", folder / "notes"
    assert next_one_compiles()
    (read,) = folder.iterdir()
    for path in (unread, torn, other):
        path.write_bytes(b"old")
    for path in (unread, torn, other, read):
        os.utime(path, (1.0, 1.0))
    assert not next_one_compiles()
    Kept("another key").save_overload("signature", Made())
    assert set(folder.iterdir()) > {read, other}
    assert not unread.exists()
    assert not torn.exists()


class Made:
    """Something that was compiled."""

    library = SimpleNamespace(has_dynamic_globals=False)
    lifted = ()

    @staticmethod
    def _reduce() -> tuple[str]:
        return ("made",)
