"""The workbook: the same figures, in typed cells, a sheet for each section, contents that lead there."""

import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl import Workbook

from catalogue.model import Plan
from catalogue.windows import VIETNAM
from services.reporting.document import xlsx
from services.reporting.document.annexes import all_figures
from services.reporting.document.content import bound
from services.reporting.document.heading import heading
from services.reporting.document.opening import opening
from services.reporting.document.paper_view import paper_view
from services.reporting.views import ConsolidationView
from tests.services.reporting.document.frozen import RAISED_AT, frozen

SECTIONS = ["Mục II.1", "Mục II.2", "Mục II.3", "Mục II.4", "Mục II.5"]


@pytest.fixture(scope="module")
def view(plan: Plan) -> ConsolidationView:
    return frozen(plan)


def opened(plan: Plan, view: ConsolidationView, base: str = "") -> Workbook:
    head = heading(plan, view, "province")
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(plan, view, head, "province", opening(base))))


@pytest.fixture(scope="module")
def book(plan: Plan, view: ConsolidationView) -> Workbook:
    return opened(plan, view)


def test_contents_come_first_and_lead_to_every_sheet(book: Workbook) -> None:
    names = book.sheetnames
    assert names[:6] == ["Mục lục", *SECTIONS]
    links = {cell.hyperlink.location for row in book["Mục lục"].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in names[1:]}
    for name in names[1:]:
        assert book[name]["A2"].hyperlink.location == "'Mục lục'!A1"


def test_every_figure_is_a_number_beside_its_indicators_code(book: Workbook, view: ConsolidationView) -> None:
    told = {}
    for name in SECTIONS:
        heads = [cell.value for cell in book[name][3]]
        for row in book[name].iter_rows(min_row=4, values_only=True):
            if row[1]:
                told[row[1]] = dict(zip(heads, row, strict=True))
    figures = [figure for task in view.summary.tasks for figure in task.indicators]
    assert list(told) == [figure.code for figure in figures]
    for figure in figures:
        row = told[figure.code]
        assert row["Kết quả"] == (None if figure.denominator == 0 else figure.value)
        assert (row.get("Ước thực hiện"), row["Đã báo cáo hoặc được miễn"]) == (figure.estimate, figure.agencies.in_)
        if figure.target:
            assert (row["Mục tiêu"], row["Lũy kế"], row["Đạt"]) == (200, 21, 0.105)
        if figure.newest:
            assert row["Sự kiện mới nhất"] == RAISED_AT.astimezone(VIETNAM).replace(tzinfo=None)


def test_a_sheet_has_no_column_that_nothing_fills(book: Workbook) -> None:
    heads = {name: [cell.value for cell in book[name][3]] for name in SECTIONS}
    assert [name for name in SECTIONS if "Mục tiêu" in heads[name]] == ["Mục II.4"]
    assert [name for name in SECTIONS if "Ước thực hiện" in heads[name]] == ["Mục II.1"]
    assert {tuple(names[:7]) for names in heads.values()} == {
        ("TT", "Mã chỉ tiêu", "Chỉ tiêu", "Đơn vị tính", "Kết quả", "Kỳ trước", "Cùng kỳ năm trước")
    }


@pytest.mark.parametrize(
    ("period", "compared"), [("2021-H1", ("Kỳ trước", "Cùng kỳ năm trước")), ("2021", ("Năm trước",))]
)
def test_a_figure_stands_beside_each_period_it_is_compared_with_once(
    plan: Plan, view: ConsolidationView, period: str, compared: tuple[str, ...]
) -> None:
    titles = [column.title for column in all_figures(plan, view.model_copy(update={"period": period})).columns]
    assert tuple(titles[titles.index("Kết quả") + 1 : titles.index("Ước thực hiện")]) == compared


def test_days_and_moments_are_dates(book: Workbook, view: ConsolidationView) -> None:
    ordered, requested = bound(view, requested=False), bound(view, requested=True)
    rows = [row for row in book["Sổ báo cáo"].iter_rows(min_row=4, values_only=True) if row[1]]
    assert [row[1] for row in rows] == [duty.agency for duty in (*ordered, *requested)]
    assert {row[3] for row in rows} == {datetime(2021, 6, 24)}  # noqa: DTZ001
    assert {type(row[4]) for row in rows} == {datetime, type(None)}
    assert book["Sổ báo cáo"]["D5"].number_format == "dd/mm/yyyy"


