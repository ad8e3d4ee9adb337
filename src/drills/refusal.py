"""How a value of a scenario file is refused; the loader adds the place."""

from __future__ import annotations

from pydantic_core import PydanticCustomError


def refusal(code: str, message: str) -> PydanticCustomError:
    """The error that a validator raises.

    Args:
        code: What kind of error it is: `UNKNOWN_CODE`.
        message: What was found; after a semicolon, the remedy.
    """
    return PydanticCustomError("refused", "{message}", {"code": code, "message": message})
