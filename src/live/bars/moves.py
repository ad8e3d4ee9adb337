"""How far a bar is from the bars before, and what it tells of one that was too far.

A false price comes back at the next bar, and comes back at once: with its open. A true one stays. So a bar
far away is a suspect, and the bar after it tells. Distances are parts of the lower price, in units of the
usual move, which grows with the square root of the time between two bars, as prices do in a random walk.
"""

from __future__ import annotations

import math

from live.bars.values import NAN, NONE, REVERTED, STAYED, Bar, Move, Past
from live.compiling.seldom import seldom, unlikely

WARM_UP = 20.0
"""So many sound bars before "usual" means anything."""
COLD, STILL = 0.5, 0.01
"""Until then only a move by half is a suspect; where no price has moved so far, one by a hundredth."""
SUSPECT = 3.0
"""A bar so many usual moves away is looked at again; where opens lie apart from closes, up to two more."""
WEAK = 4.0
"""Where only the close comes back, or a bar was skipped, it must have been so many times farther away."""
FAST_BARS, SLOW_BARS, VOLUME_BARS = 20.0, 200.0, 100.0
CLIP = 4.0
"""A move counts for four usual ones at most in what is usual: heavy tails must not blind the guard."""
LARGEST = 1e300
"""Nothing that is traded comes in more."""
LARGEST_UNIT = 1e30
"""No unit is more times another one; wei are 1e18 to an ether."""
SMALLEST = 1e-7
"""No usual move is smaller, and what is learnt of moves does not fade to less (`values.FAINT` says why)."""


def moves_on(bar: Bar, past: Past) -> bool:
    """Whether a bar is newer than those before, and not from the future; what is no instant is not."""
    return math.isfinite(bar.ts) and not bar.ts <= past.newest and not bar.ts > bar.now


def is_plain(bar: Bar, linear: int) -> bool:
    """Whether nothing can be wrong with a bar by itself; this is quickly said of nearly every one."""
    least = -math.inf if linear == 1 else 0.0
    return (
        least < bar.low <= bar.open <= bar.high < math.inf
        and bar.low <= bar.close <= bar.high
        and not bar.volume < 0.0
        and not bar.volume > LARGEST
    )


def has_numbers(bar: Bar, linear: int) -> bool:
    """Whether prices are finite, and above zero unless they may be below."""
    least = -math.inf if linear == 1 else 0.0
    return (
        least < bar.open < math.inf
        and least < bar.high < math.inf
        and least < bar.low < math.inf
        and least < bar.close < math.inf
    )


def is_sound(bar: Bar) -> bool:
    """Whether prices that are numbers agree with each other."""
    return bar.low <= bar.open <= bar.high and bar.low <= bar.close <= bar.high


def apart(price: float, other: float, linear: int) -> float:
    """How far apart two prices are: a part of the lower one, or a difference where they may be below zero."""
    if linear == 1:
        return abs(price - other)
    higher, lower = (price, other) if price > other else (other, price)
    return higher / lower - 1.0


def usual_move(past: Past) -> float:
    """The usual move of one bar: of the quick and the slow memory the larger one."""
    return max(past.fast, past.slow, past.tick, SMALLEST)


def least_distance(past: Past, usual: float, moves: float) -> float:
    """So many usual moves, and up to two more where opens lie apart from closes."""
    return moves * usual + min(2.0 * usual, 4.0 * past.gap)


def least_score(past: Past) -> float:
    """How many usual moves away a bar is looked at again."""
    usual = usual_move(past)
    return least_distance(past, usual, SUSPECT) / usual


def parts_of(seen: float) -> tuple[float, float, float]:
    """How much a bar counts in the quick memory, in the slow one, and in that of volumes."""
    if seen >= SLOW_BARS:
        return 1.0 / FAST_BARS, 1.0 / SLOW_BARS, 1.0 / VOLUME_BARS
    return parts_early(seen)


@seldom
def parts_early(seen: float) -> tuple[float, float, float]:
    """The same while few bars were seen."""
    return 1.0 / min(seen, FAST_BARS), 1.0 / seen, 1.0 / min(seen, VOLUME_BARS)


def judge(bar: Bar, last: Bar, past: Past, timeframe: float, linear: int) -> Move:
    """How a bar with sound numbers stands to the bars before."""
    if past.seen == 0.0:
        return Move(0.0, 0.0, NAN, NAN, 1.0, bar.close, 0, NONE, 0.0, 1.0, NAN, linear, last)
    quiet, settled, reference, since, was_ratio = usual_move(past), NONE, past.close, past.close_ts, 1.0
    if unlikely(past.suspect_score > 0.0):
        settled, reference, since, was_ratio = settled_by(bar, past, linear)
    usual, least, longer = quiet, least_distance(past, quiet, SUSPECT), 1.0
    if unlikely(bar.ts - since > timeframe):
        longer = math.sqrt((bar.ts - since) / timeframe)
        usual, least = usual * longer, least * longer
    distance = apart(bar.close, reference, linear)
    if past.seen < WARM_UP or past.tick == 0.0:
        least = COLD if past.seen < WARM_UP else STILL
        least *= abs(reference) if linear == 1 else 1.0
    is_suspect = 1 if distance >= least else 0
    return Move(
        distance,
        apart(bar.high, bar.low, linear),
        usual,
        quiet,
        longer,
        reference,
        is_suspect,
        settled,
        past.suspect_score,
        was_ratio,
        past.suspect_ts,
        linear,
        last,
    )


