"""`observe: {pnl_divergence: {reference_pnl: 100, observed_pnl: 40}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from drills.contracts import Step
from live.config_errors import ConfigError
from live.registry import WATCHERS, RegistryError
from live.validation import read_dataclass

if TYPE_CHECKING:
    from drills.world import World


def _known_samples(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for name, fields in value.items():
        try:
            read_dataclass(WATCHERS[name].Sample, fields, finite=False)
        except (RegistryError, ConfigError) as error:
            text = f"{name}: {error}"
            raise ValueError(text) from None
    return value


class Observe(Step):
    """Feed watchers with a sample each."""

    name = "observe"
    Params = Annotated[dict[str, dict[str, Any]], Field(min_length=1), AfterValidator(_known_samples)]

    def apply(self, world: World, params: dict[str, dict[str, Any]]) -> None:
        """Hand each watcher its sample."""
        for name, fields in params.items():
            world.monitor.observe(name, read_dataclass(WATCHERS[name].Sample, fields, finite=False))

    def summary(self, params: dict[str, dict[str, Any]]) -> str:
        """The watchers and what they are told."""
        return "; ".join(f"{name} {fields}" for name, fields in params.items())
