"""Halts in configuration: what is malformed is an error, and what has no end too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from live.calendars import Span, joined
from live.config import LiveConfig
from live.config_errors import ConfigError
from live.halts import Halt

SOUND = {"symbols": ["ABC"], "from": "2024-03-05T15:00:00Z", "until": "2024-03-05T17:00", "reason": "news"}


def at(hour: int) -> datetime:
    """An hour of the day."""
    return datetime(2024, 3, 5, hour, tzinfo=UTC)


def read(*halts: object) -> tuple[Halt, ...]:
    """Halts of a configuration with these tables."""
    return LiveConfig.from_mapping({"live_data": {"halts": list(halts)}}).data.halts


def test_a_halt_is_of_symbols_or_of_a_calendar() -> None:
    """Instants may be texts or those of TOML; a naive one is UTC."""
    one, two = read(SOUND, {**SOUND, "symbols": ["X", "Y"], "from": at(14)})
    assert one == Halt(at(15), at(17), "news", ("ABC",))
    assert (two.since, two.holds_for("Y", "24x7"), two.holds_for("ABC", "24x7")) == (at(14), True, False)
    (every,) = read({key: value for key, value in SOUND.items() if key != "symbols"} | {"calendar": "XNYS"})
    assert (every.holds_for("ABC", "XNYS"), every.holds_for("ABC", "24x7")) == (True, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"until": None}, r"halts\.0\.until: is missing; .*a halt without an end is silence"),
        ({"from": None}, r"halts\.0\.from: is missing"),
        ({"reason": None}, r"halts\.0\.reason: is missing; say why"),
        ({"reason": " "}, r"halts\.0\.reason: got ' '"),
        ({"symbols": None}, r"halts\.0: names neither of symbols and calendar"),
        ({"calendar": "XNYS"}, r"halts\.0: names both of symbols and calendar"),
        ({"symbols": []}, r"halts\.0\.symbols: got \[\]; expected a list of symbols"),
        ({"symbols": "ABC"}, r"halts\.0\.symbols: got 'ABC'"),
        ({"symbols": None, "calendar": "XNYX"}, r"halts\.0\.calendar: .*did you mean 'XNYS'"),
        ({"until": "2024-03-05T15:00:00Z"}, r"halts\.0\.until: .*not after from"),
        ({"until": "tomorrow"}, r"halts\.0\.until: got 'tomorrow'; expected an instant"),
        ({"until": 5}, r"halts\.0\.until: got 5; expected an instant"),
        ({"untill": "x"}, r"halts\.0\.untill: unknown key 'untill'; did you mean 'until'"),
    ],
)
def test_a_malformed_halt_is_refused(change: dict[str, Any], message: str) -> None:
    """With its number, its key and the remedy."""
    table = {key: value for key, value in {**SOUND, **change}.items() if value is not None}
    with pytest.raises(ConfigError, match=message):
        read(table)


def test_all_problems_of_all_halts_are_told_at_once() -> None:
    """And none of them is in force."""
    with pytest.raises(ConfigError) as refused:
        read({**SOUND, "until": 1, "reason": ""}, SOUND, "halt")
    assert [".".join(map(str, one.path)) for one in refused.value.problems] == [
        "live_data.halts.0.until",
        "live_data.halts.0.reason",
        "live_data.halts.2",
    ]
    with pytest.raises(ConfigError, match=r"live_data.halts: got 5; expected a list of tables"):
        LiveConfig.from_mapping({"live_data": {"halts": 5}})


def test_halts_that_touch_are_one() -> None:
    """One without length is none."""
    spans = [
        Span(at(9), at(10)),
        Span(at(5), at(7)),
        Span(at(6), at(8)),
        Span(at(8), at(9)),
        Span(at(3), at(3)),
    ]
    assert joined(spans) == (Span(at(5), at(10)),)
