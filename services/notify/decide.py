"""Which reminders are due, and what becomes of those that are planned. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec.structs import replace

from catalogue.model import Duty, Plan
from catalogue.roster import NobodyStands
from catalogue.windows import VIETNAM, local_day
from contracts.kinds.notify import Stage
from services.notify.fold import is_in
from services.notify.model import SCHEDULED, Notes, Reminder, Reports, Restated, Round, Rules, report_id

_DAYS_BEFORE: Mapping[Stage, int] = {"7-days": 7, "3-days": 3, "1-day": 1, "same-day": 0, "overdue": -1}

REPORT_IN = "đã nhận được báo cáo"
OVERTAKEN = "đã qua mốc nhắc này"
RETURNED_AGAIN = "báo cáo đã được trả lại lần sau"
OLD_NEWS = "báo cáo đã trả lại quá lâu"
RESTATED_LONG_AGO = "phiếu điều chỉnh đã quá lâu"
NO_DUTY = "không còn nghĩa vụ báo cáo"
NO_NOTES: Notes = MappingProxyType({})
PERHAPS_SENT = "thư có thể đã được gửi trước đó"
"""What is said of a reminder whose sender ended before it could say what became of the letter."""


def opening(last_moment: datetime, stage: Stage, rules: Rules) -> datetime:
    """When a stage opens: so many days before the last day on time, or the day after it."""
    day = local_day(last_moment) - timedelta(days=_DAYS_BEFORE[stage])
    return datetime.combine(day, rules.opens_at, VIETNAM)


def stage_at(last_moment: datetime, now: datetime, rules: Rules) -> Stage | None:
    """The newest stage that is open: the only one worth a letter.

    None before the first, between the end of the last day and the opening of "overdue", and once the last moment is
    long past.
    """
    if now - last_moment > rules.leave_after:
        return None
    opened = [stage for stage in SCHEDULED if opening(last_moment, stage, rules) <= now]
    if not opened or (opened[-1] == "same-day" and local_day(now) > local_day(last_moment)):
        return None
    return opened[-1]


def report_duty(plan: Plan, agency: str, period: str) -> Duty | None:
    """The agency's duty to report for the period, if it has one."""
    duties = plan.duties_for(period)
    return next((duty for duty in duties if duty.role == "report" and duty.agency == agency), None)


def due(
    plan: Plan, reports: Reports, known: Container[str], now: datetime, rules: Rules, notes: Notes = NO_NOTES
) -> list[Reminder]:
    """Reminders of reports that are not in, at the stage that is open now or because they were returned, and news of
    restated figures; none that is in `known` by its id."""
    stages: dict[datetime, Stage | None] = {}
    told = (*_returned(plan, reports, now, rules), *_restated(plan, notes, now, rules))
    found = [reminder for reminder in told if reminder.id not in known]
    for duty in _duties_around(plan, now, rules):
        if duty.last_moment not in stages:
            stages[duty.last_moment] = stage_at(duty.last_moment, now, rules)
        stage = stages[duty.last_moment]
        if stage is None or not _owed_since(reports, duty, opening(duty.last_moment, stage, rules)):
            continue
        reminder = Reminder(agency=duty.agency, period=duty.period, stage=stage, to="")
        if reminder.id not in known:
            found.append(reminder)
    return found


def _owed_since(reports: Reports, duty: Duty, opened: datetime) -> bool:
    """Whether a stage that opened then is worth a letter: not once the report is in, nor if a later one said so."""
    said = reports.get(report_id(duty.agency, duty.period))
    if said is not None and said.returned is not None:
        return said.returned.at < opened
    return not is_in(reports, duty.agency, duty.period)


def _returned(plan: Plan, reports: Reports, now: datetime, rules: Rules) -> Iterator[Reminder]:
    """Reminders of reports that were sent back, while that is news."""
    for said in reports.values():
        sent_back = said.returned
        if sent_back and now - sent_back.at <= rules.leave_after and report_duty(plan, said.agency, said.period):
            yield Reminder(agency=said.agency, period=said.period, stage="returned", to="", version=sent_back.version)


def _restated(plan: Plan, notes: Notes, now: datetime, rules: Rules) -> Iterator[Reminder]:
    """News of each note that is heard whole, to who signed and who receives the reports, while it is news.

    They are those of the note's own day, so that nobody is told again when another agency takes their place.
    """
    for (period, sequence), figures in notes.items():
        one = next(iter(figures.values()))
        if len(figures) < one.figures or now - one.at > rules.leave_after:
            continue
        for agency in concerned(plan, one):
            yield Reminder(agency=agency, period=period, stage="restated", to="", version=sequence)


def concerned(plan: Plan, restated: Restated) -> tuple[str, ...]:
    """Whom it concerns that a signed figure is restated: who stands for the signer on that day, and for the receiver of
    the signed report, each once."""
    day, found = local_day(restated.at), []
    for code in (restated.by, plan.regime.receiver):
        try:
            found.append(plan.successor_on(code, day))
        except (NobodyStands, KeyError):
            continue
    return tuple(dict.fromkeys(found))


