"""Many of these tests are about processes that are gone: what those had open is closed after each."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def files_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Python complains of a connection that nobody has closed, from 3.13 on, in whatever test comes then."""
    connect, opened = sqlite3.connect, list[sqlite3.Connection]()

    def remembered(*args: Any, **more: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **more))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", remembered)
    yield
    for one in opened:
        one.close()
