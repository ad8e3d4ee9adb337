"""How numbers and untrusted values are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from live.contracts import Unit
from live.risk_limits.wording import shown, written


@pytest.mark.parametrize(
    ("unit", "values", "expected"),
    [
        (Unit.MONEY, (1000.0, 2000.0), ("1000.00", "2000.00")),
        (Unit.MONEY, (1000.0, 1000.0), ("1000.00", "1000.00")),
        (Unit.MONEY, (1000.0, 999.999), ("1000.000", "999.999")),
        (Unit.MONEY, (1000.0, 999.9999999), ("1000.0000000", "999.9999999")),
        (Unit.MONEY, (3e14, 5e14), ("300000000000000.00", "500000000000000.00")),
        (Unit.MONEY, (500.0, -0.0), ("500.00", "0.00")),
        (Unit.MONEY, (500.0, float("nan")), ("500.00", "nan")),
        (Unit.MONEY, (500.0, float("inf")), ("500.00", "inf")),
        (Unit.PERCENT, (5.0, -5.5), ("5.00", "-5.50")),
        (Unit.COUNT, (5, 7), ("5", "7")),
        (Unit.QUANTITY, (0.001, 0.0005), ("0.0010", "0.0005")),
    ],
)
def test_numbers_have_two_decimals_and_more_only_where_rounding_would_hide_something(
    unit: Unit, values: tuple[float, ...], expected: tuple[str, ...]
) -> None:
    """999.999 never reads as the 1000.00 that it did not reach, and nothing is written with an exponent."""
    assert written(unit, *values) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"),
        (True, "True"),
        (1.5, "1.5"),
        ("500 EUR", "'500 EUR'"),
        ("line\nbreak", "'line\\nbreak'"),
        (Decimal("1.50"), "Decimal('1.50')"),
        ("x" * 100, f"'{'x' * 59}…"),
        pytest.param(10**5000, "<int of more digits than can be shown>", id="int"),
        ({"secret": 1}, "<dict>"),
        (object(), "<object>"),
    ],
)
def test_an_untrusted_value_is_shown_in_one_short_line(value: Any, expected: str) -> None:
    """Of an unknown object only the type: its text may be long, secret, or raise."""
    assert shown(value) == expected
