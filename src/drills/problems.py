"""From what pydantic and `live.config` find wrong to errors with a place in the file and a remedy."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from drills.yaml_nodes import masked
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from drills.scenario_errors import ScenarioError
    from drills.yaml_nodes import Path, Source
    from live.config_errors import ConfigError, Problem

EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}
_UNKNOWN = re.compile(r"\bunknown ([a-z ]+?)(?: '|; )")


def words(path: Sequence[str | int]) -> str:
    """A path as a reader writes it: `steps[0].check_orders[0].notional`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the scenario"


def shown(value: object) -> str:
    """A value as the file has it, at most 60 characters of it."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = masked(repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - what fits on a line


class Problems:
    """Collects what is wrong with one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.errors: list[ScenarioError] = list(source.errors)

    def add(
        self, path: Sequence[str | int], code: str, message: str, remedy: str, *, key: bool = False
    ) -> None:
        """Note an error at a path, or at its nearest part that exists."""
        self.errors.append(self.source.error(self.source.mark(path, key=key), code, message, remedy))

    def say(self, path: Sequence[str | int], text: str, code: str = "BAD_VALUE") -> None:
        """Note an error whose text is `message; remedy`; `unknown sink 'x'` makes it an `UNKNOWN_SINK`."""
        unknown = _UNKNOWN.search(text)
        code = f"UNKNOWN_{unknown[1].replace(' ', '_').upper()}" if unknown else code
        message, _, remedy = text.partition("; ")
        self.add(path, code, message, remedy or "correct it", key=unknown is not None)

    def add_config(self, error: ConfigError) -> None:
        """Note what `live.config` refused."""
        for problem in error.problems:
            self._add_config(problem.under("config"))

    def _add_config(self, problem: Problem) -> None:
        value = self._value(problem.path)
        if isinstance(value, float) and not math.isfinite(value):
            text = f"{words(problem.path)} is {value}, and no value can be compared with that"
            self.add(problem.path, "NOT_A_NUMBER", text, "write a finite number, or null for no limit")
        else:
            self.say(problem.path, f"{words(problem.path)}: {problem.message}", "BAD_CONFIG")

    def validated(self, model: type[BaseModel], value: Any, prefix: Path = ()) -> Any:
        """An instance of the model; None when the value is refused, and everything that is wrong is noted.

        Args:
            model: What the value must be.
            value: Plain values.
            prefix: Where in the file the value stands.
        """
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self._add_validation(error, model, prefix)
            return None

    def _add_validation(self, error: ValidationError, model: type[BaseModel], prefix: Path) -> None:
        found = [self._located(one, prefix) for one in error.errors(include_url=False)]
        paths = [path for path, _ in found]
        wrong_types: dict[Path, list[Mapping[str, Any]]] = {}
        for path, one in found:
            if any(len(other) > len(path) and other[: len(path)] == path for other in paths):
                continue  # the alternative of a union that was not meant
            if one["type"] in EXPECTED or one["type"] == "literal_error":
                wrong_types.setdefault(path, []).append(one)
            else:
                self._add_one(path, one, model, prefix)
        for path, ones in wrong_types.items():
            self._add_wrong_type(path, ones)

    def _located(self, one: Any, prefix: Path) -> tuple[Path, Any]:
        """The part of an error's location that the file has; an unknown or missing key belongs to it."""
        path: list[str | int] = list(prefix)
        node = self.source.root
        for part in prefix:
            node = node.child(part) or node
        for part in one["loc"]:
            child = node.child(part)
            if child is not None:
                path.append(part)
                node = child
        if one["type"] == "missing":
            path.append(one["loc"][-1])
        return tuple(path), one

    def _add_one(self, path: Path, one: Mapping[str, Any], model: type[BaseModel], prefix: Path) -> None:
        context = one.get("ctx", {})
        if one["type"] == "extra_forbidden":
            hint = nearest(str(path[-1]), known_keys(model, path[len(prefix) : -1]))
            message = f"{path[-1]!r} is not a key of {words(path[:-1])}"
            self.add(path, "UNKNOWN_KEY", message, hint, key=True)
        elif one["type"] == "missing":
            self.add(path, "MISSING_KEY", f"{words(path)} is missing", "add it")
        elif one["type"] == "finite_number":
            self.add(path, "NOT_A_NUMBER", f"{words(path)} is {shown(one['input'])}", "write a finite number")
        elif "code" in context and "message" in context:
            self.say(path, context["message"], context["code"])
        elif one["type"] == "value_error":
            self.say(path, f"{context['error']}".replace("\n", ", "))
        else:
            text = one["msg"].removeprefix("Input should ")
            self.add(path, "BAD_VALUE", f"{words(path)} is {shown(one['input'])}", f"it should {text}")

    def _add_wrong_type(self, path: Path, ones: Sequence[Mapping[str, Any]]) -> None:
        value = ones[0]["input"]
        expected = " or ".join(dict.fromkeys(map(_expected, ones)))
        literal = all(one["type"] == "literal_error" for one in ones)
        hint = _meant(value, [str(one["ctx"]["expected"]) for one in ones]) if literal else ""
        message = f"{words(path)} is {shown(value)}"
        self.add(path, "BAD_VALUE" if literal else "WRONG_TYPE", message, hint or f"expected {expected}")

    def _value(self, path: Sequence[str | int]) -> Any:
        node = self.source.root
        for part in path:
            child = node.child(part)
            if child is None:
                return None
            node = child
        return node.value


def _expected(one: Mapping[str, Any]) -> str:
    return EXPECTED.get(one["type"]) or str(one["ctx"]["expected"])


def _meant(value: object, expected: Iterable[str]) -> str:
    choices = [choice for text in expected for choice in re.findall(r"'([^']*)'", text)]
    hint = nearest(value.upper(), choices) if isinstance(value, str) else ""
    return hint if hint.startswith("did") else ""


def known_keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the models at a path allow."""
    models = [model]
    for part in path:
        fields = [
            field
            for one in models
            for name, field in one.model_fields.items()
            if part == (field.alias or name)
        ]
        models = [inner for field in fields for inner in _models_in(field.annotation)] or models
    return [field.alias or name for one in models for name, field in one.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
