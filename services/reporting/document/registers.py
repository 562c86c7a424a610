"""The registers as tables: every report, every task of every owner, a year's rates; the asked stand apart. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from catalogue.windows import Period, local_day
from services.reporting.document.content import bound
from services.reporting.document.tables import AGENCY, NUMBER, Band, Cell, Column, Permille, Row, Table, numbered
from services.reporting.register.views import AgencyTallyView, AgencyYearView, RateView, TaskEntryView
from services.reporting.views import ConsolidationView, RegisterEntryView
from services.reporting.words import TASK_STATES, day, percent, punctuality, standing

ORDERED = "Cơ quan, đơn vị được giao nhiệm vụ báo cáo"
REQUESTED = "Cơ quan, tổ chức được đề nghị báo cáo"
_OWNERS = "Cơ quan, đơn vị được giao nhiệm vụ"
_ASKED = "Cơ quan, tổ chức được đề nghị thực hiện"

T = TypeVar("T", AgencyTallyView, AgencyYearView, TaskEntryView)


def register(frozen: ConsolidationView) -> Table:
    """Who owes a report and how it stands. Its time is that of the first version, by which it is punctual or late."""
    columns = (
        NUMBER,
        Column("Mã", 0, 14),
        Column(AGENCY, 3.7, 48),
        Column("Hạn cuối", 2.1, 14, "day"),
        Column("Nộp lần đầu", 2.3, 18, "moment"),
        Column("Kết quả", 2.3, 26),
        Column("Thời hạn", 1.7, 14),
        Column("Số ngày muộn", 0, 10, "number"),
        Column("Lần nộp", 1.0, 10, "number"),
        Column("Nộp lần cuối", 0, 18, "moment"),
        Column("Số, ký hiệu văn bản", 2.5, 20),
    )
    rows: list[Row | Band] = []
    for title, requested in ((ORDERED, False), (REQUESTED, True)):
        duties = bound(frozen, requested=requested)
        if duties:
            rows += [Band(f"{title} ({len(duties)})"), *numbered(map(_duty, duties))]
    return Table("Sổ báo cáo", f"Sổ theo dõi báo cáo {_period(frozen)}", columns, tuple(rows))


def _duty(duty: RegisterEntryView) -> Sequence[Cell]:
    return (
        duty.agency,
        duty.name,
        local_day(duty.last_moment),
        duty.first_submitted_at or duty.submitted_at,  # what was frozen before both were kept has the one
        standing(duty.state, duty.report_state),
        _punctuality(duty.on_time, duty.overdue, duty.late_days),
        duty.late_days or None,
        duty.version,
        duty.submitted_at if duty.version and duty.version > 1 else None,
        duty.document,
    )


def _punctuality(on_time: bool | None, overdue: bool, late_days: int) -> str:
    told = punctuality(on_time, overdue)
    return f"{told} {late_days} ngày" if late_days else told


def tasks(frozen: ConsolidationView) -> Table:
    """How far each agency is with its tasks, and which of them are wanting or late."""
    columns = (
        NUMBER,
        Column("Mã", 0, 14),
        Column(AGENCY, 3.8, 48),
        Column("Nhiệm vụ", 1.7, 10, "number"),
        Column("Đến hạn", 1.2, 10, "number"),
        Column("Có kết quả", 1.2, 10, "number"),
        Column("Đúng hạn", 1.2, 10, "number"),
        Column("Tỷ lệ đầy đủ", 1.7, 10, "percent"),
        Column("Tỷ lệ đúng hạn", 1.7, 10, "percent"),
        Column("Chưa có kết quả; muộn", 3.1, 60),
    )
    of_tasks = frozen.task_register
    if of_tasks is None:
        return Table("Sổ nhiệm vụ", "", columns, ())
    left = _left(of_tasks.entries)
    rows: list[Row | Band] = []
    for title, agencies, rate in _apart((_OWNERS, _ASKED), of_tasks.agencies, of_tasks.obliged, of_tasks.requested):
        told = ((one.agency, one.name, *_counts(one.rate), left.get(one.agency)) for one in agencies)
        rows += [Band(_whole(title, rate)), *numbered(told)]
    return Table("Sổ nhiệm vụ", f"Sổ theo dõi nhiệm vụ {_period(frozen)}", columns, tuple(rows))


def _left(entries: Iterable[TaskEntryView]) -> dict[str, str]:
    """By agency, the tasks of which nothing is known, and those that came late."""
    found: dict[str, list[str]] = {}
    for one in entries:
        if one.state == "missing":
            found.setdefault(one.agency, []).append(one.task)
        elif one.late_days:
            found.setdefault(one.agency, []).append(f"{one.task} (muộn {one.late_days} ngày)")
    return {agency: "; ".join(left) for agency, left in found.items()}


def task_duties(frozen: ConsolidationView) -> Table:
    """Every task of every owner, one by one: for the workbook."""
    columns = (
        NUMBER,
        Column("Nhiệm vụ", 0, 12),
        Column("Nội dung nhiệm vụ", 0, 60),
        Column("Mã", 0, 14),
        Column(AGENCY, 0, 40),
        Column("Hạn cuối", 0, 14, "day"),
        Column("Kết quả", 0, 18),
        Column("Có kết quả lúc", 0, 18, "moment"),
        Column("Thời hạn", 0, 14),
        Column("Số ngày muộn", 0, 10, "number"),
        Column("Lần nộp", 0, 10, "number"),
        Column("Văn bản của cơ quan", 0, 20),
        Column("Văn bản đã ban hành", 0, 30),
    )
    of_tasks = frozen.task_register
    entries = of_tasks.entries if of_tasks else []
    titles = {one.task: one.title for one in of_tasks.tasks} if of_tasks else {}
    rows = numbered(
        (
            one.task, titles[one.task], one.agency, one.name, local_day(one.last_moment) if one.last_moment else None,
            TASK_STATES[one.state], one.met_at, punctuality(one.on_time, one.overdue), one.late_days or None,
            one.version, one.document,
            (one.delivered.number or one.delivered.title) if one.delivered else None,
        )
        for one in entries
    )  # fmt: skip
    return Table("Từng nhiệm vụ", f"Từng nhiệm vụ của từng cơ quan {_period(frozen)}", columns, tuple(rows))


def year(frozen: ConsolidationView) -> Table:
    """How fully and punctually each agency has reported in the year, as far as reports are due."""
    columns = (
        NUMBER,
        Column("Mã", 0, 14),
        Column(AGENCY, 5.6, 48),
        Column("Phải nộp", 1.5, 10, "number"),
        Column("Đến hạn", 1.5, 10, "number"),
        Column("Đã nộp", 1.5, 10, "number"),
        Column("Đúng hạn", 1.5, 10, "number"),
        Column("Tỷ lệ đầy đủ", 2.0, 10, "percent"),
        Column("Tỷ lệ đúng hạn", 2.0, 10, "percent"),
    )
    of_year = frozen.year_register
    if of_year is None:
        return Table("Cả năm", "", columns, ())
    rows: list[Row | Band] = []
    for title, agencies, rate in _apart((ORDERED, REQUESTED), of_year.agencies, of_year.obliged, of_year.requested):
        told = ((one.agency, one.name, one.rate.duties, *_counts(one.rate)[1:]) for one in agencies)
        rows += [Band(_whole(title, rate)), *numbered(told)]
    until = day(local_day(frozen.consolidated_at))
    title = f"Chấp hành chế độ báo cáo năm {of_year.year}, tính đến ngày {until}"
    return Table("Cả năm", title, columns, tuple(rows))


def _apart(
    titles: tuple[str, str], found: Sequence[T], obliged: RateView, requested: RateView
) -> Iterator[tuple[str, list[T], RateView]]:
    """Those whom the plan obliges, then those whom it asks, each with their rate; none that is empty."""
    for title, asked, rate in ((titles[0], False, obliged), (titles[1], True, requested)):
        of = [one for one in found if (one.bound == "requested") == asked]
        if of:
            yield title, of, rate


def _counts(rate: RateView) -> tuple[Cell, ...]:
    return (rate.duties, rate.due, rate.met, rate.on_time, *map(_share, _rates(rate)))


def _rates(rate: RateView) -> tuple[int | None, int | None]:
    return rate.completeness_permille, rate.timeliness_permille


def _share(thousandths: int | None) -> Permille | None:
    return None if thousandths is None else Permille(thousandths)


def _whole(title: str, rate: RateView) -> str:
    complete, punctual = map(percent, _rates(rate))
    return f"{title}: đầy đủ {complete}, đúng hạn {punctual}"


def _period(frozen: ConsolidationView) -> str:
    return Period.parse(frozen.period).name
