"""Far ends and a transport, shared by the tests of everything that leaves the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import respx

from live.alerts.httpcore_transport import HttpcoreTransport
from live.contracts import HttpRequest
from tests.contracts.far_ends import MockedFarEnd, RealFarEnd
from tests.contracts.misbehaving import MisbehavingServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator

WARM_UP_S = 60.0


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A misbehaving server on loopback."""
    with running(MisbehavingServer()) as server:
        yield server


@pytest.fixture(scope="session")
def transport() -> Iterator[HttpcoreTransport]:
    """The real transport, with everything imported that it needs, and no proxy between it and loopback."""
    transport = HttpcoreTransport()
    with pytest.MonkeyPatch.context() as environment, running(MisbehavingServer()) as server:
        environment.setenv("NO_PROXY", "*")
        warm_up = HttpRequest("warm-up", f"http://127.0.0.1:{server.port}/ok", b"")
        transport.post(warm_up, deadline_s=WARM_UP_S)
        yield transport
    transport.close()


@pytest.fixture
def real(server: MisbehavingServer) -> RealFarEnd:
    """The misbehaving server as a far end."""
    return RealFarEnd(server)


@pytest.fixture(params=["mocked", "real"])
def far_end(
    request: pytest.FixtureRequest, real: RealFarEnd, transport: HttpcoreTransport
) -> Iterator[MockedFarEnd | RealFarEnd]:
    """First the mocked network, then the real server, behind one interface."""
    assert transport is not None
    if request.param == "real":
        yield real
        return
    with respx.mock(assert_all_called=False) as router:
        yield MockedFarEnd(router)
