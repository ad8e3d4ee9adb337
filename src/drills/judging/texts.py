"""What a text must hold and what it must never hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drills.refusal import refusal
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


Phrase = Annotated[str, Field(min_length=1)]
Phrases = Annotated[list[Phrase], Field(min_length=1)]


class Texts(BaseModel):
    """Phrases that texts hold, and phrases that none of them holds."""

    model_config = ConfigDict(extra="forbid")

    contains: Phrases = Field(default_factory=list, description="Each of these stands in at least one text")
    lacks: Phrases = Field(default_factory=list, description="None of these stands in any text")

    @model_validator(mode="after")
    def _says_something(self) -> Texts:
        if all(getattr(self, name) is None for name in self.model_fields_set):
            names = " or ".join(f"`{name}`" for name in type(self).model_fields)
            raise refusal("EXPECTS_NOTHING", f"this expects nothing; add {names}")
        return self

    def wrong(self, texts: Sequence[str], noun: str) -> Iterator[str]:
        """What is not as it should be; `noun` is what one text is called: `log line`."""
        for phrase in self.contains:
            if not any(phrase in text for text in texts):
                yield f'no {noun} holds "{printable(phrase)}" (there are {len(texts)})'
        for phrase in self.lacks:
            for text in [text for text in texts if phrase in text][:1]:
                yield f'a {noun} holds "{printable(phrase)}": "{printable(text)}"'
