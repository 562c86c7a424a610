"""``python -m contracts events | asyncapi`` prints a document made from the contracts.

``python -m contracts golden FOLDER`` writes the example of every kind that has none in the folder yet. What is there is
never written again: old events must be readable for ever.
"""

import json
import sys
from pathlib import Path

from contracts.asyncapi import asyncapi
from contracts.document import document
from contracts.golden import all_goldens


def main(arguments: list[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    match arguments:
        case ["events"]:
            sys.stdout.write(document())
        case ["asyncapi"]:
            sys.stdout.write(json.dumps(asyncapi(), ensure_ascii=False, indent=1) + "\n")
        case ["golden", folder]:
            write_missing(Path(folder))
        case _:
            sys.stderr.write("usage: python -m contracts events | asyncapi | golden FOLDER\n")
            return 2
    return 0


def write_missing(folder: Path) -> None:
    """Write the golden files that do not exist yet, and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_goldens().items():
        file = folder / name
        if not file.exists():
            file.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
