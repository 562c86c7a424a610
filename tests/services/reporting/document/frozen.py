"""A consolidation with everything in it, made up at once: for tests of how it is laid out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from catalogue.model import Indicator, Plan
from catalogue.windows import Period, local_day, window
from services.reporting.decide import register
from services.reporting.document.heading import Heading, Sender, heading
from services.reporting.register.model import TaskEntry
from services.reporting.register.tasks import Heard, entries
from services.reporting.register.views import YearRegisterView, task_register_view
from services.reporting.register.years import year_view
from services.reporting.reports.model import Report
from services.reporting.reports.views import DiscrepancyView, NarrativeView, ProposalView
from services.reporting.summary_views import AgenciesView, FigureView, SummaryView, TargetView, TaskView, WindowView
from services.reporting.views import (
    ConsolidationView,
    ObstacleView,
    RegisterEntryView,
    RegisterView,
    RestatementNoteView,
    SignatureView,
)

FROZEN_AT = datetime(2021, 6, 28, 8, 5, tzinfo=UTC)
RAISED_AT = datetime(2021, 4, 5, 2, tzinfo=UTC)


def frozen(plan: Plan, period: str = "2021-Q2", **more: object) -> ConsolidationView:
    """Every figure is another; the second of each task is nil; three agencies report late or never."""
    asked = Period.parse(period)
    tasks = [
        TaskView(
            code=task.code,
            section=task.section,
            position=task.position,
            title=task.title,
            kind=task.kind,
            leads=list(plan.owners(task.code, window(asked, "administrative").last_day)),
            indicators=[_figure(task.position, number, one) for number, one in enumerate(task.indicators)],
        )
        for task in plan.tasks
    ]
    days = window(asked, "administrative")
    summary = SummaryView(
        plan=plan.code,
        period=period,
        calendar="administrative",
        window=WindowView(first_day=days.first_day, last_day=days.last_day),
        tasks=tasks,
    )
    view = ConsolidationView(
        period=period,
        version=2,
        by="SKHDT",
        consolidated_at=FROZEN_AT,
        remarks="Nhìn chung các cơ quan đã thực hiện đúng kế hoạch.\nCần đôn đốc thêm ở cấp huyện",
        digest="9" * 64,
        signature=None,
        ledger=[],
        summary=summary,
        register=_register(plan, period),
        task_register=task_register_view(plan, period, _tasks(plan, asked), []),
        year_register=_year(plan, asked.year),
        narrative=[
            NarrativeView(task="II.3.b", agency="SNV", agency_name="Sở Nội vụ", text="Đã mở lớp theo kế hoạch năm."),
            NarrativeView(
                task="II.3.b", agency="LMHTX", agency_name="Liên minh Hợp tác xã tỉnh", text="Phối hợp\x0btốt"
            ),
        ],
        proposals=[ProposalView(agency="SCT", agency_name="Sở Công Thương", text="Bổ sung kinh phí & <hội chợ>")],
        discrepancies=[_discrepancy()],
        obstacles=[_obstacle("o-1", "open"), _obstacle("o-2", "closed")],
        restatements=[_note("2021-Q1", 9), _note("2021-Q1", -4), _note("2020", 1)],
    )
    return view.model_copy(update=more)


def signed(document: str = "5/BC-SKHĐT", at: datetime = FROZEN_AT) -> SignatureView:
    return SignatureView(by="SKHDT", signed_at=at, document=document, basis="Nghị định số 09/2019/NĐ-CP")


def headed(plan: Plan, view: ConsolidationView, sender: Sender = "consolidator", on: date | None = None) -> Heading:
    return heading(plan, view, sender, issued_on=on)


def _figure(position: int, number: int, indicator: Indicator) -> FigureView:
    value = 0 if number == 1 or indicator.measure == "average" else position * 1_000_000 + number * 1_000 + 7
    target = TargetView(value=200, up_to=250, by="2021-2025", source="19/CTr-UBND", so_far=21, progress_permille=105)
    return FigureView(
        code=indicator.code,
        title=indicator.title,
        measure=indicator.measure,
        unit=indicator.unit,
        value=value,
        numerator=None,
        denominator=0 if indicator.measure == "average" else None,
        target=target if position == 33 and number == 0 else None,
        previous=value - 3 if value else 0,
        last_year=value + 5 if value else 0,
        estimate=value + 11 if number == 0 and position < 3 else None,
        newest=RAISED_AT if value else None,
        agencies=AgenciesView.model_validate({"expected": 1, "in": 1}),
    )


def _register(plan: Plan, period: str) -> RegisterView:
    owed = [duty for duty in plan.duties_for(period) if duty.role == "report"]
    duties = []
    for number, duty in enumerate(owed):
        agency, missing, late = plan.agency(duty.agency), number in (4, 26), number == 6
        duties.append(
            RegisterEntryView(
                agency=agency.code,
                name=agency.name,
                bound=agency.bound,
                role=duty.role,
                to=duty.to,
                last_moment=duty.last_moment,
                state="missing" if missing else "nil" if number == 9 else "activity",
                on_time=None if missing else not late,
                overdue=missing,
                submitted_at=None if missing else duty.last_moment + timedelta(days=2 * (number == 7) + late),
                first_submitted_at=None if missing else duty.last_moment + timedelta(days=late),
                late_days=3 if missing else int(late),
                version=None if missing else 1 + (number == 7),
                document=f"{number}/{agency.code}-VP" if number == 9 else None,
            )
        )
    return RegisterView(period=period, duties=duties, counts={})


def _tasks(plan: Plan, period: Period) -> list[TaskEntry]:
    """Every seventh task of an owner is wanting, every fifth of the others three days late."""
    found = entries(plan, period, Heard({}, ()), {}, FROZEN_AT)
    for number, one in enumerate(found):
        if number % 7:
            late = 3 if number % 5 == 0 else 0
            at = one.last_moment + timedelta(days=late)
            found[number] = replace(one, state="activity", overdue=False, met_at=at, late_days=late)
    return found


def _year(plan: Plan, year: int) -> YearRegisterView:
    """Every agency reported for the first quarter, the sixth of them late; the other periods are not told of."""
    code = f"{year}-Q1"
    duties = [duty for duty in plan.duties_for(code) if duty.role == "report"]
    made = {
        duty.agency: Report(duty.agency, code, 1, "activity", at, at, None)
        for number, duty in enumerate(duties)
        for at in (duty.last_moment + timedelta(days=number == 6),)
    }
    return year_view(plan, year, {code: register(tuple(duties), made, FROZEN_AT)}, FROZEN_AT)


def _obstacle(name: str, state: str) -> ObstacleView:
    return ObstacleView.model_validate(
        {
            "obstacle": name,
            "agency": "UBND-183",
            "agency_name": "UBND huyện Cao Lộc",
            "raised_at": RAISED_AT,
            "task": "II.2.c.3",
            "text": "Thủ tục thanh, quyết toán dự án liên kết kéo dài",
            "state": state,
            "answer": "Đã có hướng dẫn liên ngành" if state == "closed" else None,
            "days_open": (local_day(FROZEN_AT) - local_day(RAISED_AT)).days,
        }
    )


def _note(period: str, moved: int) -> RestatementNoteView:
    return RestatementNoteView(
        period=period,
        indicator="II.3.b/people",
        title="Lượt người",
        unit="lượt người",
        signed=100,
        now=100 + moved,
        events=2,
        agencies=["SNV"],
        reasons=["nhập nhầm"],
    )


def _discrepancy() -> DiscrepancyView:
    return DiscrepancyView(
        agency="SNV",
        agency_name="Sở Nội vụ",
        indicator="II.3.b/people",
        title="Lượt người",
        unit="lượt người",
        declared=120,
        counted=100,
    )
