"""Which alerts are the same: source, code and subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from live.events import AlertEvent

_SUBJECTS = ("subject", "worst_limit")


class Identity(NamedTuple):
    """What an alert is about. A change of its level is a transition; everything else is a repeat.

    Attributes:
        source: Who raises it.
        code: What happened.
        subject: What it happened to: the context's `subject`, else the limit that is worst.
    """

    source: str
    code: str
    subject: str

    @classmethod
    def of(cls, event: AlertEvent) -> Identity:
        """The identity of an alert; parts that cannot be read are empty."""
        context: object = event.context
        facts = context if isinstance(context, Mapping) else {}
        found = next((facts[name] for name in _SUBJECTS if facts.get(name) is not None), "")
        return cls(str(event.source), str(event.code), str(found))

    def __str__(self) -> str:
        return f"{self.source} {self.code}" + (f" {self.subject}" if self.subject else "")