def test_obstacles_restatements_words_and_discrepancies_have_sheets(book: Workbook, view: ConsolidationView) -> None:
    for name, count in (
        ("Vướng mắc", 2),
        ("Điều chỉnh", 3),
        ("Nội dung báo cáo", 2),
        ("Kiến nghị", 1),
        ("Chênh lệch", 1),
    ):
        assert sum(isinstance(row[0], int) for row in book[name].iter_rows(min_row=4, values_only=True)) == count
    restated = [row for row in book["Điều chỉnh"].iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]
    assert [row[4:8] for row in restated] == [(100, 109, 9, 2), (100, 96, -4, 2), (100, 101, 1, 2)]


def test_registers_of_tasks_and_of_the_year_are_sheets_with_typed_cells(
    book: Workbook, view: ConsolidationView
) -> None:
    assert view.task_register is not None
    rows = [row for row in book["Từng nhiệm vụ"].iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]
    assert [(row[1], row[3]) for row in rows] == [(one.task, one.agency) for one in view.task_register.entries]
    assert {row[8] for row in rows} == {"Đúng hạn", "Muộn", "Quá hạn"}
    for name in ("Sổ nhiệm vụ", "Cả năm"):
        shares = [row for row in book[name].iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
        assert shares
        assert all(isinstance(row[7], int | float) and 0 <= row[7] <= 1 for row in shares)


def test_sheets_print_on_a4_with_their_heads_on_every_page(book: Workbook) -> None:
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "A4"


def test_a_figure_stays_a_number_where_it_leads_to_its_events(plan: Plan, view: ConsolidationView) -> None:
    book = opened(plan, view, "https://reporting.example")
    figure = view.summary.tasks[0].indicators[0]
    heads = [cell.value for cell in book["Mục II.1"][3]]
    cells = dict(zip(heads, book["Mục II.1"][5], strict=True))
    for head, value, page in (
        ("Kết quả", figure.value, "2021-Q2/figure?indicator=II.1.a%2Fsessions&calendar=administrative&version=2"),
        ("Kỳ trước", figure.previous, "2021-Q1/figure?indicator=II.1.a%2Fsessions"),
        ("Cùng kỳ năm trước", figure.last_year, "2020-Q2/figure?indicator=II.1.a%2Fsessions"),
        ("Ước thực hiện", figure.estimate, "2021-Q2/estimates?indicator=II.1.a%2Fsessions&version=2"),
    ):
        assert cells[head].value == value
        assert cells[head].hyperlink.target.startswith(f"https://reporting.example/periods/{page}")


def test_what_is_not_sourced_is_to_be_checked_before_signing(plan: Plan, view: ConsolidationView) -> None:
    cells = {row[0]: row[1] for row in opened(plan, view)["Mục lục"].iter_rows(values_only=True)}
    assert cells["Cần kiểm tra trước khi ký"] == "ký hiệu, thể thức ký, nơi nhận"
    assert cells["Hạn gửi theo Nghị định"].startswith("25/06/2021")


def test_json_tells_the_same_as_the_documents(plan: Plan, view: ConsolidationView) -> None:
    paper = paper_view(heading(plan, view, "province", number=7), "province", view)
    assert paper.consolidation == view
    sources = paper.sources["II.1.a/sessions"]
    beside = "calendar=administrative&version=2&beside=2021-Q2"
    assert sources["previous"] == f"/v1/periods/2021-Q1/provenance?indicator=II.1.a%2Fsessions&{beside}"
    assert sources["estimate"] == "/v1/periods/2021-Q2/estimates?indicator=II.1.a%2Fsessions&version=2"
    assert (paper.heading.symbol, paper.heading.certain) == ("Số: 07/BC-UBND", False)
    assert [one.code for one in paper.heading.addressees] == ["VPCP", "BKHDT"]
    assert (paper.heading.recipients[0], paper.heading.recipients[-1]) == ("Như trên", "Lưu: VT, KT")
