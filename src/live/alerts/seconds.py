"""A deadline in seconds that is one: a number above zero, and finite."""

from __future__ import annotations

import math
from typing import Any, Self


class Seconds(float):
    """Seconds, more than none and not for ever."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no number, not above 0, or not finite.
        """
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise ValueError(f"expected a number of seconds, got {given!r}")  # noqa: TRY004 - configuration errors are values
        if not (math.isfinite(given) and given > 0):
            raise ValueError(
                f"expected seconds above 0 and finite, got {given!r}; a sink without a deadline hangs"
            )
        return cls(given)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.of)


DEFAULT_DEADLINE = Seconds(3.0)
