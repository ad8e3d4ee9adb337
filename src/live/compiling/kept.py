"""Compiled functions kept on the disk: the next process reads them instead of compiling for seconds.

Each is a file of its own whose name is a fingerprint of all that went into it, so what is found is never
stale; what nobody has read for a month goes when something is put there. Nothing here fails: what cannot be
read is compiled, and what cannot be written is not kept.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import re
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
from numba.core import compiler, config, serialize
from numba.core.registry import cpu_target

from live.whole_files import replace_whole

SWITCHES = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DEBUGINFO_DEFAULT")
"""Settings of numba that change what it makes."""
_made_again: Any = compiler.CompileResult._rebuild  # noqa: SLF001 - as numba's own caches do
_dumps: Any = serialize.dumps
DIGEST = hashlib.sha256().digest_size
MONTH_S = 30 * 86_400.0
OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.\d+\.tmp")
"""Names of what is kept, and of what a process that died was writing."""


def circumstances() -> tuple[object, ...]:
    """What beside the sources decides what comes out of the compiler."""
    processor = cpu_target.target_context.codegen().magic_tuple()
    versions = (platform.python_implementation(), platform.python_version(), numba.__version__)
    return (
        *versions,
        version("llvmlite"),
        processor,
        *(getattr(config, name) for name in SWITCHES),
    )


def folder() -> Path:
    """Where they are kept: below `XDG_CACHE_HOME` or, on Windows, `LOCALAPPDATA`."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "live-drills"


class Kept:
    """Where a compiled function looks before it is compiled, and is put afterwards; numba asks it."""

    def __init__(self, key: str) -> None:
        """Keep it under this key."""
        self._key = key
        self.cache_path = ""

    def load_overload(self, sig: Any, target: Any) -> Any:
        """What is kept for a signature; None where there is nothing that can be used."""
        target.refresh()
        with suppress(Exception):  # a file may be cut short, or of another make
            return _made_again(target, *_read(self._path(sig)))
        return None

    def save_overload(self, sig: Any, made: Any) -> None:
        """Keep what was compiled, where it can be."""
        with suppress(Exception):  # the folder may be read-only, or full
            if not made.library.has_dynamic_globals and not made.lifted:
                _write(self._path(sig), _dumps(made._reduce()))  # noqa: SLF001 - as these do

    def flush(self) -> None:
        """Keep nothing back: there is nothing."""

    def _path(self, sig: Any) -> Path:
        return folder() / hashlib.sha256(f"{self._key} {sig}".encode()).hexdigest()


def _read(path: Path) -> Any:
    """What a file holds.

    Raises:
        ValueError: it is not what was written.
    """
    content = path.read_bytes()
    with suppress(OSError):  # the folder may be read-only
        path.touch()
    if hashlib.sha256(content[DIGEST:]).digest() != content[:DIGEST]:
        raise ValueError(f"{path} is damaged")
    return pickle.loads(content[DIGEST:])  # noqa: S301 - written by this user, into a folder of this user


def _write(path: Path, content: bytes) -> None:
    """Write whole files only, whoever else writes.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_whole(path, hashlib.sha256(content).digest() + content)
    _prune(path)


def _prune(newest: Path) -> None:
    """Remove what was last read a month before that file was written; another process may do so too."""
    oldest = newest.stat().st_mtime - MONTH_S
    for path in newest.parent.iterdir():
        with suppress(OSError):
            if OURS.fullmatch(path.name) and path.stat().st_mtime < oldest:
                path.unlink()
