"""A wrong plan is refused with lines ``file: entry: reason``; one test for each way to be wrong."""

from pathlib import Path

import pytest

from catalogue.load import WrongPlan, load
from tests.catalogue.conftest import REAL, Wrong

SESSIONS = '{ kind = "propaganda.held" },'
AUDIENCE = '{ kind = "propaganda.held", where = { audience = ["officials"] } },'
ATTENDEES = '{ kind = "propaganda.held", field = "people" },'


def test_an_untouched_copy_is_accepted(folder: Path) -> None:
    assert [task.code for task in load(folder).tasks] == [task.code for task in load(REAL).tasks]


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(WrongPlan) as refused:
        load(tmp_path / "nowhere")
    assert len(refused.value.problems) == 6
    assert refused.value.problems[0].startswith("plan.toml: the file: missing in ")


def test_a_missing_file(folder: Path) -> None:
    (folder / "agencies.toml").unlink()
    with pytest.raises(WrongPlan, match=r"^agencies.toml: the file: missing in \S+$"):
        load(folder)


def test_a_file_that_is_no_part_of_a_plan(folder: Path) -> None:
    (folder / "task-9.toml").write_text("")
    with pytest.raises(WrongPlan, match=r"^task-9.toml: the file: no part of a plan"):
        load(folder)


def test_a_file_that_is_not_toml(wrong: Wrong) -> None:
    (problem,) = wrong("tasks-1.toml", "[[tasks]]", "[[tasks]")
    assert problem.startswith("tasks-1.toml: the file: can't be read: ")


def test_a_file_that_is_not_utf_8(folder: Path) -> None:
    (folder / "units.toml").write_bytes("Lạng Sơn".encode("utf-16"))
    with pytest.raises(WrongPlan, match=r"^units.toml: the file: can't be read: "):
        load(folder)


def test_an_unknown_key_of_an_entry(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", "gloss = ", "glos = ") == [
        "tasks-1.toml: II.1.a: Object contains unknown field `glos`"
    ]


def test_an_unknown_key_of_a_file(wrong: Wrong) -> None:
    assert "agencies.toml: the file: unknown key 'agency'" in wrong("agencies.toml", "agencies = [", "agency = [")


def test_an_unknown_key_of_a_term(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", ATTENDEES, ATTENDEES.replace("field", "sum")) == [
        "tasks-1.toml: II.1.a/attendees: terms[0]: Object contains unknown field `sum`"
    ]


def test_a_missing_key(wrong: Wrong) -> None:
    assert wrong("plan.toml", 'signer = "Đoàn Thu Hà, Phó Chủ tịch UBND tỉnh"\n', "") == [
        "plan.toml: the file: Object missing required field `signer`"
    ]


def test_a_list_that_is_none(wrong: Wrong) -> None:
    problems = wrong("agencies.toml", "groups = [", "groups = 3\nmore = [")
    assert "agencies.toml: the file: 'groups' must be a list of tables" in problems


def test_an_entry_that_is_no_table(wrong: Wrong) -> None:
    assert wrong("agencies.toml", "parties = [", 'parties = ["press",') == [
        "agencies.toml: #1: Expected `object`, got `str`"
    ]


def test_a_code_of_the_wrong_form(wrong: Wrong) -> None:
    (problem,) = wrong("agencies.toml", 'code = "SYT"', 'code = "syt"')
    assert problem.startswith("agencies.toml: syt: code: Expected `str` matching regex")


def test_a_task_letter_that_is_not_of_the_vietnamese_alphabet(wrong: Wrong) -> None:
    (problem,) = wrong("tasks-2c.toml", 'code = "II.2.g"', 'code = "II.2.f"')
    assert problem.startswith("tasks-2c.toml: II.2.f: code: Expected `str` matching regex")


def test_a_deadline_on_a_day_that_june_does_not_have(wrong: Wrong) -> None:
    assert wrong("plan.toml", "consolidate = { quarter = 30", "consolidate = { quarter = 31") == [
        "plan.toml: the file: regime.consolidate.quarter: Expected `int` <= 30"
    ]


def test_an_unknown_lead(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'leads = ["STTTT"]', 'leads = ["STTT"]') == [
        "tasks-1.toml: II.1.b: unknown lead 'STTT'"
    ]


