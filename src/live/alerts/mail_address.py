"""Mail addresses and hosts that can stand in a header and in a command without changing either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from live.alerts.checked import Checked

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
ADDRESS = re.compile(rf"{WORD}(\.{WORD})*@{LABEL}(\.{LABEL})*", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f]*:[0-9a-f:.]+", re.IGNORECASE)
LONGEST = 254


class MailAddress(str, Checked):
    """`name@example.com`, and nothing else: no display name, no quotes, no line end."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no such address; it is not quoted.
        """
        if not isinstance(given, str) or len(given) > LONGEST or not ADDRESS.fullmatch(given):
            raise ValueError("is no mail address; expected name@example.com, without a display name")
        return cls(given)


class MailAddresses(tuple[MailAddress, ...], Checked):
    """One or more addresses, each once; a lone text counts as a list of one."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: there is none, or some are not usable; the message numbers them and quotes none.
        """
        several = [given] if isinstance(given, str) else given
        if not isinstance(several, list | tuple) or not several:
            raise ValueError("expected a mail address or a list of them")
        problems = [problem for number, one in enumerate(several, start=1) for problem in _wrong(number, one)]
        if problems:
            raise ValueError("; ".join(problems))
        return cls(dict.fromkeys(map(MailAddress.of, several)))


class MailHost(str, Checked):
    """Name or address of a server, without a scheme and without a port."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no host; it is not quoted.
        """
        if not isinstance(given, str) or len(given) > LONGEST or not HOST.fullmatch(given):
            raise ValueError("is no host; expected smtp.example.com, without smtp:// and without a port")
        return cls(given)


def _wrong(number: int, address: object) -> Iterator[str]:
    try:
        MailAddress.of(address)
    except ValueError as error:
        yield f"address {number}: {error}"
