"""What the rules say to a request: the register, consolidating. Pure; time is an argument."""

from collections.abc import Mapping
from datetime import datetime

from catalogue.model import Duty
from catalogue.windows import Period, local_day, window
from services.reporting.model import PeriodState, Refused, RegisterEntry
from services.reporting.reports.model import Report
from services.reporting.views import ConsolidationView


def on_time(duty: Duty, at: datetime) -> bool:
    """Whether something done at this moment meets the duty: until the end of the last day, local time."""
    return local_day(at) <= local_day(duty.last_moment)


def register(duties: tuple[Duty, ...], reports: Mapping[str, Report], now: datetime) -> list[RegisterEntry]:
    """How each duty to report stands. A report that was returned is missing until it is handed in anew; then it has the
    punctuality of its first version again, as any corrected one."""
    return [_entry(duty, reports.get(duty.agency), now) for duty in duties if duty.role == "report"]


def _entry(duty: Duty, report: Report | None, now: datetime) -> RegisterEntry:
    if report is None or not report.stands:
        return RegisterEntry(duty, "missing", on_time=None, overdue=not on_time(duty, now), report=report)
    punctual = on_time(duty, report.first_submitted_at)
    return RegisterEntry(duty, report.outcome, on_time=punctual, overdue=False, report=report)


def state_of(frozen: ConsolidationView | None) -> PeriodState:
    """How a period stands whose newest consolidation this is."""
    if frozen is None:
        return "open"
    return "signed" if frozen.signature else "in_consolidation"


def check_unsigned(period: str, frozen: ConsolidationView | None) -> None:
    """Whether the period may be consolidated (again).

    Raises:
        Refused: it is signed.
    """
    if frozen and frozen.signature:
        signature = frozen.signature
        raise Refused(
            "signed",
            f"kỳ {period} đã ký tại văn bản {signature.document} ngày {local_day(signature.signed_at):%d/%m/%Y}; "
            "thay đổi về sau được ghi ở phần điều chỉnh",
        )


def check_signable(period: str, frozen: ConsolidationView | None, digest: str) -> ConsolidationView:
    """The consolidation that may be signed by somebody who saw the one with this digest.

    Raises:
        Refused: there is none, it is signed, or it is another one.
    """
    if frozen is None:
        raise Refused("not-consolidated", f"kỳ {period} chưa được tổng hợp")
    check_unsigned(period, frozen)
    if frozen.digest != digest:
        raise Refused("other-digest", f"bản tổng hợp mới nhất của kỳ {period} là lần {frozen.version}, mã băm khác")
    return frozen


def check_over(period: str, now: datetime) -> None:
    """Whether the period is over, so that its figures may be frozen.

    Raises:
        Refused: no report is due for it, or its days are not over.
    """
    asked = Period.parse(period)
    if not asked.is_reported:
        raise Refused(
            "not-reported", f"{asked.name} không có báo cáo riêng: số liệu nằm trong báo cáo năm {asked.year}"
        )
    last_day = window(asked, "administrative").last_day
    if local_day(now) <= last_day:
        raise Refused("not-over", f"kỳ {period} chưa chốt số liệu: ngày cuối là {last_day:%d/%m/%Y}")
