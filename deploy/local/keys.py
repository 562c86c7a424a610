"""Fresh API keys of a stack, what the services may know of them, and invented addresses of the agencies."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping

ROLES = ("consolidator", "leader", "administrator", "operator")


def fresh_keys(agencies: Iterable[str]) -> dict[str, str]:
    """A random key for each agency, by its code, and for each role that is no agency's, by its name."""
    return {name: secrets.token_urlsafe(24) for name in (*agencies, *ROLES)}


def hashes_of(keys: Mapping[str, str]) -> list[dict[str, str | None]]:
    """What the services' API_KEYS_FILE holds: enough to know a key when they see it, and not the key."""
    return [
        {
            "sha256": hashlib.sha256(key.encode()).hexdigest(),
            "role": name if name in ROLES else "agency",
            "agency": None if name in ROLES else name,
            "name": name,
        }
        for name, key in keys.items()
    ]


def contacts_of(agencies: Iterable[str]) -> dict[str, str]:
    """An address for each agency under `.example`, which RFC 2606 keeps from ever belonging to anybody."""
    return {code: f"van-thu@{code.lower()}.langson.example" for code in agencies}
