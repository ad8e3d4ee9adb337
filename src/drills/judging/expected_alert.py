"""An alert as a scenario expects it, and in which fields an alert that was raised differs from it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotation
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from drills.judging.compare import differences
from drills.judging.destinations import Destination  # noqa: TC001 - pydantic reads the annotation
from drills.judging.texts import Phrase  # noqa: TC001 - pydantic reads the annotation
from drills.judging.windows import Timed
from drills.refusal import refusal
from drills.words import instant, lag, printable
from live.codes import alert_codes
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drills.history import Record

DeliveryWord = Literal["once", "never", "failed", "fallback", "suppressed", "coalesced", "pending"]


def _known_code(code: str) -> str:
    if code not in alert_codes():
        text = f"{code!r} is no alert code, so it can never be raised; {nearest(code, alert_codes())}"
        raise refusal("UNKNOWN_CODE", text)
    return code


class ExpectedAlert(Timed):
    """An alert that must be raised; what is not given is not judged."""

    code: Annotated[str, AfterValidator(_known_code)] = Field(
        json_schema_extra=lambda schema: schema.update(enum=list(alert_codes()))
    )
    level: Literal["INFO", "WARNING", "CRITICAL"] | None = None
    source: str | None = Field(None, description="Who raises it: `live_risk.orders`")
    subject: str | None = Field(None, description="What it is about: a symbol, a venue")
    message: Phrase | None = Field(None, description="A part of its message")
    context: dict[str, Any] | None = Field(None, description="Facts that its context must hold")
    exactly: bool = Field(default=False, strict=True, description="The context holds nothing else")
    delivered: dict[Destination, DeliveryWord] | None = Field(
        None, description="What became of it; a destination that is not listed must not get it"
    )
    times: int = Field(1, ge=1, strict=True, description="How many such alerts")

    @field_validator("source")
    @classmethod
    def _raised_by_its_source(cls, source: str | None, info: ValidationInfo) -> str | None:
        code = info.data.get("code")  # None where the code itself is refused
        if code is not None and source is not None and source not in alert_codes()[code]:
            text = f"{code} is never raised by {source!r}; write {' or '.join(alert_codes()[code])}"
            raise refusal("UNKNOWN_SOURCE", text)
        return source

    @model_validator(mode="after")
    def _exactly_something(self) -> ExpectedAlert:
        if self.exactly and self.context is None:
            text = "`exactly` has no `context` to compare; add `context` or drop `exactly`"
            raise refusal("CONTRADICTION", text)
        return self

    def wrong_fields(self, alert: Record) -> Iterator[str]:
        """Every field, the code and the time apart, in which an alert is not as expected."""
        data = alert.data
        for field, expected in (("level", self.level), ("source", self.source)):
            if expected is not None and data[field] != expected:
                yield f"{field} {printable(data[field])} instead of {expected}"
        yield from self._wrong_texts(data)
        if self.context is not None:
            yield from differences(self.context, data["context"], "context", exactly=self.exactly)

    def _wrong_texts(self, data: Mapping[str, Any]) -> Iterator[str]:
        subject = data["context"].get("subject")
        if self.subject is not None and subject != self.subject:
            yield f"subject {printable(subject)} instead of {printable(self.subject)}"
        if self.message is not None and self.message not in data["message"]:
            yield f'message "{printable(data["message"])}" does not hold "{printable(self.message)}"'

    def misfits(self, alert: Record) -> list[str]:
        """Every field, the code apart and the time included, in which an alert is not as expected."""
        late_s = self.window.misses_by(alert.at_s)
        return [*self.wrong_fields(alert), *([lag(late_s)] if late_s else [])]

    def fits(self, alert: Record) -> bool:
        """Whether an alert is the expected one."""
        return alert.data["code"] == self.code and not self.misfits(alert)

    def is_related(self, alert: Record) -> bool:
        """Whether an alert may be meant when this one is missing: the same code, or the same source."""
        same_source = alert.data["source"] in (self.source, *alert_codes()[self.code])
        return alert.data["code"] == self.code or same_source

    @property
    def brief(self) -> str:
        """The alert in as few words as can be: `CRITICAL DATA_GAP (BTC/EUR)`."""
        about = f"({printable(self.subject)})" if self.subject else None
        return " ".join(word for word in (self.level, self.code, about) if word)

    def __str__(self) -> str:
        """The alert in a few words, without its time: `CRITICAL DATA_GAP from live_data.gap (BTC/EUR)`."""
        source = f"from {self.source}" if self.source else None
        about = f"({printable(self.subject)})" if self.subject else None
        return " ".join(word for word in (self.level, self.code, source, about) if word)


def alert_words(alert: Record) -> str:
    """An alert that was raised in a few words, without its time."""
    data = alert.data
    subject = data["context"].get("subject")
    about = f" ({printable(subject)})" if subject else ""
    return printable(f"{data['level']} {data['code']} from {data['source']}") + about


def alert_place(alert: Record) -> str:
    """An alert that was raised, and when."""
    return f"{alert_words(alert)} at {instant(alert.at_s)}"
