"""``python -m deploy.credentials`` makes the secret files that deploy/compose.yaml names, in deploy/secrets.

Files that are there already stay as they are, so it may be run again. The administrator's key is printed once and is
nowhere else: the services get its hash. Files are readable by all because a container's user is none of the machine's;
the folder is closed to others. They stay writable: addresses and the mail server's password are filled in by hand.
"""

import hashlib
import json
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

FOLDER = Path(__file__).parent / "secrets"
SERVICES = ("registry", "support", "reporting", "notify")


def uri_of(service: str, password: str) -> str:
    """Where compose's MongoDB is, and as whom the service logs in there."""
    return f"mongodb://{service}:{quote(password, safe='')}@mongo:27017/?replicaSet=rs0&authSource=admin"


def hashed(key: str) -> str:
    """API_KEYS_FILE with one key: an administrator's, who makes all others."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return json.dumps([{"sha256": digest, "role": "administrator", "agency": None, "name": "first administrator"}])


def write_missing(folder: Path, tell: Callable[[str], object]) -> list[str]:
    """Make the files that are not there; returns their names."""
    folder.mkdir(mode=0o700, exist_ok=True)
    makers: dict[str, Callable[[], str]] = {
        "api-keys.json": lambda: _administrator(tell),
        "contacts.json": lambda: "{}",
        "smtp-password": lambda: "",
        "grafana-password": secrets.token_urlsafe,
        "mongo-key": lambda: secrets.token_hex(384),  # hexadecimal digits are base64 digits too
        "mongo-root-password": secrets.token_urlsafe,
        **{f"mongodb-uri-{name}": lambda name=name: uri_of(name, secrets.token_urlsafe()) for name in SERVICES},  # type: ignore[misc]
    }
    made = [name for name in makers if not (folder / name).exists()]
    for name in made:
        file = folder / name
        file.write_text(makers[name](), encoding="utf-8")
        file.chmod(0o644)
    return made


def _administrator(tell: Callable[[str], object]) -> str:
    key = secrets.token_urlsafe(32)
    tell(f"the administrator's key, shown only now: {key}\n")
    return hashed(key)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    folder = Path(arguments[0]) if arguments else FOLDER
    made = write_missing(folder, sys.stdout.write)
    sys.stdout.write(f"{folder}: made {', '.join(made) or 'nothing'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
