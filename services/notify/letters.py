"""A reminder as a letter: an e-mail in Vietnamese. Pure, but for reading its templates once."""

from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from catalogue.model import Duty, Plan
from catalogue.windows import Period, local_day
from services.notify.model import Reminder, Returned

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # noqa: S701 - plain text: escaping would put HTML entities into it
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


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
    message = EmailMessage(policy=SMTP)
    message["From"] = head.sender
    message["To"] = reminder.to
    message["Subject"] = _TEMPLATES.get_template("subject.txt").render(words).strip()
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{reminder.id.replace('/', '.')}@{head.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Content-Language"] = "vi"
    message.set_content(_TEMPLATES.get_template("body.txt").render(words), cte="base64")
    return message


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