def test_a_party_as_lead(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'leads = ["STTTT"]', 'leads = ["press"]') == [
        "tasks-1.toml: II.1.b: unknown lead 'press'"
    ]


def test_no_lead(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'leads = ["STTTT"]', "leads = []") == ["tasks-1.toml: II.1.b: no lead"]


def test_an_unknown_cooperating_agency(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'cooperating = ["press"]', 'cooperating = ["prss"]') == [
        "tasks-1.toml: II.1.b: unknown cooperating agency 'prss'"
    ]


def test_an_unknown_section(wrong: Wrong) -> None:
    problems = wrong("plan.toml", 'code = "II.3"', 'code = "II.6"')
    assert problems == [
        f"tasks-3.toml: {code}: unknown section 'II.3'"
        for code in (
            "II.3.a",
            "II.3.b",
            "II.3.c.1",
            "II.3.c.2",
        )
    ]


def test_a_section_named_twice(wrong: Wrong) -> None:
    problems = wrong("plan.toml", 'code = "II.3"', 'code = "II.2"')
    assert "plan.toml: sections: code 'II.2' is used twice, first in plan.toml" in problems


def test_a_duplicate_agency(wrong: Wrong) -> None:
    problems = wrong("agencies.toml", 'code = "SYT"', 'code = "STP"')
    assert problems == ["agencies.toml: STP: code 'STP' is used twice, first in agencies.toml"]


def test_a_duplicate_unit(wrong: Wrong) -> None:
    problems = wrong("units.toml", 'code = "06637"', 'code = "06625"')
    assert "units.toml: 06625: code '06625' is used twice, first in units.toml" in problems


def test_a_duplicate_task(wrong: Wrong) -> None:
    problems = wrong("tasks-3.toml", 'code = "II.3.b"', 'code = "II.2.b"')
    assert "tasks-3.toml: II.2.b: code 'II.2.b' is used twice, first in tasks-2a.toml" in problems


def test_a_duplicate_indicator(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'slug = "leaders"', 'slug = "attendees"') == [
        "tasks-1.toml: II.1.a/attendees: code 'II.1.a/attendees' is used twice, first in tasks-1.toml"
    ]


def test_a_hole_in_the_positions(wrong: Wrong) -> None:
    assert wrong("tasks-5.toml", "position = 46", "position = 47") == [
        "tasks-5.toml: II.5.b.3: position 47 where 46 is due"
    ]


def test_positions_against_the_order_of_the_vietnamese_alphabet(wrong: Wrong) -> None:
    problems = wrong("tasks-2b.toml", 'code = "II.2.e.2"', 'code = "II.2.đ.4"')
    assert problems == ["tasks-2b.toml: II.2.đ.4: position 18 puts it after II.2.e.1"]


def test_a_task_without_indicators(folder: Path) -> None:
    path = folder / "tasks-2c.toml"
    text = path.read_text("utf-8")
    start = text.index("indicators = [", text.index('code = "II.2.k.1"'))
    path.write_text(text[:start] + text[text.index("\n]\n", start) + 3 :], "utf-8")
    with pytest.raises(WrongPlan, match=r"^tasks-2c.toml: II.2.k.1: no indicator$"):
        load(folder)


def test_an_unknown_measure(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'measure = "count"', 'measure = "mean"') == [
        "tasks-1.toml: II.1.a/sessions: measure: Invalid enum value 'mean'"
    ]


def test_an_indicator_without_terms(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, "") == ["tasks-1.toml: II.1.a/sessions: a count needs terms"]


def test_an_unknown_kind(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, '{ kind = "propaganda.hold" },') == [
        "tasks-1.toml: II.1.a/sessions: unknown kind 'propaganda.hold'"
    ]


def test_a_kind_that_is_not_about_cooperatives(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, '{ kind = "report.submitted" },') == [
        "tasks-1.toml: II.1.a/sessions: kind 'report.submitted' is said by reporting, not about cooperatives"
    ]


def test_a_registration_counted_from_the_owners_only(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, '{ kind = "cooperative.registered" },') == [
        "tasks-1.toml: II.1.a/sessions: kind 'cooperative.registered' is said by registration offices: "
        'speakers must be "any"'
    ]


