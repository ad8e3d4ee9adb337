"""The JSON schema of scenario files, for completion and checks in an editor.

It comes from the models that validate a file, and from what the leaves of the configuration declare. Wherever
a value may stand, a `$name` may stand too, because a case fills it in.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import models_json_schema

from drills.around import limits
from drills.durations import PATTERN
from drills.grammar import grammar
from drills.scenario_steps import TIMES
from live.alerts.config import LiveAlertsConfig
from live.alerts.dispatch.config import DispatchConfig, Inhibition, Match, Route, Silence
from live.breaker import BreakerConfig
from live.config import LiveDataConfig
from live.contracts import Unit
from live.events import AlertLevel
from live.halts import KEYS as HALT_KEYS
from live.instruments import Instrument
from live.registry import CROSS_GUARDS, GUARDS, RULES, SINKS, WATCHERS
from live.risk_limits import LiveRiskConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import RiskRule
    from live.registry import Registry

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DURATION: Schema = {
    "description": "250ms, 90s, 5m, 1h30m, 2d; for real series also an instant, 2026-01-27T00:00:00Z",
    "type": "string",
    "anyOf": [{"pattern": PATTERN}, {"pattern": r"^\d{4}-\d\d-\d\d"}, {"pattern": r"^\$"}],
}
VALUE: Schema = {
    "description": "The value that a case gives to this name",
    "type": "string",
    "pattern": r"^\$",
}
NOTHING: Schema = {"type": "null"}
ABOUT = ("description", "default")
DERIVED = ("limits", "guards", "across", "settings", "instruments", "symbol")


def schema_text() -> str:
    """The schema as a file holds it; the same leaves give the same bytes."""
    return json.dumps(scenario_schema(), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def scenario_schema() -> Schema:
    """The schema, with every leaf that is known now."""
    models = grammar()
    parts = (models.file, models.step, models.expect, models.endpoint_fault, models.series_fault)
    _, found = models_json_schema([(part, "validation") for part in parts])
    definitions = {name: _fillable(part) for name, part in found["$defs"].items()}
    definitions |= {"Duration": DURATION, "Value": VALUE}
    root, step = definitions.pop("Scenario"), definitions["Step"]
    step["oneOf"] = [{"required": [name]} for name in step["properties"] if name not in TIMES]
    step["properties"]["fault"] = _faults()
    root["properties"] |= {
        "config": _config(),
        "cases": _cases(),
        "around": _around(),
        "around_as": _around_as(),
    }
    return {**root, "$schema": DIALECT, "$defs": definitions}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _faults() -> Schema:
    text = "What misbehaves, by target: a sink, one address of it, an exchange, or a symbol"
    either = {"anyOf": [_ref("EndpointFault"), _ref("SeriesFault"), _ref("Value")]}
    return {"type": "object", "description": text, "minProperties": 1, "additionalProperties": either}


def _cases() -> Schema:
    text = "Sets of values, by the name of the case; `expect` stands instead of the common one"
    case = {"type": "object", "properties": {"expect": _ref("Expect")}}
    return {"type": "object", "description": text, "minProperties": 1, "additionalProperties": case}


def _around() -> Schema:
    return {"enum": sorted(limits()), "description": "A limit; $around stands for the value that is measured"}


def _around_as() -> Schema:
    number = {"type": "number"}
    keys = {"times": number, "plus": number, "unit": {"enum": ["count", "s"]}, "check": _ref("Duration")}
    return {**_table(keys), "description": "How the measured value stands in the file"}


def _config() -> Schema:
    bounds = {rule.key: _bound(rule) for rule in RULES.values()}
    beside = {one.key: {"description": one.doc} for rule in RULES.values() for one in rule.settings}
    instruments = {"type": "object", "additionalProperties": _table(_fields(Instrument))}
    tables = {
        "live_risk": _fields(LiveRiskConfig) | {"instruments": instruments} | bounds | beside,
        "live_data": _fields(LiveDataConfig) | {"halts": _halts()} | _tables(GUARDS) | _tables(CROSS_GUARDS),
        "live_alerts": _fields(LiveAlertsConfig) | _sinks(),
        "live_watchers": _tables(WATCHERS),
        "live_breaker": _fields(BreakerConfig),
    }
    sections = {name: _table(properties) for name, properties in tables.items()}
    plugins = {"type": "array", "items": {"type": "string"}, "description": "Modules with leaves of your own"}
    text = "Laid over the defaults; the same keys as the TOML file"
    return {**_fillable(_table({**sections, "plugins": plugins})), "description": text}


def _bound(rule: RiskRule) -> Schema:
    names = {"type": ["array", "null"], "items": {"type": "string"}}
    return {**(names if rule.unit is Unit.NAMES else {"type": ["number", "null"]}), "description": rule.doc}


def _sinks() -> Schema:
    names = {"type": "array", "items": {"enum": [*SINKS]}}
    levels = {"enum": [level.name for level in AlertLevel]}
    keys = {key: part for sink in SINKS.values() for key, part in _fields(sink.Config).items()}
    return {**keys, "sinks": names, "min_level": levels, "dispatch": _dispatch()}


def _halts() -> Schema:
    """Its key `from` is no name in Python, so its instants are called what a file calls them."""
    texts: Schema = {name: {"type": "string"} for name in HALT_KEYS if name != "symbols"}
    symbols = {"type": "array", "items": {"type": "string"}}
    return {"type": "array", "items": _table({"symbols": symbols, **texts})}


def _dispatch() -> Schema:
    """The table of the dispatcher; its lists of tables are written out, as a file has them."""
    match = _table(_fields(Match))
    matches = {"match": match, "by": match, "what": match}
    lists = {
        name: {"type": "array", "items": _table(_fields(kind) | _of(kind, matches))}
        for name, kind in {"routes": Route, "silences": Silence, "inhibitions": Inhibition}.items()
    }
    return _table(_fields(DispatchConfig) | lists)


def _of(kind: type[Any], parts: Mapping[str, Schema]) -> Schema:
    return {field.name: parts[field.name] for field in fields(kind) if field.name in parts}


def _tables(leaves: Registry[Any]) -> Schema:
    return {name: _table(_fields(leaves[name].Config)) for name in leaves}


def _table(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _fields(config: type[Any]) -> Schema:
    """The keys of a configuration that a file may set; those without a type of JSON take anything."""
    hints = get_type_hints(config, vars(sys.modules[config.__module__]))
    return {field.name: _type(hints[field.name]) for field in fields(config) if field.name not in DERIVED}


def _type(hint: Any) -> Schema:
    try:
        return TypeAdapter(hint).json_schema()
    except PydanticInvalidForJsonSchema:
        return {}


def _fillable(part: Schema) -> Schema:
    """A part of the schema in which `$name` may stand in the place of every value that is no free text."""
    if part.get("pattern") == PATTERN:
        return _ref("Duration")
    filled: Schema = {}
    for key, inner in part.items():
        if key == "properties":
            filled[key] = {name: _value(each) for name, each in inner.items()}
        elif key in {"items", "additionalProperties"} and isinstance(inner, dict):
            filled[key] = _value(inner)
        elif key in {"anyOf", "prefixItems"}:
            filled[key] = [_fillable(each) for each in inner if each != NOTHING]
        elif key != "title" and (key != "default" or _is_plain(inner)):
            filled[key] = inner
    return filled


def _is_plain(value: object) -> bool:
    """Whether JSON has a word for a default; it has none for NaN."""
    return value is not None and value == value  # noqa: PLR0124 - NaN alone differs from itself


def _value(part: Schema) -> Schema:
    filled = _fillable(part)
    options = filled.get("anyOf", [{key: each for key, each in filled.items() if key not in ABOUT}])
    if any(_takes_any_text(option) for option in options):
        return filled
    return {**{key: filled[key] for key in ABOUT if key in filled}, "anyOf": [*options, _ref("Value")]}


def _takes_any_text(option: Schema) -> bool:
    return option in ({}, _ref("Duration")) or (
        option.get("type") == "string" and not {"enum", "const", "pattern", "format"} & option.keys()
    )
