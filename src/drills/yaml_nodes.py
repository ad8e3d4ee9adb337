"""A YAML file that was read: values that know their places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from drills.contracts import Where
from drills.scenario_errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]
_ADDRESS = re.compile(r"(?<=://)[^\s'\",\]}]+")


class Mark(NamedTuple):
    """A token in the file: line and column from 1, length in characters."""

    line: int = 1
    column: int = 1
    width: int = 1


TOP = Mark()
NO_KEYS: Mapping[str, Mark] = MappingProxyType({})


@dataclass(slots=True)
class Node:
    """A value and its place. Nodes are never changed: what replaces one is another node.

    Attributes:
        value: A scalar, or nodes: a list, or a dictionary by key.
        mark: Where it begins.
        keys: Where the keys stand, when the value is a dictionary.
    """

    value: Any
    mark: Mark = field(default=TOP, repr=False)
    keys: Mapping[str, Mark] = field(default_factory=lambda: NO_KEYS, repr=False)

    def plain(self) -> Any:
        """The value without places."""
        value = self.value
        if type(value) is dict:
            return {key: child.plain() for key, child in value.items()}
        if type(value) is list:
            return [child.plain() for child in value]
        return value

    def child(self, part: str | int) -> Node | None:
        """The node under a key or an index; None when there is none."""
        if isinstance(self.value, dict):
            return self.value.get(part)
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            child: Node = self.value[part]
            return child
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read.

    Attributes:
        file: Its name in messages.
        root: Its nodes.
        lines: Its lines.
        errors: What is wrong with it although the rest can be read: duplicate keys.
    """

    file: str
    root: Node
    lines: Sequence[str] = field(default=(), repr=False)
    errors: Sequence[ScenarioError] = ()

    def mark(self, path: Sequence[str | int], *, key: bool = False) -> Mark:
        """The place of a path, or of the nearest thing on the way to it that exists.

        Args:
            path: Keys and indexes from the top; parts that do not exist are passed over.
            key: Whether the key itself is meant, not its value.
        """
        node, mark = self.root, self.root.mark
        for part in path:
            child = node.child(part)
            if child is not None:
                at_key = key and part == path[-1] and isinstance(part, str)
                mark = node.keys[str(part)] if at_key else child.mark
                node = child
        return mark

    def at(self, path: Path) -> Node | None:
        """The node at a path; None when there is none."""
        node: Node | None = self.root
        for part in path:
            node = node.child(part) if node else None
        return node

    def has(self, path: Path) -> bool:
        """Whether there is anything at a path."""
        return self.at(path) is not None

    def where(self, path: Sequence[str | int], *, key: bool = False) -> Where:
        """The place of a path, for whoever reports on it."""
        mark = self.mark(path, key=key)
        return Where(self.file, mark.line, mark.column)

    def error(self, mark: Mark, code: str, message: str, remedy: str) -> ScenarioError:
        """An error at a place of this file, with the offending line."""
        text = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        where = Where(self.file, mark.line, mark.column)
        return ScenarioError(where, code, message, remedy, masked(text.replace("\t", " ")), mark.width)


def masked(text: str) -> str:
    """A text of the same length without addresses: those of webhooks are secrets."""
    return _ADDRESS.sub(lambda found: "*" * len(found[0]), text)


def mark_of(event: Any) -> Mark:
    """The place of a parser's event; the event itself need not be kept."""
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Mark(start.line + 1, start.column + 1, max(width, 1))


def shown(value: object) -> str:
    """A value as the file has it, at most 60 characters of it."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = masked(repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - what fits on a line
