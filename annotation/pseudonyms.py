"""Names for annotators that tell nobody who they are: a keyed hash of the address that they sign in with.

The same person has the same pseudonym on every server, as long as the key is the same. The key never enters a table,
so that a dataset alone cannot be searched for an address that somebody guesses.
"""

import hashlib
import hmac
import secrets
from typing import Final

from schemas.errors import AnnotationError

_LENGTH: Final = 10
_SHORTEST_KEY: Final = 16


def new_key() -> str:
    """Return a fresh secret key."""
    return secrets.token_hex(32)


def checked_key(key: str, origin: str) -> str:
    """Return a key without the blanks around it.

    Raises:
        AnnotationError: it is too short to keep a secret.
    """
    found = key.strip()
    if len(found) < _SHORTEST_KEY:
        raise AnnotationError(
            f"{origin}: the key for pseudonyms has {len(found)} characters; give at least {_SHORTEST_KEY}, such as "
            "what `openssl rand -hex 32` prints"
        )
    return found


def pseudonym(address: str, key: str) -> str:
    """Return the pseudonym for an e-mail address, whose case and surrounding blanks do not matter.

    >>> pseudonym("Ada@example.org", "k" * 16) == pseudonym("ada@example.org ", "k" * 16)
    True
    """
    mark = hmac.new(key.encode(), address.strip().casefold().encode(), hashlib.sha256).hexdigest()
    return f"person-{mark[:_LENGTH]}"


def unknown(server: str, number: int, key: str) -> str:
    """Return the pseudonym for an account that its server no longer knows, by its number there.

    It begins otherwise, because the same person may have another pseudonym under their address.
    """
    return pseudonym(f"{server}#{number}", key).replace("person-", "unknown-", 1)
