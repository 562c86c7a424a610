"""Same input, same bytes: in two processes whose sets and dictionaries are in another order, at another moment."""

import hashlib
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from catalogue.model import Plan
from services.reporting.document import docx, xlsx
from services.reporting.document.heading import heading
from services.reporting.document.paper_view import paper_view
from services.reporting.views import ConsolidationView
from tests.services.reporting.document.frozen import frozen

ROOT = Path(__file__).parents[4]
ELSEWHERE = """
import sys
from pathlib import Path
from catalogue.load import PLANS, load
from services.reporting.views import ConsolidationView
from tests.services.reporting.document.test_same_bytes import digests
print(*digests(load(PLANS / "177-KH-UBND"), ConsolidationView.model_validate_json(Path(sys.argv[1]).read_text())))
"""


def rendered(plan: Plan, view: ConsolidationView) -> list[bytes]:
    head = heading(plan, view)
    paper = paper_view(head, "consolidator", view).model_dump_json(by_alias=True)
    return [render(plan, view, head, "consolidator") for render in (docx.render, xlsx.render)] + [paper.encode()]


def digests(plan: Plan, view: ConsolidationView) -> list[str]:
    return [hashlib.sha256(content).hexdigest() for content in rendered(plan, view)]


def test_two_processes_write_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    view, kept = frozen(plan), tmp_path / "frozen.json"
    kept.write_text(view.model_dump_json(by_alias=True))
    told = {
        subprocess.run(
            [sys.executable, "-c", ELSEWHERE, str(kept)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {" ".join(digests(plan, view))}


def test_an_archive_does_not_tell_when_it_was_written(plan: Plan) -> None:
    for content in rendered(plan, frozen(plan))[:2]:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
        assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
        first, *others = (part.filename for part in parts)
        assert (first, others) == ("[Content_Types].xml", sorted(others))
