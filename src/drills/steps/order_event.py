"""`order_event: {filled: {client_order_id: a, quantity: 0.5, price: 30000}}`: what became of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from drills.contracts import Step
from drills.durations import Duration  # noqa: TC001 - the model is read at run time
from drills.given import Given, OrderSpec

if TYPE_CHECKING:
    from drills.world import World


class FillSpec(Given):
    """A part of an order that was executed; its numbers are taken as they stand.

    One that is told late was executed some time ago; its `execution_id` is the venue's.
    """

    client_order_id: str
    quantity: Any
    price: Any = None
    executed_ago: Duration | None = None
    execution_id: str = ""


class OrderEventSpec(Given):
    """One thing that became of an order: the order itself when it was accepted, else its id or its fill."""

    accepted: OrderSpec | None = None
    filled: FillSpec | None = None
    cancelled: str | None = None
    rejected: str | None = None
    cancel_requested: str | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if len(self.model_fields_set) != 1:
            known = ", ".join(type(self).model_fields)
            text = f"got {len(self.model_fields_set)} events; write exactly one of {known}"
            raise ValueError(text)
        return self


class OrderEvent(Step):
    """Tell the limits what became of an order."""

    name = "order_event"
    Params = OrderEventSpec

    def apply(self, world: World, params: OrderEventSpec) -> None:
        """Hand it to the limits."""
        limits, ((kind, said),) = world.monitor.limits, params.said().items()
        if isinstance(said, OrderSpec):
            limits.order_accepted(said.build(1))
        elif isinstance(said, FillSpec):
            at = None if said.executed_ago is None else world.clock.now() - said.executed_ago
            limits.order_filled(
                said.client_order_id, said.quantity, said.price, at=at, execution_id=said.execution_id
            )
        else:
            tell = {
                "cancelled": limits.order_cancelled,
                "rejected": limits.order_rejected,
                "cancel_requested": limits.cancel_requested,
            }
            tell[kind](said)

    def summary(self, params: OrderEventSpec) -> str:
        """What became of which order."""
        ((kind, said),) = params.said().items()
        return f"{kind} {said if isinstance(said, str) else said.client_order_id or 'order-1'}"
