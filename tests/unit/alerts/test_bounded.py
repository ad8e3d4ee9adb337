"""Work in a thread of its own: it holds the caller until the deadline, and what it raises stays there."""

from __future__ import annotations

import logging
import threading

import pytest

from live.alerts.bounded import done_within
from live.alerts.quiet import hush, keep_quiet
from live.contracts import TransportError

ENOUGH_S = 30.0


def test_what_is_done_in_time_comes_back() -> None:
    """And the thread bears a name that an operator can read."""
    assert done_within(ENOUGH_S, lambda: threading.current_thread().name, name="live-x") == "live-x"


def test_what_hangs_is_a_timeout() -> None:
    """Nobody waits for what is not done."""
    released = threading.Event()
    with pytest.raises(TransportError) as raised:
        done_within(0.05, released.wait, name="live-x")
    released.set()
    assert raised.value.kind == "timeout"


def test_a_failure_keeps_its_word() -> None:
    """A transport error is passed on as it is."""

    def fail() -> None:
        raise TransportError("auth", "hush")

    with pytest.raises(TransportError) as raised:
        done_within(ENOUGH_S, fail, name="live-x")
    assert (raised.value.kind, str(raised.value)) == ("auth", "auth")


@pytest.mark.parametrize("error", [ValueError("hush"), TimeoutError("hush"), SystemExit("hush")])
def test_any_other_error_is_internal(error: BaseException, capfd: pytest.CaptureFixture[str]) -> None:
    """Its text, which may hold an address, is neither passed on nor printed."""

    def fail() -> None:
        raise error

    with pytest.raises(TransportError) as raised:
        done_within(ENOUGH_S, fail, name="live-x")
    assert raised.value.kind == "internal"
    assert "hush" not in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_what_is_logged_in_a_quiet_thread_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """What other threads log passes, through the very same loggers."""
    chatty, root = logging.getLogger("chatty.part"), logging.getLogger()

    def talk() -> None:
        keep_quiet()
        hush()
        chatty.warning("hush")
        root.warning("hush")

    done_within(ENOUGH_S, talk, name="live-x")
    chatty.warning("one")
    root.warning("two")
    assert caplog.messages == ["one", "two"]
