"""From what pydantic and `live.config` find wrong to errors with a place in the file and a remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from drills.registry import EXPECTATIONS
from drills.yaml_nodes import shown
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic.fields import FieldInfo

    from drills.scenario_errors import ScenarioError
    from drills.yaml_nodes import Path, Source
    from live.config_errors import ConfigError

Error = Mapping[str, Any]
"""One error as pydantic tells it."""

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
SHOULD = re.compile(r"^\w+ should ")
GENERAL = ("BAD_VALUE", "BAD_CONFIG")
PLUGIN = "a name of your own is known with its module: --plugin MODULE, or config.plugins"
LEAF_CODES = ("UNKNOWN_CODE", "UNKNOWN_LIMIT", "UNKNOWN_SINK", "UNKNOWN_SOURCE", "UNKNOWN_WATCHER")
_LEAF_KEY = re.compile(r"config\.live_\w+\.[^.]+|steps\[\d+\]\.[^.\[]+|expect\.[^.]+")
_SLIP = 0.8
"""How alike two names are of which one is the other with a slip of the pen."""
_SUGGESTED = re.compile(r"'([^']*)'.*; did you mean '([^']*)'\?", re.DOTALL)
_UNKNOWN = re.compile(r"\bunknown ([a-z ]+?) '([^']*)'")


def words(path: Sequence[str | int]) -> str:
    """A path as a reader writes it: `steps[0].check_orders[0].notional`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the scenario"


class Problems:
    """Collects what is wrong with one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.errors: list[ScenarioError] = list(source.errors)

    def add(self, path: Path, code: str, message: str, remedy: str, *, key: bool = False) -> None:
        """Note an error at a path, or at its nearest part that exists."""
        if _may_be_a_plugins(path, code) and not _is_a_slip(f"{message}; {remedy}"):
            remedy = f"{remedy}; {PLUGIN}"
        self.errors.append(self.source.error(self.source.mark(path, key=key), code, message, remedy))

    def say(self, path: Path, text: str, code: str = "BAD_VALUE", *, key: bool = False) -> None:
        """Note an error whose text is `message; remedy`; `unknown sink 'x'` is an `UNKNOWN_SINK`."""
        unknown = _UNKNOWN.search(text)
        if unknown and code in GENERAL:
            code = f"UNKNOWN_{unknown[1].replace(' ', '_').upper()}"
        message, _, remedy = text.partition("; ")
        place, at_key = self._place_of(unknown[2], path) if unknown else (path, False)
        self.add(place, code, message, remedy or "correct it", key=key or at_key)

    def _place_of(self, name: str, path: Path) -> tuple[Path, bool]:
        """Where below a path a name stands, and whether it is a key."""
        value = self.value(path)
        if isinstance(value, dict) and name in value:
            return (*path, name), True
        items = [item.value for item in value] if isinstance(value, list) else []
        return ((*path, items.index(name)), False) if name in items else (path, False)

    def add_config(self, error: ConfigError) -> None:
        """Note what `live.config` refused."""
        for problem in error.problems:
            self._add_config(("config", *problem.path), problem.message)

    def _add_config(self, path: Path, message: str) -> None:
        value = self.value(path)
        if isinstance(value, float) and not math.isfinite(value):
            text = f"{words(path)} is {value}, and no value can be compared with that"
            self.add(path, "NOT_A_NUMBER", text, "write a finite number, or null for no limit")
        elif message.startswith("unknown key"):
            hint = message.partition("; ")[2]
            text = f"{str(path[-1])!r} is not a key of {words(path[:-1])}"
            self.add(path, "UNKNOWN_KEY", text, hint, key=True)
        else:
            self.say(path, f"{words(path)}: {message}", "BAD_CONFIG")

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
        by_path: dict[Path, list[Error]] = {}
        for one in error.errors(include_url=False):
            path = self._path_of(one, prefix)
            if one["loc"][-1:] == ("[key]",):
                self._add_one(path, one, {})
            else:
                by_path.setdefault(path, []).append(one)
        for path, ones in by_path.items():
            if not any(len(other) > len(path) and other[: len(path)] == path for other in by_path):
                self._add_all(path, ones, fields_at(model, path[len(prefix) : -1]))

    def _path_of(self, one: Any, prefix: Path) -> Path:
        """The part of an error's location that the file has; a missing key belongs to it."""
        path = prefix
        for part in one["loc"]:
            if self.source.has((*path, part)):
                path = (*path, part)
        return (*path, one["loc"][-1]) if one["type"] == "missing" else path

    def _add_all(self, path: Path, ones: Sequence[Error], fields: Mapping[str, FieldInfo]) -> None:
        """Note the errors of one value; of a union's alternatives, the ones that come nearest."""
        wrong = [one for one in ones if one["type"] not in EXPECTED and one["type"] != "literal_error"]
        if not wrong:
            self._add_wrong_type(path, ones)
        for one in wrong:
            self._add_one(path, one, fields)

    def _add_one(self, path: Path, one: Error, fields: Mapping[str, FieldInfo]) -> None:
        context, said = one.get("ctx", {}), f"{words(path)} is {shown(one['input'])}"
        if one["type"] == "extra_forbidden":
            message = f"{path[-1]!r} is not a key of {words(path[:-1])}"
            self.add(path, "UNKNOWN_KEY", message, _instead_of(path, fields), key=True)
        elif one["type"] == "missing":
            about = getattr(fields.get(str(path[-1])), "description", None)
            self.add(
                path, "MISSING_KEY", f"{words(path)} is missing", f"add it: {about}" if about else "add it"
            )
        elif one["type"] == "finite_number":
            self.add(path, "NOT_A_NUMBER", said, "write a finite number")
        elif one["type"] == "too_short":
            self.add(path, "BAD_VALUE", f"{words(path)} is empty", "write something, or leave it out")
        elif "code" in context and "message" in context:
            self.say(path, context["message"], context["code"], key=one["loc"][-1:] == ("[key]",))
        elif one["type"] == "value_error":
            self.say(path, f"{context['error']}".replace("\n", ", "))
        else:
            self.add(path, "BAD_VALUE", said, f"it must {SHOULD.sub('', one['msg'])}")

    def _add_wrong_type(self, path: Path, ones: Sequence[Error]) -> None:
        value = ones[0]["input"]
        choices = [choice for one in ones for choice in _choices(one)]
        code = "BAD_VALUE" if len(choices) >= len(ones) else "WRONG_TYPE"
        expected = [*choices, *(EXPECTED[one["type"]] for one in ones if one["type"] in EXPECTED)]
        remedy = _meant(value, choices) or f"expected {' or '.join(dict.fromkeys(expected))}"
        self.add(path, code, f"{words(path)} is {shown(value)}", remedy)

    def value(self, path: Path) -> Any:
        """What the file has at a path: a scalar, or nodes; None when there is nothing."""
        node = self.source.at(path)
        return node.value if node else None


