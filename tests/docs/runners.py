"""What is done with a fenced block of each language. A language that is not listed in `RUNNERS` is an error.

* `python` runs in one namespace per document.
* `bash` runs as a script that stops at the first error.
* `console` runs what follows `$ ` and compares what the next lines show; `...` stands for anything.
* In both, `make TARGET` is only looked up: the target must exist.
* `yaml` is a scenario, a part of one, or a workflow: see `tests/docs/yaml_blocks.py`.
* `toml` is a configuration, which must load, or a part of pyproject.toml.
* `json`, `mermaid` and `text` are read.

A block with `title="FILE"` is written to that file first, so that later commands of the document find it. A
Python block with a title is a module of its own and is not run in the document's namespace. `exit=1` on a
`console` block is the exit status that its last command must have; every other command succeeds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from live.config import LiveConfig
from live.config_errors import ConfigError
from tests.docs.blocks import ROOT, Block, BlockError
from tests.docs.commands import ours_in, run_ours
from tests.docs.yaml_blocks import check_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

DIAGRAMS = ("flowchart ", "sequenceDiagram", "stateDiagram-v2", "graph ")


@dataclass
class Reader:
    """Somebody who follows one document, from its top, in an empty folder with copies of what we ship.

    Attributes:
        folder: Where the commands run and files are written.
        names: The Python namespace.
    """

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def follow(self, block: Block) -> None:
        """Write the block to its file, and do what its language asks for.

        Raises:
            BlockError: it does not do what it shows, or its language is not known.
        """
        if block.language not in RUNNERS:
            raise BlockError(block, f"language {block.language!r} is none of {', '.join(sorted(RUNNERS))}")
        if title := block.options.get("title"):
            path = self.folder / title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        RUNNERS[block.language](self, block)

    def shell(self, script: str) -> tuple[int, str]:
        """Run a script in the folder with our own commands first on the path: its exit status and output."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "NO_COLOR": "1", "COLUMNS": "110", "TERM": "dumb"}
        if commands := ours_in(script):
            return run_ours(commands, self.folder, environment)
        done = subprocess.run(
            ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def run_python(reader: Reader, block: Block) -> None:
    """Run it where its traceback shows the lines of the document."""
    code = compile("\n" * block.line + block.text, str(block.document), "exec")
    if "title" in block.options:
        return
    try:
        exec(code, reader.names)  # noqa: S102 - that is what an executed example is
    except Exception as error:
        raise BlockError(block, f"{type(error).__name__}: {error}") from error


def run_bash(reader: Reader, block: Block) -> None:
    """Run it as one script."""
    status, printed = reader.shell(looked_up(block.text))
    if status:
        raise BlockError(block, f"exit status {status}\n{printed}")


def run_console(reader: Reader, block: Block) -> None:
    """Run each command and compare what it shows."""
    before, *session = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    if before.strip() or not session:
        raise BlockError(block, "a console block begins with '$ ' and a command")
    statuses = [0] * (len(session) - 1) + [int(block.options.get("exit", "0"))]
    for part, status in zip(session, statuses, strict=True):
        command, shown = [*re.split(r"(?<!\\)\n", part, maxsplit=1), ""][:2]
        run_command(reader, block, command, shown, status)


def run_command(reader: Reader, block: Block, command: str, shown: str, status: int) -> None:
    """Run one command of a session; it must end with that status and print what is shown, if anything is."""
    ended, printed = reader.shell(looked_up(command))
    if shown.strip() and not matches(shown, printed):
        raise BlockError(block, f"$ {command}\nthe document shows:\n{shown}\nit prints:\n{printed}")
    if ended != status:
        raise BlockError(block, f"$ {command}\nexit status {ended}, not {status}\n{printed}")


def looked_up(script: str) -> str:
    """The script with each `make TARGET` replaced by a question whether that target exists."""
    return re.sub(r"^make\b", f"make --dry-run -C '{ROOT}'", script, flags=re.MULTILINE)


def matches(shown: str, printed: str) -> bool:
    """Whether the printed text is the shown one; `...` is anything, blanks at line ends do not count."""
    parts = [re.escape(part) for part in tidy(shown).split("...")]
    return re.fullmatch(".*".join(parts), tidy(printed), flags=re.DOTALL) is not None


def tidy(text: str) -> str:
    """The lines without the blanks at their ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def run_yaml(reader: Reader, block: Block) -> None:
    """Load it, and run it when it is a whole scenario."""
    check_yaml(block, reader.folder)


def run_toml(_reader: Reader, block: Block) -> None:
    """Load it as a configuration; what stands under `tool` belongs to others."""
    try:
        values = tomllib.loads(block.text)
        if set(values) != {"tool"}:
            LiveConfig.from_mapping(values)
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        raise BlockError(block, str(error)) from error


def run_json(_reader: Reader, block: Block) -> None:
    """Read it."""
    try:
        json.loads(block.text)
    except ValueError as error:
        raise BlockError(block, f"not JSON: {error}") from error


def run_mermaid(_reader: Reader, block: Block) -> None:
    """Look at the kind of diagram; only a browser can draw it."""
    if not block.text.lstrip().startswith(DIAGRAMS):
        raise BlockError(block, f"a diagram begins with one of {', '.join(DIAGRAMS)}")


def run_text(_reader: Reader, block: Block) -> None:
    """Look that something is shown."""
    if not block.text.strip():
        raise BlockError(block, "an empty block shows nothing")


RUNNERS: dict[str, Callable[[Reader, Block], None]] = {
    "bash": run_bash,
    "console": run_console,
    "json": run_json,
    "mermaid": run_mermaid,
    "python": run_python,
    "text": run_text,
    "toml": run_toml,
    "yaml": run_yaml,
}
