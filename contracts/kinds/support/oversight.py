"""Oversight and organisation: inspections, obstacles, the steering committee, cells, cooperation."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Benefit,
    Code,
    Cooperatives,
    Count,
    Days,
    Dong,
    Gathering,
    OneCooperative,
    People,
    Shape,
    Text,
    Value,
)


@kind("inspection.held", "Kiểm tra, giám sát")
class InspectionHeld(Benefit, frozen=True, kw_only=True):
    """Cooperatives were inspected."""

    findings: Annotated[Count, Meta(title="Số kiến nghị")] = 0


@kind("finding.closed", "Khắc phục kiến nghị kiểm tra")
class FindingClosed(OneCooperative, frozen=True, kw_only=True):
    """Findings of an inspection were put right."""

    findings: Annotated[Count, Meta(title="Số kiến nghị")]


@kind("cooperative.reviewed", "Rà soát, đánh giá HTX")
class CooperativeReviewed(Benefit, frozen=True, kw_only=True):
    """Cooperatives' activity was reviewed."""

    effective: Annotated[Count, Meta(title="Số HTX hoạt động hiệu quả")] = 0


@kind("cooperative.visited", "Nắm tình hình HTX")
class CooperativeVisited(Benefit, frozen=True):
    """Cooperatives were visited to learn how they fare."""


@kind("cooperative.reorganised", "Củng cố, tổ chức lại HTX")
class CooperativeReorganised(OneCooperative, frozen=True):
    """A cooperative was reorganised in line with the law."""


@kind("dissolution.started", "Bắt đầu giải thể HTX")
class DissolutionStarted(OneCooperative, frozen=True):
    """The dissolution of an inactive cooperative began."""


@kind("founding.mobilised", "Vận động thành lập HTX")
class FoundingMobilised(Benefit, frozen=True):
    """Cooperatives were founded after mobilisation."""


@kind("charter.amended", "Sửa đổi điều lệ")
class CharterAmended(OneCooperative, frozen=True):
    """A cooperative amended its charter."""


@kind("congress.held", "Tổ chức đại hội thành viên")
class CongressHeld(OneCooperative, frozen=True):
    """A cooperative held its members' congress."""


@kind("member.mobilised", "Kết nạp thành viên")
class MemberMobilised(OneCooperative, frozen=True, kw_only=True):
    """Members joined after mobilisation."""

    people: People
    capital: Dong = 0


@kind("supervision.held", "Giám sát, phản biện xã hội")
class SupervisionHeld(Benefit, frozen=True):
    """A supervision by the Fatherland Front or a member body."""


@kind("cell.founded", "Thành lập tổ chức đảng, đoàn thể trong HTX")
class CellFounded(OneCooperative, frozen=True, kw_only=True):
    """A party or mass-organisation cell was founded in a cooperative."""

    body: Annotated[Literal["party", "union", "youth", "women", "farmers", "veterans"], Meta(title="Tổ chức")]
    members: People = 0


@kind("party_member.admitted", "Kết nạp đảng viên trong HTX")
class PartyMemberAdmitted(OneCooperative, frozen=True, kw_only=True):
    """Party members were admitted in a cooperative."""

    people: People


@kind("complaint.received", "Tiếp nhận phản ánh can thiệp nội bộ HTX")
class ComplaintReceived(OneCooperative, frozen=True):
    """A complaint of interference in a cooperative's own business."""


@kind("complaint.settled", "Giải quyết phản ánh can thiệp nội bộ HTX")
class ComplaintSettled(OneCooperative, frozen=True):
    """Such a complaint was settled."""


@kind("committee.met", "Họp Ban Chỉ đạo")
class CommitteeMet(Gathering, frozen=True, kw_only=True):
    """The steering committee met."""

    conclusions: Annotated[Count, Meta(title="Số kết luận")] = 0


@kind("assignment.given", "Giao nhiệm vụ cho thành viên Ban Chỉ đạo")
class AssignmentGiven(Shape, frozen=True, kw_only=True):
    """A member was given a task."""

    member: Annotated[Code, Meta(title="Cơ quan thành viên")]


@kind("assignment.completed", "Thành viên Ban Chỉ đạo hoàn thành nhiệm vụ")
class AssignmentCompleted(Shape, frozen=True, kw_only=True):
    """A member finished its task."""

    member: Annotated[Code, Meta(title="Cơ quan thành viên")]
    on_time: Annotated[bool, Meta(title="Đúng hạn")]


@kind("obstacle.raised", "Nêu khó khăn, vướng mắc")
class ObstacleRaised(Shape, frozen=True, kw_only=True):
    """An agency or cooperative met a difficulty."""

    title: Annotated[Text, Meta(title="Nội dung")]
    cooperatives: Cooperatives = ()


@kind("obstacle.solved", "Tháo gỡ khó khăn, vướng mắc")
class ObstacleSolved(Shape, frozen=True, kw_only=True):
    """A difficulty was solved, so many days after it was raised."""

    title: Annotated[Text, Meta(title="Nội dung")]
    days: Days
    cooperatives: Cooperatives = ()


@kind("cooperation.signed", "Ký kết hợp tác quốc tế")
class CooperationSigned(Shape, frozen=True, kw_only=True):
    """An agreement with a foreign partner."""

    partner: Annotated[Text, Meta(title="Đối tác")]
    value: Value = 0
    projects: Annotated[Count, Meta(title="Số dự án")] = 0


@kind("delegation.hosted", "Đón đoàn công tác nước ngoài")
class DelegationHosted(Gathering, frozen=True):
    """A foreign delegation came."""


@kind("delegation.sent", "Cử đoàn công tác nước ngoài")
class DelegationSent(Gathering, frozen=True):
    """A delegation went abroad to learn."""
