"""What counts as delivered was accepted: the far end answered as many requests with success."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History

SUCCESS = range(200, 300)


class DeliveredWasAccepted(Invariant):
    """A sink claims no delivery that its destination did not accept."""

    name = "delivered_was_accepted"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Compare the claims with what the receiver answered."""
        requests = history.of("http")
        remote = sorted({record.data["destination"] for record in requests})
        accepted = Counter(one.data["destination"] for one in requests if one.data["answer"] in SUCCESS)
        claimed = Counter(
            one.data["destination"] for one in history.of("delivery") if one.data["state"] == "delivered"
        )
        for destination in remote:
            if claimed[destination] > accepted[destination]:
                counts = f"{claimed[destination]} delivered, but {accepted[destination]} accepted"
                message = (
                    f"{printable(destination)}: {counts}; a sink may claim only what was answered with 2xx"
                )
                yield Judgement(Verdict.FAIL, "DELIVERY_NOT_ACCEPTED", message)
