"""All that is wrong with what a replay was given, before anything is judged."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError
from drills.series_files import SeriesFileError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Refusals:
    """Collects what is wrong; the first thing does not hide the others."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []

    @contextmanager
    def of(self, option: str, code: str = "BAD_VALUE") -> Iterator[None]:
        """Go on after something that cannot be used; a file is named itself, all else by its option."""
        try:
            yield
        except SeriesFileError as error:
            self.lines += [f"{place}: BAD_SERIES: {text}" for place, text in error.faults]
        except OSError as error:
            text = f"cannot be read ({error.strerror or error}); make it readable"
            self.lines.append(f"{option}: {code}: {text}")
        except (UnusableInputError, ValueError) as error:
            self.lines += [f"{option}: {code}: {line}" for line in str(error).splitlines()]

    def end(self) -> None:
        """Refuse all of it.

        Raises:
            UnusableInputError: something cannot be used.
        """
        if self.lines:
            raise UnusableInputError("\n".join([*self.lines, "nothing was judged, and nothing was written"]))
