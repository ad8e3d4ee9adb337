"""The step `breaker`: one act on one scope, or an error before anything runs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from drills.steps.breaker import Breaker


def read(**values: Any) -> Any:
    """The step's parameters as a scenario gives them."""
    return TypeAdapter(Breaker.Params).validate_python(values)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"rearm": "ACTIVE", "role": "risk_owner"}, "rearm ACTIVE by risk_owner"),
        ({"override": "HALTED", "scope": "strategy:trend"}, "override HALTED strategy:trend"),
        ({"observe": "OK"}, "observe OK"),
        ({"store": "unreadable"}, "store unreadable"),
    ],
)
def test_the_plan_says_what_is_done(values: dict[str, Any], text: str) -> None:
    """And by whom, where it is known."""
    assert Breaker().summary(read(**values)) == text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "does one of rearm, override, observe, store, not nothing"),
        ({"rearm": "ACTIVE", "store": "sound"}, "not rearm and store"),
        ({"rearm": "HALTED"}, "Input should be 'ACTIVE', 'WARN' or 'REDUCE_ONLY'"),
        ({"observe": "OK", "scope": "trend"}, "neither account nor strategy:NAME"),
        ({"rearm": "ACTIVE", "rol": "x"}, "Extra inputs are not permitted"),
    ],
)
def test_what_is_no_act_is_refused(values: dict[str, Any], message: str) -> None:
    """A misspelt halt must not look like one."""
    with pytest.raises(ValidationError, match=message):
        read(**values)
