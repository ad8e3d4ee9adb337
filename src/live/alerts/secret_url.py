"""URLs that nobody may read: a webhook's address is its password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from live.alerts.redact import redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable


class SecretUrl:
    """An http or https URL that shows only its scheme and host."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        """Hold a URL.

        Raises:
            ValueError: it is no http(s) URL with a host, or carries a user name or password. The message does
                not quote it.
        """
        if not url.strip():
            raise ValueError("is empty")
        if any(character.isspace() or not character.isprintable() for character in url):
            raise ValueError("holds white space or control characters; copy it anew")
        self._check(url)
        self._url = url

    def _check(self, url: str) -> None:
        """Refuse what is no URL of this kind."""
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is no URL; write the whole address, https first") from None
        _refuse(parts.scheme, host, has_userinfo="@" in parts.netloc)

    @property
    def exposed(self) -> str:
        """Why an alert should not go there unless somebody wants it so; empty for https and a public host."""
        try:
            parts = urlsplit(self._url)
        except ValueError:  # the service of an extra may write its URLs as it likes
            return ""
        if parts.scheme == "http":
            return "is http, so everybody on the way can read and forge alerts"
        return "is an address within this machine or network" if _is_private(parts.hostname or "") else ""

    def reveal(self) -> str:
        """The whole URL, for the one place that posts to it."""
        return self._url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({redact_url(self._url)!r})"

    def __str__(self) -> str:
        return redact_url(self._url)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretUrl) and other.reveal() == self._url

    def __hash__(self) -> int:
        return hash(self._url)

    def __reduce__(self) -> Any:
        raise TypeError("a secret URL cannot be pickled; configure the sink anew in the other process")


class SecretUrls(tuple[SecretUrl, ...]):
    """One or more secret URLs; a lone string counts as a list of one."""

    __slots__ = ()

    kind: ClassVar[type[SecretUrl]] = SecretUrl

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: there is none, or some are not usable; the message numbers them and quotes none.
        """
        urls = [given] if isinstance(given, str | SecretUrl) else given
        if not isinstance(urls, list | tuple):
            raise ValueError(f"expected a URL or a list of URLs, got {type(given).__name__}")  # noqa: TRY004 - configuration errors are values
        if not urls:
            raise ValueError("holds no URL; give at least one")
        return cls(_read_all(urls, cls.kind))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.of)


def _read_all(urls: Iterable[object], kind: type[SecretUrl]) -> list[SecretUrl]:
    read: list[SecretUrl] = []
    problems: list[str] = []
    for number, url in enumerate(urls, start=1):
        try:
            read.append(url if isinstance(url, kind) else kind(_text(url)))
        except ValueError as error:
            problems.append(f"URL {number}: {error}")
    if problems:
        raise ValueError("; ".join(problems))
    return read


def _text(url: object) -> str:
    if not isinstance(url, str):
        raise ValueError(f"expected text, got {type(url).__name__}")  # noqa: TRY004 - configuration errors are values
    return url


def _is_private(host: str) -> bool:
    """Whether a host is a name or a literal address of this machine or of a private network."""
    from ipaddress import ip_address
    from socket import inet_aton

    host = host.removesuffix(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        pass
    try:  # as `127.1`, which whoever connects takes for an address
        return not ip_address(inet_aton(host)).is_global
    except OSError:
        return False


def _refuse(scheme: str, host: str | None, *, has_userinfo: bool) -> None:
    if scheme not in {"http", "https"}:
        raise ValueError("has no scheme http or https; write the whole address, https first")
    if not host:
        raise ValueError(f"{scheme}://*** has no host; write the whole address")
    if has_userinfo:
        raise ValueError(f"{scheme}://{host}/*** carries a user name or password; leave them out")
