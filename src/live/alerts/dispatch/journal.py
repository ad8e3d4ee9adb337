"""A journal beside the outbox: what `send` was given, and the outbox has not recorded yet.

Every dispatcher has one of its own, which it appends to and keeps locked; the system lets go of the lock when
the process dies, in whatever container it ran (SQLite in write-ahead mode needs one machine for all, too). A
line is a number and an alert, written by one call; numbers only grow. Which number was recorded last stands
in the outbox, in the same change as the alert: so a line is recorded once, whenever the process dies.
"""

from __future__ import annotations

import glob
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from live.alerts.dispatch.database import MEMORY

try:
    import fcntl
except ImportError:  # a system without such locks: whoever sends records it himself
    fcntl = None  # type: ignore[assignment]  # a module elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 32_000_000
"""So many bytes may be in it; whoever sends more takes some over first, until it can be emptied."""
_LINE = re.compile(r"(\d{1,18}) (.*)", re.DOTALL)
_NAME = re.compile(r"-inbox-\d+-[0-9a-f]{8}")


class JournalError(Exception):
    """A journal cannot be read; the message says which, and why."""


class Mark(NamedTuple):
    """How far a journal is recorded.

    Attributes:
        journal: Its name.
        number: The last line that is, with all before it.
        ahead: Lines after that one that are, too.
    """

    journal: str
    number: int
    ahead: tuple[int, ...] = ()


class Line(NamedTuple):
    """A line of a journal.

    Attributes:
        number: Its number; that of the line before plus one where it cannot be read.
        text: The alert, as `record.py` writes it, or what is left of it.
    """

    number: int
    text: str


class Journal:
    """A file that this process has locked, and the only one that it appends to.

    Attributes:
        path: The file.
        name: What it is called.
    """

    def __init__(self, path: str, descriptor: int) -> None:
        self.path, self.name = path, Path(path).name
        self._size, self._descriptor = 0, descriptor

    @classmethod
    def make(cls, outbox: str) -> Self | None:
        """An empty one beside an outbox; None where there can be none, in memory or on this system."""
        if outbox == MEMORY:
            return None
        flags, own = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, f"{os.getpid()}-{secrets.token_hex(4)}"
        new, made = f"{outbox}-new-{own}", None
        try:
            made = cls._locked(new, flags)
            return made and made.publish(outbox, f"{outbox}-inbox-{own}")
        except OSError:
            with suppress(OSError):
                Path(new).unlink()
            if made is not None:
                made.close()
            return None

    def publish(self, outbox: str, path: str) -> Self:
        """Take this name, once whoever may use the outbox may open it.

        Raises:
            OSError: it has not.
        """
        of = Path(outbox).stat()
        with suppress(OSError):  # as far as this user may
            os.fchown(self._descriptor, -1 if os.geteuid() else of.st_uid, of.st_gid)
        os.fchmod(self._descriptor, of.st_mode)
        Path(self.path).rename(path)
        return type(self)(path, self._descriptor)

    @staticmethod
    def left_beside(outbox: str) -> list[str]:
        """The paths of all that are there, in the order of their names."""
        if outbox == MEMORY:
            return []
        found = glob.glob(f"{glob.escape(outbox)}-inbox-*")  # noqa: PTH207 - the path is text
        return sorted(path for path in found if _NAME.fullmatch(path.removeprefix(outbox)))

    @classmethod
    def opened(cls, path: str) -> Self | None:
        """That of a process that is gone; None when it lives, or somebody else was faster.

        Raises:
            JournalError: it cannot be opened.
        """
        try:
            return cls._locked(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise JournalError(f"{path}: {error.strerror}") from None

    @classmethod
    def _locked(cls, path: str, flags: int) -> Self | None:
        """Open and lock; None while somebody else has it, or has just deleted it."""
        if fcntl is None:
            return None
        descriptor = os.open(path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_nlink:
                return cls(path, descriptor)
        except BlockingIOError:
            pass
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    @property
    def is_large(self) -> bool:
        """Whether it should be emptied before more is written."""
        return self._size >= LARGEST

    def write(self, number: int, text: str) -> None:
        """Append a line, in the system's hands when this returns.

        Raises:
            OSError: it is not there, or not as a whole; nothing may be appended any more.
        """
        line = f"{number} {text}\n".encode()
        if os.write(self._descriptor, line) != len(line):
            raise OSError("the disk is full")
        self._size += len(line)

    def lines(self, after: int) -> Iterator[Line]:
        """The complete lines after a number; the `send` of one that is not complete has never returned.

        Raises:
            JournalError: it cannot be read.
        """
        try:
            content = Path(self.path).read_bytes()
        except OSError as error:
            raise JournalError(f"{self.path}: {error.strerror}") from None
        number = 0
        for line in content.split(b"\n")[:-1]:
            found = _read(line, number + 1)
            number = found.number
            if number > after:
                yield found

    def truncate(self) -> None:
        """Forget every line; where that fails, they are recorded as before."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            self._size = 0

    def delete(self) -> None:
        """Nothing in it is needed any more; locked until it is gone, and empty where it must stay."""
        self.truncate()
        with suppress(OSError):
            Path(self.path).unlink()

    def close(self) -> None:
        """Let go of the file, and leave it where it is."""
        descriptor, self._descriptor = self._descriptor, -1  # the system may give it to another file
        with suppress(OSError):
            os.close(descriptor)


def _read(line: bytes, number: int) -> Line:
    text = line.decode(errors="replace")
    found = _LINE.fullmatch(text)
    return Line(int(found[1]), found[2]) if found else Line(number, text)
