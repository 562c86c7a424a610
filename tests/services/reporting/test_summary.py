"""What stands beside a figure: its period's state, what is pending, what was known, targets, earlier periods, maps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.shares import thousandths
from catalogue.windows import Calendar, Period
from services.reporting import queries
from services.reporting.figures import Dimension
from services.reporting.organisation import MapName
from services.reporting.proofs import then_of
from services.reporting.summary_views import FigureView, SummaryView
from tests.services.reporting.said import events, said
from tests.services.reporting.test_past import Reporting
from tests.services.reporting.test_routes import Office, office

__all__ = ["office"]

CLASSES, GUIDANCE, NEW = "II.3.b/classes", "II.4.đ.1/charter-guidance", "II.4.a.1/new-htx"
SIGNATURE = {"document": "12/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}
batches = st.lists(st.lists(events(), max_size=8), max_size=4)


def guidance(number: int, at: datetime) -> bytes:
    return said("LMHTX", "guidance.held", f"g-{number}", at, {"topic": "charter", "people": 4})


def by_code(summary: SummaryView) -> dict[str, FigureView]:
    return {figure.code: figure for task in summary.tasks for figure in task.indicators}


async def told(reporting: Reporting, period: str, calendar: Calendar = "administrative", **more: Any) -> SummaryView:
    return await queries.summary(reporting.deps, Period.parse(period), calendar, **more)


async def sign(office: Office) -> None:
    path = "/v1/periods/2021-Q2"
    digest = (await office.post(f"{path}/consolidation", "consolidator")).json()["digest"]
    assert (await office.post(f"{path}/signature", "consolidator", {**SIGNATURE, "digest": digest})).status_code == 201


async def test_a_period_is_open_then_in_consolidation_then_signed(office: Office) -> None:
    path = "/v1/periods/2021-Q2"

    async def states() -> set[str]:
        page = (await office.http.get("/periods/2021-Q2")).text
        words = {"open": "Kỳ đang mở", "in_consolidation": "Đang tổng hợp", "signed": "Đã ký báo cáo"}
        answers = [(await office.http.get(f"{path}/{what}")).json()["period_state"] for what in ("summary", "register")]
        return {*answers, *(state for state, word in words.items() if f">{word}<" in page)}

    assert await states() == {"open"}
    frozen = (await office.post(f"{path}/consolidation", "consolidator")).json()
    assert await states() == {"in_consolidation"}
    assert frozen["summary"]["period_state"] == frozen["register"]["period_state"] == "in_consolidation"
    await sign(office)
    assert await states() == {"signed"}


async def test_a_late_event_is_kept_and_pending_against_the_signed_figure_which_does_not_change(office: Office) -> None:
    await office.hear(3)
    await sign(office)
    late = {"audience": "officials", "topic": "law", "people": 1}
    await office.say([said("SNV", "training.held", "t-9", datetime(2021, 6, 2, 3, tzinfo=UTC), late)])
    summary = SummaryView.model_validate((await office.http.get("/v1/periods/2021-Q2/summary")).json())
    figure = by_code(summary)[CLASSES]
    assert (figure.signed, figure.value, figure.pending) == (3, 4, 1)
    page = (await office.http.get("/periods/2021-Q2")).text
    assert "Chờ điều chỉnh" in page
    assert '<td class="n open"><a href="2021-Q2/restatements?indicator=II.3.b%2Fclasses">+1</a></td>' in page
    frozen = (await office.http.get("/v1/periods/2021-Q2/consolidation")).json()["summary"]
    assert by_code(SummaryView.model_validate(frozen))[CLASSES].value == 3
    by_calendar = (await office.http.get("/v1/periods/2021-Q2/summary?calendar=calendar")).json()
    assert by_code(SummaryView.model_validate(by_calendar))[CLASSES].pending is None  # what is signed is the decree's


@settings(max_examples=25)
@given(before=batches, later=batches)
async def test_signed_and_pending_always_make_what_is_known_now(
    plan: Plan, before: list[list[bytes]], later: list[list[bytes]]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    then = await reporting.values()
    frozen = by_code((await reporting.signed()).summary)
    for values in later:
        await reporting.hear(values)
    for code, figure in by_code(await told(reporting, "2021")).items():
        if frozen[code].denominator == 0:
            assert figure.signed is figure.pending is None  # an average of none says nothing
        else:
            assert figure.signed == then[code]
            known = figure.denominator != 0
            assert figure.pending == (figure.value - figure.signed if known else None)


@settings(max_examples=25)
@given(heard=batches, back=st.integers(0, 4), map_=st.sampled_from(("day", "today", "districts")))
async def test_what_was_known_then_stands_beside_what_is_known_now(
    plan: Plan, heard: list[list[bytes]], back: int, map_: MapName
) -> None:
    reporting, then = Reporting(plan), {}
    moment = reporting.clock.now() - timedelta(minutes=1)
    for number, values in enumerate(heard):
        if number == back:
            moment, then = reporting.clock.now() - timedelta(minutes=1), await reporting.values()
        await reporting.hear(values)
    now = by_code(await told(reporting, "2021", map_=map_))
    looked_back = await told(reporting, "2021", map_=map_, then=await then_of(reporting.deps, moment))
    assert looked_back.as_of == moment
    for code, figure in by_code(looked_back).items():
        assert figure.value == then.get(code, 0)
        assert figure.now == (None if now[code].denominator == 0 else now[code].value)


async def test_a_page_of_a_day_gone_by_shows_both(office: Office) -> None:
    await office.hear(3)  # on 1 July
    assert "Đã biết khi đó" not in (await office.http.get("/periods/2021-Q2")).text
    page = (await office.http.get("/periods/2021-Q2?day=2021-06-30")).text
    assert "Số liệu như đã biết lúc 23:59 ngày 30/06/2021" in page
    row = page[page.index(">Lớp đào tạo, bồi dưỡng") :]
    assert row.index(">0</a>") < row.index(">3</a>") < row.index("</tr>")
    for far in ("as_of=9999-12-31T23:59:59Z", "as_of=0001-01-01T00:00:00Z", "day=9999-12-31", "day=0001-01-01"):
        assert (await office.http.get(f"/periods/2021-Q2?{far}")).status_code == 200


@pytest.mark.parametrize(
    "options",
    ["by=unit", "by=agency&map=today", "by=unit&map=districts", "agency=STC&map=today", "calendar=calendar", ""],
)
@pytest.mark.parametrize("period", ["2021-Q2", "2025"])
async def test_a_summary_costs_three_reads_whatever_is_asked_of_it(office: Office, period: str, options: str) -> None:
    await office.hear(50)
    office.store.reads.clear()
    assert (await office.http.get(f"/v1/periods/{period}/summary?{options}")).status_code == 200
    assert office.store.reads == {"cells": 1, "reports": 1, "consolidations": 1}


@pytest.mark.parametrize("calendar", ["administrative", "calendar"])
async def test_a_target_is_counted_from_the_first_of_its_years_to_the_periods_end(
    plan: Plan, calendar: Calendar
) -> None:
    reporting = Reporting(plan)
    days = ((2020, 11, 1), (2021, 2, 1), (2021, 5, 1), (2021, 12, 20), (2022, 1, 10))
    await reporting.hear([guidance(number, datetime(*day, 3, tzinfo=UTC)) for number, day in enumerate(days)])
    targets = [
        by_code(await told(reporting, period, calendar))[GUIDANCE].target
        for period in ("2021-Q1", "2021-H1", "2021", "2022-Q1")
    ]
    year = targets[2]
    in_2021 = 2 if calendar == "administrative" else 3  # 20 December 2021 is of the decree's 2022
    assert year
    assert [one.so_far for one in targets if one] == [1, 2, in_2021, 4]
    assert (year.value, year.by, year.progress_permille) == (15, "2021-2025", thousandths(in_2021, 15))
    assert "19/CTr-UBND" in year.source
    assert by_code(await told(reporting, "2020"))[GUIDANCE].target is None
    assert by_code(await told(reporting, "2021"))[NEW].target


async def test_a_target_is_the_provinces_and_no_agencys_or_units(plan: Plan) -> None:
    reporting = Reporting(plan)
    assert by_code(await told(reporting, "2021", agency="LMHTX"))[GUIDANCE].target is None
    assert by_code(await told(reporting, "2021", unit="178"))[GUIDANCE].target is None
    assert by_code(await told(reporting, "2021", by="agency"))[GUIDANCE].target


async def test_the_page_shows_targets_averages_and_parts(office: Office) -> None:
    results = {"year": 2020, "form": "htx", "sector": "agriculture", "profit": 3, "wages": 5, "workers": 2}
    await office.say(
        [
            guidance(1, datetime(2021, 5, 1, 3, tzinfo=UTC)),
            *(
                said(
                    f"UBND-{unit}",
                    "activity.reported",
                    f"HTX-{unit}/activity-2020",
                    datetime(2021, 5, 1, 3, tzinfo=UTC),
                    {**results, "cooperative": f"HTX-{unit}", "unit": unit, "revenue": revenue},
                )
                for unit, revenue in (("178", 1_000_000), ("180", 2_000_001))
            ),
        ]
    )
    page = (await office.http.get("/periods/2021-Q2?by=unit&map=districts")).text
    assert "Mục tiêu 2021-2025: 15 (Chương trình số 19/CTr-UBND" in page
    assert ">1</a>, bằng 6,7%" in page
    assert "3.000.001 : 2" in page
    assert ">1.500.001</a>" in page
    assert ">2.000.001</a>" in page.partition("Huyện Tràng Định: ")[2][:200]
    estimated = page[page.index("Doanh thu bình quân một HTX (ước thực hiện)") :]
    assert estimated.index(">–</a>") < estimated.index("</tr>")  # an average of none
    figure = (await office.http.get("/periods/2021-Q2/figure?indicator=II.4.đ.1/average-income")).text
    assert "Bằng tổng số 10 chia cho 4" in figure


@pytest.mark.parametrize(
    ("period", "previous", "last_year"),
    [("2022-Q1", 7, 4), ("2022-Q2", 1, 5), ("2022-H1", 13, 9), ("2022-H2", 3, 13), ("2022", 22, 22), ("2023-Q1", 0, 1)],
)
async def test_a_figure_is_compared_with_the_period_before_and_the_same_one_a_year_before(
    plan: Plan, period: str, previous: int, last_year: int
) -> None:
    reporting, said_so_far = Reporting(plan), 0
    by_quarter = {(2021, 2): 4, (2021, 5): 5, (2021, 8): 6, (2021, 11): 7, (2022, 2): 1, (2022, 5): 2}
    for (year, month), count in by_quarter.items():
        at = datetime(year, month, 1, 3, tzinfo=UTC)
        await reporting.hear([guidance(said_so_far + number, at) for number in range(count)])
        said_so_far += count
    figure = by_code(await told(reporting, period))[GUIDANCE]
    assert (figure.previous, figure.last_year) == (previous, last_year)


async def test_a_breakdown_names_its_parts(office: Office, plan: Plan) -> None:
    inspection = {"cooperatives": ["HTX-1"], "unit": "178"}
    at = datetime(2021, 5, 1, 3, tzinfo=UTC)
    await office.say([said("UBND-178", "inspection.held", "i-1", at, inspection)])
    for by, names in (("unit", {"178": "Thành phố Lạng Sơn"}), ("agency", {"UBND-178": plan.agency("UBND-178").name})):
        dimension: Dimension = "unit" if by == "unit" else "agency"
        summary = (await office.http.get(f"/v1/periods/2021-Q2/summary?by={dimension}&map=today")).json()
        assert (summary["names"], summary["map"]) == (names, "today")


async def test_by_todays_names_an_agency_reads_what_those_told_in_whose_place_it_stands_and_no_more(
    office: Office,
) -> None:
    office.clock.advance(datetime(2025, 4, 1, tzinfo=UTC) - office.clock.now())
    at = datetime(2025, 1, 10, 3, tzinfo=UTC)
    course = {"people": 4, "audience": "workers", "topic": "vocational"}
    await office.say(
        [
            said("SLDTBXH", "training.held", "t-1", at, course),
            said("LMHTX", "training.held", "t-2", at, {**course, "audience": "members"}),
        ]
    )
    figures: dict[str, dict[str, FigureView]] = {}
    for map_ in ("day", "today", "districts"):
        asked = await office.http.get(
            f"/v1/periods/2025-Q1/summary?map={map_}", headers={"Authorization": "Bearer SNV"}
        )
        figures[map_] = by_code(SummaryView.model_validate(asked.json()))
    codes = [code for code, one in figures["today"].items() if one.value]
    assert codes
    assert all(code.startswith("II.2.h.1/") for code in codes)
    assert not any(figures[map_][code].value for map_ in ("day", "districts") for code in codes)
