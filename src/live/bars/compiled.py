"""The machine as one compiled function: the same lines of every kind, and no Python between them.

The function is written out for the kinds that are asked, so that adding one needs no change here, and
compiled by numba. Its state is an array of numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.errors import NumbaError

from live.bars.kind import Stage, in_turn
from live.bars.machine import Event
from live.bars.moves import has_numbers, is_plain, is_sound, judge, learn, moves_on, passed_over
from live.bars.values import AT_FIRST, NAN, NO_BAR, NOTHING, RAISED, UNMOVED, WITHDRAWN, Bar, Past
from live.compiling.seldom import unlikely
from live.compiling.whole import mark_of, named, step

__all__ = ["COLUMNS", "CompiledMachine", "NumbaError"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from live.bars.kind import Kind

ROOM = 4096
"""So many events are taken out of the loop at once."""
WORDS = 6
"""So many numbers are an event."""
COLUMNS = Bar._fields
_MEMORY = types.Array(types.float64, 1, "C")
_PUSHED = (*([types.float64] * len(COLUMNS)), _MEMORY)
_ROWS = types.Array(types.float64, 1, "C", readonly=True)
ONE = np.uint64(1)
"""A row is never below zero: so no index is tried from the end."""
_FALSE_BEFORE = "        if said.what == RAISED and said.ts == past.close_ts:\n            false_before = 1\n"
_CORE = (unlikely, moves_on, is_plain, has_numbers, is_sound, passed_over, judge, learn)


class CompiledMachine:
    """One series under guard; a frame of bars, or a single one, at a time."""

    def __init__(
        self,
        kinds: Sequence[Kind],
        timeframe_s: float,
        *,
        may_be_negative: bool = False,
        columns: Sequence[str] = COLUMNS,
    ) -> None:
        """Begin with nothing seen; kinds that were never used together are compiled, which takes seconds.

        What is shown a single bar is compiled when the first one comes.

        Args:
            kinds: What looks at each bar.
            timeframe_s: Length of a bar, seconds.
            may_be_negative: Whether prices may be zero or below.
            columns: Fields of `Bar` that `run` is given, in their order; the others are NaN, and what asks
                for them is left out.

        Raises:
            NumbaError: the kinds cannot be compiled.
        """
        self._kinds = in_turn(kinds)
        rows = [_ROWS] * len(columns)
        self._linear = int(may_be_negative)
        text = _run(self._kinds, self._linear, columns)
        self._run = _compiled(self._kinds, text, (types.uint64, types.uint64, *rows, _MEMORY))
        own = [one for kind in self._kinds for one in (*kind.start, *kind.limits)]
        known = [*AT_FIRST, *AT_FIRST, *NO_BAR, timeframe_s, *own]
        room = np.zeros((ROOM + len(self._kinds)) * WORDS)
        self._memory = np.concatenate([known, room])  # one array: each costs a push as much as four numbers
        self._events = self._memory[len(known) :].reshape(-1, WORDS)

    def push(self, bar: Bar) -> list[Event]:
        """What one bar gives rise to."""
        count = self._push(*bar, self._memory)
        return list(self._told(count)) if count else []

    def run(self, columns: Sequence[Any]) -> Iterator[Event]:
        """What bars give rise to, in their order.

        Args:
            columns: Arrays of numbers of one length, as they were named when this was made.
        """
        arrays = [np.ascontiguousarray(column, dtype=np.float64) for column in columns]
        row, rows = 0, len(arrays[0])
        while row < rows:
            row, count = self._run(row, rows, *arrays, self._memory)
            yield from self._told(count)

    @cached_property
    def _push(self) -> Any:
        return _compiled(self._kinds, _push(self._kinds, self._linear), _PUSHED)

    @property
    def past(self) -> Past:
        """What sound bars have left."""
        return Past(*map(float, self._memory[: len(AT_FIRST)]))

    def _told(self, count: int) -> Iterator[Event]:
        for number, what, ts, at, value, bound in self._events[:count].tolist():
            yield Event(self._kinds[int(number)].name, int(what), ts, at, value, bound)


def _push(kinds: Sequence[Kind], linear: int) -> str:
    """The function that is shown one bar, written out."""
    load, store, _ = _loaded(kinds)
    columns = ", ".join(COLUMNS)
    return (
        f"def judged({columns}, memory):\n    count, linear = 0, {linear}\n{load}    bar = Bar({columns})\n"
        f"{_body(kinds)}{store}    return count\n"
    )


def _run(kinds: Sequence[Kind], linear: int, columns: Sequence[str]) -> str:
    """The function that is given these columns, written out."""
    load, store, _ = _loaded(kinds, columns)
    cells = ", ".join(f"{name}[row]" if name in columns else "NAN" for name in COLUMNS)
    return (
        f"def judged(row, rows, {', '.join(columns)}, memory):\n    count, linear = 0, {linear}\n{load}"
        f"    while row < rows and count < {ROOM}:\n        bar = Bar({cells})\n{_indented(_body(kinds))}"
        f"        row += ONE\n{store}    return row, count\n"
    )


def _body(kinds: Sequence[Kind]) -> str:
    """What is done with a bar: `Machine.push`, line by line."""
    _, _, events = _loaded(kinds)

    def asked(stage: Stage, *, skips_plain: bool = False) -> str:
        of_it = ((n, kind) for n, kind in enumerate(kinds) if kind.stage is stage)
        return "".join(_ask(n, kind, events) for n, kind in of_it if kind.skips_plain is skips_plain)

    return (
        "    move, spoilt, withdrawn, false_before = UNMOVED, 0, 0, 0\n"
        + asked(Stage.TIME)
        + "    if moves_on(bar, past):\n"
        + _indented(asked(Stage.NUMBERS))
        + "        has = sound = is_plain(bar, linear)\n        if unlikely(not sound):\n"
        + _indented(_indented(asked(Stage.NUMBERS, skips_plain=True)))
        + "            has = has_numbers(bar, linear)\n        if has:\n"
        + _indented(_indented(asked(Stage.SHAPE) or "    pass\n"))
        + "        if unlikely(not sound) and has:\n"
        + _indented(_indented(asked(Stage.SHAPE, skips_plain=True)))
        + "            sound = is_sound(bar)\n"
        + "        if sound:\n"
        + "            move = judge(bar, last, past, timeframe, linear)\n"
        + _indented(_indented(asked(Stage.PRICES)))
        + "            if unlikely(false_before == 1):\n"
        + f"                past = passed_over(bar, Past({_places(len(AT_FIRST), len(AT_FIRST))}))\n"
        + "                move = judge(bar, last, past, timeframe, linear)\n"
        + "".join(f"            memory[{len(AT_FIRST) + n}] = past[{n}]\n" for n in range(len(AT_FIRST)))
        + "            past, last = learn(bar, past, move, spoilt, withdrawn), bar\n"
        + "        else:\n"
        + "            past = passed_over(bar, past)\n"
    )


def _ask(number: int, kind: Kind, events: int) -> str:
    told = (str(number), "said.what", "said.ts", "bar.ts", "said.value", "said.bound")
    return (
        f"    left, said = look{number}(bar, past, move, limits{number}, own{number})\n"
        f"    own{number} = ({_places(0, len(kind.start), 'left')})\n"
        f"    if unlikely(said.what != NOTHING):\n"
        f"        at = {events} + {WORDS} * count\n"
        + "".join(f"        memory[at + {n}] = {one}\n" for n, one in enumerate(told))
        + "        count += 1\n"
        "        if said.what == RAISED and said.ts == bar.ts:\n"
        "            spoilt = 1\n"
        "        if said.what == WITHDRAWN:\n"
        "            withdrawn = 1\n" + _FALSE_BEFORE * kind.takes_back
    )


def _loaded(kinds: Sequence[Kind], columns: Sequence[str] = COLUMNS) -> tuple[str, str, int]:
    """Lines that take all out of the memory, lines that put back what changes, and where events begin."""
    at = len(AT_FIRST)
    load = f"    past = Past({_places(0, at)})\n"
    store = "".join(f"    memory[{n}] = past[{n}]\n" for n in range(at))
    at *= 2
    shown = [name in columns for name in COLUMNS]
    load += (
        f"    last = Bar({', '.join(f'memory[{at + n}]' if one else 'NAN' for n, one in enumerate(shown))})\n"
    )
    store += "".join(f"    memory[{at + n}] = last[{n}]\n" for n, one in enumerate(shown) if one)
    at += len(COLUMNS)
    load += f"    timeframe = memory[{at}]\n"
    at += 1
    for number, kind in enumerate(kinds):
        limits = at + len(kind.start)
        load += f"    own{number} = ({_places(at, len(kind.start))})\n"
        load += f"    limits{number} = ({_places(limits, len(kind.limits))})\n"
        store += "".join(f"    memory[{at + n}] = own{number}[{n}]\n" for n in range(len(kind.start)))
        at = limits + len(kind.limits)
    return load, store, at


def _places(begin: int, count: int, array: str = "memory") -> str:
    return "".join(f"{array}[{n}], " for n in range(begin, begin + count))


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


_made: dict[tuple[Any, ...], Any] = {}


def _compiled(kinds: Sequence[Kind], text: str, signature: tuple[Any, ...]) -> Any:
    """The function of a text for these kinds; read from the disk or compiled, once a process."""
    looks = [kind.look for kind in kinds]
    key = (text, *looks)
    if key not in _made:
        mark = mark_of((*_CORE, *looks), text, AT_FIRST, UNMOVED)
        names = _names(looks, mark)
        exec(text, names)  # noqa: S102 - written above, of numbers and our own words
        made = named(names["judged"], mark)
        made.compile(signature)
        made.disable_compile()  # for no other types
        _made[key] = made
    return _made[key]


def _names(looks: Sequence[Callable[..., Any]], mark: str) -> dict[str, Any]:
    """What the function that is written out may name."""
    known: dict[Any, Any] = {}
    values = {"Bar": Bar, "Past": Past, "UNMOVED": UNMOVED, "ONE": ONE, "NAN": NAN}
    values |= {"NOTHING": NOTHING, "RAISED": RAISED, "WITHDRAWN": WITHDRAWN}
    core = {one.__name__: step(one, known, mark) for one in _CORE}
    asked = {f"look{number}": step(look, known, mark) for number, look in enumerate(looks)}
    return {"__name__": __name__, **values, **core, **asked}
