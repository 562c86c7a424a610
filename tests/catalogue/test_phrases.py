"""The sentences that reports are drafted with: every indicator has one, and a wrong one is refused."""

import pytest

from catalogue.model import Plan
from catalogue.phrases import is_named
from tests.catalogue.conftest import Wrong

FILE = "phrases.toml"
ANY = '{ code = "any", some ='


def test_every_indicator_has_its_sentence(plan: Plan) -> None:
    phrases = [plan.phrases.of(indicator) for indicator in plan.indicator_by_code.values()]
    assert all("{value}" in phrase.some for phrase in phrases)
    assert len(set(phrases)) > 5


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("II.2.d.1/borrowers", "cooperatives"),
        ("II.2.d.1/balance", "stock-of-money"),
        ("II.4.a.1/active-htx", "stock-named"),
        ("II.3.b/classes", "named"),
        ("II.3.b/women", "part"),
        ("II.1.a/materials", "any"),
        ("II.4.đ.1/average-income", "average"),
    ],
)
def test_the_first_phrase_that_fits_holds(plan: Plan, code: str, rule: str) -> None:
    expected = next(one.phrase for one in plan.phrases.rules if one.code == rule)
    assert plan.phrases.of(plan.indicator_by_code[code]) == expected


def test_an_indicator_may_have_its_own(plan: Plan) -> None:
    cost = plan.indicator_by_code["II.3.b/cost"]
    assert plan.phrases.of(cost) == cost.phrase


def test_a_title_is_named_by_its_unit_only_as_a_whole_word(plan: Plan) -> None:
    assert is_named(plan.indicator_by_code["II.2.d.1/borrowers"])
    assert not is_named(plan.indicator_by_code["II.2.đ.2/planned"])  # "HTX, THT được giúp …"


def test_what_is_counted_by_the_time_is_said_once_in_a_sentence(plan: Plan) -> None:
    """Not "lượt cán bộ … được bồi dưỡng 3 lượt người"."""
    by_the_time = [one for one in plan.indicator_by_code.values() if one.title.startswith("Lượt ")]
    assert by_the_time
    assert [one.code for one in by_the_time if not is_named(one)] == []


@pytest.mark.parametrize(
    ("text", "instead", "problem"),
    [
        (ANY + ' "{Title}', ANY + ' "{Name}', "any: some: '{Name} trong kỳ là {value} {unit}{comparison}.'"
         ": nothing is called 'Name' here"),
        (ANY + ' "{Title}', ANY + ' "{', "any: some: '{ trong kỳ là {value} {unit}{comparison}.' is no template: "),
        ("trong kỳ là {value} {unit}{comparison}", "{value:,}", "braces hold a name and nothing else"),
        ("{Title} đạt {value}", "{Title} đạt", "average: some: '{Title} đạt {unit}{comparison}.': {value} is missing"),
        ('none = "Chưa có số liệu', 'none = "{value}: chưa có số liệu', "nothing is called 'value' here"),
        ('code = "cooperatives"', 'code = "money"', "money: used twice"),
        ('{ code = "same", text = "bằng {earlier}" },', "", "comparisons: 'same' is missing"),
        ('"bằng {earlier}"', '"bằng nhau"', "comparisons: same: 'bằng nhau': {earlier} is missing"),
        ('"bằng {earlier}"', '"bằng {earlier} {percent}"', "nothing is called 'percent' here"),
        ('code = "same"', 'code = "even"', "comparisons"),
        ('{ code = "any", some', '{ code = "any", units = ["lít"], some', "II.1.a/materials: no phrase fits it"),
        ("named = true, some", "name = true, some", "unknown field `name`"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_refused_by_name(wrong: Wrong, text: str, instead: str, problem: str) -> None:
    assert any(problem in one for one in wrong(FILE, text, instead))


def test_an_indicators_own_wrong_one_is_refused_too(wrong: Wrong) -> None:
    text, instead = "Kinh phí bồi dưỡng cán bộ trong kỳ là {value}", "Kinh phí là {sum} {value}"
    [problem] = wrong("tasks-3.toml", text, instead)
    assert problem.startswith("tasks-3.toml: II.3.b/cost: phrase: some: ")
    assert "nothing is called 'sum' here" in problem
