"""What refuses orders whatever their size: the trading breaker, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.contracts import OrderGate


def refusals(
    gate: OrderGate | None, strategies: Iterable[str | None], *, only_reduces: bool
) -> tuple[str, ...]:
    """Why a batch may not go out, one coded line for each cause; nothing when it may.

    Args:
        gate: What is asked; None when there is no gate. One that raises refuses.
        strategies: Who asks.
        only_reduces: Whether the batch as a whole can do nothing but reduce what is held.
    """
    if gate is None:
        return ()
    try:
        said = [gate.refusal(strategy, only_reduces) for strategy in strategies]
    except Exception as error:  # noqa: BLE001 - a gate may be foreign code, and one that fails is closed
        return (f"breaker_failed(error='{type(error).__name__}')",)
    return tuple(dict.fromkeys(line for line in said if line is not None))
