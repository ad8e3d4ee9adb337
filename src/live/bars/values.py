"""What the functions of the machine take and give: tuples of numbers."""

from __future__ import annotations

from typing import NamedTuple

NAN = float("nan")
NOTHING, RAISED, WITHDRAWN, RESOLVED = 0, 1, 2, 3
"""What a kind has to say: nothing; a fault; that a suspicion was none; that what was raised is over."""


class Bar(NamedTuple):
    """One bar as it came in.

    Attributes:
        ts: Opening instant, seconds since 1970.
        open: First price, in quote currency.
        high: Highest price.
        low: Lowest price.
        close: Last price.
        volume: Traded quantity; NaN where the source has none.
        now: When it arrived, seconds since 1970; NaN in a history that does not know.
        others: How many other feeds have spoken of the bar before; NaN where there is no other feed.
        other_ts: Instant of the bar before, which they speak of; NaN where none has spoken, as below.
        other_open: What they say of its first price; of several feeds the median.
        other_high: Of its highest.
        other_low: Of its lowest.
        other_close: Of its last.
    """

    ts: float
    open: float
    high: float
    low: float
    close: float
    volume: float
    now: float
    others: float = NAN
    other_ts: float = NAN
    other_open: float = NAN
    other_high: float = NAN
    other_low: float = NAN
    other_close: float = NAN


class Past(NamedTuple):
    """What sound bars have left. It grows by no memory, and never knows what comes.

    Attributes:
        seen: How many sound bars there were.
        newest: Opening instant of the newest bar, seconds since 1970; NaN before the first.
        close: Last credible close; NaN before the first.
        close_ts: Instant of its bar.
        fast: Usual move of one bar, over some twenty bars.
        slow: The same over some two hundred.
        gap: Usual distance between a close and the next open, over some two hundred bars.
        tick: Smallest move that was no standstill; 0 before the first.
        volume: Usual volume; 0 before the first.
        suspect: Close of the bar before, when it was so far away that the next has to tell; NaN otherwise.
        suspect_ts: Instant of that bar.
        suspect_score: How far away, in usual moves.
    """

    seen: float
    newest: float
    close: float
    close_ts: float
    fast: float
    slow: float
    gap: float
    tick: float
    volume: float
    suspect: float
    suspect_ts: float
    suspect_score: float


class Move(NamedTuple):
    """How a bar stands to the bars before.

    Attributes:
        distance: How far its close is from the last credible one; `moves.score_of` says it in usual moves.
        range: How far its high is from its low.
        usual: The usual move for the time between them; NaN while nothing is known.
        quiet: The usual move of one bar; NaN while nothing is known.
        longer: How many times that the first one is; 1 where no bar is missing.
        reference: That close.
        is_suspect: 1 when the next bar has to tell whether it is true, else 0.
        settled: What this bar tells of a suspect before it: `NONE`, `REVERTED` or `STAYED`.
        was_score: How far away that suspect was, in usual moves.
        was_ratio: Its close over the credible one before it.
        was_ts: Instant of its bar.
        linear: 1 where prices may be zero or below: distances are differences, and ratios 1.
        last: The sound bar before; NaN before the first.
    """

    distance: float
    range: float
    usual: float
    quiet: float
    longer: float
    reference: float
    is_suspect: int
    settled: int
    was_score: float
    was_ratio: float
    was_ts: float
    linear: int
    last: Bar


NONE, REVERTED, STAYED = 0, 1, 2
AT_FIRST = Past(0.0, NAN, NAN, NAN, 0.0, 0.0, 0.0, 0.0, 0.0, NAN, NAN, 0.0)
NO_BAR = Bar(NAN, NAN, NAN, NAN, NAN, NAN, NAN)
UNMOVED = Move(0.0, 0.0, NAN, NAN, 1.0, NAN, 0, NONE, 0.0, 1.0, NAN, 0, NO_BAR)


class Said(NamedTuple):
    """What a kind says of a bar.

    Attributes:
        what: `NOTHING`, `RAISED`, `WITHDRAWN` or `RESOLVED`.
        value: What was measured.
        bound: What it would have to be below or above.
        ts: The bar that it is about, seconds since 1970: this one, or one before.
    """

    what: int
    value: float
    bound: float
    ts: float


FAINT = 1e-30
"""Nothing that fades fades to less: processors are slow with numbers that are all but zero."""
QUIET = Said(NOTHING, 0.0, 0.0, NAN)
