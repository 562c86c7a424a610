"""What registry says: the life of cooperatives (hợp tác xã, liên hiệp HTX, tổ hợp tác).

The subject is ``CODE/VERSION``: the cooperative and the count of its changes. Changes of members and capital are told
as differences as well as totals, so that a stock is a sum and needs no memory of the cooperative.
"""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Count, Dong, OneCooperative, Text

Form = Literal["htx", "lhhtx", "tht"]
Sector = Literal["agriculture", "industry", "construction", "trade-services", "transport", "credit", "environment"]
Law = Literal["2012", "2023"]
Change = Annotated[int, Meta(title="Chênh lệch", ge=-9_007_199_254_740_991, le=9_007_199_254_740_991)]


class CooperativeFact(OneCooperative, frozen=True, kw_only=True):
    """What every event of a cooperative's life carries: who it is, and how it stands after the event."""

    version: Annotated[int, Meta(title="Lần thay đổi", ge=1)]
    form: Annotated[Form, Meta(title="Loại hình")]
    sector: Annotated[Sector, Meta(title="Lĩnh vực")]
    name: Annotated[Text, Meta(title="Tên")]
    law: Annotated[Law, Meta(title="Luật áp dụng khi đăng ký")]
    members: Annotated[Count, Meta(title="Số thành viên")]
    capital: Annotated[Dong, Meta(title="Vốn điều lệ")]


@kind("cooperative.registered", "Đăng ký thành lập")
class CooperativeRegistered(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative entered the register."""


@kind("cooperative.amended", "Thay đổi nội dung đăng ký")
class CooperativeAmended(CooperativeFact, frozen=True, kw_only=True):
    """The register's entry changed; the differences are signed. The only event that leaves the status as it was."""

    active: Annotated[bool, Meta(title="Đang hoạt động khi thay đổi")] = True
    previous_sector: Annotated[Sector, Meta(title="Lĩnh vực trước khi thay đổi")] | None = None
    members_change: Annotated[Change, Meta(title="Chênh lệch thành viên")] = 0
    capital_change: Annotated[Change, Meta(title="Chênh lệch vốn điều lệ (đồng)")] = 0


@kind("cooperative.suspended", "Tạm ngừng hoạt động")
class CooperativeSuspended(CooperativeFact, frozen=True, kw_only=True):
    """An active cooperative stopped for a time."""


@kind("cooperative.resumed", "Hoạt động trở lại")
class CooperativeResumed(CooperativeFact, frozen=True, kw_only=True):
    """A suspended cooperative works again."""


@kind("cooperative.dissolved", "Giải thể")
class CooperativeDissolved(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative left the register; ``members`` and ``capital`` are what it had until then."""

    was_active: Annotated[bool, Meta(title="Đang hoạt động khi giải thể")]
    reason: Annotated[Text, Meta(title="Lý do giải thể")]
