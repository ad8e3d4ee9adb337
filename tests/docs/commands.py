"""Commands of ours that stand alone on a line: run here, where all that they need is loaded already.

A process of its own is half a second slower for each. What only a shell understands (pipes, variables, files
that are written) and what stands beside a command of others goes to the shell: that starts what is installed.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from unittest.mock import patch

from drills import cli
from live import ops

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OURS = {"drills": cli.main, "live-ops": ops.main}
SHELL = re.compile(r"[$`|&;<>()*?\[\]{}~#!]")


def ours_in(script: str) -> list[list[str]]:
    """The words of each line; nothing where a line is more than one of our commands and its words."""
    lines = script.replace("\\\n", " ").splitlines()
    if any(SHELL.search(line) for line in lines):
        return []
    commands = [shlex.split(line) for line in lines]
    return commands if all(words and words[0] in OURS for words in commands) else []


def run_ours(
    commands: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Run commands in a folder up to the first that fails: its exit status, and what all of them printed."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with chdir(folder), patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(out):
        status = next((status for words in commands if (status := _status_of(words))), 0)
    out.seek(0)
    return status, out.read()


def _status_of(words: Sequence[str]) -> int:
    with patch.object(sys, "argv", [*words]):
        try:
            OURS[words[0]]()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0
