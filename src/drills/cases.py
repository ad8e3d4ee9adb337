"""One file, several drills: `cases:` with sets of values, and `around:` a limit.

`$name` stands for the value that a case gives to `name`, whatever its type, as a value or as a key; `$$name`
is the text `$name`. Each case is expanded to a whole file before anything is validated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drills.names import NAME_REMEDY, is_name
from drills.yaml_nodes import Node
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from drills.problems import Problems
    from drills.yaml_nodes import Source

EXPANDED = ("cases", "around", "around_as")
AROUND = "around"
_PLACEHOLDER = re.compile(r"\$([A-Za-z_]\w*)\Z")


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file; its name is empty when the file has none."""

    name: str
    source: Source


def expand(problems: Problems) -> list[Case]:
    """The cases of a source; what is wrong with them is noted in `problems`."""
    source = problems.source
    top: Mapping[str, Node] = source.root.value
    if all(key in top for key in ("cases", "around")):
        problems.add((AROUND,), "CONFLICT", "a file has `cases` or `around`, not both", "split it", key=True)
        return []
    if AROUND in top:
        from drills.around import around_cases

        return [
            _filled(name, changed, {AROUND: value}, problems)
            for name, changed, value in around_cases(problems)
        ]
    if "cases" not in top:
        return [_filled("", source.root, {}, problems)] if _mentions_any(source) else [Case("", source)]
    return [
        _filled(name, _overridden(source.root, variables), _values(variables), problems)
        for name, variables in _named_cases(top["cases"], problems)
    ]


def _mentions_any(source: Source) -> bool:
    return any("$" in line and not line.lstrip().startswith("#") for line in source.lines)


def _named_cases(cases: Node, problems: Problems) -> Iterator[tuple[str, Node]]:
    if not isinstance(cases.value, dict) or not cases.value:
        problems.add(
            ("cases",), "WRONG_TYPE", "cases names nothing", "write `name: {variable: value}` under it"
        )
        return
    for name, variables in cases.value.items():
        path = ("cases", name)
        if not is_name(name):
            problems.add(path, "BAD_VALUE", f"{name!r} cannot be the name of a case", NAME_REMEDY, key=True)
        elif not isinstance(variables.value, dict):
            problems.add(path, "WRONG_TYPE", f"case {name!r} holds no variables", "write `{variable: value}`")
        else:
            _note_unused(name, variables, problems)
            yield name, variables


def _note_unused(name: str, variables: Node, problems: Problems) -> None:
    top = problems.source.root.value
    places = [node for key, node in top.items() if key not in EXPANDED]
    own = variables.value.get("expect")
    mentioned = {found for node in [*places, *([own] if own else [])] for found in _mentioned(node)}
    for variable in _values(variables):
        if variable not in mentioned:
            message = f"case {name!r} sets {variable!r}, but nothing says ${variable}"
            remedy = nearest(variable, mentioned) if mentioned else "drop it, or use it"
            problems.add(("cases", name, variable), "UNUSED_VARIABLE", message, remedy, key=True)


def _values(variables: Node) -> dict[str, Node]:
    return {key: node for key, node in variables.value.items() if key != "expect"}


def _overridden(root: Node, variables: Node) -> Node:
    """The file with the case's own `expect` in place of the common one."""
    if "expect" not in variables.value:
        return root
    keys = {**root.keys, "expect": variables.keys["expect"]}
    return replace(root, value={**root.value, "expect": variables.value["expect"]}, keys=keys)


def _filled(name: str, root: Node, values: Mapping[str, Node], problems: Problems) -> Case:
    kept = {key: node for key, node in root.value.items() if key not in EXPANDED}
    filler = _Filler(name, values, problems)
    return Case(name, replace(problems.source, root=filler.fill(replace(root, value=kept)), errors=()))


class _Filler:
    """Puts the values of one case in the place of their names."""

    def __init__(self, case: str, values: Mapping[str, Node], problems: Problems) -> None:
        self._case = case
        self._values = values
        self._problems = problems

    def fill(self, node: Node) -> Node:
        """The node with every placeholder replaced."""
        if isinstance(node.value, dict):
            return self._filled_mapping(node)
        if isinstance(node.value, list):
            return replace(node, value=[self.fill(child) for child in node.value])
        return self._value_of(node) if isinstance(node.value, str) else node

    def _filled_mapping(self, node: Node) -> Node:
        names = {key: str(self._value_of(Node(key, mark)).value) for key, mark in node.keys.items()}
        children = {names[key]: self.fill(child) for key, child in node.value.items()}
        return replace(node, value=children, keys={names[key]: mark for key, mark in node.keys.items()})

    def _value_of(self, node: Node) -> Node:
        name = _placeholder(node.value)
        if name is None:
            return replace(node, value=node.value[1:]) if node.value.startswith("$$") else node
        if name not in self._values:
            self._note_unknown(node, name)
            return node
        return self._values[name]

    def _note_unknown(self, node: Node, name: str) -> None:
        giver = f"case {self._case!r} gives" if self._case else "this file has no cases that give"
        hint = nearest(name, self._values) if self._values else "write $$ for a text that begins with $"
        error = self._problems.source.error(node.mark, "UNKNOWN_VARIABLE", f"{giver} ${name} no value", hint)
        self._problems.errors.append(error)


def _placeholder(value: Any) -> str | None:
    found = _PLACEHOLDER.match(value) if isinstance(value, str) else None
    return found[1] if found else None


def _mentioned(node: Node) -> Iterator[str]:
    """Names of all placeholders in a node."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _mentioned(Node(key))
            yield from _mentioned(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from _mentioned(child)
    elif (name := _placeholder(node.value)) is not None:
        yield name
