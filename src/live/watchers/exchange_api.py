"""An exchange that does not answer, answers too late, or answers with errors."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

from live.amounts import finite
from live.contracts import Finding, Watcher
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FAILED = "EXCHANGE_API_FAILURE"
RECOVERED = "EXCHANGE_API_RECOVERED"


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call, and what became of it.

    Attributes:
        endpoint: What was called: `exchange`, `kraken/orders`.
        ok: Whether it succeeded; a call of which that is not known failed.
        latency_s: Seconds until the answer; None when there was none, or when nobody measured it.
        error: Why it failed, in a few words: `timeout`, `status 503`.
    """

    endpoint: str = "exchange"
    ok: bool | None = None
    latency_s: float | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeApiConfig:
    """`[live_watchers.exchange_api]`.

    Attributes:
        max_consecutive_failures: The API is down at this many failed calls in a row.
        window_calls: How many calls the share of failures looks back.
        max_failure_pct: The API is down at this share of failed calls in a full window, in percent.
        max_latency_s: An answer that took this many seconds or more is a failure.
        recovery_calls: Good calls in a row after which the API is up again.
    """

    max_consecutive_failures: int = 3
    window_calls: int = 20
    max_failure_pct: float = 50.0
    max_latency_s: float = 5.0
    recovery_calls: int = 3

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} is {getattr(self, field.name)}; it must be above 0")


@dataclass(slots=True)
class _Endpoint:
    window: deque[bool]
    failures: int = 0
    failed_in_a_row: int = 0
    good_in_a_row: int = 0
    down_since: datetime | None = None

    def count(self, *, failed: bool) -> None:
        if len(self.window) == self.window.maxlen:
            self.failures -= self.window[0]
        self.window.append(failed)
        self.failures += failed
        self.failed_in_a_row = self.failed_in_a_row + 1 if failed else 0
        self.good_in_a_row = 0 if failed else self.good_in_a_row + 1


class ExchangeApi(Watcher):
    """Raises one alert per endpoint when it goes down, and one when it has come back."""

    name = "exchange_api"
    codes = (FAILED, RECOVERED)
    Sample: ClassVar[type[ApiCall]] = ApiCall
    Config: ClassVar[type[ExchangeApiConfig]] = ExchangeApiConfig
    config: ExchangeApiConfig

    def __init__(self, config: ExchangeApiConfig) -> None:
        """Begin with every endpoint up."""
        super().__init__(config)
        self._endpoints: dict[str, _Endpoint] = {}

    def on_sample(self, sample: ApiCall, now: datetime) -> Iterable[Finding]:
        """Count the call; say so when the endpoint goes down or comes back."""
        state = self._endpoints.setdefault(sample.endpoint, _Endpoint(deque(maxlen=self.config.window_calls)))
        reason = self._failure(sample)
        state.count(failed=bool(reason))
        if state.down_since is None and reason and self._down(state):
            state.down_since = now
            return (self._failed(sample.endpoint, state, reason),)
        if state.down_since is not None and state.good_in_a_row >= self.config.recovery_calls:
            finding = _recovered(sample.endpoint, state, (now - state.down_since).total_seconds())
            self._endpoints[sample.endpoint] = _Endpoint(deque(maxlen=self.config.window_calls))
            return (finding,)
        return ()

    def _failure(self, sample: ApiCall) -> str:
        """Why a call counts as failed; empty when it does not."""
        if not isinstance(sample.ok, bool):
            return sample.error or "outcome not known"
        if not sample.ok:
            return sample.error or "failed"
        latency_s = 0.0 if sample.latency_s is None else finite(sample.latency_s)
        if not 0 <= latency_s < self.config.max_latency_s:
            return f"latency {latency_s:g} s, limit {self.config.max_latency_s:g} s"
        return ""

    def _down(self, state: _Endpoint) -> bool:
        full = len(state.window) == self.config.window_calls
        share = 100 * state.failures / len(state.window)
        in_a_row = state.failed_in_a_row >= self.config.max_consecutive_failures
        return in_a_row or (full and share >= self.config.max_failure_pct)

    def _failed(self, endpoint: str, state: _Endpoint, reason: str) -> Finding:
        calls, config = len(state.window), self.config
        text = (
            f"{endpoint}: {state.failed_in_a_row} calls failed in a row, limit "
            f"{config.max_consecutive_failures}; {state.failures} of the last {calls}, limit "
            f"{config.max_failure_pct:g} % of {config.window_calls}; last: {reason}"
        )
        context = {
            "endpoint": endpoint,
            "failed_in_a_row": state.failed_in_a_row,
            "failures": state.failures,
            "calls": calls,
            "last_error": reason,
        }
        return Finding(FAILED, AlertLevel.CRITICAL, endpoint, text, context)


def _recovered(endpoint: str, state: _Endpoint, down_s: float) -> Finding:
    text = f"{endpoint}: {state.good_in_a_row} calls succeeded in a row after {down_s:g} s of failure"
    context = {"endpoint": endpoint, "good_in_a_row": state.good_in_a_row, "down_s": down_s}
    return Finding(RECOVERED, AlertLevel.INFO, endpoint, text, context)
