"""What a scenario need not say: where its remote sinks deliver to, with a canary in every secret.

The addresses and the password are secrets as real ones would be. Their canary must never show in any output
of a drill.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CANARY = "CANARY-7f3a9c"
CANARY_KEY = "CANARY7f3a9c" + "0" * 20  # for what takes letters and digits alone
CANARIES = (CANARY, CANARY_KEY)
ADDRESSES: dict[str, dict[str, Any]] = {
    "webhook": {"webhook_urls": [f"https://receiver.invalid/alerts/{CANARY}"]},
    "slack_webhook": {"slack_webhook_urls": [f"https://hooks.slack.invalid/services/{CANARY}"]},
    "pagerduty": {"pagerduty_routing_key": CANARY_KEY},
    "heartbeat": {"heartbeat_urls": [f"https://watchdog.invalid/ping/{CANARY}"]},
    "apprise": {"apprise_urls": [f"json://receiver.invalid/{CANARY}"]},
    "email": {
        "email_host": "mail.invalid",
        "email_from": "alerts@mail.invalid",
        "email_to": ["desk@mail.invalid"],
        "email_user": "alerts",
        "email_password": CANARY,
    },
}


def with_defaults(config: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario's configuration, with alerts to the log and an address for every remote sink.

    What is no table of alerts, or no list of sinks, is left as it is, for `live.config` to refuse.
    """
    said = config.get("live_alerts", {})
    if not isinstance(said, Mapping):
        return dict(config)
    alerts = {"enabled": True, "sinks": ["log"], **said}
    sinks = alerts["sinks"] if isinstance(alerts["sinks"], list | tuple) else [alerts["sinks"]]
    for sink, usual in ADDRESSES.items():
        if sink in sinks:
            alerts = {**usual, **alerts}
    return {**config, "live_alerts": alerts}
