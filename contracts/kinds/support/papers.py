"""Papers: plans, policies, guidance, forecasts."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Count,
    Paper,
)

PaperTopic = Annotated[
    Literal["five-year-scheme", "socioeconomic-plan", "key-products", "vocational-programme", "other"],
    Meta(title="Nội dung"),
]
PolicyTopic = Annotated[
    Literal["support", "programme-participation", "new-rural", "land", "waste", "talent", "other"],
    Meta(title="Nội dung"),
]


@kind("document.drafted", "Xây dựng dự thảo văn bản")
class DocumentDrafted(Paper, frozen=True, kw_only=True):
    """A plan, scheme or programme was drafted."""

    topic: PaperTopic


@kind("document.submitted", "Trình văn bản")
class DocumentSubmitted(Paper, frozen=True, kw_only=True):
    """A plan, scheme or programme was submitted."""

    topic: PaperTopic


@kind("document.approved", "Phê duyệt văn bản")
class DocumentApproved(Paper, frozen=True, kw_only=True):
    """A plan, scheme or programme was approved."""

    topic: PaperTopic


@kind("plan.issued", "Ban hành kế hoạch triển khai")
class PlanIssued(Paper, frozen=True):
    """An agency issued its own plan to carry out the province's."""


@kind("policy.reviewed", "Rà soát chính sách")
class PolicyReviewed(Paper, frozen=True, kw_only=True):
    """A policy in force was reviewed."""

    topic: PolicyTopic


@kind("policy.proposed", "Đề xuất chính sách")
class PolicyProposed(Paper, frozen=True, kw_only=True):
    """A policy or an amendment was proposed."""

    topic: PolicyTopic


@kind("policy.submitted", "Trình chính sách")
class PolicySubmitted(Paper, frozen=True, kw_only=True):
    """A policy was submitted to whoever may issue it."""

    topic: PolicyTopic


@kind("policy.issued", "Ban hành chính sách")
class PolicyIssued(Paper, frozen=True, kw_only=True):
    """A policy was issued."""

    topic: PolicyTopic


@kind("guidance.issued", "Ban hành văn bản hướng dẫn")
class GuidanceIssued(Paper, frozen=True, kw_only=True):
    """A written guidance was issued."""

    topic: Annotated[
        Literal["media", "budget", "credit", "settlement", "land", "wages-insurance", "dissolution", "law", "other"],
        Meta(title="Nội dung"),
    ]


@kind("forecast.issued", "Phát hành dự báo thị trường")
class ForecastIssued(Paper, frozen=True):
    """A market study or forecast was issued."""


@kind("draft.commented", "Góp ý, phản biện dự thảo")
class DraftCommented(Paper, frozen=True, kw_only=True):
    """Comments were given on a draft policy."""

    comments: Annotated[Count, Meta(title="Số ý kiến")]
