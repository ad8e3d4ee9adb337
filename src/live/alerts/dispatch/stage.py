"""What a stage of the pipeline is: it looks at an alert, and lets it through or says why not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from live.alerts.dispatch.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.events import AlertEvent

OVER = ("resolved", "withdrawn")
"""The fact `status` of what is over."""
BEFORE = "was"
"""Fact of what has not come again: the level that it had. Its source has not said that it is over."""

REMINDS = "reminds"
"""Fact of what goes on and is told again: the key of the alert that told it before."""


class Passing(NamedTuple):
    """An alert on its way through the stages.

    Attributes:
        event: The alert.
        identity: What it is about.
        group: The group that it is held for; empty when it goes at once.
        text: Its record, where it has one already.
    """

    event: AlertEvent
    identity: Identity
    group: str = ""
    text: str = ""

    @classmethod
    def of(cls, event: AlertEvent, text: str = "") -> Passing:
        """An alert that enters."""
        return cls(event, Identity.of(event), text=text)

    def telling(self, event: AlertEvent) -> Passing:
        """The same with another alert, which has no record yet."""
        return self._replace(event=event, text="")


def facts_of(event: AlertEvent) -> dict[str, Any]:
    """The context of an alert as a dict; empty where it cannot be read as one."""
    context: object = event.context
    try:
        return dict(context) if isinstance(context, Mapping) else {}
    except Exception:  # noqa: BLE001 - an alert that is half wrong is still an alert
        return {}


class Stopped(NamedTuple):
    """An alert that goes no further.

    Attributes:
        state: `suppressed`, or `coalesced` when another alert speaks for it.
        reason: The rule that stopped it, or the key of the alert that speaks for it.
        muted: Whether what it is about goes on, and nobody is to be told at present.
    """

    state: str
    reason: str
    muted: bool = False


class Stage(ABC):
    """One decision about alerts. It keeps what it has to know in memory, and bounded."""

    @abstractmethod
    def judge(self, passing: Passing, now: float) -> Passing | Stopped:
        """Let an alert through, changed or not, or stop it; `now` in seconds since 1970."""

    def missed(self, passing: Passing, now: float) -> None:  # noqa: B027 - most stages need not know
        """Know of an alert that a stage before has muted."""

    def due(self) -> float | None:
        """When time alone brings something out here; None when nothing waits."""
        return None

    def release(self, now: float) -> Iterable[Passing]:  # noqa: ARG002 - most stages hold nothing
        """What time has brought out; it goes on with the stages after this one."""
        return ()
