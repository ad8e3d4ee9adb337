"""How numbers and reasons are written."""

from __future__ import annotations

import math
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from live.contracts import Sense, Unit

if TYPE_CHECKING:
    from live.contracts import Observation, RiskRule

_DIGITS = {
    Unit.MONEY: 2,
    Unit.PERCENT: 2,
    Unit.COUNT: 0,
    Unit.QUANTITY: 2,
    Unit.RATIO: 2,
    Unit.SECONDS: 2,
    Unit.NAMES: 0,
}
_MOST_DIGITS = 20
_LONGEST = 60


def written(unit: Unit, *values: float) -> tuple[str, ...]:
    """Numbers side by side: two decimals, none for counts, and more where rounding would hide a difference.

    No number is written as another one that stands beside it, nor as zero when it is not.
    """
    digits = _DIGITS[unit]
    while digits < _MOST_DIGITS and _hides_something(values, digits):
        digits += 1
    return tuple(f"{value + 0.0:.{digits}f}" for value in values)  # + 0.0: zero has no sign


def reason_text(rule: RiskRule, observation: Observation, limit: float) -> str:
    """Why a value is refused: `max_total_exposure_exceeded(max=1000.00, observed=2000.00)`."""
    about = f"{rule.subject}={shown(observation.subject)}, " if observation.subject else ""
    if not math.isfinite(observation.value):
        why = observation.unknown or "the value is not a finite number"
        bound, *_ = written(rule.unit, limit)
        return f"{rule.name}_unknown({about}limit={bound}, reason={shown(why, longest=400)})"
    bound, value = written(rule.unit, limit, observation.value)
    note = f", {observation.note}" if observation.note else ""
    match rule.sense:
        case Sense.LOSS:
            return f"{rule.name}_reached({about}limit={bound}, value={value}{note})"
        case Sense.MINIMUM:
            return f"{rule.name}_undercut({about}min={bound}, observed={value}{note})"
        case _:
            return f"{rule.name}_exceeded({about}max={bound}, observed={value}{note})"


def warning_text(rule: RiskRule, observation: Observation, limit: float, warning: float | None) -> str:
    """What a warning says: `max_total_exposure_warning(warn_at=800.00, limit=1000.00, value=850.00)`."""
    about = f"{rule.subject}={shown(observation.subject)}, " if observation.subject else ""
    bound, value, begin = written(rule.unit, limit, observation.value, limit if warning is None else warning)
    note = f", {observation.note}" if observation.note else ""
    return f"{rule.name}_warning({about}warn_at={begin}, limit={bound}, value={value}{note})"


def shown(value: object, *, longest: int = _LONGEST) -> str:
    """An untrusted value in one short line; of an unknown object only its type."""
    if not (value is None or isinstance(value, (str, int, float, Decimal, datetime))):
        return f"<{type(value).__name__}>"
    try:
        text = repr(value[: longest + 1] if isinstance(value, str) else value)
    except ValueError:
        return f"<{type(value).__name__} of more digits than can be shown>"
    return text if len(text) <= longest + 2 else f"{text[:longest]}…"


def _hides_something(values: tuple[float, ...], digits: int) -> bool:
    finite = sorted({value for value in values if math.isfinite(value)} | {0.0})
    return len({round(value, digits) for value in finite}) < len(finite)
