"""Values of a configuration that read themselves: what is wrong with one is told without quoting it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self


class Checked:
    """Something with a class method `of` that makes it of anything, or says in a `ValueError` why not."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is not usable; it is not quoted, because it may be a secret.
        """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.of)
