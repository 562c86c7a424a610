"""What reporting says: reports handed in, periods consolidated and signed.

The subject is ``AGENCY/PERIOD`` for a report (one event for each period that the document satisfies), ``PERIOD`` for a
consolidation and its signature.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Code, Shape, Text

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


@kind("period.signed", "Ký báo cáo tổng hợp, chốt kỳ báo cáo")
class PeriodSigned(Shape, frozen=True, kw_only=True):
    """The consolidation of a period was signed: its figures stand, and what changes later is told apart from them."""

    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    version: Annotated[int, Meta(title="Lần tổng hợp được ký", ge=1)]
    by: Annotated[Code, Meta(title="Cơ quan ký")]
    signed_at: Annotated[datetime, Meta(title="Thời điểm ký", tz=True)]
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)]
    basis: Annotated[Text, Meta(title="Căn cứ")]
    digest: Annotated[str, Meta(title="Mã băm SHA-256", pattern="^[0-9a-f]{64}$")]
