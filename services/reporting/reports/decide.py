"""What the rules say to a report that is handed in. Pure; time is an argument."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.model import Duty
from catalogue.windows import Period, local_day, window
from contracts.kinds.reporting import Outcome
from services.reporting.model import Refused
from services.reporting.reports.model import Report


@dataclass(frozen=True)
class Submission:
    """A report as an agency hands it in."""

    agency: str
    period: str
    outcome: Outcome
    document: str | None
    summary: str | None


def submit(submission: Submission, earlier: Report | None, duties: tuple[Duty, ...], now: datetime) -> Report:
    """The report that results: a new one, or the next version of an earlier one.

    Raises:
        Refused: the agency owes no report for the period, the period has not begun, or an excuse lacks its document.
    """
    if not any(duty.agency == submission.agency and duty.role == "report" for duty in duties):
        raise Refused("no-duty", f"{submission.agency} không có nghĩa vụ báo cáo kỳ {submission.period}")
    if local_day(now) < window(Period.parse(submission.period), "administrative").first_day:
        raise Refused("not-begun", f"kỳ {submission.period} chưa bắt đầu")
    if submission.outcome == "excused" and not submission.document:
        raise Refused("no-document", "báo cáo xin miễn phải nêu số, ký hiệu văn bản")
    return Report(
        agency=submission.agency,
        period=submission.period,
        version=earlier.version + 1 if earlier else 1,
        outcome=submission.outcome,
        submitted_at=now,
        first_submitted_at=earlier.first_submitted_at if earlier else now,
        document=submission.document,
        summary=submission.summary,
    )
