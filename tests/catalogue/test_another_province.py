"""Another province's plan is another folder: nothing of Lạng Sơn's is in the code."""

from datetime import date
from pathlib import Path

import pytest

from catalogue.load import load
from catalogue.model import Plan

PLAN = """
code = "9-KH-UBND"
number = "9/KH-UBND"
title = "Kế hoạch phát triển HTX"
signed_on = 2024-01-05
signer = "Chủ tịch UBND tỉnh"
province = "Cao Bằng"
province_code = "04"
legal_basis = []
recipients = []
open_kinds = []
sections = [{ code = "I.1", title = "Nhiệm vụ" }]
[regime]
consolidator = "LMHTX"
receiver = "LMHTX"
upward = ["LMHTX"]
strict = false
report = { quarter = 10, half = 12, year = 15 }
consolidate = { quarter = 20, half = 20, year = 20 }
"""
AGENCIES = """
groups = []
parties = []
agencies = [{ code = "LMHTX", name = "Liên minh HTX", kind = "alliance", owes_report = false }]
"""
LETTERHEADS = """
[[letterheads]]
agency = "LMHTX"
above = []
name = ["LIÊN MINH HỢP TÁC XÃ", "TỈNH CAO BẰNG"]
abbreviation = "LMHTX"
place = "Cao Bằng"
authority = ["CHỦ TỊCH"]
archive = "VT"
"""
PHRASES = """
phrases = [{ code = "any", some = "{Title}: {value} {unit}{comparison}.", none = "{Title}: không có." }]
comparisons = [
  { code = "more", text = "hơn {earlier} {difference}" },
  { code = "less", text = "kém {earlier} {difference}" },
  { code = "same", text = "bằng {earlier}" },
  { code = "new", text = "{earlier} không có" },
  { code = "empty", text = "{earlier} bằng không" },
  { code = "risen", text = "hơn {earlier} {difference}" },
  { code = "fallen", text = "kém {earlier} {difference}" },
]
"""
UNITS = """
[[levels]]
level = "commune"
valid_from = 2025-07-01
certainty = "sourced"
committee = { code = "XA-{unit}", name = "UBND {unit}", kind = "commune", owes_report = true, bound = "ordered" }
units = [{ code = "01273", name = "Phường Thục Phán" }]
"""
TASKS = """
[[tasks]]
code = "I.1.a"
position = 1
kind = "countable"
title = "Đào tạo"
gloss = "training"
leads = ["LMHTX"]
indicators = [
  { slug = "classes", title = "Lớp", gloss = "classes", measure = "count", unit = "lớp", speakers = "any", terms = [
    { kind = "training.held" },
  ] },
]
"""


@pytest.fixture
def other(tmp_path: Path) -> Plan:
    files = (
        ("plan", PLAN), ("agencies", AGENCIES), ("units", UNITS), ("letterheads", LETTERHEADS), ("tasks", TASKS),
        ("phrases", PHRASES),
    )  # fmt: skip
    for name, text in files:
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    return load(tmp_path)


def test_its_deadlines_are_its_own_and_may_be_read_leniently(other: Plan) -> None:
    report, consolidate = other.duties_for("2026-Q1")
    assert (report.agency, report.last_moment.isoformat()) == ("XA-01273", "2026-03-10T23:59:59+07:00")
    assert (consolidate.agency, consolidate.last_moment.isoformat()) == ("LMHTX", "2026-03-20T23:59:59+07:00")
    assert [duty.last_moment.day for duty in other.duties(2026) if duty.role == "report"] == [10, 10, 10, 10, 12, 15]


def test_a_kind_counted_from_any_speaker_may_be_said_by_every_agency_that_stands(other: Plan) -> None:
    assert other.may_say("XA-01273", "training.held", date(2025, 7, 1))
    assert not other.may_say("XA-01273", "training.held", date(2025, 6, 30))
    assert not other.may_say("XA-01273", "loan.granted", date(2025, 7, 1))
