"""Apprise, tamed: a hard total deadline, and no line of a log from it.

Apprise waits for a service as long as the service's own code does, and logs its URL. Here every notice has a
thread of its own, in which nothing is logged, and the caller waits for it until the deadline. What hangs
beyond that cannot be ended from outside; a few may hang at each destination, and no more.
"""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from live.alerts.bounded import done_within
from live.alerts.quiet import hush, keep_quiet
from live.alerts.serialise import clean_text
from live.config_errors import ConfigError, Problem
from live.contracts import TransportError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.secret_url import SecretUrl
    from live.contracts import Notice, NoticeTransport

MOST_UNDER_WAY = 4
LOADING_S = 60.0
THREAD = "live-alerts-apprise"
OVERTIME = 2.0
"""How many deadlines a single read of a service may take; then its thread ends if nothing comes at all."""
JOINT = 8
"""Characters that a service may need to put a title on top of a text, where it has no titles."""
TYPES = {"INFO": "info", "WARNING": "warning"}
"""What Apprise calls levels; everything else is a failure."""


class AppriseTransport:
    """Sends notices through Apprise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = Counter[str]()

    def notify(self, notice: Notice, *, deadline_s: float) -> bool:
        """Send one notice, and wait for what becomes of it `deadline_s` seconds in all at most.

        Returns:
            Whether the service took it.

        Raises:
            TransportError: `timeout`, `busy`, or `internal`.
        """
        with self._lock:
            if self._under_way[notice.destination] >= MOST_UNDER_WAY:
                raise TransportError("busy", f"{MOST_UNDER_WAY} notices are still under way")
            self._under_way[notice.destination] += 1
        return done_within(deadline_s, partial(self._send, notice, deadline_s), name=THREAD)

    def _send(self, notice: Notice, wait_s: float) -> bool:
        try:
            return _sent(notice, wait_s)
        finally:
            with self._lock:
                self._under_way[notice.destination] -= 1


def transport_for(urls: Iterable[SecretUrl]) -> NoticeTransport:
    """The transport that sinks share unless they are given another, with Apprise loaded.

    Raises:
        ConfigError: Apprise knows no service for some of `urls`; they are numbered and not quoted.
    """
    known = done_within(LOADING_S, partial(_known, [url.reveal() for url in urls]), name=THREAD)
    wrong = [number for number, is_known in enumerate(known, start=1) if not is_known]
    if wrong:
        text = "Apprise has no service for it, or misses a part of it; its manual shows how it is written"
        raise ConfigError(Problem(("apprise_urls",), f"URL {number}: {text}") for number in wrong)
    return _shared()


@cache
def _shared() -> AppriseTransport:
    return AppriseTransport()


def _known(urls: Iterable[str]) -> list[bool]:
    return [_service(url) is not None for url in urls]


def _sent(notice: Notice, wait_s: float) -> bool:
    service = _service(notice.url)
    if service is None:
        return False
    service.socket_connect_timeout = service.socket_read_timeout = OVERTIME * wait_s
    service.request_rate_per_sec = 0  # an alert does not wait its turn
    title = clean_text(notice.title, service.title_maxlen) if service.title_maxlen > 0 else notice.title
    room = service.body_maxlen - (0 if service.title_maxlen > 0 else len(title) + JOINT)
    return bool(
        service.notify(
            title=title,
            body=clean_text(notice.text, max(room, 1)),
            notify_type=TYPES.get(notice.level, "failure"),
            body_format="text",
            overflow="truncate",
        )
    )


def _service(url: str) -> Any:
    """A service made anew, with nothing left over from the notice before; None when there is none."""
    keep_quiet()
    library = _loaded()
    asset = library.AppriseAsset(async_mode=False, secure_logging=True, storage_mode="memory")
    service = library.Apprise.instantiate(url, asset=asset)
    hush()  # a service may have brought loggers of its own along
    return service


@cache
def _loaded() -> Any:
    """Apprise with all of its services, which it imports when the first URL is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are about its own code
        import apprise

        hush()
        apprise.Apprise.instantiate("json://localhost")
    return apprise