def _may_be_a_plugins(path: Path, code: str) -> bool:
    """Whether a name that nobody knows stands where a leaf is named."""
    return code in LEAF_CODES or (code == "UNKNOWN_KEY" and _LEAF_KEY.fullmatch(words(path)) is not None)


def _is_a_slip(text: str) -> bool:
    """Whether the nearest name is so near that nothing else was meant, or is no name that was sought."""
    suggested = _SUGGESTED.search(text)
    if suggested is None:
        return "; known: " not in text
    return SequenceMatcher(None, suggested[1], suggested[2]).ratio() >= _SLIP


def _instead_of(path: Path, fields: Iterable[str]) -> str:
    """What to do about a key that is none there: an expectation on top has come out of its place."""
    if len(path) == 1 and path[0] in EXPECTATIONS:
        return "it is an expectation: write it below expect"
    return nearest(str(path[-1]), fields)


def _choices(one: Error) -> list[str]:
    if one["type"] != "literal_error":
        return []
    words_of_yaml = {"True": "true", "False": "false"}
    expected = re.split(r", | or ", str(one["ctx"]["expected"]))
    return [words_of_yaml.get(choice, choice) for choice in expected]


def _meant(value: object, choices: Iterable[str]) -> str:
    """The choice that a text comes near to, whatever its case."""
    by_name = {choice.strip("'").lower(): choice for choice in choices}
    close = get_close_matches(str(value).lower(), by_name, n=1) if isinstance(value, str) else []
    return f"did you mean {by_name[close[0]]}?" if close else ""


def fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """The fields, by key, of the models that a path inside a model leads to."""
    models = [model]
    for part in path:
        found = [field for one in models for key, field in _fields_of(one).items() if key == part]
        models = [inner for field in found for inner in _models_in(field.annotation)] or models
    return {key: field for one in models for key, field in _fields_of(one).items()}


def _fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
