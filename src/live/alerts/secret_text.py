"""A password: it shows itself to nobody."""

from __future__ import annotations

from typing import Any, Self

from live.alerts.checked import Checked


class SecretText(Checked):
    """A text that is shown as stars; empty when there is none."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        """Hold a text.

        Raises:
            ValueError: it holds control characters or letters beyond ASCII. The message does not quote it.
        """
        if not (text.isascii() and text.isprintable()):
            raise ValueError("holds control characters or letters beyond ASCII; logging in cannot send those")
        self._text = text

    def reveal(self) -> str:
        """The text, for the one place that logs in."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "SecretText('***')" if self else "SecretText('')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Any:
        raise TypeError("a secret cannot be pickled; configure the sink anew in the other process")

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no text, or not usable as a password; it is not quoted.
        """
        if isinstance(given, cls):
            return given
        if not isinstance(given, str):
            raise ValueError(f"expected text, got {type(given).__name__}")  # noqa: TRY004 - configuration errors are values
        return cls(given)


NO_SECRET = SecretText()
