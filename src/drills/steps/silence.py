"""`silence: {lasts: 30m, author: ops, reason: maintenance, code: DATA_GAP}`: a silence by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from drills.contracts import Step
from drills.durations import Duration
from live.alerts.dispatch.config import Match, Silence

if TYPE_CHECKING:
    from drills.world import World


class SilenceSpec(BaseModel):
    """What is silenced for how long; a field of the match that is not given fits everything."""

    model_config = ConfigDict(extra="forbid")

    lasts: Duration
    author: str
    reason: str
    source: str = ""
    code: str = ""
    subject: str = ""


class SilenceAlerts(Step):
    """Silence alerts, as `live-ops alerts silence` does; the drill needs `live_alerts.dispatch`."""

    name = "silence"
    Params = SilenceSpec

    def apply(self, world: World, params: SilenceSpec) -> None:
        """From now on."""
        until = world.clock.now() + params.lasts
        match = Match(params.source, params.code, params.subject)
        world.needed_dispatcher.silence(Silence(until, params.author, params.reason, match))

    def summary(self, params: SilenceSpec) -> str:
        """What, and by whom."""
        what = params.code or params.source or params.subject or "everything"
        return f"{what} for {params.lasts} by {params.author}"
