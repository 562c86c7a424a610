"""The document of the measured runs says what the kept runs said."""

import pytest

from bench.report import kept, tables
from deploy.local.children import ROOT

DOCUMENT = (ROOT / "docs" / "benchmarks.md").read_text()


@pytest.mark.parametrize("name", tables(*kept()))
def test_the_document_has_the_table_that_the_kept_runs_make(name: str) -> None:
    assert tables(*kept())[name] in DOCUMENT
