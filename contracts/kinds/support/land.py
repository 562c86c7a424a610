"""Land, waste, insurance."""

from typing import Annotated

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Count,
    Dong,
    Insurance,
    Kilograms,
    Land,
    OneCooperative,
)


@kind("land.allocated", "Giao đất")
class LandAllocated(Land, frozen=True):
    """Land was allocated to a cooperative."""


@kind("land.leased", "Cho thuê đất")
class LandLeased(Land, frozen=True):
    """Land was leased to a cooperative."""


@kind("land.certified", "Cấp giấy chứng nhận quyền sử dụng đất")
class LandCertified(Land, frozen=True):
    """A land-use certificate was given."""


@kind("land.accumulated", "Tích tụ đất đai")
class LandAccumulated(Land, frozen=True):
    """Land was brought together for large-scale production."""


@kind("land_case.opened", "Phát sinh vướng mắc đất đai")
class LandCaseOpened(OneCooperative, frozen=True):
    """A land problem of a cooperative that stopped working."""


@kind("land_case.closed", "Giải quyết vướng mắc đất đai")
class LandCaseClosed(OneCooperative, frozen=True):
    """Such a land problem was solved."""


@kind("waste_pilot.started", "Bắt đầu thí điểm xử lý chất thải")
class WastePilotStarted(OneCooperative, frozen=True, kw_only=True):
    """A cooperative began to collect, sort or treat waste."""

    communes: Annotated[Count, Meta(title="Số xã được phục vụ")]


@kind("waste.handled", "Thu gom, xử lý chất thải")
class WasteHandled(OneCooperative, frozen=True, kw_only=True):
    """Waste was collected or treated; whole kilograms."""

    mass: Kilograms


@kind("insurance.enrolled", "Tham gia bảo hiểm")
class InsuranceEnrolled(Insurance, frozen=True):
    """People of a cooperative joined a scheme."""


@kind("insurance.stopped", "Dừng tham gia bảo hiểm")
class InsuranceStopped(Insurance, frozen=True):
    """People of a cooperative left a scheme."""


@kind("insurance.in_arrears", "Nợ đóng bảo hiểm")
class InsuranceInArrears(OneCooperative, frozen=True, kw_only=True):
    """A cooperative fell behind with its contributions."""

    amount: Dong


@kind("insurance.supported", "Hỗ trợ đóng bảo hiểm cho cán bộ quản lý")
class InsuranceSupported(OneCooperative, frozen=True, kw_only=True):
    """A cooperative was helped to pay social insurance for its managers."""

    managers: Annotated[Count, Meta(title="Số cán bộ quản lý")]
    amount: Dong = 0
