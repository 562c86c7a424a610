"""What the report says: figures in sentences, who reported, what hinders; in whose name, and where figures lead."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period, local_day
from services.reporting.document import docx
from services.reporting.document.annexes import (
    annexes,
)
from services.reporting.document.heading import Sender, heading
from services.reporting.document.numbering import letter, roman
from services.reporting.document.opening import Behind, opening
from services.reporting.document.outline import Outline, writable
from services.reporting.document.report import report
from services.reporting.document.sentences import aimed, results
from services.reporting.document.tables import Row
from services.reporting.model import Refused
from services.reporting.summary_views import FigureView, TargetView, TaskView, WindowView
from services.reporting.views import ConsolidationView
from services.reporting.words import number, permille
from tests.services.reporting.document.frozen import FROZEN_AT, frozen
from tests.services.reporting.document.word import Word

Q2 = Period.parse("2021-Q2")
DAYS = WindowView(first_day=date(2021, 3, 15), last_day=date(2021, 6, 14))


@pytest.fixture(scope="module")
def view(plan: Plan) -> ConsolidationView:
    return frozen(plan)


def said(plan: Plan, view: ConsolidationView, sender: Sender = "consolidator") -> str:
    """The body's words, line by line."""
    head = heading(plan, view, sender)
    blocks = report(plan, view, head, sender, annexes(plan, view))
    return "\n".join(f"{block.number} {block.text}".strip() for block in blocks)


def figure(title: str, unit: str, value: int, **more: object) -> FigureView:
    agencies = {"expected": 1, "in": 1}
    told = {"code": title, "title": title, "unit": unit, "value": value, "measure": "sum", "newest": None, **more}
    return FigureView.model_validate({**told, "agencies": agencies})


def task(*figures: FigureView) -> TaskView:
    return TaskView(code="x", section="II.1", position=1, title="", kind="", leads=[], indicators=list(figures))


def test_a_figure_reads_as_a_number_of_what_it_counts(plan: Plan) -> None:
    told = results(
        plan, task(figure("Lượt người tham dự", "lượt người", 1_250), figure("Dư nợ", "đồng", 9_000_000)), Q2, DAYS
    )
    assert told == ["Trong quý II năm 2021: 1.250 lượt người tham dự; dư nợ 9.000.000 đồng."]


def test_parts_stand_behind_their_whole_and_what_is_nil_is_left_out(plan: Plan) -> None:
    figures = (
        figure("Khen thưởng đã trao", "khen thưởng", 9),
        figure("Trong đó cho tập thể", "khen thưởng", 4),
        figure("Trong đó cho cá nhân", "khen thưởng", 0),
        figure("Buổi kiểm tra", "buổi", 0),
    )
    told = results(plan, task(*figures), Q2, DAYS)
    assert told == ["Trong quý II năm 2021: 9 khen thưởng đã trao (trong đó cho tập thể 4)."]


def test_stocks_are_told_as_of_the_last_day(plan: Plan) -> None:
    told = results(plan, task(figure("Dư nợ", "đồng", 5, measure="stock")), Q2, DAYS)
    assert told == ["Đến hết ngày 14/06/2021: dư nợ 5 đồng."]


@pytest.mark.parametrize(
    ("period", "compared"),
    [
        ("2022-Q2", "tăng 2 buổi (20%) so với quý I năm 2022, bằng cùng kỳ năm 2021."),
        ("2022-H1", "tăng 2 buổi (20%) so với 6 tháng cuối năm 2021, bằng cùng kỳ năm 2021."),
        ("2022", "tăng 2 buổi (20%) so với năm 2021."),
        ("2021-Q2", "tăng 2 buổi (20%) so với quý I năm 2021."),  # a year before there was no plan yet
    ],
)
def test_the_first_figure_is_compared_as_in_an_agencys_draft(plan: Plan, period: str, compared: str) -> None:
    one = figure("Buổi tuyên truyền", "buổi", 12, previous=10, last_year=12)
    told = results(plan, task(one), Period.parse(period), DAYS)
    assert told[0].endswith(f"; buổi tuyên truyền {compared}")


def test_a_task_without_figures_says_so(plan: Plan) -> None:
    assert results(plan, task(figure("Buổi", "buổi", 0)), Q2, DAYS) == [
        "Trong quý II năm 2021 không phát sinh số liệu."
    ]


def test_every_figure_of_the_period_stands_in_the_sentences_or_is_nil(plan: Plan, view: ConsolidationView) -> None:
    text = said(plan, view)
    for one in (figure for task in view.summary.tasks for figure in task.indicators):
        assert not one.value or number(one.value) in text


def test_agencies_words_stand_with_their_task_and_what_no_file_can_hold_is_left_out(
    plan: Plan, view: ConsolidationView
) -> None:
    lines = said(plan, view).splitlines()
    at = lines.index("c) Nội dung báo cáo của cơ quan, đơn vị:")
    assert lines[at + 1 : at + 3] == [
        "- Sở Nội vụ: Đã mở lớp theo kế hoạch năm.",
        "- Liên minh Hợp tác xã tỉnh: Phối hợp tốt.",
    ]
    assert "- Sở Công Thương: Bổ sung kinh phí & <hội chợ>." in lines


