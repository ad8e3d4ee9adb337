"""An event loop with an httpx client, in a daemon thread: nothing that hangs in it holds up anybody else."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from live.alerts.quiet import hush, keep_quiet
from live.contracts import HttpResponse

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from concurrent.futures import Future

    import httpx

    from live.contracts import HttpRequest

MAX_BODY = 64 * 1024
CLOSING_S = 1.0
KEPT_S = 2.0
"""So many seconds a connection may be idle."""
CHATTY = frozenset({"asyncio", "httpcore", "httpx"})


class HttpLoop:
    """Runs posts. A fork does not take it along."""

    def __init__(self, verify: ssl.SSLContext | None) -> None:
        self._verify = verify
        self._client: httpx.AsyncClient | None = None
        self._loop = _LookupLoop()
        self._thread = threading.Thread(target=self._run, name="live-alerts-http", daemon=True)
        self._thread.start()

    def submit(self, request: HttpRequest) -> Future[HttpResponse | str]:
        """Begin a post. The future gives the response or the kind of failure; cancelling ends the post."""
        return asyncio.run_coroutine_threadsafe(self._outcome(request), self._loop)

    def stop(self) -> None:
        """Close the connections and end the thread."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(CLOSING_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSING_S)
        self._loop.close()

    def _run(self) -> None:
        keep_quiet()
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _outcome(self, request: HttpRequest) -> HttpResponse | str:
        from live.alerts.http_failures import kind_of

        try:
            return await self._post(request)
        except Exception as error:  # noqa: BLE001 - its text holds the address; only the kind may leave this thread
            return kind_of(error)

    async def _post(self, request: HttpRequest) -> HttpResponse:
        client = self._client = self._client or _new_client(self._verify)
        headers = {"Accept-Encoding": "identity", **request.headers}
        async with client.stream("POST", request.url, content=request.body, headers=headers) as response:
            body = await _bounded_body(response)
        return HttpResponse(response.status_code, body, dict(response.headers))

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()


class _LookupLoop(asyncio.SelectorEventLoop):
    """Looks names up in daemon threads: the interpreter waits at its exit for those of an executor."""

    async def getaddrinfo(self, host: Any, port: Any, **hints: Any) -> Any:
        found = self.create_future()
        look_up = partial(self._look_up, found, host, port, hints)
        threading.Thread(target=look_up, name="live-alerts-dns", daemon=True).start()
        return await found

    def _look_up(self, found: asyncio.Future[Any], host: Any, port: Any, hints: dict[str, Any]) -> None:
        settle: Callable[[], None]
        try:
            settle = partial(found.set_result, socket.getaddrinfo(host, port, **hints))
        except Exception as error:  # noqa: BLE001 - whatever it is, the post that waits for it must hear of it
            settle = partial(found.set_exception, error)
        with suppress(RuntimeError):  # the loop was closed meanwhile
            self.call_soon_threadsafe(lambda: None if found.done() else settle())


def _new_client(verify: ssl.SSLContext | None) -> httpx.AsyncClient:
    """A client that keeps a connection for a burst of alerts; one that was idle for longer may be dead.

    It has no timeouts of its own, because the one deadline is the caller's.
    """
    import httpx

    hush(CHATTY)
    limits = httpx.Limits(keepalive_expiry=KEPT_S)
    trusted = True if verify is None else verify
    return httpx.AsyncClient(
        verify=trusted, timeout=httpx.Timeout(None), follow_redirects=False, limits=limits
    )


async def _bounded_body(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= MAX_BODY:
            break
    return body[:MAX_BODY]
