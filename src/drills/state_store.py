"""Where candle guards keep what they know in a drill: it outlives the monitor, and fails on command."""

from __future__ import annotations

from typing import Any, Literal

from live.state_store import MemoryStateStore, StateUnreadableError

StateMood = Literal["sound", "unreadable"]


class DrilledStateStore(MemoryStateStore):
    """A state in memory.

    Attributes:
        mood: Whether it can be read.
    """

    def __init__(self) -> None:
        """Begin with nothing kept."""
        super().__init__()
        self.mood: StateMood = "sound"

    def read(self) -> Any:
        """What was written last.

        Raises:
            StateUnreadableError: the drill wants it so.
        """
        if self.mood == "unreadable":
            raise StateUnreadableError("cannot be read: the drill has made it so")
        return super().read()
