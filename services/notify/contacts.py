"""The agencies' e-mail addresses, from a file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from chassis.listening import Fatal

# What our letters can be addressed to: no quoting, no display name, nothing beyond ASCII, nothing that ends a header.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def load_contacts(path: Path | None) -> Mapping[str, str]:
    """Read CONTACTS_FILE, ``{"SKHDT": "van-thu@skhdt.example"}``; none without a file.

    Raises:
        Fatal: the file cannot be read, or an address in it cannot be written to.
    """
    if path is None:
        return {}
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Fatal(f"CONTACTS_FILE {path}: {error}") from error
    if not isinstance(found, dict):
        raise Fatal(f"CONTACTS_FILE {path}: not a JSON object of agency codes and addresses")
    wrong = [code for code, address in found.items() if not (isinstance(address, str) and _ADDRESS.fullmatch(address))]
    if wrong:
        raise Fatal(f"CONTACTS_FILE {path}: not an e-mail address: {', '.join(wrong)}")
    return found
