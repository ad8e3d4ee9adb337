"""The configuration of the breaker: `[live_breaker]`."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - the reader of configurations looks at the annotation
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class BreakerConfig:
    """`[live_breaker]`.

    Attributes:
        enabled: Whether there is a breaker at all.
        confirm: So many of the last `window` observations must ask for a rung before it is climbed.
        window: How many observations it looks back.
        halt_after: So many further confirmed breaches in REDUCE_ONLY halt trading.
        halt_after_s: A breach that lasts so many seconds in REDUCE_ONLY halts trading.
        calm: So many OK observations in a row end a WARN.
        cool_down_s: So many seconds must have passed before a latched state may be re-armed.
        rearm_roles: Who may re-arm.
        path: SQLite file that the state is kept in, relative to the working directory.

    Raises:
        ValueError: values that contradict each other or can never be met.
    """

    enabled: bool = False
    confirm: int = 2
    window: int = 3
    halt_after: int = 3
    halt_after_s: float = 300.0
    calm: int = 5
    cool_down_s: float = 900.0
    rearm_roles: Sequence[str] = ("risk_owner",)
    path: str = "live_breaker.sqlite"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rearm_roles", tuple(self.rearm_roles))
        wrong = list(self._wrong())
        if wrong:
            raise ValueError("; ".join(wrong))

    def _wrong(self) -> Iterator[str]:
        for name in ("confirm", "window", "halt_after", "halt_after_s", "calm"):
            if not getattr(self, name) > 0:
                yield f"{name} is {getattr(self, name)}; it must be above 0"
        if not self.cool_down_s >= 0:
            yield f"cool_down_s is {self.cool_down_s}; it must be 0 or more"
        if self.confirm > self.window:
            yield f"confirm is {self.confirm} of a window of {self.window}; that can never be met"
        if not self.rearm_roles or not all(role.strip() == role != "" for role in self.rearm_roles):
            yield f"rearm_roles are {list(self.rearm_roles)}; name at least one, without blanks around it"
        if not self.path.strip():
            yield "path is empty; name the file that the state is kept in"
