"""The events behind a figure, told one after the other: all that hold, and no others."""

from datetime import date, timedelta

from hypothesis import given, settings

from catalogue.model import Plan
from catalogue.windows import window
from services.reporting.past import heard_by, within
from services.reporting.proofs import Sought, each, trace
from tests.services.reporting.said import said
from tests.services.reporting.standing import JULY
from tests.services.reporting.test_past import YEAR, Reporting, batches, classes

PEOPLE = "II.3.b/people"


@settings(max_examples=15)
@given(heard=batches)
async def test_they_are_exactly_those_that_make_the_figure_now_and_at_any_moment(
    plan: Plan, heard: list[list[bytes]]
) -> None:
    reporting, moments = Reporting(plan), []
    for values in heard:
        await reporting.hear(values)
        moments.append(reporting.clock.now() - timedelta(minutes=1))
    for code, value in (await reporting.values()).items():
        if not value:
            continue
        indicator = plan.indicator_by_code[code]
        wanted = within(window(YEAR, "administrative"), indicator)
        for known in (lambda _: True, heard_by(moments[len(moments) // 2])):
            sought = Sought(indicator, wanted, known)
            told = [one async for events in each(reporting.deps, sought) for one in events]
            made = (await trace(reporting.deps, sought)).events
            assert sorted(told, key=lambda pair: pair[0].entry.fact) == sorted(made, key=lambda one: one[0].entry.fact)


async def test_what_was_taken_back_and_said_again_is_told_once_as_it_was_said_last(plan: Plan) -> None:
    reporting, june, august = Reporting(plan), date(2021, 6, 1), date(2021, 8, 1)
    gone = said("SNV", "training.held.retracted", "b", JULY, {"reason": "nhập nhầm"}, revision=2, id="b-2")
    await reporting.hear([classes("a", june, 10), classes("b", june, 20), classes("c", june, 30)])
    await reporting.hear([classes("c", august, 31, revision=2), gone])
    await reporting.hear([classes("b", june, 22, revision=3), classes("c", june, 33, revision=3)])
    sought = Sought(
        plan.indicator_by_code[PEOPLE], within(window(YEAR, "administrative"), plan.indicator_by_code[PEOPLE])
    )
    told = [
        (source.entry.id, rows[0].amount) async for events in each(reporting.deps, sought) for source, rows in events
    ]
    assert told == [("SNV-a-1", 10), ("SNV-b-3", 22), ("SNV-c-3", 33)]


async def test_they_come_batch_after_batch_and_what_is_heard_meanwhile_is_left_out(plan: Plan) -> None:
    reporting, june = Reporting(plan), date(2021, 6, 1)
    for number in range(40):
        await reporting.hear([classes(f"{number}-{one}", june, 1) for one in range(3)])
    told = each(reporting.deps, _sought(plan))
    sizes = [len(await anext(told))]
    await reporting.hear([classes("late", june, 1), classes("39-0", june, 9, revision=2)])
    sizes += [len(events) async for events in told]
    assert sizes == [3] * 40


def _sought(plan: Plan) -> Sought:
    indicator = plan.indicator_by_code[PEOPLE]
    return Sought(indicator, within(window(YEAR, "administrative"), indicator))
