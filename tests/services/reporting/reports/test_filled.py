"""What a clerk types, and the submission that it makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.filled import Filled, WrongForm, read_form, submission_of
from services.reporting.words import number


def test_what_is_typed_makes_a_report_and_what_is_empty_says_nothing() -> None:
    filled = read_form([
        ("outcome", "activity"), ("document", " 215/BC-SNV "), ("summary", ""),
        ("words:II.3.b", "Đã mở lớp.\r\nĐạt kế hoạch."), ("words:II.1.c", "  "),
        ("declared:II.3.b/classes", "1.250"), ("declared:II.3.b/people", ""), ("estimate:II.3.b/classes", "2 000"),
        ("proposals", "Bổ sung kinh phí.\r\n\r\nMở thêm lớp."), ("obstacle", ""), ("keep", "a" * 64), ("other", "?"),
    ])  # fmt: skip
    body = submission_of(filled, "2021-Q2")
    assert (body.periods, body.outcome, body.document, body.summary) == (["2021-Q2"], "activity", "215/BC-SNV", None)
    assert body.words == {"II.3.b": "Đã mở lớp.\nĐạt kế hoạch."}
    assert (body.declared, body.estimates) == ({"II.3.b/classes": 1250}, {"II.3.b/classes": 2000})
    assert (body.proposals, body.obstacles, body.keep) == (["Bổ sung kinh phí.", "Mở thêm lớp."], [], ["a" * 64])


def test_a_task_is_marked_with_its_document_and_a_document_alone_marks_nothing() -> None:
    filled = read_form([
        ("outcome", "activity"),
        ("mark:II.3.b", "excused"), ("mark_document:II.3.b", " 12/SNV-VP "),
        ("mark:II.4.d", "nil"), ("mark_document:II.4.d", ""),
        ("mark:II.1.a", ""), ("mark_document:II.1.a", " "),
    ])  # fmt: skip
    body = submission_of(filled, "2021-Q2")
    assert {code: (mark.outcome, mark.document) for code, mark in body.marks.items()} == {
        "II.3.b": ("excused", "12/SNV-VP"),
        "II.4.d": ("nil", None),
    }
    with pytest.raises(WrongForm) as wrong:
        submission_of(Filled(outcome="activity", mark_documents={"II.3.b": "12/SNV-VP"}), "2021-Q2")
    [problem] = wrong.value.problems
    assert problem.startswith("Đánh dấu nhiệm vụ (II.3.b): nêu văn bản mà chưa chọn")
    with pytest.raises(WrongForm):
        submission_of(Filled(outcome="activity", marks={"II.3.b": "activity"}), "2021-Q2")


@pytest.mark.parametrize("text", ["12,5", "1.25", "một", "1e3", "0x10", "--1", "1.2345", "٣", "9" * 40])
def test_what_is_no_whole_number_is_named_with_its_indicator(text: str) -> None:
    with pytest.raises(WrongForm) as wrong:
        submission_of(Filled(declared={"II.3.b/classes": text}), "2021-Q2")
    [problem] = wrong.value.problems
    assert "Số kê khai (II.3.b/classes)" in problem
    assert text in problem


def test_everything_that_is_wrong_is_told_at_once() -> None:
    filled = Filled(outcome="", document="x" * 65, estimates={"II.3.b/people": "?"}, obstacle="x" * 2_001)
    with pytest.raises(WrongForm) as wrong:
        submission_of(filled, "2021-Q2")
    told = [problem.partition(":")[0] for problem in wrong.value.problems]
    assert {"Kết quả trong kỳ", "Số, ký hiệu văn bản", "Ước thực hiện (II.3.b/people)"} < set(told)
    assert len(told) == 4


@given(st.integers(-(10**15), 10**15))
def test_a_number_is_read_as_it_is_written(value: int) -> None:
    filled = Filled(declared={"II.3.b/classes": number(value)})
    assert submission_of(filled, "2021-Q2").declared == {"II.3.b/classes": value}


def test_one_report_may_be_that_of_another_period_too_but_only_of_one_that_is_offered() -> None:
    filled = read_form([("outcome", "nil"), ("also", "2021-H1"), ("also", "2021-Q3")])
    assert submission_of(filled, "2021-Q2", ["2021-H1"]).periods == ["2021-Q2", "2021-H1"]
    assert submission_of(filled, "2021-Q2").periods == ["2021-Q2"]


def test_an_indicator_is_called_by_its_title_where_it_has_one() -> None:
    titles = {"II.3.b/classes": "Lớp đào tạo"}
    with pytest.raises(WrongForm) as wrong:
        submission_of(Filled(outcome="nil", estimates={"II.3.b/classes": "ba"}), "2021-Q2", titles=titles)
    assert wrong.value.problems == ["Ước thực hiện «Lớp đào tạo» (II.3.b): «ba» không phải số nguyên, ví dụ: 1.250."]
