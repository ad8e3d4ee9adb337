"""An alert that a destination has taken is never sent there again: its key says that it is the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History


class NeverSentAgain(Invariant):
    """The outbox sends at least once; once it is known to have arrived, not once more."""

    name = "never_sent_again"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Follow requests and deliveries in their order."""
        keys: dict[int, str] = {}
        arrived: set[tuple[str, str]] = set()
        for record in history.of("taken", "delivery", "http"):
            data = record.data
            if record.kind == "taken":
                keys[data["alert"]] = data["key"]
            elif record.kind == "delivery" and data["state"] == "delivered":
                arrived.add((data["destination"], keys.get(data["alert"], "")))
            elif record.kind == "http" and (data["destination"], _key(str(data["request"]))) in arrived:
                text = f"an alert was sent to {printable(data['destination'])} after it had arrived there"
                yield Judgement(Verdict.FAIL, "SENT_AGAIN", text, at_s=record.at_s)


def _key(body: str) -> str | None:
    """The key of a request's alert; None where it has none."""
    try:
        data = json.loads(body)
    except ValueError:
        return None
    return data.get("id") if isinstance(data, dict) else None