def missing(plan: Plan, reports: Reports, now: datetime, rules: Rules) -> dict[str, int]:
    """By period: how many reports are past their last moment and owed: they never came, or were returned. Bodies that
    the plan asks to report owe none."""
    duties = (duty for duty in _duties_around(plan, now, rules) if plan.agency(duty.agency).bound != "requested")
    passed = [duty for duty in duties if duty.last_moment < now]
    counts = dict.fromkeys((duty.period for duty in passed), 0)
    for duty in passed:
        counts[duty.period] += not is_in(reports, duty.agency, duty.period)
    return counts


def rounds_of(reminders: Sequence[Reminder], contacts: Mapping[str, str], now: datetime, rules: Rules) -> list[Round]:
    """The reminders with their addresses, by period and stage, as rounds that are taken from now on."""
    together: defaultdict[tuple[str, Stage], list[Reminder]] = defaultdict(list)
    for reminder in reminders:
        addressed = replace(reminder, to=contacts.get(reminder.agency, ""))
        together[reminder.period, reminder.stage].append(addressed)
    return [
        Round(
            period=period,
            stage=stage,
            planned_at=now,
            try_at=now + rules.lease,
            attempts=0,
            reminders=tuple(members),
        )
        for (period, stage), members in together.items()
    ]


def taken(round: Round, plan: Plan, reports: Reports, now: datetime, rules: Rules, notes: Notes = NO_NOTES) -> Round:
    """The round as somebody takes it to send it now: what is not worth a letter any more is dropped.

    A planned reminder without a problem was being sent by somebody who ended, so its letter may have gone.
    """
    reminders = tuple(_taken(reminder, plan, reports, now, rules, notes) for reminder in round.reminders)
    return replace(round, reminders=reminders, try_at=now + rules.lease)


def settled(round: Round, problems: Mapping[str, str], now: datetime, rules: Rules) -> Round:
    """The round after an attempt. `problems` says of each reminder tried why it was not accepted, or nothing."""
    reminders = tuple(
        _marked(reminder, problems[reminder.id], now) if reminder.id in problems else reminder
        for reminder in round.reminders
    )
    pause = min(rules.longest_pause, rules.first_pause * 2 ** min(round.attempts, 20))
    return replace(round, reminders=reminders, attempts=round.attempts + 1, try_at=now + pause)


def _taken(reminder: Reminder, plan: Plan, reports: Reports, now: datetime, rules: Rules, notes: Notes) -> Reminder:
    if reminder.state != "planned":
        return reminder
    if reminder.stage == "restated":
        why = _why_old_news(reminder, notes, now, rules)
    else:
        why = _why_dropped(reminder, plan, reports, now, rules)
    if not why:
        return replace(reminder, problem="")  # until it is known again what becomes of it
    return replace(reminder, state="dropped", problem=why if reminder.problem else f"{why}; {PERHAPS_SENT}")


def _why_dropped(reminder: Reminder, plan: Plan, reports: Reports, now: datetime, rules: Rules) -> str:
    """Why it is not worth a letter any more; empty if it is."""
    duty = report_duty(plan, reminder.agency, reminder.period)
    if duty is None:
        return NO_DUTY
    if is_in(reports, reminder.agency, reminder.period):
        return REPORT_IN
    if reminder.stage == "returned":
        return _why_old(reminder, reports, now, rules)
    return OVERTAKEN if stage_at(duty.last_moment, now, rules) != reminder.stage else ""


def _why_old(reminder: Reminder, reports: Reports, now: datetime, rules: Rules) -> str:
    """Why a return is no news any more; empty if it is."""
    said = reports.get(report_id(reminder.agency, reminder.period))
    sent_back = said.returned if said else None
    if sent_back is None or sent_back.version != reminder.version:
        return RETURNED_AGAIN
    return OLD_NEWS if now - sent_back.at > rules.leave_after else ""


def _why_old_news(reminder: Reminder, notes: Notes, now: datetime, rules: Rules) -> str:
    """Why a restatement is no news any more; empty if it is."""
    figures = notes.get((reminder.period, reminder.version), {})
    return "" if any(now - one.at <= rules.leave_after for one in figures.values()) else RESTATED_LONG_AGO


def _marked(reminder: Reminder, problem: str, now: datetime) -> Reminder:
    if problem:
        return replace(reminder, problem=problem)
    return replace(reminder, state="sent", sent_at=now, problem="")


def _duties_around(plan: Plan, now: datetime, rules: Rules) -> Iterator[Duty]:
    """Duties to report whose stages can be open now: a last moment lies in the year its period ends in."""
    years = {local_day(now - rules.leave_after).year, local_day(now + timedelta(days=_DAYS_BEFORE["7-days"])).year}
    for year in sorted(years):
        yield from (duty for duty in plan.duties(year) if duty.role == "report" and _is_ours(duty, rules))


def _is_ours(duty: Duty, rules: Rules) -> bool:
    """Whether the system was in use by the duty's last day."""
    return local_day(duty.last_moment) >= rules.in_use_since
