"""Connections that are kept for a burst of alerts, straight to a host or through a proxy."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from live.alerts.deadline import Deadline, DeadlineBackend

if TYPE_CHECKING:
    import ssl
    from urllib.parse import SplitResult

KEPT_S = 2.0
"""So many seconds a connection may be idle; one that was idle for longer may be dead."""


class HttpPools:
    """One pool for what goes straight, one for each proxy that the environment names.

    Attributes:
        deadline: When the present exchange of a thread must be over.
    """

    def __init__(self, verify: ssl.SSLContext | None) -> None:
        """Nothing is opened yet.

        Args:
            verify: Whom to trust; the usual certificate authorities unless given.
        """
        self.deadline = Deadline()
        self._verify = verify
        self._backend = DeadlineBackend(self.deadline)
        self._proxies = getproxies()
        self._lock = threading.Lock()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def of(self, url: str) -> httpcore.ConnectionPool:
        """The pool through which a URL is reached."""
        proxy = self._proxy_for(url) if self._proxies else ""
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = self._opened(proxy)
            return self._pools[proxy]

    def close(self) -> None:
        """End every connection."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()

    def _proxy_for(self, url: str) -> str:
        parts = urlsplit(url)
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all") or ""
        if not proxy or proxy_bypass(parts.hostname or ""):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"

    def _opened(self, proxy: str) -> httpcore.ConnectionPool:
        kept = partial(
            httpcore.ConnectionPool,
            ssl_context=self._verify,
            max_connections=None,  # a destination that hangs must not take another's place
            max_keepalive_connections=None,
            keepalive_expiry=KEPT_S,
            network_backend=self._backend,
        )
        if not proxy:
            return kept()
        parts = urlsplit(proxy)
        place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return kept(proxy=httpcore.Proxy(place, auth=_login(parts)))


def _login(parts: SplitResult) -> tuple[bytes, bytes] | None:
    """User and password, as they were before they were written into a URL."""
    if not parts.username:
        return None
    return unquote_to_bytes(parts.username), unquote_to_bytes(parts.password or "")
