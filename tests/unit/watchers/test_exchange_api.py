"""An exchange that does not answer, answers too late, or answers with errors."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from live.events import AlertLevel
from live.watchers.exchange_api import ApiCall, ExchangeApi, ExchangeApiConfig

if TYPE_CHECKING:
    from live.contracts import Finding

NOW = datetime(2026, 1, 27, tzinfo=UTC)
GOOD = ApiCall("kraken", ok=True, latency_s=0.2)
BAD = ApiCall("kraken", ok=False, error="timeout")


def watch(*calls: ApiCall, config: ExchangeApiConfig | None = None) -> list[Finding]:
    """What a fresh watcher finds in calls, one a second."""
    watcher = ExchangeApi(config or ExchangeApiConfig())
    moments = [NOW + timedelta(seconds=number) for number in range(len(calls))]
    return [
        finding for call, now in zip(calls, moments, strict=True) for finding in watcher.on_sample(call, now)
    ]


def test_good_calls_raise_nothing() -> None:
    """Thirty answers in time."""
    assert watch(*[GOOD] * 30) == []


def test_two_failures_are_a_hiccup() -> None:
    """They come and go."""
    assert watch(GOOD, BAD, BAD, GOOD, BAD, BAD, GOOD) == []


def test_three_failures_in_a_row_are_one_alert() -> None:
    """The outage is told when it begins, and not at every call."""
    (found,) = watch(GOOD, *[BAD] * 8)
    assert (found.code, found.level, found.subject) == ("EXCHANGE_API_FAILURE", AlertLevel.CRITICAL, "kraken")
    assert found.message == (
        "kraken: 3 calls failed in a row, limit 3; 3 of the last 4, limit 50 % of 20; last: timeout"
    )


def test_every_second_call_failing_is_an_alert_when_the_window_is_full() -> None:
    """Never two in a row, and yet unusable."""
    assert watch(*[GOOD, BAD] * 9, GOOD) == []
    (found,) = watch(*[GOOD, BAD] * 10)
    assert (found.context["failures"], found.context["calls"]) == (10, 20)


@pytest.mark.parametrize(
    "call",
    [
        ApiCall("kraken", ok=None),
        ApiCall("kraken"),
        ApiCall("kraken", ok=True, latency_s=5.0),
        ApiCall("kraken", ok=True, latency_s=math.nan),
        ApiCall("kraken", ok=True, latency_s=-1.0),
        ApiCall("kraken", ok=True, latency_s="0.2"),  # type: ignore[arg-type]  # on purpose
        ApiCall("kraken", ok=True, latency_s=10**400),
        ApiCall("kraken", ok="false"),  # type: ignore[arg-type]  # on purpose
    ],
    ids=[
        "outcome unknown",
        "nothing said",
        "too late",
        "latency NaN",
        "latency negative",
        "latency no number",
        "latency huge",
        "outcome no bool",
    ],
)
def test_a_call_that_is_not_known_to_be_good_failed(call: ApiCall) -> None:
    """Not knowing is never fine."""
    assert len(watch(call, call, call)) == 1


def test_an_answer_just_in_time_is_good() -> None:
    """The limit itself is too late, less is not; a latency that nobody measured does not count."""
    assert watch(*[ApiCall("kraken", ok=True, latency_s=4.999)] * 5, *[ApiCall("kraken", ok=True)] * 5) == []


def test_recovery_is_told_once_after_three_good_calls() -> None:
    """An INFO that says how long it lasted."""
    failed, recovered = watch(*[BAD] * 3, GOOD, BAD, *[GOOD] * 10)
    assert failed.code == "EXCHANGE_API_FAILURE"
    assert (recovered.code, recovered.level) == ("EXCHANGE_API_RECOVERED", AlertLevel.INFO)
    assert recovered.message == "kraken: 3 calls succeeded in a row after 5 s of failure"


def test_a_second_outage_is_a_second_alert() -> None:
    """After the recovery everything counts from the beginning."""
    found = watch(*[BAD] * 3, *[GOOD] * 3, *[BAD] * 3)
    assert [one.code.removeprefix("EXCHANGE_API_") for one in found] == ["FAILURE", "RECOVERED", "FAILURE"]


def test_endpoints_are_independent() -> None:
    """One endpoint's answers do not excuse another's silence."""
    other = ApiCall("binance", ok=True, latency_s=0.1)
    assert [one.subject for one in watch(BAD, other, BAD, other, BAD, other)] == ["kraken"]


def test_a_limit_of_nothing_is_refused() -> None:
    """No failure at all would be an outage."""
    with pytest.raises(ValueError, match="max_consecutive_failures is 0; it must be above 0"):
        ExchangeApiConfig(max_consecutive_failures=0)
