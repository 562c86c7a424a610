"""``python -m deploy.grafana`` writes the dashboards anew; ``--check`` fails where they are not what the code says."""

import json
import sys
from pathlib import Path

from deploy.grafana.boards import DASHBOARDS
from deploy.grafana.panels import rendered

FOLDER = Path(__file__).parent / "dashboards"


def texts() -> dict[str, str]:
    """Each file's name and what it should hold."""
    return {f"{one.uid}.json": json.dumps(rendered(one), ensure_ascii=False, indent=1) + "\n" for one in DASHBOARDS}


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    if arguments == ["--check"]:
        wrong = [name for name, text in texts().items() if (FOLDER / name).read_text() != text]
        sys.stderr.writelines(f"{name} is not what deploy/grafana says: make dashboards\n" for name in wrong)
        return 1 if wrong else 0
    for name, text in texts().items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
