"""What can be asked of the register, as the caller writes it. A misspelt field is refused, never ignored."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from contracts.envelope import not_rounded_up
from contracts.kinds.registry import Form, Sector

_LARGEST = 9_007_199_254_740_991


def _moment(value: Any) -> datetime:
    """Read as events' times are: pydantic alone would take numbers and bare days too."""
    try:
        moment: datetime = msgspec.convert(value, Annotated[datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError as error:
        raise ValueError("thời điểm phải là chuỗi RFC 3339 có múi giờ, ví dụ 2021-03-02T08:00:00+07:00") from error
    return not_rounded_up(moment, value) if isinstance(value, str) else moment


At = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    Field(description="Business time: when it took effect.", examples=["2021-03-02T08:00:00+07:00"]),
]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z.-]{2,31}$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{3}|[0-9]{5})$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
Members = Annotated[int, Field(strict=True, ge=0, le=_LARGEST)]
Capital = Annotated[int, Field(strict=True, ge=0, le=_LARGEST, description="Charter capital, whole đồng.")]
People = Annotated[int, Field(strict=True, ge=0, le=_LARGEST)]
Industry = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,5}$")]
Industries = Annotated[tuple[Industry, ...], Field(max_length=50, description="Codes of VSIC, QĐ 27/2018/QĐ-TTg.")]
Seen = Annotated[int, Field(strict=True, ge=1, description="The version the caller looked at; another one is refused.")]


class Asked(BaseModel):
    """What every request has: the time at which it takes effect."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    at: At


class Product(BaseModel):
    """A product, with its OCOP stars where it has any."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    name: Name
    stars: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None


Products = Annotated[tuple[Product, ...], Field(max_length=100)]


class Register(Asked):
    """Enter a cooperative into the register. ``women`` and ``minority`` are among all members, linked ones too."""

    code: Code
    form: Form
    name: Name
    sector: Sector
    members: Members
    capital: Capital
    unit: UnitCode
    registration_number: Number | None = None
    tax_number: Number | None = None
    linked_members: People = 0
    women: People = 0
    minority: People = 0
    workers: People = 0
    managers: People = 0
    managers_vocational: People = 0
    managers_college: People = 0
    representative: Name | None = None
    address: Name | None = None
    industries: Industries = ()
    products: Products = ()


class Amend(Asked):
    """Change what is registered; what is left out stays."""

    members: Members | None = None
    capital: Capital | None = None
    name: Name | None = None
    sector: Sector | None = None
    unit: UnitCode | None = None
    registration_number: Number | None = None
    tax_number: Number | None = None
    linked_members: People | None = None
    women: People | None = None
    minority: People | None = None
    workers: People | None = None
    managers: People | None = None
    managers_vocational: People | None = None
    managers_college: People | None = None
    representative: Name | None = None
    address: Name | None = None
    industries: Industries | None = None
    products: Products | None = None
    version: Seen | None = None


class Suspend(Asked):
    """Stop an active cooperative for a time."""

    reason: Name | None = None
    version: Seen | None = None


class Resume(Asked):
    """Let a suspended cooperative work again."""

    version: Seen | None = None


class Dissolve(Asked):
    """Take a cooperative off the register for good."""

    reason: Name
    version: Seen | None = None


class Convert(Asked):
    """Let a group (tổ hợp tác) go on as a cooperative; what else changes is told by an amendment."""

    form: Literal["htx"]
    name: Name | None = None
    version: Seen | None = None


class Going(Asked):
    """How one that is merged or divided goes on: all that is counted of it by then."""

    members: Members | None = None
    capital: Capital | None = None
    linked_members: People | None = None
    women: People | None = None
    minority: People | None = None
    workers: People | None = None
    managers: People | None = None
    managers_vocational: People | None = None
    managers_college: People | None = None
    version: Seen | None = None


class Merge(Going):
    """Let others go into this one (sáp nhập; hợp nhất, where this one was registered for it): they leave the register
    and it stands with the members and capital told here. Of the people that are not told it has those of all of
    them."""

    absorbed: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    members: Members
    capital: Capital


class Divide(Going):
    """Let new ones be made of this one. Without ``members`` and ``capital`` it leaves the register (chia), with them it
    stays (tách); of the people that are not told it keeps all."""

    founded: Annotated[tuple[Register, ...], Field(min_length=1, max_length=20)]


class Annul(BaseModel):
    """Take back the latest change, which was told by mistake. ``version`` is its number."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    version: Seen
    reason: Name


YearNumber = Annotated[int, Field(strict=True, ge=2000, le=2099)]


class ReportYear(Asked):
    """Tell a year's results, đồng and people; told again, the new figures hold and the old ones stay listed. An
    estimate (ước thực hiện) and the actual figures are two things."""

    year: YearNumber
    estimate: bool = False
    revenue: Capital
    revenue_from_members: Capital = 0
    profit: Annotated[int, Field(strict=True, ge=-_LARGEST, le=_LARGEST, description="Đồng; a loss is negative.")]
    wages: Capital
    workers: People


class Evaluate(Asked):
    """Tell a year's class (xếp loại) by circular 01/2020/TT-BKHĐT; told again, the new one holds."""

    year: YearNumber
    grade: Literal["good", "fair", "average", "weak"]
    score: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None


class RetractYear(BaseModel):
    """Take back what was told of a year, by mistake: its results, their estimate, or its class."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    what: Literal["activity", "evaluation"]
    year: YearNumber
    estimate: bool = False
    reason: Name


Alter = Amend | Suspend | Resume | Dissolve | Convert
Request = Register | Alter
