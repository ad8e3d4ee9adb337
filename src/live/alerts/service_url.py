"""URLs of services that Apprise knows: tokens and passwords stand in all parts of them."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import ClassVar, Self

from live.alerts.secret_url import SecretUrl, SecretUrls

SERVICE = re.compile(r"[a-z][a-z0-9+.-]*://.+", re.IGNORECASE)
INSTALL = "needs Apprise, which is not installed here; run: pip install 'live-drills[apprise]'"


class ServiceUrl(SecretUrl):
    """A URL of any scheme that shows only its scheme, and its host if that is a place."""

    __slots__ = ()

    def _check(self, url: str) -> None:
        if not SERVICE.fullmatch(url):
            raise ValueError(
                "is no URL; expected what Apprise asks for: the name of a service, then ://, then its part"
            )


class ServiceUrls(SecretUrls):
    """One or more of them."""

    __slots__ = ()

    kind: ClassVar[type[SecretUrl]] = ServiceUrl

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: there is none, some are not usable, or Apprise is not installed; none is quoted.
        """
        urls = super().of(given)
        if find_spec("apprise") is None:
            raise ValueError(INSTALL)
        return urls