def test_those_who_are_asked_stand_apart_from_those_who_are_ordered(plan: Plan, view: ConsolidationView) -> None:
    text = said(plan, view)
    ordered, _, requested = text.partition("2. Cơ quan, tổ chức được đề nghị báo cáo")
    assert "có 33 báo cáo có hoạt động, 1 báo cáo không phát sinh, 1 chưa báo cáo; trong đó 33" in ordered
    assert "trong số 6 cơ quan, đơn vị có 5 báo cáo có hoạt động, 1 chưa báo cáo" in requested


def test_a_report_that_was_returned_is_told_as_owed(plan: Plan, view: ConsolidationView) -> None:
    duties = [
        one.model_copy(update={"report_state": "returned"}) if one.state == "missing" else one
        for one in view.register_.duties
    ]
    returned = view.model_copy(update={"register_": view.register_.model_copy(update={"duties": duties})})
    names = [one.name for one in duties if one.state == "missing"]
    for name in names:
        assert f"Chưa báo cáo: {name} (đã nộp nhưng bị trả lại để hoàn thiện)." in said(plan, returned)
        assert f"Chưa báo cáo: {name}." in said(plan, view)


def test_obstacles_restatements_and_discrepancies_lead_to_their_annexes(plan: Plan, view: ConsolidationView) -> None:
    text = said(plan, view)
    assert "Tổng số 2 vướng mắc: 1 chưa chuyển, 1 đã kết thúc (chi tiết tại Phụ lục VI kèm theo)." in text
    assert "3 số liệu của quý I năm 2021, năm 2020 đã thay đổi" in text
    assert "(chi tiết tại Phụ lục VII kèm theo); số đã ký được giữ nguyên." in text
    assert (
        "Có 1 số liệu do cơ quan, đơn vị báo cáo khác với số đếm từ sự kiện (chi tiết tại Phụ lục VIII kèm theo)"
        in text
    )


def test_the_words_point_to_every_annex_that_there_is(plan: Plan, view: ConsolidationView) -> None:
    few = view.model_copy(update={"obstacles": [], "restatements": [], "task_register": None})
    for shown in (view, few):
        count = len(annexes(plan, shown))
        text = said(plan, shown)
        for annex in range(1, count + 1):
            assert f"(chi tiết tại Phụ lục {roman(annex)} kèm theo)" in text
        assert f"Phụ lục {roman(count + 1)} " not in text


def test_the_words_tell_how_far_targets_are_reached_and_where_estimates_stand(
    plan: Plan, view: ConsolidationView
) -> None:
    text = said(plan, view)
    assert "Trong số 1 chỉ tiêu có mục tiêu, chưa có chỉ tiêu nào đạt (" in text
    assert f" giai đoạn 2021-2025 lũy kế 21/200, đạt {permille(105)}); cơ quan, đơn vị báo cáo số ước " in text
    estimates = [one for task in view.summary.tasks for one in task.indicators if one.estimate is not None]
    assert f"số ước thực hiện của {len(estimates)} chỉ tiêu (chi tiết tại Phụ lục II kèm theo)." in text


@pytest.mark.parametrize(
    ("so_far", "told"),
    [
        ((), []),
        ((200, 250), ["trong số 2 chỉ tiêu có mục tiêu, 2 chỉ tiêu đã đạt"]),
        ((199,), ["trong số 1 chỉ tiêu có mục tiêu, chưa có chỉ tiêu nào đạt (lớp giai đoạn 2021-2025 lũy kế 199/200, "
                  f"đạt {permille(995)})"]),
        ((20, 200), ["trong số 2 chỉ tiêu có mục tiêu, 1 chỉ tiêu đã đạt, 1 chỉ tiêu chưa đạt (lớp giai đoạn 2021-2025 "
                     f"lũy kế 20/200, đạt {permille(100)})"]),
    ],
)  # fmt: skip
def test_a_target_is_reached_at_its_lower_end(so_far: tuple[int, ...], told: list[str]) -> None:
    targets = [
        TargetView(value=200, up_to=250, by="2021-2025", source="", so_far=one, progress_permille=one * 5)
        for one in so_far
    ]
    assert aimed([(figure("Lớp", "lớp", 1), target) for target in targets]) == told


def test_what_there_is_not_is_said_and_has_no_annex(plan: Plan, view: ConsolidationView) -> None:
    none: dict[str, list[object]] = {"obstacles": [], "restatements": [], "discrepancies": [], "proposals": []}
    bare = view.model_copy(update=none)
    text = said(plan, bare)
    assert "Không có số liệu đã ký của các kỳ trước phải điều chỉnh." in text
    assert "Trong kỳ không có khó khăn, vướng mắc được báo cáo." in text
    assert "Các cơ quan, đơn vị không có kiến nghị, đề xuất." in text
    names = [table.name for table in annexes(plan, bare)]
    assert names == ["Số liệu", "Mục tiêu", "Sổ báo cáo", "Sổ nhiệm vụ", "Cả năm"]
    before = bare.model_copy(update={"task_register": None, "year_register": None})
    assert [table.name for table in annexes(plan, before)] == names[:3]
    assert "đầu việc" not in said(plan, before)


