"""HTTP over the network, with a hard total deadline.

httpx measures its timeouts per read, so a server that sends a byte now and then holds a caller for ever. Here
the request runs on an event loop in a thread of its own, and the caller waits for the outcome until the
deadline and not longer, whatever stage the request is in: looking up the name, connecting, sending, reading.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from live.contracts import HttpResponse, TransportError

if TYPE_CHECKING:
    import ssl

    from live.alerts.http_loop import HttpLoop
    from live.contracts import HttpRequest


class HttpxTransport:
    """Posts over the network: TLS verified, redirects not followed, answers read up to 64 KiB."""

    def __init__(self, *, verify: ssl.SSLContext | None = None) -> None:
        """Nothing is started before the first post.

        Args:
            verify: Whom to trust; the usual certificate authorities unless given.
        """
        self._verify = verify
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._loop: HttpLoop | None = None

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """Send one request and wait for its answer, `deadline_s` seconds in all at most.

        Raises:
            TransportError: there was no answer in time, or none at all; the address is not in it.
        """
        future = self._running().submit(request)
        try:
            outcome = future.result(deadline_s)
        except TimeoutError:
            raise TransportError("timeout", f"no whole answer within {deadline_s:g} s") from None
        finally:
            future.cancel()
        if isinstance(outcome, str):
            raise TransportError(outcome)
        return outcome

    def close(self) -> None:
        """End the thread and the connections; a later post starts anew."""
        loop, self._loop = self._loop, None
        if loop is not None and self._pid == os.getpid():
            loop.stop()

    def _running(self) -> HttpLoop:
        from live.alerts.http_loop import HttpLoop

        if self._pid != os.getpid():  # a fork takes neither the thread along nor whoever holds the lock
            self._pid, self._lock, self._loop = os.getpid(), threading.Lock(), None
        with self._lock:
            self._loop = self._loop or HttpLoop(self._verify)
            return self._loop
