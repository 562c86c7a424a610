"""What notify tells about its reminders. Pure."""

from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest

from pydantic import BaseModel

from contracts.kinds.notify import Stage
from services.notify.model import STAGES, STATES, Reminder, Round, State


class NotificationView(BaseModel):
    """One reminder. `planned_at` is when it was recorded, `problem` why it is not sent (yet), or that it may have
    been by a copy that ended before it could say so."""

    id: str
    agency: str
    period: str
    stage: Stage
    state: State
    planned_at: datetime
    sent_at: datetime | None
    to: str
    problem: str


class NotificationsView(BaseModel):
    """A page of reminders in the order of their ids; `next` is the `after` of the next page. `counts` are of all pages.
    Before `looked_until`, the clock's time at the last finished look, every reminder that was due is recorded."""

    notifications: list[NotificationView]
    next: str | None
    counts: dict[Stage, dict[State, int]]
    looked_until: datetime | None


def notifications(
    rounds: Iterable[Round], *, agency: str | None, after: str, limit: int, looked_until: datetime | None
) -> NotificationsView:
    """The reminders of some rounds, of one agency or all, as a page."""
    chosen = {
        reminder.id: (round, reminder)
        for round in rounds
        for reminder in round.reminders
        if agency in (None, reminder.agency)
    }
    counts: dict[Stage, dict[State, int]] = {stage: dict.fromkeys(STATES, 0) for stage in STAGES}
    for _, reminder in chosen.values():
        counts[reminder.stage][reminder.state] += 1
    page = nsmallest(limit + 1, (id for id in chosen if id > after))
    return NotificationsView(
        notifications=[_view(*chosen[id]) for id in page[:limit]],
        next=page[limit - 1] if len(page) > limit else None,
        counts=counts,
        looked_until=looked_until,
    )


def _view(round: Round, reminder: Reminder) -> NotificationView:
    return NotificationView(
        id=reminder.id,
        agency=reminder.agency,
        period=reminder.period,
        stage=reminder.stage,
        state=reminder.state,
        planned_at=round.planned_at,
        sent_at=reminder.sent_at,
        to=reminder.to,
        problem=reminder.problem,
    )
