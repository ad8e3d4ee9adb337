"""`expect.checks`: what risk checks answered."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot
from pydantic import ValidationError

from tests.harness.histories import check, history, judged, told, validated

REASON = "max_order_notional_exceeded(max=500.00, observed=2000.00)"


def findings(said: list[dict[str, Any]], *lines: Any) -> str:
    """The findings about a literal history, as a person reads them."""
    return told(judged("checks", said, history(*lines)))


def test_a_check_as_expected_is_no_finding() -> None:
    """Every field that can be given agrees."""
    wanted = {
        "at": "0s",
        "check": "orders",
        "allowed": False,
        "severity": "BREACH",
        "breached": ["max_order_notional"],
        "warned": [],
        "reasons": ["observed=2000.00"],
    }
    assert findings([wanted], check(0.0, reasons=[REASON])) == ""


def test_a_limit_whose_value_is_not_known_is_told_with_its_reason() -> None:
    """Of an order with the side BYE nobody sees in a NaN what is wrong with it."""
    reason = "order_invalid(client_order_id='order-1', field='side', value='BYE')"
    detail = {"limit_name": "order_input", "severity": "BREACH", "value": "NaN", "limit": "NaN"}
    got = check(0.0, details=[{**detail, "message": reason}])
    assert reason in findings([{"at": "0s", "allowed": True}], got).replace("\n  ", " ")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        pytest.param(
            {"allowed": True},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check (allowed), got orders check (BREACH, not allowed,
  max_order_notional 2000 of 500): not allowed instead of allowed\
"""),
            id="allowed",
        ),
        pytest.param(
            {"severity": "WARNING"},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check (WARNING), got orders check (BREACH, not allowed,
  max_order_notional 2000 of 500): severity BREACH instead of WARNING\
"""),
            id="severity",
        ),
        pytest.param(
            {"breached": ["max_total_exposure"]},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check (breached [max_total_exposure]), got orders check (BREACH,
  not allowed, max_order_notional 2000 of 500): breached [max_order_notional] instead of
  [max_total_exposure]\
"""),
            id="another limit",
        ),
        pytest.param(
            {"breached": ["max_order_notional", "max_total_exposure"]},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check (breached [max_order_notional, max_total_exposure]), got
  orders check (BREACH, not allowed, max_order_notional 2000 of 500): breached
  [max_order_notional] instead of [max_order_notional, max_total_exposure]\
"""),
            id="one limit less",
        ),
        pytest.param(
            {"breached": []},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check, got orders check (BREACH, not allowed, max_order_notional
  2000 of 500): breached [max_order_notional] instead of []\
"""),
            id="one limit more",
        ),
        pytest.param(
            {"warned": ["max_order_notional"]},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check (warned [max_order_notional]), got orders check (BREACH, not
  allowed, max_order_notional 2000 of 500): warned [] instead of [max_order_notional]\
"""),
            id="warned",
        ),
        pytest.param(
            {"reasons": ["daily_loss"]},
            snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected check, got orders check (BREACH, not allowed, max_order_notional
  2000 of 500): no reason holds "daily_loss", got [max_order_notional_exceeded(max=500.00,
  observed=2000.00)]\
"""),
            id="reasons",
        ),
    ],
)
def test_a_wrong_answer_names_expected_and_got(wanted: dict[str, Any], message: str) -> None:
    """One finding a check, with every wrong field."""
    assert findings([{"at": "0s", **wanted}], check(0.0, reasons=[REASON])) == message


def test_a_check_that_did_not_happen_names_the_nearest_one() -> None:
    """A check at another instant is not the one that was expected."""
    assert findings([{"at": "1m", "severity": "BREACH"}], check(30.0)) == snapshot("""\
FAIL CHECK_MISSING line 30
  at 00:01:00 expected check (BREACH), got no check
  nearest: orders check (BREACH, not allowed, max_order_notional 2000 of 500) at 00:00:30\
""")


def test_a_check_stands_at_the_instant_at_which_it_began() -> None:
    """A sink that held the check for five seconds does not move it."""
    assert findings([{"at": "1m", "severity": "BREACH"}], check(65.0, held_s=5.0)) == ""


def test_two_checks_at_one_instant_are_told_apart() -> None:
    """By their kind where the kind is given, else by what they answered, in any order."""
    happened = (check(0.0), check(0.0, "OK", check="portfolio"))
    assert findings([{"at": "0s", "severity": "OK"}, {"at": "0s", "severity": "BREACH"}], *happened) == ""
    assert findings([{"at": "0s"}, {"at": "0s", "check": "orders"}], *happened) == ""
    wrong = [{"at": "0s", "check": "portfolio", "severity": "BREACH"}, {"at": "0s", "check": "orders"}]
    assert findings(wrong, *happened) == snapshot("""\
FAIL CHECK_MISMATCH line 30
  at 00:00:00 expected portfolio check (BREACH), got portfolio check (OK, allowed):
  severity OK instead of BREACH\
""")


def test_every_item_is_a_check_of_its_own() -> None:
    """One check does not fulfil two items."""
    assert findings([{"at": "0s"}, {"at": "0s"}], check(0.0)) == snapshot("""\
FAIL CHECK_MISSING line 40
  at 00:00:00 expected check, got no check
  nearest: orders check (BREACH, not allowed, max_order_notional 2000 of 500) at 00:00:00\
""")


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"severity": "BREACH"}],
        [{"at": "0s", "severity": "breach"}],
        [{"at": "0s", "breach": []}],
        [{"at": "0s", "reasons": []}],
    ],
)
def test_misspelt_items_are_refused(said: list[dict[str, Any]]) -> None:
    """No items, no time, an unknown severity, an unknown key, reasons of which there is none."""
    with pytest.raises(ValidationError):
        validated("checks", said)
