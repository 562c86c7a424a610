"""A draft: an agency's tasks in the plan's order, with the figures that its summary has."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period, window
from chassis.clock import ManualClock
from chassis.listening import Place, Record, Span
from chassis.store_memory import MemoryStore
from services.reporting import queries
from services.reporting.handlers import Folding
from services.reporting.reports.decide import Submission
from services.reporting.reports.handing_in import Files, hand_in
from services.reporting.reports.model import Contents
from services.reporting.reports.queries import discrepancies_of, draft_of
from tests.services.reporting.reports.asking import REPORT, get, handed_in
from tests.services.reporting.said import events, said
from tests.services.reporting.standing import deps_on
from tests.services.reporting.test_routes import Office

PATH = "/v1/periods/2021-Q2/draft"
PLACE = Place("coop.support.v1", 0)


async def drafted(office: Office, key: str = "SNV") -> dict[str, Any]:
    return dict((await get(office, PATH, key)).json())


async def test_a_draft_has_the_agencys_tasks_with_figures_and_sentences(office: Office, plan: Plan) -> None:
    await office.hear(3)
    draft = await drafted(office)
    last_day = window(Period.parse("2021-Q2"), "administrative").last_day
    assert [task["code"] for task in draft["tasks"]] == [
        task.code for task in plan.tasks if "SNV" in plan.owners(task.code, last_day)
    ]
    figures = {figure["code"]: figure for task in draft["tasks"] for figure in task["figures"]}
    assert figures["II.3.b/classes"]["sentence"].startswith("Trong kỳ có 3 lớp đào tạo, bồi dưỡng")
    assert [code for code, one in figures.items() if one["eventful"]] == ["II.3.b/classes", "II.3.b/people"]
    assert (draft["agency_name"], draft["period_name"], draft["report"]) == ("Sở Nội vụ", "quý II năm 2021", None)
    assert draft["last_moment"].startswith("2021-06-24T23:59:59")


async def test_it_has_what_the_agency_has_added_and_what_is_to_be_settled(office: Office) -> None:
    await office.hear(3)
    added = {"words": {"II.3.b": "Đã mở lớp."}, "declared": {"II.3.b/classes": 4}, "estimates": {"II.3.b/people": 9}}
    await handed_in(office, **added)
    draft = await drafted(office)
    task = next(task for task in draft["tasks"] if task["code"] == "II.3.b")
    figures = {figure["code"]: figure for figure in task["figures"]}
    assert (task["words"], draft["report"]["state"]) == ("Đã mở lớp.", "submitted")
    assert (figures["II.3.b/classes"]["declared"], figures["II.3.b/people"]["estimate"]) == (4, 9)
    assert [one["counted"] for one in draft["discrepancies"]] == [3]


async def test_open_obstacles_are_in_it_and_closed_ones_are_not(office: Office) -> None:
    for text in ("Thiếu giảng viên", "Thiếu kinh phí"):
        assert (await office.post("/v1/obstacles", "SNV", {"text": text})).status_code == 201
    one, other = (await drafted(office))["obstacles"]
    closed = await office.post(f"/v1/obstacles/{one['obstacle']}/closing", "SNV", {"solution": "Đã bố trí"})
    assert closed.status_code == 200, closed.text
    assert [left["obstacle"] for left in (await drafted(office))["obstacles"]] == [other["obstacle"]]


async def test_a_draft_costs_the_same_reads_whatever_was_folded(office: Office) -> None:
    costs = []
    for count in (1, 300):
        await office.hear(count)
        office.store.reads.clear()
        await drafted(office)
        costs.append(dict(office.store.reads))
    assert costs[0] == costs[1]
    assert costs[0]["cells"] == 2


@pytest.mark.parametrize(("query", "status"), [("", 422), ("?agency=NOBODY", 404), ("?agency=SCT", 200)])
async def test_who_stands_above_says_whose(office: Office, query: str, status: int) -> None:
    assert (await get(office, PATH + query, "leader")).status_code == status


@settings(max_examples=25)
@given(
    st.lists(events(), max_size=12),
    st.sampled_from(["SNV", "NHNN", "SCT", "UBND-178"]),
    st.sampled_from(["2021-Q2", "2021"]),
)
async def test_its_figures_are_those_of_the_agencys_summary(
    plan: Plan, values: list[bytes], agency: str, period: str
) -> None:
    deps = deps_on(plan, MemoryStore())
    folding = Folding(deps)
    await folding.assigned({PLACE: Span(0, 1_000_000)})
    await folding.hear([Record(*PLACE, number, None, value) for number, value in enumerate(values)])
    await folding.flush()
    own = await queries.summary(deps, Period.parse(period), "administrative", agency=agency)
    everybodys = await queries.summary(deps, Period.parse(period), "administrative")
    draft = await draft_of(deps, agency, Period.parse(period))
    for task, told, whole in zip(plan.tasks, own.tasks, everybodys.tasks, strict=True):
        if agency in told.leads:
            figures = next(one.figures for one in draft.tasks if one.code == task.code)
            alone = [one.speakers == "any" and len(told.leads) == 1 for one in task.indicators]
            assert [one.value for one in figures] == [
                (theirs if all_ else its).value
                for theirs, its, all_ in zip(whole.indicators, told.indicators, alone, strict=True)
            ]


async def test_who_alone_answers_for_a_task_drafts_what_others_told_and_differs_from_no_figure_of_theirs(
    office: Office,
) -> None:
    year = {"year": 2020, "form": "htx", "sector": "agriculture", "profit": 7, "wages": 0, "workers": 0}
    told = year | {"cooperative": "HTX-001", "revenue": 900}
    await office.hear(1)
    await office.say([said("UBND-178", "activity.reported", "HTX-001/2020", datetime(2021, 6, 1, tzinfo=UTC), told)])
    path = f"{PATH}?agency=LMHTX"
    draft = (await get(office, path, "consolidator")).json()
    figures = {figure["code"]: figure["value"] for task in draft["tasks"] for figure in task["figures"]}
    assert figures["II.4.đ.1/revenue"] == 900
    declared = {"II.4.đ.1/revenue": 900, "II.4.đ.1/results": 1}
    assert (await office.post("/v1/reports", "LMHTX", {**REPORT, "declared": declared})).status_code == 201
    assert (await get(office, path, "consolidator")).json()["discrepancies"] == []


async def test_who_took_an_agencys_place_in_the_period_drafts_what_that_one_told(plan: Plan) -> None:
    clock, period = ManualClock(datetime(2025, 3, 20, tzinfo=UTC)), Period.parse("2025-Q1")
    deps = deps_on(plan, MemoryStore(), clock)
    folding, data = Folding(deps), {"audience": "members", "people": 9}
    await folding.assigned({PLACE: Span(0, 1_000_000)})
    january, march = datetime(2025, 1, 10, tzinfo=UTC), datetime(2025, 3, 5, tzinfo=UTC)
    values = [
        said("SKHDT", "propaganda.held", "a", january, data),
        said("STC", "propaganda.held", "b", january, data),
        said("STC", "propaganda.held", "c", march, data),
    ]
    await folding.hear([Record(*PLACE, number, None, value) for number, value in enumerate(values)])
    await folding.flush()
    draft = await draft_of(deps, "STC", period)
    assert {one.code: one.value for task in draft.tasks for one in task.figures}["II.1.a/sessions"] == 3
    contents = Contents(declared={"II.1.a/sessions": 3})
    await hand_in(deps, [Submission("STC", "2025-Q1", "activity", None, contents)], Files())
    assert await discrepancies_of(deps, period) == []
