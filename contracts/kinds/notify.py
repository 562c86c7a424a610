"""What notify says: reminders that went out.

The subject is ``AGENCY/PERIOD/STAGE``; behind the stage ``returned`` stands the version that was sent back, as in
``returned-2``, behind ``restated`` the number of the restatement note.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Code, Shape

Stage = Literal["7-days", "3-days", "1-day", "same-day", "overdue", "returned", "restated"]


@kind("reminder.sent", "Gửi nhắc báo cáo")
class ReminderSent(Shape, frozen=True, kw_only=True):
    """An agency was reminded of a report it owes, or told that it was returned; or who signed or received the report of
    a period was told that figures of it are restated."""

    agency: Annotated[Code, Meta(title="Cơ quan được nhắc")]
    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    stage: Annotated[Stage, Meta(title="Mốc nhắc")]
    sent_at: Annotated[datetime, Meta(title="Thời điểm gửi", tz=True)]
