"""The ready file: what another program needs to use a stack. It is there while the stack is ready, and never half."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_ready(file: Path, document: Mapping[str, Any]) -> None:
    """Write it in one step, readable by its owner only: it holds the API keys."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(document, out, ensure_ascii=False, indent=2)
    fresh.replace(file)


def remove_ready(file: Path) -> None:
    file.unlink(missing_ok=True)