def score_of(move: Move) -> float:
    """How far a bar is from the last credible close, in usual moves; few bars are asked, and it divides."""
    return move.distance / move.usual


@seldom
def settled_by(bar: Bar, past: Past, linear: int) -> tuple[int, float, float, float]:
    """What a bar tells of a suspect: whether it stays, the close to go on from and its instant, its ratio."""
    ratio = 1.0 if linear == 1 else past.suspect / past.close
    if comes_back(bar, past, linear):
        return REVERTED, past.close, past.close_ts, ratio
    return STAYED, past.suspect, past.suspect_ts, ratio


def comes_back(bar: Bar, past: Past, linear: int) -> bool:
    """Whether a bar goes back to where prices were before the suspect, with its open or with its close."""
    jump = apart(past.suspect, past.close, linear)
    if apart(bar.close, past.close, linear) >= 0.5 * jump:
        return False
    opens_back = apart(bar.open, past.close, linear) < 0.5 * jump
    if opens_back and past.newest == past.suspect_ts:
        return True
    return past.suspect_score >= WEAK * least_score(past)


def passed_over(bar: Bar, past: Past) -> Past:
    """What the past is after a bar that moves time forward and is not to be learnt from."""
    return Past(
        past.seen, bar.ts, past.close, past.close_ts, past.fast, past.slow, past.gap, past.tick, past.volume,
        past.suspect, past.suspect_ts, past.suspect_score,
    )  # fmt: skip


def learn(bar: Bar, past: Past, move: Move, spoilt: int, withdrawn: int) -> Past:
    """What the past is after a bar; one that raised an alarm, or is a suspect, never enters what is usual.

    Nor does a suspect that was told before it was settled and is withdrawn by this bar.
    """
    if unlikely(past.seen == 0.0):
        return learnt_first(bar)
    if unlikely(move.is_suspect == 1):
        return suspected(bar, past, move)
    fast, slow, gap, tick, volume, seen = past.fast, past.slow, past.gap, past.tick, past.volume, past.seen
    if spoilt == 0:
        seen += 1.0
        in_fast, in_slow, in_volume = parts_of(seen)
        distance, size = move.distance, max(move.distance, 0.6 * move.range, SMALLEST)
        opens = max(apart(bar.open, move.reference, move.linear), SMALLEST)
        if unlikely(move.longer > 1.0):
            size, opens = shortened(size, opens, move)
        if unlikely(move.settled == STAYED) and withdrawn == 0:
            size = max(size, apart(past.suspect, past.close, move.linear))
        if seen > WARM_UP / 2.0:
            size, opens = min(size, CLIP * move.quiet), min(opens, CLIP * move.quiet)
        fast += (size - fast) * in_fast
        slow += (size - slow) * in_slow
        gap += (opens - gap) * in_slow
        if unlikely(distance < tick or tick == 0.0):
            tick = smallest(distance, tick)
        if bar.volume > 0.0:
            if unlikely(volume == 0.0):
                volume = bar.volume
            volume += (min(bar.volume, CLIP * volume) - volume) * in_volume
    return Past(seen, bar.ts, bar.close, bar.ts, fast, slow, gap, tick, volume, NAN, NAN, 0.0)


@seldom
def smallest(distance: float, tick: float) -> float:
    """The smallest move after one more, where a standstill is none."""
    if distance == 0.0:
        return tick
    return distance if tick == 0.0 else min(tick, distance)


@seldom
def learnt_first(bar: Bar) -> Past:
    """What the past is after the first bar."""
    return Past(1.0, bar.ts, bar.close, bar.ts, 0.0, 0.0, 0.0, 0.0, max(0.0, bar.volume), NAN, NAN, 0.0)


@seldom
def suspected(bar: Bar, past: Past, move: Move) -> Past:
    """What it is after a suspect: the same as before, until the next bar has told."""
    close, close_ts = past.close, past.close_ts
    if move.settled == STAYED:
        close, close_ts = past.suspect, past.suspect_ts
    return Past(
        past.seen, bar.ts, close, close_ts, past.fast, past.slow, past.gap, past.tick, past.volume,
        bar.close, bar.ts, score_of(move),
    )  # fmt: skip


@seldom
def shortened(size: float, opens: float, move: Move) -> tuple[float, float]:
    """Distances after a hole, as they would be from one bar to the next."""
    return size / move.longer, opens / move.longer


@seldom
def powers_of_ten(ratio: float, tolerance_pct: float) -> float:
    """Which power of ten a ratio is, within a tolerance in percent; 0 for none, and for 1 itself."""
    if not 1.0 / LARGEST_UNIT < ratio < LARGEST_UNIT:
        return 0.0
    power = round(math.log10(ratio))
    return float(power) if abs(ratio / 10.0**power - 1.0) <= tolerance_pct / 100.0 else 0.0


@seldom
def is_smaller(ratio: float, pct: float) -> bool:
    """Whether a step, up or down, is smaller than so many percent; where a price has no ratio, it is not."""
    return 0.0 < ratio < math.inf and abs(math.log(ratio)) < math.log1p(pct / 100.0)
