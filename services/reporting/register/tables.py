"""The register as rows of a table, in Vietnamese, for CSV. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalogue.windows import Period, local_day
from services.reporting.register.views import RateView, TaskRegisterView, YearRegisterView
from services.reporting.views import RegisterView
from services.reporting.words import BOUNDS, TASK_STATES, day, moment, percent, punctuality, standing

REPORTS = (
    "Mã cơ quan",
    "Cơ quan, đơn vị",
    "Ràng buộc",
    "Hạn cuối",
    "Nộp lần đầu",
    "Nộp lần cuối",
    "Lần nộp",
    "Kết quả",
    "Thời hạn",
    "Số ngày muộn",
    "Số, ký hiệu văn bản",
)
TASKS = (
    "Nhiệm vụ",
    "Nội dung nhiệm vụ",
    "Mã cơ quan",
    "Cơ quan, đơn vị",
    "Ràng buộc",
    "Hạn cuối",
    "Kết quả",
    "Có kết quả lúc",
    "Thời hạn",
    "Số ngày muộn",
    "Lần nộp",
    "Văn bản của cơ quan",
    "Sự kiện mới nhất",
    "Văn bản đã ban hành",
    "Ngày ban hành",
)
YEAR = (
    "Mã cơ quan",
    "Cơ quan, đơn vị",
    "Ràng buộc",
    "Kỳ báo cáo",
    "Kết quả",
    "Thời hạn",
    "Số ngày muộn",
    "Tỷ lệ đầy đủ cả năm",
    "Tỷ lệ đúng hạn cả năm",
)

Row = Sequence[object]


def reports_rows(register: RegisterView) -> Iterator[Row]:
    """One row for each duty to report."""
    for duty in register.duties:
        yield (
            duty.agency,
            duty.name,
            BOUNDS[duty.bound],
            day(local_day(duty.last_moment)),
            _moment(duty.first_submitted_at),
            _moment(duty.submitted_at),
            duty.version or "",
            standing(duty.state, duty.report_state),
            punctuality(duty.on_time, duty.overdue),
            duty.late_days,
            duty.document or "",
        )


def tasks_rows(register: TaskRegisterView) -> Iterator[Row]:
    """One row for each task of each owner."""
    titles = {tally.task: tally.title for tally in register.tasks}
    for entry in register.entries:
        paper = entry.delivered
        yield (
            entry.task,
            titles[entry.task],
            entry.agency,
            entry.name,
            BOUNDS[entry.bound],
            day(local_day(entry.last_moment)) if entry.last_moment else "",
            TASK_STATES[entry.state],
            _moment(entry.met_at),
            punctuality(entry.on_time, entry.overdue),
            entry.late_days,
            entry.version or "",
            entry.document or "",
            _moment(entry.newest),
            (paper.number or paper.title) if paper else "",
            day(local_day(paper.issued_at)) if paper else "",
        )


def year_rows(register: YearRegisterView) -> Iterator[Row]:
    """One row for each agency and period."""
    for agency in register.agencies:
        for entry in agency.periods:
            yield (
                agency.agency,
                agency.name,
                BOUNDS[agency.bound],
                Period.parse(entry.period).name,
                standing(entry.state, entry.report_state),
                punctuality(entry.on_time, entry.overdue),
                entry.late_days,
                *_rates(agency.rate),
            )


def _rates(rate: RateView) -> tuple[str, str]:
    return percent(rate.completeness_permille), percent(rate.timeliness_permille)


def _moment(at: datetime | None) -> str:
    return moment(at) if at else ""
