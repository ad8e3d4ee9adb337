"""HTTP over the network, with a hard total deadline, in the caller's own thread."""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from live.alerts.http_failures import kind_of
from live.alerts.quiet import hush, quiet
from live.contracts import HttpResponse, TransportError

if TYPE_CHECKING:
    import ssl

    import httpcore

    from live.alerts.http_pools import HttpPools
    from live.contracts import HttpRequest

MAX_BODY = 64 * 1024
CHATTY = frozenset({"httpcore"})


class HttpcoreTransport:
    """Posts over the network: TLS verified, redirects not followed, answers read up to 64 KiB.

    A connection is kept for a burst of alerts. Proxies are those of the environment (`HTTPS_PROXY`,
    `ALL_PROXY`, `NO_PROXY`).
    """

    def __init__(self, *, verify: ssl.SSLContext | None = None) -> None:
        """Nothing is opened before the first post.

        Args:
            verify: Whom to trust; the usual certificate authorities unless given.
        """
        self._verify = verify
        self._pools: HttpPools | None = None
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """Send one request and wait for its answer, `deadline_s` seconds in all at most.

        Raises:
            TransportError: there was no answer in time, or none at all; the address is not in it.
        """
        with quiet():
            try:
                return self._exchange(request, deadline_s)
            except Exception as error:  # noqa: BLE001 - its text holds the address; only the kind may leave
                kind = kind_of(error)
        detail = f"no whole answer within {deadline_s:g} s" if kind == "timeout" else ""
        raise TransportError(kind, detail)

    def close(self) -> None:
        """End the connections; a later post starts anew."""
        pools, self._pools = self._pools, None
        if pools is not None and self._pid == os.getpid():
            pools.close()

    def _exchange(self, request: HttpRequest, deadline_s: float) -> HttpResponse:
        """One answer; a kept connection that the server has just closed is no failure of the request."""
        pools = self._pools  # read once: another thread may close it
        if pools is None or self._pid != os.getpid():
            pools = self._opened()
        deadline = pools.deadline
        deadline.begin(deadline_s)
        while True:
            deadline.reused = deadline.heard = False
            try:
                return _answer(pools, request)
            except Exception as error:
                if deadline.heard or not deadline.reused or kind_of(error) != "reset":
                    raise

    def _opened(self) -> HttpPools:
        """New connections; those of before a fork belong to the parent."""
        from live.alerts.http_pools import HttpPools

        if self._pid != os.getpid():  # a fork does not take whoever holds the lock along
            self._pid, self._lock, self._pools = os.getpid(), threading.Lock(), None
        with self._lock:
            if self._pools is None:
                hush(CHATTY)
                self._pools = HttpPools(self._verify)
            return self._pools


def _answer(pools: HttpPools, request: HttpRequest) -> HttpResponse:
    url = _in_ascii(request.url)
    headers: dict[str | bytes, str | bytes] = {"Accept": "*/*", "Accept-Encoding": "identity"}
    headers |= {"User-Agent": "live-drills", **dict[Any, Any](request.headers)}
    with pools.of(url).stream("POST", _target(url), headers=headers, content=request.body) as response:
        body = b""
        for chunk in response.iter_stream():
            body += chunk
            if len(body) >= MAX_BODY:
                break
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return HttpResponse(response.status, body[:MAX_BODY], told)


@lru_cache(maxsize=64)  # few URLs, and each is taken to pieces at every post otherwise
def _target(url: str) -> httpcore.URL:
    import httpcore

    return httpcore.URL(url)


def _in_ascii(url: str) -> str:
    """A URL as it is sent; names in other alphabets are encoded as IDNA says.

    Raises:
        UnicodeError: the host is no name.
    """
    if url.isascii():
        return url
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    place = host if parts.port is None else f"{host}:{parts.port}"
    path, query = (quote(part, safe="/%:;,@&=+$!*'()~?") for part in (parts.path, parts.query))
    return parts._replace(netloc=place, path=path, query=query, fragment="").geturl()
