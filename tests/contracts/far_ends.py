"""The far ends that one body of tests runs against: a mocked network, and a real server on loopback."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx

from tests.contracts.misbehaving import HUGE, MisbehavingServer, unused_port

if TYPE_CHECKING:
    import respx

CANARY = "CANARY-4d1e8b"


class RealFarEnd:
    """A misbehaving server on loopback."""

    def __init__(self, server: MisbehavingServer) -> None:
        self._server = server

    def url(self, behaviour: str) -> str:
        """Where that behaviour is found."""
        if behaviour == "refused":
            return f"http://127.0.0.1:{unused_port()}/{CANARY}"
        if behaviour == "dns":
            return f"https://nonexistent.invalid/{CANARY}"
        return f"http://127.0.0.1:{self._server.port}/{behaviour}/{CANARY}"

    @property
    def bodies(self) -> list[bytes]:
        """What arrived."""
        return self._server.bodies

    @property
    def script(self) -> list[str]:
        """What it does with the next requests, whatever their path."""
        return self._server.script

    @script.setter
    def script(self, behaviours: list[str]) -> None:
        self._server.script = behaviours


class MockedFarEnd:
    """Routes of respx; it knows nothing of time, so a hang is only told of."""

    def __init__(self, router: respx.MockRouter) -> None:
        self._router = router
        self.bodies: list[bytes] = []
        self.script: list[str] = []

    def url(self, behaviour: str) -> str:
        """Where that behaviour is found."""
        url = f"https://mocked.invalid/{behaviour}/{CANARY}"
        self._router.post(url).mock(side_effect=lambda request: self._answer(behaviour, request))
        return url

    def _answer(self, behaviour: str, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content)
        behaviour = self.script.pop(0) if self.script else behaviour
        failure = _failure(behaviour, str(request.url))
        if failure is not None:
            raise failure
        if behaviour.isdigit():
            return httpx.Response(int(behaviour), text="no" if behaviour != "204" else "")
        return _answers()[behaviour]


def _answers() -> dict[str, httpx.Response]:
    return {
        "ok": httpx.Response(200, text="ok"),
        "redirect": httpx.Response(302, headers={"Location": f"https://mocked.invalid/{CANARY}"}),
        "huge": httpx.Response(200, content=b"x" * HUGE),
        "portal": httpx.Response(200, text="<html>Please log in to the hotel network</html>"),
    }


def _failure(behaviour: str, url: str) -> Exception | None:
    return {
        "dns": socket.gaierror(f"cannot resolve {url}"),
        "refused": ConnectionRefusedError(f"cannot connect to {url}"),
        "reset": httpx.ReadError(f"lost {url}"),
        "hang_up": httpx.RemoteProtocolError(f"Server disconnected without sending a response. {url}"),
        "garbage": httpx.RemoteProtocolError(f"illegal status line from {url}"),
        "hang": httpx.ReadTimeout(f"{url} took too long"),
    }.get(behaviour)