def test_every_task_is_told_under_the_plans_own_code(plan: Plan, view: ConsolidationView) -> None:
    heads = [line for line in said(plan, view).splitlines() if re.match(r"\d+\. .*\([IVX]+\.\d+\..+\)$", line)]
    assert [head.rpartition(" (")[2].rstrip(")") for head in heads] == [task.code for task in plan.tasks]


def test_the_words_tell_the_rates_of_tasks_and_of_the_year(plan: Plan, view: ConsolidationView) -> None:
    assert view.task_register is not None
    rate = view.task_register.obliged
    text = said(plan, view)
    assert f"trong số {rate.due} đầu việc đến hạn" in text
    assert f"{rate.on_time} đầu việc đúng hạn" in text
    assert "Tính từ đầu năm 2021, trong số 35 báo cáo đến hạn" in text


@pytest.mark.parametrize(
    ("sender", "on", "issuer", "addressees"),
    [
        ("consolidator", date(2025, 2, 28), "Sở Kế hoạch và Đầu tư", ["Ủy ban nhân dân tỉnh Lạng Sơn"]),
        ("consolidator", date(2025, 3, 1), "Sở Tài chính", ["Ủy ban nhân dân tỉnh Lạng Sơn"]),
        ("province", None, "Ủy ban nhân dân tỉnh Lạng Sơn", ["Văn phòng Chính phủ", "Bộ Kế hoạch và Đầu tư"]),
        ("province", date(2025, 3, 1), "Ủy ban nhân dân tỉnh Lạng Sơn", ["Văn phòng Chính phủ", "Bộ Tài chính"]),
    ],
)
def test_a_document_is_of_and_to_the_agencies_of_its_day(
    plan: Plan, view: ConsolidationView, sender: Sender, on: date | None, issuer: str, addressees: list[str]
) -> None:
    head = heading(plan, view, sender, issued_on=on)
    assert (head.issuer, [one.name for one in head.addressees]) == (issuer, addressees)
    assert [one.certain for one in head.addressees if one.code == "BTC"] in ([], [False])


def test_a_copy_goes_to_whoever_stands_in_the_agencys_place(plan: Plan, view: ConsolidationView) -> None:
    assert "Sở Tài chính" in heading(plan, view, "province", issued_on=date(2025, 3, 1)).recipients
    assert "Sở Kế hoạch và Đầu tư" in heading(plan, view, "province").recipients


def test_no_document_is_issued_before_its_figures_were_frozen(plan: Plan, view: ConsolidationView) -> None:
    frozen_on = local_day(FROZEN_AT)
    assert heading(plan, view, issued_on=frozen_on).issued_on == frozen_on
    with pytest.raises(Refused):
        heading(plan, view, issued_on=frozen_on - timedelta(days=1))


def test_numbers_lead_to_what_is_behind_them_only_where_an_address_is_set(plan: Plan, view: ConsolidationView) -> None:
    head, address = heading(plan, view), "https://reporting.example/periods/2021-Q2/figure?indicator=II.1.a%2Fsessions"
    linked = Word(docx.render(plan, view, head, "consolidator", opening("https://reporting.example/")))
    targets = [one.target_ref for one in linked.document.part.rels.values() if one.is_external]
    assert targets[0] == f"{address}&calendar=administrative&version=2"
    assert {opening("https://reporting.example")(one) for one in _shown_behind(plan, view)} == set(targets)
    bare = Word(docx.render(plan, view, head, "consolidator"))
    assert not [one for one in bare.document.part.rels.values() if one.is_external]


def _shown_behind(plan: Plan, view: ConsolidationView) -> Iterator[Behind]:
    for table in annexes(plan, view):
        for row in (row for row in table.rows if isinstance(row, Row)):
            for index in table.on_paper:
                name = table.columns[index].opens
                if name and row.cells[index] is not None:
                    yield row.behind[name]


def test_letters_follow_the_vietnamese_alphabet() -> None:
    assert [letter(number) for number in range(1, 13)] == list("abcdđeghiklm")
    assert (letter(23), letter(24)) == ("y", "aa")


@given(st.integers(1, 399))
def test_roman_numbers_are_each_others_order(number: int) -> None:
    worth = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    values = [worth[sign] for sign in roman(number)]
    after = [*values[1:], 0]
    assert sum(-one if one < next_ else one for one, next_ in zip(values, after, strict=True)) == number


@given(st.text())
def test_whatever_somebody_wrote_can_be_written(words: str) -> None:
    outline = Outline()
    outline.text(words)
    outline.dash(words)
    for block in outline.blocks:
        assert writable(block.text) == block.text
        assert not block.text or block.text[-1] in ".;:!?…"
