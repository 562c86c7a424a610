"""A cooperative's years: its yearly results and class, and the size they make it by the law of the day. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from msgspec.structs import replace

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.kinds.registry import ActivityReported, CooperativeEvaluated
from services.registry import rules
from services.registry.law import sizing_on
from services.registry.model import GONE, Cooperative, Refused, Size, Year, activity_of, evaluation_of
from services.registry.requests import Evaluate, ReportYear, RetractYear


def tell(
    state: Cooperative, told: Iterable[Year], request: ReportYear | Evaluate, speaker: str, plan: Plan, now: datetime
) -> Year | Refused:
    """The next revision of what the request tells, the one that holds where it tells nothing new, or why not."""
    for objection in _against(state, request, speaker, plan, now):
        return objection
    data = _data(state, request)
    known = _newest(told).get(Year(at=request.at, agency=speaker, revision=1, data=data).name)
    if known is not None and known.data == data and not known.retracted:
        return known
    return Year(at=request.at, agency=speaker, revision=known.revision + 1 if known else 1, data=data)


def retract(
    state: Cooperative, told: Iterable[Year], request: RetractYear, speaker: str, plan: Plan, now: datetime
) -> Year | Refused:
    """The revision that takes back what was told of a year, or why not: only who told it can, whoever is in charge of
    the cooperative by now."""
    activity = request.what == "activity"
    name = activity_of(request.year, estimate=request.estimate) if activity else evaluation_of(request.year)
    known = _newest(told).get(name)
    if known is None or known.agency != speaker:
        for objection in rules.entitled(plan, speaker, state.form, (state.unit,), local_day(now)):
            return objection
    if known is None or (known.retracted and known.retracted != request.reason):
        return Refused("not-told", f"chưa có nội dung này của {state.code} năm {request.year}", "Kiểm tra lại năm.")
    if known.agency != speaker:
        return Refused("not-the-speaker", f"nội dung này do {known.agency} gửi", "Đề nghị cơ quan đã gửi tự rút lại.")
    return known if known.retracted else replace(known, revision=known.revision + 1, retracted=request.reason)


def latest(told: Iterable[Year]) -> dict[str, Year]:
    """What holds of each statement that was not taken back."""
    return {name: year for name, year in _newest(told).items() if not year.retracted}


def _newest(told: Iterable[Year]) -> dict[str, Year]:
    return {year.name: year for year in sorted(told, key=lambda year: year.revision)}


def size_of(state: Cooperative, told: Iterable[Year], day: date) -> Size:
    """The size class by the law valid on the day; by the last year's results, not estimates, where it asks for them.
    Unknown where the members are enough for a class and what the register knows of the money is not: never too low."""
    sizing = sizing_on(day)
    if sizing is None or state.form != "htx" or (sizing.sectors is not None and state.sector not in sizing.sectors):
        return "unknown"
    reported = [y.data for y in latest(told).values() if isinstance(y.data, ActivityReported) and not y.data.estimate]
    revenue = max(reported, key=lambda data: data.year).revenue if reported else 0
    for one in sizing.classes:
        if state.members >= one.members:
            return one.size if revenue >= one.revenue or state.capital >= one.capital else "unknown"
    return "unknown"


def _against(
    state: Cooperative, request: ReportYear | Evaluate, speaker: str, plan: Plan, now: datetime
) -> Iterator[Refused]:
    yield from rules.timely(request.at, None, now)
    day = local_day(request.at)
    yield from rules.entitled(plan, speaker, state.form, (state.unit,), day)
    if state.status == "annulled":
        yield from rules.standing(state)  # it never was, so it had no year
    if request.year > day.year:
        yield Refused("year-to-come", f"năm {request.year} chưa đến", "Kiểm tra lại năm.")
    first, last = local_day(state.registered_at).year, local_day(state.changed_at).year
    if request.year < first or (state.status in GONE and request.year > last):
        yield Refused("not-standing-then", f"{state.code} không có trong năm {request.year}", "Kiểm tra lại mã và năm.")
    if isinstance(request, ReportYear) and request.revenue_from_members > request.revenue:
        yield Refused("part-exceeds-whole", "doanh thu từ thành viên nhiều hơn doanh thu", "Kiểm tra lại các số.")


def _data(state: Cooperative, request: ReportYear | Evaluate) -> ActivityReported | CooperativeEvaluated:
    shape = ActivityReported if isinstance(request, ReportYear) else CooperativeEvaluated
    told = request.model_dump(exclude={"at"})
    return shape(cooperative=state.code, form=state.form, sector=state.sector, unit=state.unit, **told)
