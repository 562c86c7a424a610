"""The sentences of a draft: what is said, and how it compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting.reports.sentences import Writer
from services.reporting.summary_views import AgenciesView, FigureView
from services.reporting.words import number, uncapitalised

AMOUNTS = st.integers(-(10**15), 10**15)


def written(plan: Plan, code: str, value: int, previous: int | None, last_year: int | None, period: str) -> str:
    indicator = plan.indicator_by_code[code]
    figure = FigureView(
        code=code,
        title=indicator.title,
        measure=indicator.measure,
        unit=indicator.unit,
        value=value,
        previous=previous,
        last_year=last_year,
        newest=None,
        agencies=AgenciesView.model_validate({"expected": 1, "in": 1}),
    )
    return Writer(plan, Period.parse(period)).sentence(figure)


@pytest.mark.parametrize(
    ("code", "values", "period", "sentence"),
    [
        ("II.3.b/classes", (5, 4, 2), "2022-Q2",
         "Trong kỳ có 5 lớp đào tạo, bồi dưỡng, tăng 1 lớp (25%) so với quý I năm 2022, "
         "tăng 3 lớp (150%) so với cùng kỳ năm 2021."),
        ("II.3.b/classes", (0, 3, 0), "2022-Q2",
         "Trong kỳ không phát sinh lớp đào tạo, bồi dưỡng, giảm 3 lớp (100%) so với quý I năm 2022."),
        ("II.2.d.1/borrowers", (12, 0, 12), "2022-Q2",
         "Trong kỳ có 12 HTX được vay, quý I năm 2022 không phát sinh, bằng cùng kỳ năm 2021."),
        ("II.2.d.1/balance", (1_250_000_000, 1_000_000_000, 0), "2021-Q4",
         "Dư nợ tính đến ngày 14/12/2021 là 1.250.000.000 đồng, "
         "tăng 250.000.000 đồng (25%) so với quý III năm 2021, cùng kỳ năm 2020 bằng 0."),
        ("II.4.đ.1/profit", (10, -5, 0), "2022",
         "Lãi (lỗ) HTX trong năm (thực hiện): 10 đồng, tăng 15 đồng so với năm 2021."),
        ("II.4.đ.1/profit", (-10, 0, 0), "2022",
         "Lãi (lỗ) HTX trong năm (thực hiện): -10 đồng, năm 2021 không phát sinh."),
        ("II.3.b/classes", (5, 4, 0), "2021-Q2",
         "Trong kỳ có 5 lớp đào tạo, bồi dưỡng, tăng 1 lớp (25%) so với quý I năm 2021."),
        ("II.3.b/classes", (5, 3, 3), "2022",
         "Trong kỳ có 5 lớp đào tạo, bồi dưỡng, tăng 2 lớp (66,7%) so với năm 2021."),
        ("II.3.b/women", (7, 4, 7), "2022-H1",
         "Trong đó nữ: 7 lượt người, tăng 3 lượt người (75%) so với 6 tháng cuối năm 2021, bằng cùng kỳ năm 2021."),
        ("II.4.đ.1/average-income", (0, 0, 0), "2022",
         "Chưa có số liệu để tính thu nhập bình quân một lao động thường xuyên (thực hiện)."),
    ],
)  # fmt: skip
def test_a_figure_is_told_with_what_it_compares_with(
    plan: Plan, code: str, values: tuple[int, int, int], period: str, sentence: str
) -> None:
    assert written(plan, code, *values, period) == sentence


def test_nothing_is_compared_with_a_time_before_the_plan(plan: Plan) -> None:
    assert "2020" not in written(plan, "II.3.b/classes", 5, 0, 0, "2021-Q1").replace("quý IV năm 2020", "")
    assert "cùng kỳ" not in written(plan, "II.3.b/classes", 5, 4, 3, "2021-Q3")


def test_an_abbreviation_keeps_its_capitals() -> None:
    assert (uncapitalised("HTX được vay"), uncapitalised("Lớp đào tạo")) == ("HTX được vay", "lớp đào tạo")


@given(st.sampled_from(["II.3.b/classes", "II.4.đ.1/profit", "II.2.d.1/balance"]), AMOUNTS, st.just(0) | AMOUNTS)
def test_what_is_compared_is_true_whatever_the_signs(plan: Plan, code: str, value: int, then: int) -> None:
    sentence = written(plan, code, value, then, then, "2022")
    unit, measure = plan.indicator_by_code[code].unit, plan.indicator_by_code[code].measure
    difference = f" {number(abs(value - then))} {unit}"
    turned = "tăng" if value > then else "giảm"
    assert (f"{turned}{difference}" in sentence) == (then != 0 and value != then)
    assert ("%)" in sentence) == (then > 0 and value != then)
    assert (", bằng năm 2021" in sentence) == (value == then != 0)
    assert (", năm 2021 không phát sinh" in sentence) == (then == 0 != value and measure != "stock")
    assert (", năm 2021 bằng 0" in sentence) == (then == 0 != value and measure == "stock")


@given(st.data(), AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS, st.sampled_from(["2022-Q1", "2022-H1", "2022"]))
def test_every_indicator_makes_a_sentence_of_any_figures(
    plan: Plan, data: st.DataObject, value: int, previous: int | None, last_year: int | None, period: str
) -> None:
    code = data.draw(st.sampled_from(sorted(plan.indicator_by_code)))
    sentence = written(plan, code, value, previous, last_year, period)
    assert sentence.endswith(".")
    assert not set(sentence) & set("{}")
    assert sentence[0].isupper()
    assert "  " not in sentence
