"""How many faults were found, and thresholds for a budget, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.replay.candle_summary import PER, interval
from drills.replay.tables import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drills.replay.budget import Suggestion
    from drills.replay.curves import Curve
    from drills.replay.power import Point

    Powers = Mapping[str, Sequence[Point]]

_HEADINGS = ("fault", "size", "found", "share", "95 % interval", "told as")


def power_text(curves: Sequence[Curve], powers: Powers, places: int) -> str:
    """A line for each size of each fault."""
    lacking = [curve.name for curve in curves if not powers[curve.name]]
    without = f"\n\nno bar can have: {', '.join(lacking)}" if lacking else ""
    heading = f"faults placed in this history, {places} places for each size:"
    return f"{heading}\n\n{side_by_side(_HEADINGS, _lines(curves, powers))}{without}"


def share(found: int, of: int) -> str:
    """A share in percent."""
    return f"{100 * found / of:.0f} %"


def between(found: int, of: int) -> str:
    """The interval that the true share lies in with 95 %."""
    low, high = interval(found, of)
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def _lines(curves: Sequence[Curve], powers: Powers) -> Iterator[Sequence[str]]:
    for curve in curves:
        for size, found, of in powers[curve.name]:
            told = " or ".join(curve.codes)
            yield (
                curve.name,
                f"{size:g} {curve.unit}",
                f"{found} of {of}",
                share(found, of),
                between(found, of),
                told,
            )


def budget_text(asked: float, bars: int, made: Suggestion, present: Powers, then: Powers) -> str:
    """Thresholds as they are written in a configuration, and what they cost and bring.

    Args:
        asked: The budget, alarms per 10,000 bars.
        bars: How many bars the history has.
        made: What the search came to.
        present: What is found as the guards are, of each curve.
        then: What is found as suggested, of those that the change can move.
    """
    intro = (
        f"a budget of {asked:g} alarms per 10,000 bars, every alarm on this history taken for false\n"
        "(label the top alarms first: guards are dulled against whatever true fault is among them;\n"
        "and ask other bars than these, which the thresholds were fitted to, before they are trusted):"
    )
    parts = [intro, side_by_side(("", "as it is", "as suggested"), _beside(bars, made, present, then))]
    if not made.meets(asked, bars):
        parts.append(_unmet(made, bars))
    parts += [
        f"{name}: nothing is found any more, the guard is as good as off" for name in _deaf(present, then)
    ]
    return "\n\n".join([*parts, snippet(made) or "no threshold need change"])


def snippet(made: Suggestion) -> str:
    """The suggested thresholds in TOML; empty when none has changed."""
    tables = [
        "\n".join(
            [
                f"[live_data.{name}]",
                *(f"{key} = {new}  # as it is: {old}" for key, (old, new) in values.items()),
            ]
        )
        for name, values in made.changed.items()
    ]
    return "\n\n".join(tables)


def _beside(bars: int, made: Suggestion, present: Powers, then: Powers) -> Iterator[Sequence[str]]:
    yield "alarms per 10,000 bars", *(_rate(sum(one.values()), bars) for one in (made.before, made.after))
    for code in sorted({*made.before, *made.after}):
        yield f"  {code}", *(_rate(one.get(code, 0), bars) for one in (made.before, made.after))
    for name, points in then.items():
        if points:
            yield f"found: {name}", *(_all_sizes(one) for one in (present[name], points))


def _deaf(present: Powers, then: Powers) -> list[str]:
    """Faults of which some were found, and none is as suggested."""
    return [
        name
        for name, points in then.items()
        if not any(one.found for one in points) and any(one.found for one in present[name])
    ]


def _rate(count: int, bars: int) -> str:
    low, high = interval(count, bars)
    return f"{PER * count / bars:.1f} ({PER * low:.1f} to {PER * high:.1f})"


def _all_sizes(points: Sequence[Point]) -> str:
    found, of = sum(one.found for one in points), sum(one.of for one in points)
    return f"{share(found, of)} ({found} of {of})"


def _unmet(made: Suggestion, bars: int) -> str:
    fixed = sum(made.after[code] for code in made.fixed)
    told = f"the budget cannot be met: {_rate(sum(made.after.values()), bars)} is the least that was reached"
    if not fixed:
        return told
    return (
        f"{told}; no threshold moves {', '.join(made.fixed)} ({_rate(fixed, bars)}): mend the history first"
    )
