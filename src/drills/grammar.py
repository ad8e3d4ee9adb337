"""The grammar of a scenario file as pydantic models: what is fixed, and what the leaves bring with them.

The models are made once per set of leaves. Steps, faults and expectations contribute their `Params`; where
all of these have defaults, `true` or nothing at all stands for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from drills.documents import known_chapter, known_section
from drills.durations import Duration
from drills.given import PortfolioSpec
from drills.instants import Instant
from drills.names import NAME, NAME_REMEDY, is_name
from drills.refusal import refusal
from drills.registry import ENDPOINT_FAULTS, EXPECTATIONS, SERIES_FAULTS, STEPS
from drills.series import SeriesSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

TRACKS = ("paper", "shadow", "testnet")
STRICT = ConfigDict(extra="forbid", strict=True, populate_by_name=False)


def _read_track(text: object) -> object:
    if text == "live":
        remedy = f"rehearse on {', '.join(TRACKS[:-1])} or {TRACKS[-1]}"
        raise refusal("LIVE_TRACK", f"a drill never runs on the live track; {remedy}")
    return text


def _read_name(text: str) -> str:
    if not is_name(text):
        raise refusal("BAD_VALUE", f"{text!r} is no id; {NAME_REMEDY}")
    return text


Track = Annotated[Literal["paper", "shadow", "testnet"], BeforeValidator(_read_track)]
Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(json_schema_extra={"pattern": NAME.pattern}), AfterValidator(_read_name)]
Chapter = Annotated[int, AfterValidator(known_chapter)]
Section = Annotated[str, AfterValidator(known_section)]


class Given(BaseModel):
    """What is there before the first step."""

    model_config = STRICT

    portfolio: PortfolioSpec | None = Field(None, description="What the account holds at the start")
    candles: dict[str, SeriesSpec] = Field(default={}, description="Price series by symbol")
    steady: bool = Field(default=True, description="false: the given portfolio is in breach on purpose")


class Header(BaseModel):
    """A drill: what is staged in virtual time, and which alerts are expected of it."""

    model_config = STRICT

    drill: Identifier = Field(description="Unique id, in lower case: risk-order-notional-breach")
    title: Text = Field(description="What the drill shows, in one sentence")
    playbook: Chapter = Field(gt=0, description="Number of the scenario in the playbook")
    runbook: Section = Field("", description="Anchor of the runbook section that is rehearsed")
    track: Track = Field(description="Where it would run; never live")
    start: Instant | None = Field(None, description="Instant 0; default: the first candle of a file")
    seed: int = Field(0, ge=0, description="Seed of all chance")
    tags: list[Text] = Field(default=[], description="Words to select drills by")
    config: dict[str, Any] = Field(default={}, description="Laid over the defaults; keys as in the TOML file")
    given: Given = Field(default_factory=Given)
    tick: Duration | None = Field(
        None, description="Clock ticks; default: the smallest timeframe of the candles"
    )
    until: Duration | None = Field(None, description="Last instant; default: that of the last event")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The models of one set of leaves.

    Attributes:
        file: A whole file, its cases expanded.
        step: One item of `steps`.
        endpoint_fault: What can befall a destination.
        series_fault: What can befall a price series.
        expect: The value of `expect`.
    """

    file: type[BaseModel]
    step: type[BaseModel]
    endpoint_fault: type[BaseModel]
    series_fault: type[BaseModel]
    expect: type[BaseModel]


def grammar() -> Grammar:
    """The grammar with every leaf that is known now."""
    registries = (STEPS, ENDPOINT_FAULTS, SERIES_FAULTS, EXPECTATIONS)
    return _grammar(*(tuple(registry.values()) for registry in registries))


@lru_cache(maxsize=8)
def _grammar(
    steps: Iterable[Any], endpoint: Iterable[Any], series: Iterable[Any], expectations: Iterable[Any]
) -> Grammar:
    step = _with_leaves(
        "Step",
        steps,
        at=(Duration, _AT),
        for_=(Duration | None, _FOR),
        times=(int, _TIMES),
        fault=(_TARGETS, _FAULT),
    )
    expect = _with_leaves("Expect", expectations)
    file = create_model(
        "Scenario",
        __base__=Header,
        __doc__=Header.__doc__,
        steps=(list[step], Field(description="What happens, and when")),  # type: ignore[valid-type]  # made at run time
        expect=(expect, Field(default_factory=expect, description="What must be seen, and nothing else")),
    )
    return Grammar(
        file, step, _with_leaves("EndpointFault", endpoint), _with_leaves("SeriesFault", series), expect
    )


_AT: Any = Field(description="When, after the start; an ISO instant is also read")
_FOR: Any = Field(None, alias="for", description="How long a fault stands; default: to the end")
_TIMES: Any = Field(1, ge=0, le=10_000, strict=True, description="How often, one after the other at once")
_FAULT: Any = Field(None, description="Makes destinations or price series misbehave, by target")
_TARGETS: Any = dict[str, dict[str, Any]] | None


def _with_leaves(name: str, leaves: Iterable[Any], **fields: Any) -> type[BaseModel]:
    for leaf in leaves:
        doc = (leaf.__doc__ or "").strip().partition("\n")[0]
        fields[leaf.name] = (_optional(leaf.Params), Field(None, description=doc))
    model: type[BaseModel] = create_model(name, __config__=STRICT, **fields)
    return model


def _optional(params: Any) -> Any:
    """What may stand under a leaf's key; `true` or nothing where all parameters have defaults."""
    if not (isinstance(params, type) and issubclass(params, BaseModel)):
        return params | None
    if any(field.is_required() for field in params.model_fields.values()):
        return params | None
    return Annotated[params | Literal[True] | None, BeforeValidator(_defaults)]


def _defaults(value: object) -> object:
    return {} if value is True or value is None else value
