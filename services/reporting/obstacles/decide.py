"""Which step may come next for an obstacle, and which report lists it. Pure; time is an argument."""

from datetime import date, datetime

from catalogue.model import Plan
from catalogue.windows import Period, local_day, window
from services.reporting.model import Refused
from services.reporting.obstacles.model import RAISED, Life, Obstacle, Step, Told, obstacle_id


def concerns(one: Obstacle, period: Period, deadline: datetime) -> bool:
    """Whether a period's consolidated report, due by the deadline, lists it: raised until then or with a report for the
    period, and not closed before the period began."""
    known = local_day(one.raised_at) <= local_day(deadline) or one.period == period.code
    return known and (one.closed_at is None or local_day(one.closed_at) >= window(period, "administrative").first_day)


def seen_by(plan: Plan, agency: str, day: date) -> frozenset[str]:
    """The agencies whose obstacles an agency sees: its own, and of those in whose place it stands on the day."""
    return plan.roster.in_place_of(agency, day) | {agency}


def check_answers(plan: Plan, one: Obstacle, agency: str, day: date) -> None:
    """An obstacle is its agency's business while that stands, and then of those who stand in its place.

    Raises:
        Refused: others do.
    """
    heirs = plan.roster.heirs_on(one.agency, day)
    if agency not in heirs:
        names = ", ".join(plan.roster.names[code] for code in heirs) or "cơ quan tổng hợp"
        raise Refused("not-answering", f"cơ quan {agency} không còn trả lời về vướng mắc này; nay thuộc về {names}")


def tell(plan: Plan, agency: str, subject: str, told: Told) -> Life:
    """An obstacle that an agency raises over HTTP.

    Raises:
        Refused: the plan does not bind the agency, or has no such task.
    """
    if not plan.may_say(agency, RAISED, local_day(told.at)):
        raise Refused("not-bound", f"kế hoạch không giao {agency} báo cáo khó khăn, vướng mắc")
    if told.task is not None and told.task not in plan.task_by_code:
        raise Refused("unknown-task", f"kế hoạch không có nhiệm vụ `{told.task}`")
    return Life(obstacle_id(agency, subject), agency, subject, told)


def forward(one: Obstacle, by: str, document: str, now: datetime) -> Step | None:
    """Put before the People's Committee; nothing where it was, under the same number.

    Raises:
        Refused: it is closed, or was forwarded under another number.
    """
    if one.forwarded is not None:
        if one.forwarded.document == document:
            return None
        detail = f"vướng mắc đã chuyển UBND tỉnh tại văn bản {one.forwarded.document}"
        raise Refused("already-forwarded", detail)
    _check_open(one)
    return Step("forwarded", now, by, document)


def answer(one: Obstacle, by: str, document: str, text: str, now: datetime) -> Step | None:
    """The People's Committee's answer; again means a corrected one, nothing where it is the same.

    Raises:
        Refused: it was not put before the committee, or is closed.
    """
    if one.answered is not None and (one.answered.document, one.answered.text) == (document, text):
        return None
    if one.forwarded is None:
        raise Refused("not-forwarded", "vướng mắc chưa được chuyển UBND tỉnh qua cơ quan tổng hợp")
    _check_open(one)
    return Step("answered", now, by, document, text)


def close(one: Obstacle, by: str, solution: str | None, now: datetime) -> Step | None:
    """End it, once it is answered or solved; nothing where it is closed and there is no more to say of how.

    Raises:
        Refused: it is neither answered nor solved, or was closed with other words.
    """
    if one.closed_at is not None:
        if solution in (None, one.solution):
            return None
        _check_open(one)
    if one.answered is None and not solution:
        raise Refused("not-answered", "vướng mắc chưa được trả lời; nếu đã tháo gỡ thì phải nêu cách tháo gỡ")
    return Step("closed", now, by, None, solution)


def _check_open(one: Obstacle) -> None:
    if one.closed_at is not None:
        how = "cơ quan nêu đã rút lại" if one.withdrawn else "đã kết thúc theo dõi"
        raise Refused("closed", f"vướng mắc {how} ngày {local_day(one.closed_at):%d/%m/%Y}")
