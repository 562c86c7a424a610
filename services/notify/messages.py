"""Notify's events, as messages for the outbox. Pure."""

from datetime import datetime

from catalogue.model import Plan
from catalogue.windows import local_day
from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.notify import ReminderSent
from contracts.topics import NOTIFY
from services.notify.model import Reminder, Round

SOURCE = "/services/notify"


def reminders_sent(before: Round, after: Round, plan: Plan, traceparent: str = "") -> list[Message]:
    """An event of each reminder that was sent between two states of a round."""
    earlier = {reminder.id for reminder in before.reminders if reminder.sent_at}
    return [
        _reminder_sent(reminder, reminder.sent_at, plan, traceparent)
        for reminder in after.reminders
        if reminder.sent_at and reminder.id not in earlier
    ]


def _reminder_sent(reminder: Reminder, sent_at: datetime, plan: Plan, traceparent: str) -> Message:
    """Said in the name of whoever gathers the reports. The id is the reminder's: resent, it is a duplicate."""
    data = ReminderSent(agency=reminder.agency, period=reminder.period, stage=reminder.stage, sent_at=sent_at)
    value = new(
        id=reminder.id,
        source=SOURCE,
        subject=reminder.id,
        time=sent_at,
        agency=plan.consolidator(local_day(sent_at)),
        data=data,
        kind=KINDS["reminder.sent"],
        traceparent=traceparent,
    )
    return Message(NOTIFY.name, key_of(reminder.id), value)
