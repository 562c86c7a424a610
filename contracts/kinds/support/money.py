"""Public support and money."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Benefit,
    Code,
    Count,
    Dong,
    Money,
    Shape,
)


@kind("support.granted", "Hỗ trợ HTX theo chính sách")
class SupportGranted(Benefit, frozen=True, kw_only=True):
    """Cooperatives were supported under a policy."""

    policy: Annotated[Code, Meta(title="Chính sách")]
    minority_area: Annotated[bool, Meta(title="Vùng dân tộc thiểu số")] = False


@kind("programme.joined", "HTX tham gia chương trình, dự án")
class ProgrammeJoined(Benefit, frozen=True, kw_only=True):
    """Cooperatives take part in a target programme or public investment."""

    programme: Annotated[
        Literal["new-rural", "poverty", "minority-areas", "public-investment"], Meta(title="Chương trình")
    ]
    projects: Annotated[Count, Meta(title="Số công trình, dự án")]


@kind("budget.allocated", "Phân bổ kinh phí")
class BudgetAllocated(Money, frozen=True):
    """Budget was set aside for a policy."""


@kind("budget.disbursed", "Giải ngân kinh phí")
class BudgetDisbursed(Money, frozen=True):
    """Budget was paid out under a policy."""


@kind("settlement.completed", "Hoàn thành thanh quyết toán")
class SettlementCompleted(Benefit, frozen=True):
    """The papers of a value-chain support were settled."""


@kind("industrial_promotion.granted", "Hỗ trợ khuyến công")
class IndustrialPromotionGranted(Benefit, frozen=True, kw_only=True):
    """An industrial-promotion project (khuyến công) was granted."""

    projects: Annotated[Count, Meta(title="Số đề án")]


@kind("fund.capitalised", "Bổ sung vốn Quỹ hỗ trợ phát triển HTX")
class FundCapitalised(Shape, frozen=True, kw_only=True):
    """Capital was added to the cooperative support fund."""

    amount: Dong
