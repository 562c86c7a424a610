"""Shapes that alike kinds share, and the field types they are made of.

Every field carries its Vietnamese title (what a clerk reads) and, where it has one, its unit, in ``msgspec.Meta``;
the documentation, the AsyncAPI document and the demo's generator are all read off these.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

BudgetSource = Annotated[Literal["central", "province", "district", "commune", "other"], Meta(title="Nguồn kinh phí")]
CreditProgramme = Annotated[
    Literal[
        "decree-55-2015",  # NĐ 55/2015/NĐ-CP and 116/2018/NĐ-CP: credit for farming and the countryside
        "resolution-30-2017",  # NQ 30/NQ-CP: high-tech and clean farming
        "resolution-08-2019",  # NQ 08/2019/NQ-HĐND of Lạng Sơn
        "support-fund",  # Quỹ Hỗ trợ phát triển HTX
        "commercial",
    ],
    Meta(title="Chương trình tín dụng"),
]
InsuranceScheme = Annotated[Literal["social", "health", "unemployment"], Meta(title="Loại bảo hiểm")]
ModelScale = Annotated[Literal["commune", "district", "province", "region", "nation"], Meta(title="Quy mô")]
AwardLevel = Annotated[Literal["district", "province", "ministry", "state"], Meta(title="Cấp khen thưởng")]
UnitCode = Annotated[str, Meta(pattern=r"^\d{3}$|^\d{5}$")]
Recipient = Annotated[Literal["collective", "individual"], Meta(title="Đối tượng được khen")]


class Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every kind's data has: where it happened, and a free remark.

    ``unit`` is the code of a district (to 30 Jun 2025) or of a commune-level unit (from 1 Jul 2025); absent means the
    province as a whole.
    """

    unit: Annotated[UnitCode, Meta(title="Mã đơn vị hành chính")] | None = None
    note: Annotated[str, Meta(title="Ghi chú", max_length=2000)] | None = None


def _amount(title: str, unit: str) -> Meta:
    return Meta(title=title, ge=0, le=9_007_199_254_740_991, extra_json_schema={"x-unit": unit})


Dong = Annotated[int, _amount("Số tiền", "đồng")]
Cost = Annotated[int, _amount("Kinh phí", "đồng")]
Value = Annotated[int, _amount("Giá trị", "đồng")]
Sales = Annotated[int, _amount("Doanh số", "đồng")]
SquareMetres = Annotated[int, _amount("Diện tích", "m²")]
Kilograms = Annotated[int, _amount("Khối lượng", "kg")]
People = Annotated[int, _amount("Số người", "người")]
Women = Annotated[int, _amount("Trong đó nữ", "người")]
Minority = Annotated[int, _amount("Trong đó người dân tộc thiểu số", "người")]
Leaders = Annotated[int, _amount("Trong đó người đứng đầu", "người")]
Days = Annotated[int, _amount("Số ngày", "ngày")]
Count = Annotated[int, _amount("Số lượng", "đơn vị")]
Cooperative = Annotated[
    str, Meta(title="Mã hợp tác xã, liên hiệp HTX hoặc tổ hợp tác", pattern=r"^[0-9A-Z][0-9A-Z.-]{2,31}$")
]
Cooperatives = Annotated[tuple[Cooperative, ...], Meta(title="Các hợp tác xã liên quan", max_length=500)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(min_length=1, max_length=500)]


class Gathering(Shape, frozen=True, kw_only=True):
    """People brought together: a class, a propaganda session, a guidance session, a meeting."""

    people: People
    women: Women | None = None
    minority: Minority | None = None
    leaders: Leaders | None = None
    days: Days | None = None
    cost: Cost | None = None
    materials: Annotated[int, _amount("Tài liệu phát hành", "bản")] | None = None
    cooperatives: Cooperatives = ()


class Paper(Shape, frozen=True, kw_only=True):
    """A document at a stage of its life. ``number`` is the document's number and symbol once it has one."""

    title: Annotated[Text, Meta(title="Tên văn bản")]
    number: Annotated[str, Meta(title="Số, ký hiệu", max_length=64)] | None = None


class Benefit(Shape, frozen=True, kw_only=True):
    """Something given to or done with cooperatives, with money where there is any."""

    cooperatives: Cooperatives
    amount: Dong | None = None


class OneCooperative(Shape, frozen=True, kw_only=True):
    """A fact about one cooperative."""

    cooperative: Cooperative


class Money(Shape, frozen=True, kw_only=True):
    """A movement of public money under a policy, by source of the budget."""

    amount: Dong
    policy: Annotated[Code, Meta(title="Chính sách")]
    source: BudgetSource


class Borrowing(OneCooperative, frozen=True, kw_only=True):
    """A step in the life of a loan; ``loan`` is the lender's own number for it."""

    loan: Annotated[Code, Meta(title="Số khoản vay")]
    programme: CreditProgramme
    amount: Dong


class Land(OneCooperative, frozen=True, kw_only=True):
    """An act on land for a cooperative; area in whole m²."""

    area: SquareMetres


class Insurance(OneCooperative, frozen=True, kw_only=True):
    """People of a cooperative and their insurance, by scheme."""

    scheme: InsuranceScheme
    people: People
    managers: Annotated[int, _amount("Trong đó cán bộ quản lý", "người")] | None = None


class Model(Shape, frozen=True, kw_only=True):
    """A model of cooperative work, by the scale it is meant for."""

    title: Annotated[Text, Meta(title="Tên mô hình")]
    scale: ModelScale
    cooperatives: Cooperatives = ()
    jobs: Annotated[int, _amount("Việc làm tạo ra", "người")] | None = None
    places: Annotated[int, _amount("Số nơi áp dụng", "nơi")] | None = None


class Award(Shape, frozen=True, kw_only=True):
    """A reward, proposed or granted."""

    level: AwardLevel
    recipient: Recipient
    cooperatives: Cooperatives = ()
    count: Annotated[int, _amount("Số khen thưởng", "khen thưởng")] = 1
