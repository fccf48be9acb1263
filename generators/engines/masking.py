"""Keeping secrets out of everything that is printed or stored."""

import base64
from typing import Final

_SHORTEST: Final = 4


class Mask:
    """Takes secrets out of texts: servers repeat the key they refuse, and libraries the header they choke on.

    >>> Mask("sk-secret")("bad key sk-secret")
    'bad key ***'

    Args:
        secrets: what must not be seen; None and what is too short to be a secret are passed over.
    """

    def __init__(self, *secrets: str | None) -> None:
        plain = [secret.strip() for secret in secrets if secret and len(secret.strip()) >= _SHORTEST]
        encoded = [base64.b64encode(secret.encode()).decode("ascii") for secret in plain]
        # The longest first: one secret may hold another.
        self._secrets = sorted({*plain, *encoded}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every secret starred out."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text
