"""Fresh API keys of a stack, what the services may know of them, and invented addresses of the agencies."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROLES = ("consolidator", "leader", "administrator", "operator")
_KEYS, _CONTACTS = "api-keys.json", "contacts.json"


def write_credentials(folder: Path, agencies: Sequence[str]) -> dict[str, str]:
    """Make the keys, and write what the services may know of them, and the addresses; returns the keys."""
    keys = fresh_keys(agencies)
    for name, content in ((_KEYS, hashes_of(keys)), (_CONTACTS, contacts_of(agencies))):
        file = folder / name
        file.touch(0o600)
        file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return keys


def where_credentials_are(folder: Path) -> dict[str, str]:
    """What tells the services about the files."""
    return {"API_KEYS_FILE": str(folder / _KEYS), "CONTACTS_FILE": str(folder / _CONTACTS)}


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
