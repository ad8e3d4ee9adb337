"""The machine: every kind looks at every bar, in one order, and what sound bars leave is learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from live.bars.kind import Stage, in_turn
from live.bars.moves import has_numbers, is_plain, is_sound, judge, learn, moves_on, passed_over
from live.bars.values import AT_FIRST, NO_BAR, NOTHING, RAISED, UNMOVED, WITHDRAWN, Bar, Past
from live.states import entries, numbers, plain, the_same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.bars.kind import Kind
    from live.bars.values import Move


class Event(NamedTuple):
    """What a kind had to say.

    Attributes:
        kind: Name of the kind.
        what: `RAISED`, `WITHDRAWN` or `RESOLVED`.
        ts: The bar that it is about, seconds since 1970.
        at: The bar that told, seconds since 1970: the same one, or the next.
        value: What was measured.
        bound: What it would have to keep to.
    """

    kind: str
    what: int
    ts: float
    at: float
    value: float
    bound: float


class Machine:
    """One series under guard, bar by bar.

    Attributes:
        past: What sound bars have left.
        failures: What kinds have raised at the last bar; the others were asked. Ours raise nothing.
    """

    def __init__(self, kinds: Sequence[Kind], timeframe_s: float, *, may_be_negative: bool = False) -> None:
        """Begin with nothing seen.

        Args:
            kinds: What looks at each bar, in the order of their stages.
            timeframe_s: Length of a bar, seconds.
            may_be_negative: Whether prices may be zero or below; distances are differences then.
        """
        self.past = self._before = AT_FIRST
        self._last = NO_BAR
        self.failures: list[Exception] = []
        self._timeframe_s, self._linear = timeframe_s, int(may_be_negative)
        self._kinds = in_turn(kinds)
        self._take_back = {kind.name for kind in self._kinds if kind.takes_back}
        self._own = {kind.name: kind.start for kind in self._kinds}
        self._stages = [[kind for kind in self._kinds if kind.stage is stage] for stage in Stage]

    def push(self, bar: Bar) -> list[Event]:
        """What one bar gives rise to. Never raises, whatever the numbers are."""
        self.failures = []
        events: list[Event] = []
        times, numbers, shapes, prices = self._stages
        past = self.past
        self._ask(times, bar, UNMOVED, events)
        if not moves_on(bar, past):
            return events
        plain = is_plain(bar, self._linear)
        self._ask(numbers, bar, UNMOVED, events, plain=plain)
        has = plain or has_numbers(bar, self._linear)
        if has:
            self._ask(shapes, bar, UNMOVED, events, plain=plain)
        if not (plain or (has and is_sound(bar))):
            self.past = passed_over(bar, past)
            return events
        move = judge(bar, self._last, past, self._timeframe_s, self._linear)
        self._ask(prices, bar, move, events)
        raised = [event for event in events if event.what == RAISED]
        spoilt = any(event.ts == bar.ts for event in raised)
        withdrawn = any(event.what == WITHDRAWN for event in events)
        if any(event.ts == past.close_ts and event.kind in self._take_back for event in raised):
            past = passed_over(bar, self._before)
            move = judge(bar, self._last, past, self._timeframe_s, self._linear)
        self._before, self._last = past, bar
        self.past = learn(bar, past, move, int(spoilt), int(withdrawn))
        return events

    def _ask(
        self, kinds: Sequence[Kind], bar: Bar, move: Move, events: list[Event], *, plain: bool = False
    ) -> None:
        for kind in kinds:
            if plain and kind.skips_plain:
                continue
            try:
                own, said = kind.look(bar, self.past, move, kind.limits, self._own[kind.name])
            except Exception as error:  # noqa: BLE001 - a kind may be foreign code
                error.add_note(f"raised by live_data.{kind.name}")
                self.failures.append(error)
                continue
            self._own[kind.name] = own
            if said.what != NOTHING:
                events.append(Event(kind.name, said.what, said.ts, bar.ts, said.value, said.bound))

    def saved(self) -> dict[str, Any]:
        """The whole state, and the settings that it belongs to; JSON values only."""
        kinds = {name: plain(own) for name, own in self._own.items()}
        pasts = {"past": plain(self.past), "before": plain(self._before), "last": plain(self._last)}
        return {"settings": self._settings(), **pasts, "kinds": kinds}

    def restore(self, saved: object) -> None:
        """Go on where a state was saved.

        Raises:
            ValueError: it is no such state, or of other settings; nothing has changed.
        """
        parts = entries(saved, "settings", "past", "before", "last", "kinds")
        the_same(parts["settings"], self._settings())
        past, before = (Past(*numbers(parts[name], len(AT_FIRST))) for name in ("past", "before"))
        last = Bar(*numbers(parts["last"], len(NO_BAR)))
        kinds = entries(parts["kinds"], *self._own)
        self._own = {kind.name: numbers(kinds[kind.name], len(kind.start)) for kind in self._kinds}
        self.past, self._before, self._last = past, before, last

    def _settings(self) -> dict[str, Any]:
        """All that what has been learnt depends on."""
        return {
            "timeframe_s": self._timeframe_s,
            "may_be_negative": bool(self._linear),
            "past": list(Past._fields),
            "kinds": {kind.name: plain(kind.limits) for kind in self._kinds},
        }
