"""Alerts to a Slack incoming webhook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import HttpSink
from live.alerts.payload import as_payload
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls  # noqa: TC001 - configuration types are read at run time
from live.alerts.serialise import CUT, to_json
from live.contracts import HttpResponse, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import Wiring
    from live.events import AlertEvent, AlertLevel

OK = 200
MAX_TEXT, MAX_HEADER, MAX_SECTION, MAX_FIELD, MAX_FIELDS = 3_000, 150, 3_000, 2_000, 10
KNOWN_ERRORS = frozenset(
    [
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_payload",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "no_text",
        "posting_to_general_channel_denied",
        "rollup_error",
        "team_disabled",
        "token_revoked",
        "too_many_attachments",
        "user_not_found",
    ]
)


class SlackWebhookAlertSink(HttpSink):
    """Posts a text and Block Kit blocks; only status 200 with the body "ok" is a delivery."""

    name = "slack_webhook"
    min_interval_s = 1.0

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink.

        Attributes:
            slack_webhook_urls: Where it posts to.
            webhook_timeout_seconds: The most that one destination may hold the caller, in seconds.
        """

        slack_webhook_urls: SecretUrls
        webhook_timeout_seconds: Seconds = DEFAULT_DEADLINE

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> SlackWebhookAlertSink:
        """A sink as the configuration says."""
        return cls(config.slack_webhook_urls, config.webhook_timeout_seconds, min_level, wiring=wiring)

    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The alert as a Slack message in which nothing can mention anybody."""
        alert = as_payload(event)
        text = "{level} {source} {code}: {message}".format_map(alert)
        blocks = [_header(alert), _section(str(alert["message"])), *_facts(alert["context"]), _footer(alert)]
        return {"text": escape(text, MAX_TEXT), "blocks": blocks}

    def classify(self, response: HttpResponse) -> Outcome:
        """Delivered on "ok"; else Slack's own word for what is wrong, or the status."""
        said = response.body[:100].decode("utf-8", "replace").strip()
        if response.status == OK and said == "ok":
            return Outcome()
        if said in KNOWN_ERRORS:
            return Outcome(said)
        return Outcome("unexpected_answer" if response.status == OK else f"http_{response.status}")


def escape(text: str, limit: int) -> str:
    """Text in which Slack finds no markup, `limit` characters at most; an escape is never cut in two."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= limit:
        return escaped
    return re.sub(r"&[a-z]{0,3}\Z", "", escaped[: limit - len(CUT)]) + CUT


def _header(alert: Mapping[str, Any]) -> dict[str, Any]:
    text = escape(f"{alert['level']}: {alert['code']}", MAX_HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _literal(text or "(no message)", MAX_SECTION)}


def _facts(context: Any) -> list[dict[str, Any]]:
    if not isinstance(context, dict) or not context:
        return []
    facts = [_literal(f"{key}: {_shown(value)}", MAX_FIELD) for key, value in context.items()]
    if len(facts) > MAX_FIELDS:
        facts[MAX_FIELDS - 1 :] = [_literal(f"{CUT} {len(facts) - MAX_FIELDS + 1} more", MAX_FIELD)]
    return [{"type": "section", "fields": facts}]


def _footer(alert: Mapping[str, Any]) -> dict[str, Any]:
    text = "{source} · {ts} · {runbook}".format_map(alert)
    text += f" · id {alert['id']}" if "id" in alert else ""
    return {"type": "context", "elements": [_literal(text, MAX_FIELD)]}


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)


def _literal(text: str, limit: int) -> dict[str, Any]:
    """Text that Slack shows as it stands: escaped, and no link, channel or user is made of it."""
    return {"type": "mrkdwn", "text": escape(text, limit), "verbatim": True}
