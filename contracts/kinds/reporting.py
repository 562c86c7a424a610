"""What reporting says: reports handed in, returned and accepted, periods consolidated and signed, signed figures
restated, what becomes of obstacles.

The subject is ``AGENCY/PERIOD`` for a report (one event for each period that the document satisfies; the revision is
the report's version), ``PERIOD`` for a consolidation and its signature, ``PERIOD/INDICATOR`` for a restatement,
``OBSTACLE`` for a step in the life of an
obstacle.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Code, Shape, Text

Outcome = Literal["activity", "nil", "excused"]
Remarks = Annotated[str, Meta(title="Ý kiến của cơ quan tổng hợp", min_length=1, max_length=2000)]


@kind("report.submitted", "Nộp báo cáo")
class ReportSubmitted(Shape, frozen=True, kw_only=True):
    """An agency handed in its report for a period. ``outcome`` is of the report as a whole; single tasks of it may be
    marked as nil, or as excused."""

    agency: Annotated[Code, Meta(title="Cơ quan báo cáo")]
    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    version: Annotated[int, Meta(title="Lần nộp", ge=1)]
    outcome: Annotated[Outcome, Meta(title="Kết quả: có hoạt động, không phát sinh, được miễn")]
    submitted_at: Annotated[datetime, Meta(title="Thời điểm nộp", tz=True)]
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)] | None = None
    tasks_nil: Annotated[tuple[Code, ...], Meta(title="Nhiệm vụ không phát sinh")] = ()
    tasks_excused: Annotated[tuple[Code, ...], Meta(title="Nhiệm vụ được miễn")] = ()


@kind("report.returned", "Trả lại báo cáo để hoàn thiện")
class ReportReturned(Shape, frozen=True, kw_only=True):
    """A version of a report was sent back with remarks: the report is owed again."""

    agency: Annotated[Code, Meta(title="Cơ quan báo cáo")]
    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    version: Annotated[int, Meta(title="Lần nộp bị trả lại", ge=1)]
    by: Annotated[Code, Meta(title="Cơ quan trả lại")]
    returned_at: Annotated[datetime, Meta(title="Thời điểm trả lại", tz=True)]
    remarks: Remarks


@kind("report.accepted", "Chấp nhận báo cáo")
class ReportAccepted(Shape, frozen=True, kw_only=True):
    """A version of a report was accepted: no other replaces it unless it is returned."""

    agency: Annotated[Code, Meta(title="Cơ quan báo cáo")]
    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    version: Annotated[int, Meta(title="Lần nộp được chấp nhận", ge=1)]
    by: Annotated[Code, Meta(title="Cơ quan chấp nhận")]
    accepted_at: Annotated[datetime, Meta(title="Thời điểm chấp nhận", tz=True)]
    remarks: Remarks | None = None


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


@kind("figure.restated", "Điều chỉnh số liệu đã ký")
class FigureRestated(Shape, frozen=True, kw_only=True):
    """Later events changed a signed figure: ``signed`` stands, ``after`` is what is known now, ``before`` what was
    known when this was last said. Without events the catalogue counts otherwise. ``figures`` of the same ``sequence``
    are said together; ``document`` is the signed report."""

    period: Annotated[Code, Meta(title="Kỳ báo cáo")]
    indicator: Annotated[str, Meta(title="Chỉ tiêu", min_length=1, max_length=64)]
    sequence: Annotated[int, Meta(title="Số thứ tự phiếu điều chỉnh của kỳ", ge=1)]
    signed: Annotated[int, Meta(title="Số đã ký")]
    before: Annotated[int, Meta(title="Số biết được trước đó")]
    after: Annotated[int, Meta(title="Số biết được nay")]
    events: Annotated[int, Meta(title="Số sự kiện làm thay đổi", ge=0)]
    agencies: Annotated[tuple[Code, ...], Meta(title="Cơ quan có sự kiện")] = ()
    restated_at: Annotated[datetime, Meta(title="Thời điểm ghi nhận", tz=True)]
    reason: Annotated[Text, Meta(title="Lý do")] | None = None
    figures: Annotated[int, Meta(title="Tổng số số liệu của phiếu điều chỉnh", ge=1)] | None = None
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)] | None = None


Difficulty = Annotated[str, Meta(title="Nội dung", min_length=1, max_length=2000)]


class ObstacleStep(Shape, frozen=True, kw_only=True):
    """A step in the life of an obstacle (khó khăn, vướng mắc) that an agency raised."""

    obstacle: Annotated[Code, Meta(title="Mã vướng mắc")]
    agency: Annotated[Code, Meta(title="Cơ quan nêu vướng mắc")]


@kind("obstacle.reported", "Nêu khó khăn, vướng mắc với cơ quan tổng hợp")
class ObstacleReported(ObstacleStep, frozen=True, kw_only=True):
    """An agency told a difficulty to who gathers the reports, with its report or at any time."""

    title: Difficulty
    reported_at: Annotated[datetime, Meta(title="Thời điểm nêu", tz=True)]
    task: Annotated[Code, Meta(title="Nhiệm vụ")] | None = None
    period: Annotated[Code, Meta(title="Kỳ báo cáo")] | None = None


@kind("obstacle.forwarded", "Chuyển khó khăn, vướng mắc lên UBND tỉnh")
class ObstacleForwarded(ObstacleStep, frozen=True, kw_only=True):
    """The consolidator put an obstacle before the province's People's Committee."""

    forwarded_at: Annotated[datetime, Meta(title="Thời điểm chuyển", tz=True)]
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)]


@kind("obstacle.answered", "Trả lời khó khăn, vướng mắc")
class ObstacleAnswered(ObstacleStep, frozen=True, kw_only=True):
    """The province's People's Committee answered; again means a corrected answer, a later revision."""

    answered_at: Annotated[datetime, Meta(title="Thời điểm trả lời", tz=True)]
    document: Annotated[str, Meta(title="Số, ký hiệu văn bản", max_length=64)]
    answer: Annotated[str, Meta(title="Nội dung trả lời", min_length=1, max_length=5000)]


@kind("obstacle.closed", "Kết thúc theo dõi khó khăn, vướng mắc")
class ObstacleClosed(ObstacleStep, frozen=True, kw_only=True):
    """An obstacle is over: answered, or solved (``solution`` says how)."""

    closed_at: Annotated[datetime, Meta(title="Thời điểm kết thúc", tz=True)]
    solution: Annotated[str, Meta(title="Cách tháo gỡ", max_length=2000)] | None = None
