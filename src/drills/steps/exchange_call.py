"""`exchange_call: {endpoint: exchange, times: 3}`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from drills.contracts import Step
from drills.durations import Duration
from live.contracts import HttpRequest, TransportError
from live.watchers.exchange_api import ApiCall, ExchangeApi

if TYPE_CHECKING:
    from drills.world import World

HTTP_ERRORS = 400


class Calls(BaseModel):
    """Calls of an exchange, one after the other.

    `deadline` is how long the caller waits for each; faults can stand on `endpoint` as on any destination.
    """

    model_config = ConfigDict(extra="forbid")

    endpoint: str = "exchange"
    times: int = Field(1, ge=1, le=10_000)
    deadline: Duration = timedelta(seconds=10)


class ExchangeCall(Step):
    """Call an exchange, and tell the watcher of its API what became of it."""

    name = "exchange_call"
    Params = Calls

    def apply(self, world: World, params: Calls) -> None:
        """Call, and feed the watcher after every call."""
        for _ in range(params.times):
            world.monitor.observe(ExchangeApi.name, _call(world, params))

    def summary(self, params: Calls) -> str:
        """How many calls of which endpoint."""
        return f"{params.times} × {params.endpoint}"


def _call(world: World, params: Calls) -> ApiCall:
    began = world.clock.monotonic()
    error = _error(world, params)
    return ApiCall(params.endpoint, ok=not error, latency_s=world.clock.monotonic() - began, error=error)


def _error(world: World, params: Calls) -> str:
    """Why the call failed; empty when it did not."""
    request = HttpRequest(params.endpoint, f"https://{params.endpoint}.invalid/", b"{}")
    try:
        status = world.receiver.post(request, deadline_s=params.deadline / timedelta(seconds=1)).status
    except TransportError as error:
        return error.kind
    return f"status {status}" if status >= HTTP_ERRORS else ""
