"""`raise_alerts: {code: DATA_GAP, level: WARNING, count: 500}`: alerts, whatever has raised them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from drills.contracts import Step
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from drills.world import World


class Alerts(BaseModel):
    """So many alerts at once; in the subject, `{}` stands for the number of each."""

    model_config = ConfigDict(extra="forbid")

    code: str
    level: Literal["INFO", "WARNING", "CRITICAL"] = "WARNING"
    source: str = "live_data.gap"
    subject: str = "BTC/EUR"
    message: str = "staged"
    count: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 1


class RaiseAlerts(Step):
    """Hand alerts to the delivery, as the monitor does."""

    name = "raise_alerts"
    Params = Alerts

    def apply(self, world: World, params: Alerts) -> None:
        """Raise each, at this instant."""
        for number in range(1, params.count + 1):
            subject = params.subject.replace("{}", str(number))
            level, now = AlertLevel[params.level], world.clock.now()
            text = f"{params.message} ({subject})"
            world.raise_alert(AlertEvent(now, level, params.source, params.code, text, {"subject": subject}))

    def summary(self, params: Alerts) -> str:
        """How many of which."""
        return f"{params.count} x {params.level} {params.code}"
