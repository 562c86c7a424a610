"""What the rules say to a report: handing it in, returning it, accepting it. Pure; time is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from catalogue.model import Indicator, Plan, Task
from catalogue.windows import Period, local_day, window
from contracts.kinds.reporting import Outcome
from services.reporting.model import Refused
from services.reporting.reports.model import Contents, Report, Review
from services.reporting.reports.tasks_told import told_since


@dataclass(frozen=True)
class Submission:
    """A report as an agency hands it in."""

    agency: str
    period: str
    outcome: Outcome
    document: str | None
    contents: Contents = field(default_factory=Contents)


def submit(plan: Plan, submission: Submission, earlier: Report | None, now: datetime) -> Report:
    """The report that results: a new one, or the next version of an earlier one.

    Raises:
        Refused: the agency owes no report for the period, the period has not begun, an excuse lacks its document, a
            report of nothing says something, a task or an indicator is not the agency's, a mark contradicts a figure,
            or the earlier version was accepted.
    """
    _check_duty(plan, submission, now)
    _check_outcome(submission)
    _check_contents(plan, submission)
    _check_marks(submission)
    if earlier and earlier.review and earlier.review.state == "accepted":
        raise Refused(
            "accepted",
            f"báo cáo {_name(earlier.period)} lần {earlier.version} đã được chấp nhận ngày "
            f"{local_day(earlier.review.at):%d/%m/%Y}; muốn thay, đề nghị cơ quan tổng hợp trả lại trước",
        )
    return Report(
        agency=submission.agency,
        period=submission.period,
        version=earlier.version + 1 if earlier else 1,
        outcome=submission.outcome,
        submitted_at=now,
        first_submitted_at=earlier.first_submitted_at if earlier else now,
        document=submission.document,
        contents=submission.contents,
        told=told_since(
            tasks_of(plan, submission.agency, submission.period), submission.outcome, submission.contents, earlier, now
        ),
    )


def tasks_of(plan: Plan, agency: str, period: str) -> tuple[Task, ...]:
    """The tasks that the agency answers for on the last day of the period's window, in the plan's order."""
    last_day = window(Period.parse(period), "administrative").last_day
    return tuple(task for task in plan.tasks if agency in plan.owners(task.code, last_day))


def indicators_of(tasks: Iterable[Task]) -> dict[str, Indicator]:
    """The indicators of tasks, by code."""
    return {indicator.code: indicator for task in tasks for indicator in task.indicators}


def give_back(report: Report | None, version: int, by: str, remarks: str, now: datetime) -> Report:
    """The version of a report, returned with remarks.

    Raises:
        Refused: there is no report, the newest version is another one, or it is returned already.
    """
    report = _check_newest(report, version)
    if report.state == "returned":
        raise Refused("returned", f"báo cáo {_name(report.period)} lần {report.version} đã được trả lại")
    return report.reviewed(Review("returned", by, now, remarks))


def accept(report: Report | None, version: int, by: str, remarks: str | None, now: datetime) -> Report:
    """The version of a report, accepted.

    Raises:
        Refused: there is no report, the newest version is another one, or it is reviewed already.
    """
    report = _check_newest(report, version)
    if report.review is not None:
        done = "trả lại" if report.state == "returned" else "chấp nhận"
        raise Refused(report.state, f"báo cáo {_name(report.period)} lần {report.version} đã được {done}")
    return report.reviewed(Review("accepted", by, now, remarks))


def _name(period: str) -> str:
    return Period.parse(period).name


def _check_newest(report: Report | None, version: int) -> Report:
    if report is None:
        raise Refused("no-report", "cơ quan chưa nộp báo cáo kỳ này")
    if report.version != version:
        raise Refused("other-version", f"báo cáo mới nhất là lần {report.version}; hãy xem lại trước khi quyết định")
    return report


def _check_duty(plan: Plan, submission: Submission, now: datetime) -> None:
    duties = plan.duties_for(submission.period)
    if not any(duty.agency == submission.agency and duty.role == "report" for duty in duties):
        raise Refused("no-duty", f"{submission.agency} không có nghĩa vụ báo cáo {_name(submission.period)}")
    if local_day(now) < window(Period.parse(submission.period), "administrative").first_day:
        raise Refused("not-begun", f"{_name(submission.period)} chưa bắt đầu")


def _check_outcome(submission: Submission) -> None:
    if submission.outcome == "excused" and not (submission.document or "").strip():
        raise Refused("no-document", "báo cáo xin miễn phải nêu số, ký hiệu văn bản")
    if submission.outcome == "nil" and any(submission.contents.declared.values()):
        raise Refused("nil-with-figures", "báo cáo không phát sinh không thể kê khai số liệu khác 0")


def _check_contents(plan: Plan, submission: Submission) -> None:
    contents, tasks = submission.contents, tasks_of(plan, submission.agency, submission.period)
    known = {task.code for task in tasks}
    for code in (*contents.words, *contents.marks):
        if code not in known:
            raise Refused("unknown-task", f"{submission.agency} không phụ trách nhiệm vụ `{code}` trong kỳ này")
    own = indicators_of(tasks)
    for code in (*contents.declared, *contents.estimates):
        if code not in own:
            raise Refused("unknown-indicator", f"chỉ tiêu `{code}` không thuộc nhiệm vụ của {submission.agency}")
    for code in contents.estimates:
        if own[code].measure == "average":
            raise Refused("average", f"chỉ tiêu `{code}` là bình quân: hãy nêu ước thực hiện của tổng và của số đếm")


def _check_marks(submission: Submission) -> None:
    contents = submission.contents
    for code, mark in contents.marks.items():
        if mark.outcome == "excused" and not (mark.document or "").strip():
            raise Refused("no-document", f"nhiệm vụ `{code}` được miễn phải nêu số, ký hiệu văn bản")
        if any(value for one, value in contents.declared.items() if one.partition("/")[0] == code):
            said = "không phát sinh" if mark.outcome == "nil" else "được miễn"
            raise Refused("nil-with-figures", f"nhiệm vụ `{code}` {said} không thể kê khai số liệu khác 0")
