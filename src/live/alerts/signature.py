"""Standard Webhooks signatures: whoever has the secret knows that an alert is ours, whole, and of now.

The headers are `webhook-id` (the key of the alert, the same in every attempt), `webhook-timestamp` (seconds
since 1970) and `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`
(standardwebhooks.com, specification 1.0).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Self

from live.alerts.idempotency import made_key, usable_key
from live.alerts.secret_text import SecretText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.events import AlertEvent

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64


class SigningSecret(SecretText):
    """A secret of the form `whsec_` and the base64 of 24 to 64 random bytes; empty for none."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no such secret; it is not quoted.
        """
        secret = super().of(given)
        if secret and not SHORTEST <= len(secret.key()) <= LONGEST:
            raise ValueError(
                f"is no signing secret; expected {PREFIX} and the base64 of 24 to 64 random bytes"
            )
        return secret

    def key(self) -> bytes:
        """The bytes that sign; empty where the text is no such secret."""
        text = self.reveal()
        try:
            return (
                base64.b64decode(text.removeprefix(PREFIX), validate=True) if text.startswith(PREFIX) else b""
            )
        except binascii.Error:
            return b""


UNSIGNED = SigningSecret()


def signed_headers(secret: SigningSecret, key: str, at_s: int, body: bytes) -> Mapping[str, str]:
    """The three headers of a signed request."""
    content = b".".join([key.encode(), str(at_s).encode(), body])
    digest = hmac.new(secret.key(), content, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": str(at_s),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def key_of(event: AlertEvent, body: bytes) -> str:
    """The key of an alert; without a dispatcher there is one attempt, and what is sent is key enough."""
    return usable_key(event.key) if event.key else made_key(body)
