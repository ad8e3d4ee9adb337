"""What Slack is sent: within its limits, and nothing in it can mention anybody or be a link."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from live.alerts import SlackWebhookAlertSink
from live.alerts.sinks.slack_webhook import escape
from live.contracts import HttpResponse
from tests.unit.alerts.helpers import Bench, alert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.events import AlertEvent

URL = "https://hooks.slack.com/services/hush"
MARKUP = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")


def message(event: AlertEvent) -> Any:
    """What is posted for an alert."""
    bench = Bench()
    SlackWebhookAlertSink(URL, wiring=bench.wiring).send(event)
    return bench.payload()


def texts(value: Any) -> Iterator[str]:
    """Every text under a key `text`."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "text" and isinstance(inner, str) else texts(inner)


def test_the_text_names_level_source_code_and_message() -> None:
    """A notification on a telephone says it all."""
    assert message(alert(message="order 2000.00 EUR, limit 500.00 EUR"))["text"] == (
        "CRITICAL live_risk.orders RISK_LIMIT_VIOLATION_ORDERS: order 2000.00 EUR, limit 500.00 EUR"
    )


def test_the_blocks_carry_headline_message_facts_and_runbook() -> None:
    """In the channel the same stands in an order that can be read at night."""
    header, section, facts, footer = message(alert(context={"worst_limit": "max_order", "value": 2000.0}))[
        "blocks"
    ]
    assert header["text"]["text"] == "CRITICAL: RISK_LIMIT_VIOLATION_ORDERS"
    assert section["text"]["text"] == "limit 500.00 EUR, order 2000.00 EUR"
    assert [field["text"] for field in facts["fields"]] == ["worst_limit: max_order", "value: 2000.0"]
    assert "2026-01-27T00:00:00+00:00" in footer["elements"][0]["text"]
    assert "RUNBOOKS_AND_INCIDENT_HANDLING.md#risk_limit_violation_orders" in footer["elements"][0]["text"]


def test_a_message_of_a_dispatcher_holds_the_key_to_take_it_on_by() -> None:
    """`live-ops alerts acknowledge` asks for it, and whoever reads Slack has nothing else."""
    footer = message(replace(alert(), key="key-1"))["blocks"][-1]
    assert footer["elements"][0]["text"].endswith(" · id key-1")


def test_a_symbol_can_mention_nobody() -> None:
    """Control sequences are shown as the text that they are."""
    posted = message(
        alert(message="<!channel> & <@U1>", code="<!here>", context={"<!everyone>": "<http://evil|x>"})
    )
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in posted["text"]
    assert not [text for text in texts(posted) if MARKUP.search(text)]


def test_slack_makes_no_links_and_mentions_of_its_own() -> None:
    """Every marked-up text is verbatim: "@channel", "#general" and bare addresses stay plain."""
    posted = json.dumps(message(alert(message="@channel http://evil/x", context={"a": "@here"})))
    assert posted.count('"mrkdwn"') == posted.count('"verbatim": true') == 3


@pytest.mark.parametrize("count", [0, 1, 10, 11, 500])
def test_many_facts_become_ten_fields(count: int) -> None:
    """What does not fit is counted."""
    blocks = message(alert(context={f"limit_{number}": number for number in range(count)}))["blocks"]
    fields = [block["fields"] for block in blocks if "fields" in block]
    assert [len(one) for one in fields] == ([min(count, 10)] if count else [])
    if count > 10:
        assert fields[0][-1]["text"] == f"… {count - 9} more"


ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("&<>@!|`"), max_size=200)
LONG = st.builds(lambda text, times: text * times, ANY, st.sampled_from([1, 1, 30, 500]))


@given(LONG, ANY, st.dictionaries(ANY, LONG | st.floats() | st.lists(ANY), max_size=30))
def test_every_message_is_within_the_limits_and_harmless(
    text: str, code: str, context: dict[str, Any]
) -> None:
    """Whatever an alert carries, Slack accepts it and finds no markup in it."""
    posted = message(alert(message=text, code=code, context=context))
    assert len(posted["blocks"]) <= 50
    assert len(posted["text"]) <= 3000
    for block in posted["blocks"]:
        limit = {"header": 150, "section": 3000, "context": 2000}[block["type"]]
        assert all(1 <= len(one) <= limit for one in texts(block))
        assert all(1 <= len(one["text"]) <= 2000 for one in block.get("fields", []))
    assert not [one for one in texts(posted) if MARKUP.search(one)]
    for block in Block.parse_all(posted["blocks"]):
        block.validate_json()  # what Slack's own library makes of it


@given(st.text(st.sampled_from("&<>ab;")), st.integers(min_value=1, max_value=40))
def test_an_escape_is_never_cut_in_two(text: str, limit: int) -> None:
    """What is left after cutting reads as the beginning of the original."""
    cut = escape(text, limit)
    assert len(cut) <= limit
    assert not MARKUP.search(cut)
    assert text.startswith(html.unescape(cut.removesuffix("…")))


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"ok", ""),
        (200, b"ok\n", ""),
        (200, b"", "unexpected_answer"),
        (200, b"okay", "unexpected_answer"),
        (200, b"<html>Log in to the hotel network</html>", "unexpected_answer"),
        (200, b"no_service", "no_service"),
        (404, b"no_service", "no_service"),
        (410, b"channel_is_archived", "channel_is_archived"),
        (400, b"invalid_payload", "invalid_payload"),
        (403, b"action_prohibited", "action_prohibited"),
        (404, b"https://hooks.slack.com/services/hush", "http_404"),
        (429, b"", "http_429"),
        (302, b"ok", "http_302"),
        (503, b"\xff\xfe", "http_503"),
    ],
)
def test_slack_has_it_only_with_200_and_ok(status: int, body: bytes, reason: str) -> None:
    """Every other answer is a failure, named in Slack's own word where it is one that is known."""
    assert SlackWebhookAlertSink(URL).classify(HttpResponse(status, body)).reason == reason
