"""Reads a YAML file from an untrusted author into nodes that know their places.

The dialect is YAML 1.2's core, cut down to what a reader can follow from top to bottom: `on`, `yes` and `NO`
are text, `1:30` and dates are text, `1e5` is a number. Refused with file and line: duplicate keys, anchors
and aliases (all of them, so that no file can grow while it is read), tags, nesting deeper than 32, several
documents, files over 1 MB, and whatever is not UTF-8 text.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from drills.scenario_errors import ScenarioError, ScenarioErrors
from drills.words import printable
from drills.yaml_nodes import Mark, Node, Source, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_BYTES = 1_000_000
DEEPEST = 32
NO_KEYS = ("WRONG_TYPE", "a scenario is keys and values", "`drills new NAME` makes one to begin with")
"""Code, message and remedy of a file that holds something else."""
SAVE_AS_TEXT = "a scenario is a text file; save it as UTF-8"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,400})\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_source(path: Path) -> Source:
    """Read a file.

    Raises:
        ScenarioErrors: it cannot be read, or is not what this dialect allows.
    """
    name = printable(path.as_posix())
    if name != path.as_posix():
        _refuse(name, Mark(), "BAD_NAME", "this name holds what cannot be printed", "rename the file")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        size = max(path.stat().st_size, len(content))
    except OSError as error:
        _refuse(name, Mark(), "UNREADABLE", f"cannot be read: {error.strerror}", "see to its permissions")
    if size > LARGEST_BYTES:
        message = f"{size:,} bytes, but a scenario has {LARGEST_BYTES:,} at most"
        _refuse(
            name, Mark(), "TOO_LARGE", message, "move candles to a data file, under given.candles.SYMBOL.file"
        )
    return parse(_decoded(content, name), name)


def parse(text: str, name: str) -> Source:
    """Read a text; the same errors as `read_source`."""
    source = Source(name, Node(None), text.splitlines())
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        column = control.start() - text.rfind("\n", 0, control.start())
        message = f"control character {control.group()!r}"
        _refuse(
            source, Mark(line, column), "NOT_TEXT", message, "a scenario is a text file; save it as UTF-8"
        )
    composer = _Composer(source, text)
    return Source(name, composer.document(), source.lines, composer.errors)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        mark = Mark(before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        _refuse(name, mark, "NOT_TEXT", message, SAVE_AS_TEXT)


def _refuse(source: Source | str, mark: Mark, code: str, message: str, remedy: str) -> NoReturn:
    place = Source(source, Node(None)) if isinstance(source, str) else source
    raise ScenarioErrors([place.error(mark, code, message, remedy)]) from None


class _Composer:
    """From the parser's events to nodes, in one pass of bounded depth."""

    def __init__(self, source: Source, text: str) -> None:
        self._source = source
        self._events: Iterator[Any] = yaml.parse(text, _LOADER)
        self.errors: list[ScenarioError] = []

    def document(self) -> Node:
        """The only document of the text."""
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(error)

    def _document(self) -> Node:
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            remedy = "`drills new NAME` makes a scenario to begin with"
            _refuse(self._source, Mark(), "EMPTY_FILE", "there is nothing in this file", remedy)
        root = self._node(next(self._events), 1)
        next(self._events)
        another = next(self._events)
        if not isinstance(another, yaml.StreamEndEvent):
            remedy = "one file is one scenario; move it to a file of its own"
            self._refuse(another, "SEVERAL_DOCUMENTS", "a second document begins here", remedy)
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            remedy = "write the value out at every place; `cases:` avoids repetition"
            self._refuse(event, "ALIAS", "anchors and aliases are not read", remedy)
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event), mark_of(event))
        if depth > DEEPEST:
            self._refuse(
                event, "TOO_DEEP", f"nested deeper than {DEEPEST}", "no part of a scenario goes that deep"
            )
        if event.tag:
            self._refuse_tag(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        return Node([self._node(child, depth + 1) for child in self._until_end()], mark_of(event))

    def _until_end(self) -> Iterator[Any]:
        while not isinstance(event := next(self._events), yaml.CollectionEndEvent):
            yield event

    def _mapping(self, start: Any, depth: int) -> Node:
        children: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        for event in self._until_end():
            key = self._key(event)
            value = self._node(next(self._events), depth + 1)
            if key in keys:
                message = f"{key!r} is given twice, first in line {keys[key].line}"
                self.errors.append(
                    self._source.error(mark_of(event), "DUPLICATE_KEY", message, "keep one of the two")
                )
            else:
                keys[key], children[key] = mark_of(event), value
        return Node(children, mark_of(start), keys)

    def _key(self, event: Any) -> str:
        if isinstance(event, yaml.ScalarEvent) and not event.anchor:
            return str(event.value)
        return self._refuse(
            event, "BAD_KEY", "this key is not a plain text", "a key is a single word or a quoted text"
        )

    def _scalar(self, event: Any) -> Any:
        if event.implicit[0]:
            return self._plain(event)
        if event.tag:
            self._refuse_tag(event)
        return event.value

    def _plain(self, event: Any) -> Any:
        text = event.value
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        return float(text) if _FLOAT.match(text) else text

    def _refuse(self, event: Any, code: str, message: str, remedy: str) -> NoReturn:
        _refuse(self._source, mark_of(event), code, message, remedy)

    def _refuse_tag(self, event: Any) -> NoReturn:
        self._refuse(event, "TAG", f"the tag {event.tag!r} is not read", "leave it out; quote what is text")

    def _refuse_syntax(self, error: yaml.MarkedYAMLError) -> NoReturn:
        lines = self._source.lines
        place: Any = error.problem_mark
        begun: Any = error.context_mark
        message, remedy = (
            str(error.problem),
            "check the indentation, brackets and quotes at and before this place",
        )
        if begun and place.line >= len(lines):
            place, message, remedy = begun, "what begins here never ends", "close the bracket or the quote"
        elif lines[place.line : place.line + 1] and lines[place.line][place.column :].startswith("\t"):
            message, remedy = "a tab stands here", "YAML is indented with blanks"
        elif begun and begun.line != place.line:
            remedy = f"what cannot go on here began in line {begun.line + 1}"
        _refuse(self._source, Mark(place.line + 1, place.column + 1), "YAML_SYNTAX", message, remedy)
