"""What a text must hold and what it must never hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drills.judging.refusal import refusal
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


Phrase = Annotated[str, Field(min_length=1)]
Phrases = list[Phrase]


class Texts(BaseModel):
    """Phrases that texts hold, and phrases that none of them holds."""

    model_config = ConfigDict(extra="forbid")

    contains: Phrases = Field(default_factory=list, description="Each of these stands in at least one text")
    lacks: Phrases = Field(default_factory=list, description="None of these stands in any text")

    @model_validator(mode="after")
    def _says_something(self) -> Texts:
        if not self.model_fields_set:
            names = " or ".join(f"`{name}`" for name in type(self).model_fields)
            raise refusal("EXPECTS_NOTHING", f"this expects nothing; add {names}")
        return self

    def wrong(self, texts: Sequence[str]) -> Iterator[str]:
        """What is not as it should be, in words that follow the name of the texts."""
        for phrase in self.contains:
            if not any(phrase in text for text in texts):
                yield f'does not hold "{printable(phrase)}" in {_count(texts)}'
        for phrase in self.lacks:
            for text in [text for text in texts if phrase in text][:1]:
                yield f'holds "{printable(phrase)}": "{printable(text)}"'


def _count(texts: Sequence[str]) -> str:
    return f"any of {len(texts)} texts" if texts else "it: it is empty"
