"""Threads in which libraries log nothing: their lines hold addresses. What other threads log passes."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_this_thread = threading.local()


def keep_quiet() -> None:
    """Let the loggers that `hush` knows drop what is logged in this thread from now on."""
    _this_thread.quiet = True


@contextmanager
def quiet() -> Iterator[None]:
    """Let them drop what is logged in this thread in here."""
    before = getattr(_this_thread, "quiet", False)
    _this_thread.quiet = True
    try:
        yield
    finally:
        _this_thread.quiet = before


def hush(chatty: Container[str] | None = None) -> None:
    """Have loggers drop what is logged in quiet threads; a logger that is made later is not among them.

    Args:
        chatty: Top names of the loggers, such as `httpcore`; every logger there is, unless given.
    """
    for name in list(logging.Logger.manager.loggerDict):
        if chatty is None or name.partition(".")[0] in chatty:
            logging.getLogger(name).addFilter(_not_quiet)
    if chatty is None:
        logging.getLogger().addFilter(_not_quiet)


def _not_quiet(_record: logging.LogRecord) -> bool:
    return not getattr(_this_thread, "quiet", False)
