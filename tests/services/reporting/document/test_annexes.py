"""The annexes: who reported and by which document, what targets documents set, and that their numbers have room."""

from datetime import datetime

import pytest
from docx.shared import Cm, Pt, Twips

from catalogue.model import Plan
from catalogue.shares import thousandths
from services.reporting.document.annexes import (
    aims,
    discrepancies,
    figures,
    obstacles,
    restatements,
    set_by,
)
from services.reporting.document.measure import width
from services.reporting.document.page import SMALL
from services.reporting.document.registers import register, task_duties, tasks, year
from services.reporting.document.tables import Band, Cell, Permille, Row, Table
from services.reporting.summary_views import TargetView
from services.reporting.views import ConsolidationView
from services.reporting.words import number
from tests.services.reporting.document.frozen import frozen


@pytest.fixture(scope="module")
def view(plan: Plan) -> ConsolidationView:
    return frozen(plan)


def cells_of(table: Table) -> dict[str, dict[str, Cell]]:
    """The rows of a table by agency, by the titles of their columns."""
    rows = (row.cells for row in table.rows if isinstance(row, Row))
    titles = [column.title for column in table.columns]
    return {str(cells[1]): dict(zip(titles, cells, strict=True)) for cells in rows}


def test_the_register_shows_the_time_by_which_a_report_is_punctual_and_how_late_it_is(view: ConsolidationView) -> None:
    rows = cells_of(register(view))
    for duty in view.register_.duties:
        row = rows[duty.agency]
        assert row["Nộp lần đầu"] == duty.first_submitted_at
        if duty.on_time is not None:
            assert isinstance(row["Nộp lần đầu"], datetime)
            assert (row["Thời hạn"] == "Đúng hạn") == (row["Nộp lần đầu"] <= duty.last_moment)
        assert (row["Nộp lần cuối"] is not None) == (duty.version == 2)
    assert {row["Thời hạn"] for row in rows.values()} == {"Đúng hạn", "Muộn 1 ngày", "Quá hạn 3 ngày"}


def on_paper(table: Table, row: Row) -> dict[str, Cell]:
    """What paper shows of a row, by the titles of the columns."""
    return {table.columns[index].title: row.cells[index] for index in table.on_paper}


def test_the_document_of_a_report_without_activity_stands_on_paper(view: ConsolidationView) -> None:
    table = register(view)
    papers = [on_paper(table, row) for row in table.rows if isinstance(row, Row)]
    [nil] = [duty for duty in view.register_.duties if duty.state == "nil"]
    assert nil.document
    assert [row["Kết quả"] for row in papers if row["Số, ký hiệu văn bản"] == nil.document] == ["Không phát sinh"]


def test_an_obstacles_task_stands_on_paper_by_its_code_on_one_line(plan: Plan, view: ConsolidationView) -> None:
    table = obstacles(view)
    papers = [on_paper(table, row) for row in table.rows if isinstance(row, Row)]
    assert [row["Nhiệm vụ"] for row in papers] == [one.task for one in view.obstacles]
    [column] = [column for column in table.columns if column.title == "Nhiệm vụ"]
    longest = max(width(task.code, SMALL) for task in plan.tasks)
    assert Cm(column.width) >= Pt(longest) + Twips(2 * 60)  # a cell's margins


def test_a_targets_document_stands_above_it_on_paper_and_beside_it_in_the_workbook(
    plan: Plan, view: ConsolidationView
) -> None:
    first, *others = aims(view).rows
    assert first == Band("Mục tiêu theo 19/CTr-UBND")
    assert [row.text for row in others if isinstance(row, Band)] == ["Chỉ tiêu không có mục tiêu, có số ước thực hiện"]
    rows = [row for table in figures(plan, view) for row in table.rows if isinstance(row, Row)]
    assert {row.cells[-4] for row in rows} == {"19/CTr-UBND", None}
    unsure = TargetView(value=1, by="2021", source="Nghị quyết", certainty="unverified", so_far=0, progress_permille=0)
    assert set_by(unsure) == "Nghị quyết (cần kiểm tra)"


def test_the_register_of_tasks_names_what_is_wanting_or_late_and_its_rates_are_counts(view: ConsolidationView) -> None:
    assert view.task_register is not None
    rows = cells_of(tasks(view))
    assert set(rows) == {one.agency for one in view.task_register.entries}
    for entry in view.task_register.entries:
        told = str(rows[entry.agency]["Chưa có kết quả; muộn"] or "").split("; ")
        assert (entry.task in told) == (entry.state == "missing")
        assert (f"{entry.task} (muộn 3 ngày)" in told) == (entry.on_time is False)
    for row in rows.values():
        due, met, on_time = (int(str(row[name])) for name in ("Đến hạn", "Có kết quả", "Đúng hạn"))
        assert row["Tỷ lệ đầy đủ"] == Permille(thousandths(met, due))
        assert row["Tỷ lệ đúng hạn"] == Permille(thousandths(on_time, due))
    each = [row.cells for row in task_duties(view).rows if isinstance(row, Row)]
    assert len(each) == len(view.task_register.entries)
    for cells, entry in zip(each, view.task_register.entries, strict=True):
        assert ("Chưa có kết quả" in cells) == (entry.state == "missing")
        assert "Chưa báo cáo" not in cells


def test_a_years_rates_are_of_what_is_due_so_far(view: ConsolidationView) -> None:
    table = year(view)
    assert table.title == "Chấp hành chế độ báo cáo năm 2021, tính đến ngày 28/06/2021"
    late = [code for code, row in cells_of(table).items() if row["Tỷ lệ đúng hạn"] == Permille(0)]
    assert len(late) == 1
    bands = [row.text for row in table.rows if isinstance(row, Band)]
    assert bands[0].startswith("Cơ quan, đơn vị được giao nhiệm vụ báo cáo: đầy đủ 100,0%, đúng hạn 97,")


@pytest.mark.parametrize("period", ["2021-Q2", "2021"])
def test_hundreds_of_billions_of_dong_stand_on_one_line(plan: Plan, period: str) -> None:
    view = frozen(plan, period)
    needed = Pt(width(number(-999_999_999_999), SMALL)) + Twips(2 * 60)  # a cell's margins
    for table in (*figures(plan, view), restatements(plan, view), discrepancies(view)):
        numbers = [column for column in table.columns if column.width and column.form == "number"][1:]
        assert numbers
        assert all(Cm(column.width) >= needed for column in numbers), table.name
    wide = [column for column in aims(view).columns if column.title in ("Kết quả", "Ước thực hiện")]
    assert [Cm(column.width) >= needed for column in wide] == [True, True]
