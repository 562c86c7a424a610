"""What registry says: the life of cooperatives (hợp tác xã, liên hiệp HTX, tổ hợp tác), and their years.

The subject is ``CODE/VERSION``: the cooperative and the count of its changes; of what is told of a year
``CODE/activity-YEAR`` (an estimate: ``-estimate`` behind it) and ``CODE/evaluation-YEAR``, corrected by revisions.
Changes of members, capital and people are told as differences as well as totals, and one that goes to another unit says
where it was until then, so that a stock is a sum, of each unit too, and needs no memory of the cooperative.
"""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import Cooperative, Cooperatives, Count, Dong, OneCooperative, People, Text, UnitCode

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
    linked_members: Annotated[People, Meta(title="Thành viên liên kết")] = 0
    women: Annotated[People, Meta(title="Thành viên nữ")] = 0
    minority: Annotated[People, Meta(title="Thành viên người dân tộc thiểu số")] = 0
    workers: Annotated[People, Meta(title="Lao động thường xuyên")] = 0
    managers: Annotated[People, Meta(title="Cán bộ quản lý")] = 0
    managers_vocational: Annotated[People, Meta(title="Cán bộ quản lý có trình độ sơ cấp, trung cấp")] = 0
    managers_college: Annotated[People, Meta(title="Cán bộ quản lý có trình độ cao đẳng, đại học trở lên")] = 0


COUNTED = (
    "members", "capital", "linked_members", "women", "minority", "workers", "managers", "managers_vocational",
    "managers_college",
)  # fmt: skip
"""What is told as a total, and of an amendment also as a difference, ``NAME_change``: stocks are sums of these."""


@kind("cooperative.registered", "Đăng ký thành lập")
class CooperativeRegistered(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative entered the register."""


@kind("cooperative.amended", "Thay đổi nội dung đăng ký")
class CooperativeAmended(CooperativeFact, frozen=True, kw_only=True):
    """The register's entry changed; the differences are signed. The only event that leaves the status as it was."""

    active: Annotated[bool, Meta(title="Đang hoạt động khi thay đổi")] = True
    previous_sector: Annotated[Sector, Meta(title="Lĩnh vực trước khi thay đổi")] | None = None
    previous_unit: Annotated[UnitCode, Meta(title="Mã đơn vị hành chính trước khi chuyển địa chỉ")] | None = None
    members_change: Annotated[Change, Meta(title="Chênh lệch thành viên")] = 0
    capital_change: Annotated[Change, Meta(title="Chênh lệch vốn điều lệ (đồng)")] = 0
    linked_members_change: Annotated[Change, Meta(title="Chênh lệch thành viên liên kết")] = 0
    women_change: Annotated[Change, Meta(title="Chênh lệch thành viên nữ")] = 0
    minority_change: Annotated[Change, Meta(title="Chênh lệch thành viên người dân tộc thiểu số")] = 0
    workers_change: Annotated[Change, Meta(title="Chênh lệch lao động thường xuyên")] = 0
    managers_change: Annotated[Change, Meta(title="Chênh lệch cán bộ quản lý")] = 0
    managers_vocational_change: Annotated[Change, Meta(title="Chênh lệch cán bộ quản lý trình độ sơ, trung cấp")] = 0
    managers_college_change: Annotated[Change, Meta(title="Chênh lệch cán bộ quản lý trình độ cao đẳng trở lên")] = 0


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


@kind("cooperative.merged", "Sáp nhập, hợp nhất vào HTX khác")
class CooperativeMerged(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative left the register by going into another; ``members`` and ``capital`` are what it had until then."""

    was_active: Annotated[bool, Meta(title="Đang hoạt động khi sáp nhập")]
    into: Annotated[Cooperative, Meta(title="HTX nhận sáp nhập")]


@kind("cooperative.divided", "Chia thành các HTX mới")
class CooperativeDivided(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative left the register by becoming several new ones, each of which is registered for itself."""

    was_active: Annotated[bool, Meta(title="Đang hoạt động khi chia")]
    successors: Annotated[Cooperatives, Meta(title="Các HTX mới")]


@kind("cooperative.converted", "Chuyển đổi loại hình")
class CooperativeConverted(CooperativeFact, frozen=True, kw_only=True):
    """A cooperative went on in another form: a group became a cooperative. Nothing else changed."""

    active: Annotated[bool, Meta(title="Đang hoạt động khi chuyển đổi")] = True
    previous_form: Annotated[Form, Meta(title="Loại hình trước khi chuyển đổi")]


class CooperativeYear(OneCooperative, frozen=True, kw_only=True):
    """What is told of one year of a cooperative, with its form and sector then."""

    year: Annotated[int, Meta(title="Năm", ge=2000, le=2099)]
    form: Annotated[Form, Meta(title="Loại hình")]
    sector: Annotated[Sector, Meta(title="Lĩnh vực")]


@kind("activity.reported", "Báo cáo kết quả hoạt động năm của HTX")
class ActivityReported(CooperativeYear, frozen=True, kw_only=True):
    """A year's results: totals and counts, so that averages are computed of sums and never of averages."""

    estimate: Annotated[bool, Meta(title="Ước thực hiện")] = False
    revenue: Annotated[Dong, Meta(title="Doanh thu")]
    revenue_from_members: Annotated[Dong, Meta(title="Trong đó doanh thu từ thành viên")] = 0
    profit: Annotated[Change, Meta(title="Lãi (lỗ ghi số âm)", extra_json_schema={"x-unit": "đồng"})]
    wages: Annotated[Dong, Meta(title="Tổng thu nhập của lao động thường xuyên")]
    workers: Annotated[People, Meta(title="Lao động thường xuyên bình quân")]


@kind("cooperative.evaluated", "Đánh giá, xếp loại HTX")
class CooperativeEvaluated(CooperativeYear, frozen=True, kw_only=True):
    """A cooperative's class of a year, by the criteria of circular 01/2020/TT-BKHĐT."""

    grade: Annotated[Literal["good", "fair", "average", "weak"], Meta(title="Xếp loại")]
    score: Annotated[int, Meta(title="Điểm", ge=0, le=100)] | None = None
