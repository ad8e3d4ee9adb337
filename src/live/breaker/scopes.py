"""What a breaker stands for: the account, or one strategy."""

from __future__ import annotations

from live.orders import strategy_name

ACCOUNT = "account"
PREFIX = "strategy:"


def strategy_scope(strategy: str) -> str:
    """The scope of a strategy; spellings in other cases are the same strategy.

    Raises:
        ValueError: the name is empty.
    """
    name = strategy_name(strategy)
    if not name:
        raise ValueError("the name of a strategy is empty; write strategy:NAME")
    return f"{PREFIX}{name}"


def scope_named(text: str) -> str:
    """The scope that a person writes: `account`, or `strategy:NAME`.

    Raises:
        ValueError: it is neither.
    """
    if text.strip() == ACCOUNT:
        return ACCOUNT
    if not text.strip().startswith(PREFIX):
        raise ValueError(f"scope {text!r} is neither {ACCOUNT} nor {PREFIX}NAME")
    return strategy_scope(text.strip().removeprefix(PREFIX))


def source_of(scope: str) -> str:
    """The source of the alerts of a scope: `live_breaker.account` or `live_breaker.strategy`."""
    return f"live_breaker.{ACCOUNT if scope == ACCOUNT else 'strategy'}"