def test_a_sum_without_a_field(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", ATTENDEES, SESSIONS) == [
        "tasks-1.toml: II.1.a/attendees: a sum needs the field of 'propaganda.held' to add up"
    ]


def test_an_unknown_field(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", ATTENDEES, ATTENDEES.replace("people", "peple")) == [
        "tasks-1.toml: II.1.a/attendees: kind 'propaganda.held' has no field 'peple'"
    ]


@pytest.mark.parametrize("field", ["audience", "cooperatives", "unit"])
def test_a_field_that_is_not_a_whole_number(wrong: Wrong, field: str) -> None:
    assert wrong("tasks-1.toml", ATTENDEES, ATTENDEES.replace("people", field)) == [
        f"tasks-1.toml: II.1.a/attendees: field '{field}' of 'propaganda.held' is not a whole number"
    ]


def test_a_count_of_a_field(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, ATTENDEES) == [
        "tasks-1.toml: II.1.a/sessions: a count takes no field, but 'people' is given"
    ]


def test_distinct_cooperatives_of_a_kind_that_names_none(wrong: Wrong) -> None:
    problems = wrong("tasks-1.toml", '{ kind = "award.granted" },', '{ kind = "plan.issued" },')
    assert problems == ["tasks-1.toml: II.1.c/cooperatives: kind 'plan.issued' names no cooperatives to count"]


def test_a_negative_sign_outside_a_stock(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, '{ kind = "propaganda.held", sign = -1 },') == [
        "tasks-1.toml: II.1.a/sessions: only a stock takes a negative sign, not a count"
    ]


def test_a_move_of_what_is_no_stock_or_cannot_move(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", SESSIONS, '{ kind = "propaganda.held", moved = true },') == [
        "tasks-1.toml: II.1.a/sessions: only a stock is moved from one unit to another, not a count",
        "tasks-1.toml: II.1.a/sessions: kind 'propaganda.held' moves nothing from one unit to another",
    ]


def test_a_condition_on_an_unknown_field(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", AUDIENCE, AUDIENCE.replace("audience", "audienc")) == [
        "tasks-1.toml: II.1.a/official-sessions: where: kind 'propaganda.held' has no field 'audienc'"
    ]


def test_a_condition_that_can_never_hold(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", AUDIENCE, AUDIENCE.replace("officials", "official")) == [
        "tasks-1.toml: II.1.a/official-sessions: where: 'official' can't be the 'audience' of 'propaganda.held': "
        "Invalid enum value 'official'"
    ]


def test_a_condition_of_the_wrong_type(wrong: Wrong) -> None:
    problems = wrong("tasks-2b.toml", "joint = [true]", "joint = [1]")
    assert problems == [
        "tasks-2b.toml: II.2.đ.3/joint-events: where: 1 can't be the 'joint' of 'trade_promotion.held': "
        "Expected `bool`, got `int`"
    ]


def test_a_condition_without_values(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", AUDIENCE, AUDIENCE.replace('"officials"', "")) == [
        "tasks-1.toml: II.1.a/official-sessions: terms[0].where[...]: Expected `array` of length >= 1"
    ]


def test_an_open_kind_that_is_unknown(wrong: Wrong) -> None:
    assert wrong("plan.toml", '"obstacle.solved"', '"obstacle.ended"') == [
        "plan.toml: open_kinds: unknown kind 'obstacle.ended'"
    ]


def test_an_open_kind_that_agencies_do_not_say(wrong: Wrong) -> None:
    assert wrong("plan.toml", '"obstacle.solved"', '"cooperative.registered"') == [
        "plan.toml: open_kinds: kind 'cooperative.registered' is said by registry, not by agencies"
    ]


def test_all_that_is_wrong_is_told_at_once(wrong: Wrong, folder: Path) -> None:
    agencies = folder / "agencies.toml"
    agencies.write_text(agencies.read_text("utf-8").replace('successor = "SXD"', 'successor = "S"'), "utf-8")
    problems = wrong("tasks-1.toml", 'leads = ["STTTT"]', 'leads = ["STTT"]\nlead = 1')
    assert problems == [
        "tasks-1.toml: II.1.b: Object contains unknown field `lead`",
        "agencies.toml: SGTVT: unknown successor 'S'",
    ]
