"""What reporting says: reports handed in and periods consolidated.

The subject is ``AGENCY/PERIOD`` for a report (one event for each period that the document satisfies), ``PERIOD`` for a
consolidation.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Code, Shape

Outcome = Literal["activity", "nil", "excused"]


@kind("report.submitted", "Nộp báo cáo")
class ReportSubmitted(Shape, frozen=True, kw_only=True):
    """An agency handed in its report for a period."""

    agency: Annotated[Code, Meta(title="Cơ quan báo cáo")]
    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    version: Annotated[int, Meta(title="Lần nộp", ge=1)]
    outcome: Annotated[Outcome, Meta(title="Kết quả: có hoạt động, không phát sinh, được miễn")]
    submitted_at: Annotated[datetime, Meta(title="Thời điểm nộp", tz=True)]
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)] | None = None


@kind("period.consolidated", "Tổng hợp kỳ báo cáo")
class PeriodConsolidated(Shape, frozen=True, kw_only=True):
    """The period's figures and register were frozen; ``digest`` is the SHA-256 of the frozen JSON."""

    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    by: Annotated[Code, Meta(title="Cơ quan tổng hợp")]
    consolidated_at: Annotated[datetime, Meta(title="Thời điểm tổng hợp", tz=True)]
    digest: Annotated[str, Meta(title="Mã băm SHA-256", pattern="^[0-9a-f]{64}$")]
