"""Where a state outlives the process: the contract, a file, and a store in memory."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NoReturn, Protocol

from live.whole_files import replace_whole

FORM = "live-drills state"


class StateUnreadableError(Exception):
    """What is kept cannot be known; the message says why."""


class StateMissingError(StateUnreadableError):
    """Nothing is kept there: a first start, or what was kept is lost."""


class StateUnwritableError(Exception):
    """A state was not kept; the message says why. What was kept before is as it was."""


class StateStore(Protocol):
    """Keeps one state, values of strict JSON."""

    def read(self) -> Any:
        """What was written last.

        Raises:
            StateUnreadableError: it cannot be known.
        """

    def write(self, state: Any) -> None:
        """Put a state in the place of the one before, all of it or nothing.

        Raises:
            StateUnwritableError: it was not kept.
        """


class FileStateStore:
    """Keeps a state in a JSON file with a digest, so that a damaged one is never believed."""

    def __init__(self, path: Path | str) -> None:
        """Keep it in this file."""
        self._path = Path(path)

    def read(self) -> Any:
        """See `StateStore`; a file that is not there is none that can be read: it may have been lost."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"), parse_constant=_no_constant)
        except FileNotFoundError:
            raise StateMissingError(f"is not there: {self._path}; a first start, or it was lost") from None
        except OSError as error:
            raise StateUnreadableError(f"cannot be read: {self._path} ({error.strerror})") from None
        except (ValueError, RecursionError) as error:
            raise StateUnreadableError(f"is not JSON: {self._path} ({error})") from None
        known = isinstance(content, dict) and content.get("form") == FORM and "state" in content
        if not known or content.get("sha256") != _digest(_text(content["state"])):
            raise StateUnreadableError(f"is damaged, or no state: {self._path}")
        return content["state"]

    def write(self, state: Any) -> None:
        """See `StateStore`."""
        try:
            text = _text(state)
            content = f'{{"form": "{FORM}", "sha256": "{_digest(text)}", "state": {text}}}\n'
            replace_whole(self._path, content.encode())
        except (TypeError, ValueError) as error:
            raise StateUnwritableError(f"is not JSON: {error}") from None
        except OSError as error:
            raise StateUnwritableError(f"{self._path} cannot be written ({error.strerror})") from None


class MemoryStateStore:
    """Keeps a state as long as the object lives, and as strictly as a file: for tests and drills."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._text = "null"

    def read(self) -> Any:
        """See `StateStore`; None while nothing was written."""
        return json.loads(self._text)

    def write(self, state: Any) -> None:
        """See `StateStore`."""
        try:
            self._text = _text(state)
        except (TypeError, ValueError) as error:
            raise StateUnwritableError(f"is not JSON: {error}") from None


def _text(state: Any) -> str:
    return json.dumps(state, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
