"""What a scenario need not say: addresses for its remote sinks, each with a canary in it.

The addresses are secrets as real ones would be. Their canary must never show in any output of a drill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CANARY = "CANARY-7f3a9c"
ADDRESSES = {
    "webhook": ("webhook_urls", f"https://receiver.invalid/alerts/{CANARY}"),
    "slack_webhook": ("slack_webhook_urls", f"https://hooks.slack.invalid/services/{CANARY}"),
}


def with_defaults(config: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario's configuration, with alerts to the log and an address for every remote sink."""
    alerts = {"enabled": True, "sinks": ["log"], **config.get("live_alerts", {})}
    sinks = [alerts["sinks"]] if isinstance(alerts["sinks"], str) else alerts["sinks"]
    for sink, (key, address) in ADDRESSES.items():
        if sink in sinks:
            alerts.setdefault(key, [address])
    return {**config, "live_alerts": alerts}
