"""Marks for what few bars need, so that what all of them take stays short. In Python they do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Step = TypeVar("Step", bound="Callable[..., Any]")
_seldom = set[Any]()


def seldom(function: Step) -> Step:
    """A step that few bars take: it is compiled apart from whatever calls it."""
    _seldom.add(function)
    return function


def is_seldom(function: Callable[..., Any]) -> bool:
    """Whether it is marked so."""
    return function in _seldom


def unlikely(holds: bool) -> bool:  # noqa: FBT001 - what it takes is a condition
    """A condition that holds for few bars, as it is: what follows where it does not is laid out first."""
    return holds
