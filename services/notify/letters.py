"""A reminder, or news of restated figures, as a letter: an e-mail in Vietnamese. Pure, but for reading its templates
once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from catalogue.model import Duty, Plan
from catalogue.windows import Period, local_day
from services.notify.model import Reminder, Restated, Returned

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # noqa: S701 - plain text: escaping would put HTML entities into it
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_MOST_FIGURES = 50
"""A letter that would tell of more figures says how many others there are."""


class Letterhead(Struct, frozen=True, kw_only=True):
    """What is the same on every letter. `domain` ends the Message-IDs: another for each deployment."""

    sender: str
    domain: str
    submit_url: str
    """Where to hand in; ``{period}`` in it becomes the period's code. Empty where the agencies know."""


def letter(
    reminder: Reminder, duty: Duty, plan: Plan, head: Letterhead, now: datetime, returned: Returned | None = None
) -> EmailMessage:
    """The letter of a reminder, as of now; of a report that was returned, if it was.

    The Message-ID is made of the reminder's id alone: however often it is sent, a receiving server sees one message.
    """
    last_day = local_day(duty.last_moment)
    words = {
        "agency": plan.agency(duty.agency).name,
        "to": plan.agency(duty.to).name,
        "plan": plan.heading,
        "period": Period.parse(duty.period).name,
        "last_day": _day(last_day),
        "days_left": (last_day - local_day(now)).days,
        "told": reminder.stage == "returned",
        "remarks": returned.remarks if returned else "",
        "returned_on": _day(local_day(returned.at)) if returned else "",
        "submit_url": head.submit_url.replace("{period}", duty.period),
        "signed_on": _day(plan.heading.signed_on),
    }
    return _message(reminder, head, now, ("subject.txt", "body.txt"), words)


def restatement(
    reminder: Reminder, figures: Sequence[Restated], plan: Plan, head: Letterhead, now: datetime
) -> EmailMessage:
    """The letter that tells of one restatement note: each figure as it was signed, as it is now, and why."""
    order = {code: number for number, code in enumerate(plan.indicator_by_code)}
    told = sorted(figures, key=lambda one: (order.get(one.indicator, len(order)), one.indicator))
    words = {
        "agency": plan.agency(reminder.agency).name,
        "plan": plan.heading,
        "signed_on": _day(plan.heading.signed_on),
        "period": Period.parse(reminder.period).name,
        "number": reminder.version,
        "document": told[0].document,
        "restated_on": _day(local_day(told[0].at)),
        "figures": [_figure(one, plan) for one in told[:_MOST_FIGURES]],
        "others": max(0, len(told) - _MOST_FIGURES),
        "many": len(told),
    }
    return _message(reminder, head, now, ("restated_subject.txt", "restated_body.txt"), words)


def _message(
    reminder: Reminder, head: Letterhead, now: datetime, templates: tuple[str, str], words: Mapping[str, object]
) -> EmailMessage:
    subject, body = (_TEMPLATES.get_template(name).render(words) for name in templates)
    message = EmailMessage(policy=SMTP)
    message["From"] = head.sender
    message["To"] = reminder.to
    message["Subject"] = subject.strip()
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{reminder.id.replace('/', '.')}@{head.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Content-Language"] = "vi"
    message.set_content(body, cte="base64")
    return message


def _figure(one: Restated, plan: Plan) -> Mapping[str, object]:
    indicator = plan.indicator_by_code.get(one.indicator)
    agencies = (plan.roster.agency[code].name if code in plan.roster.agency else code for code in one.agencies)
    return {
        "title": indicator.title if indicator else one.indicator,
        "code": one.indicator,
        "unit": f" {indicator.unit}" if indicator else "",
        "signed": _number(one.signed),
        "before": _number(one.before) if one.before != one.signed else "",
        "after": _number(one.after),
        "moved": one.after - one.signed,
        "by": _number(abs(one.after - one.signed)),
        "events": one.events,
        "agencies": "; ".join(agencies),
        "reason": one.reason.rstrip("."),
    }


def _number(value: int) -> str:
    """Thousands apart by full stops, as Vietnamese writes them."""
    return f"{value:,}".replace(",", ".")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
