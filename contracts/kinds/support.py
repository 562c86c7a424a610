"""What support says, in the agencies' names: everything the 46 tasks count beside the register itself.

The subject names the fact, ``training-SNV-2021-07`` or ``loan-118/disbursed-2``: facts whose subjects share what stands
before the first slash keep their order.
"""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Award,
    Benefit,
    Borrowing,
    Code,
    Cooperatives,
    Count,
    Days,
    Dong,
    Gathering,
    Insurance,
    Kilograms,
    Land,
    Model,
    Money,
    OneCooperative,
    Paper,
    People,
    Sales,
    Shape,
    SquareMetres,
    Text,
    Value,
)

PaperTopic = Annotated[
    Literal["five-year-scheme", "socioeconomic-plan", "key-products", "vocational-programme", "other"],
    Meta(title="Nội dung"),
]
PolicyTopic = Annotated[
    Literal["support", "programme-participation", "new-rural", "land", "waste", "talent", "other"],
    Meta(title="Nội dung"),
]

# Words and people


@kind("propaganda.held", "Tổ chức tuyên truyền")
class PropagandaHeld(Gathering, frozen=True, kw_only=True):
    """A session that spread the nature and role of cooperatives."""

    audience: Annotated[Literal["officials", "members", "people"], Meta(title="Đối tượng")] = "officials"


@kind("training.held", "Tổ chức đào tạo, bồi dưỡng")
class TrainingHeld(Gathering, frozen=True, kw_only=True):
    """A class was held; who it was for and its topic decide which task it counts for."""

    audience: Annotated[
        Literal["officials", "managers", "members", "workers", "alliance-staff"], Meta(title="Đối tượng")
    ]
    topic: Annotated[
        Literal[
            "state-management",
            "governance",
            "accounting",
            "audit",
            "economics",
            "trade",
            "technology",
            "vocational",
            "law",
            "other",
        ],
        Meta(title="Nội dung"),
    ]


@kind("guidance.held", "Hướng dẫn, tư vấn trực tiếp")
class GuidanceHeld(Gathering, frozen=True, kw_only=True):
    """A guidance session for cooperatives or their members."""

    topic: Annotated[
        Literal[
            "law",
            "autonomy",
            "charter",
            "policy",
            "wages-insurance",
            "budget",
            "settlement",
            "credit",
            "production",
            "other",
        ],
        Meta(title="Nội dung"),
    ]


@kind("media.published", "Đăng, phát tin bài")
class MediaPublished(Shape, frozen=True, kw_only=True):
    """Items on cooperatives published by one outlet."""

    outlet: Annotated[Code, Meta(title="Cơ quan báo chí")]
    form: Annotated[Literal["article", "radio", "television", "online", "column"], Meta(title="Hình thức")]
    items: Annotated[Count, Meta(title="Số tin, bài")]
    models: Annotated[Count, Meta(title="Số mô hình điển hình được giới thiệu")] = 0


@kind("column.opened", "Mở chuyên trang, chuyên mục")
class ColumnOpened(Shape, frozen=True, kw_only=True):
    """A standing column or page on cooperatives was opened."""

    outlet: Annotated[Code, Meta(title="Cơ quan báo chí")]
    title: Annotated[Text, Meta(title="Tên chuyên mục")]


@kind("award.proposed", "Đề nghị khen thưởng")
class AwardProposed(Award, frozen=True):
    """A reward was proposed."""


@kind("award.granted", "Khen thưởng")
class AwardGranted(Award, frozen=True):
    """A reward was granted."""


@kind("practice.proposed", "Đề xuất cách làm hay")
class PracticeProposed(Shape, frozen=True, kw_only=True):
    """A good practice was put forward to be honoured and copied."""

    title: Annotated[Text, Meta(title="Tên cách làm")]
    cooperatives: Cooperatives = ()


@kind("worker.placed", "Đưa nhân lực về làm việc tại HTX")
class WorkerPlaced(OneCooperative, frozen=True, kw_only=True):
    """Skilled people came to work in a cooperative."""

    people: People
    degree: Annotated[Literal["vocational", "college", "university", "postgraduate"], Meta(title="Trình độ")]
    remote: Annotated[bool, Meta(title="Vùng sâu, vùng xa, đặc biệt khó khăn")] = False


@kind("manager.retained", "Giữ chân cán bộ quản lý HTX")
class ManagerRetained(OneCooperative, frozen=True, kw_only=True):
    """Good managers were kept by an incentive."""

    people: People


@kind("post.filled", "Kiện toàn vị trí việc làm")
class PostFilled(Shape, frozen=True, kw_only=True):
    """Posts of an organisation were filled."""

    posts: Annotated[Count, Meta(title="Số vị trí")]


@kind("reform.completed", "Hoàn thành đổi mới lề lối làm việc")
class ReformCompleted(Shape, frozen=True, kw_only=True):
    """An organisation finished a reform of its ways of working."""

    title: Annotated[Text, Meta(title="Nội dung")]


# Papers: plans, policies, guidance


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


# Public support and money


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


# Credit


@kind("loan.granted", "Duyệt cho vay")
class LoanGranted(Borrowing, frozen=True, kw_only=True):
    """A loan was approved."""

    purpose: Annotated[
        Literal["new-investment", "expansion", "export", "services", "working-capital"], Meta(title="Mục đích")
    ]
    branch: Annotated[Code, Meta(title="Chi nhánh cho vay")]
    new_borrower: Annotated[bool, Meta(title="Khách hàng vay lần đầu")] = False


@kind("loan.disbursed", "Giải ngân khoản vay")
class LoanDisbursed(Borrowing, frozen=True):
    """Money of a loan was paid out."""


@kind("loan.repaid", "Trả nợ gốc")
class LoanRepaid(Borrowing, frozen=True):
    """Principal of a loan was paid back."""


@kind("loan.overdue", "Phát sinh nợ quá hạn")
class LoanOverdue(Borrowing, frozen=True):
    """Principal became overdue."""


@kind("loan.refused", "Từ chối cho vay")
class LoanRefused(OneCooperative, frozen=True, kw_only=True):
    """A loan was refused, with the reason."""

    branch: Annotated[Code, Meta(title="Chi nhánh")]
    reason: Annotated[Text, Meta(title="Lý do")]


@kind("capital.reserved", "Dành vốn cho vay HTX")
class CapitalReserved(Shape, frozen=True, kw_only=True):
    """A bank branch set capital aside for loans to cooperatives."""

    branch: Annotated[Code, Meta(title="Chi nhánh")]
    amount: Dong


@kind("debt.settled", "Xử lý nợ tồn đọng")
class DebtSettled(OneCooperative, frozen=True, kw_only=True):
    """Old debt of a cooperative was settled."""

    amount: Dong


# Production, trade, technology


@kind("linkage.approved", "Phê duyệt dự án liên kết")
class LinkageApproved(Benefit, frozen=True, kw_only=True):
    """A linkage project (decree 98/2018) was approved; ``amount`` is the support."""

    area: SquareMetres = 0


@kind("linkage.signed", "Ký kết liên kết")
class LinkageSigned(Benefit, frozen=True, kw_only=True):
    """A production or sales linkage was signed; ``amount`` is the contract's value."""

    area: SquareMetres = 0


@kind("ocop.recognised", "Công nhận sản phẩm OCOP")
class OcopRecognised(Shape, frozen=True, kw_only=True):
    """A product was given its OCOP stars."""

    product: Annotated[Text, Meta(title="Tên sản phẩm")]
    stars: Annotated[int, Meta(title="Số sao", ge=1, le=5)]
    cooperatives: Cooperatives = ()


@kind("trade_promotion.held", "Tổ chức xúc tiến thương mại")
class TradePromotionHeld(Benefit, frozen=True, kw_only=True):
    """A fair or trade-promotion event; ``amount`` is its cost."""

    form: Annotated[Literal["fair", "connection", "training", "online"], Meta(title="Hình thức")]
    stands: Annotated[Count, Meta(title="Số gian hàng")] = 0
    contracts: Annotated[Count, Meta(title="Số hợp đồng ký")] = 0
    sales: Sales = 0
    joint: Annotated[bool, Meta(title="Phối hợp với Liên minh HTX")] = False


@kind("product.promoted", "Giới thiệu, quảng bá sản phẩm")
class ProductPromoted(Benefit, frozen=True, kw_only=True):
    """Products of cooperatives were presented; ``amount`` is their sales."""

    products: Annotated[Count, Meta(title="Số sản phẩm")]


@kind("production_plan.made", "Lập kế hoạch sản xuất, tiêu thụ")
class ProductionPlanMade(Benefit, frozen=True):
    """Cooperatives were helped to a plan of production and sales."""


@kind("tech.transferred", "Chuyển giao khoa học, công nghệ")
class TechTransferred(Benefit, frozen=True, kw_only=True):
    """A result of research was handed over to cooperatives; ``amount`` is the cost."""

    title: Annotated[Text, Meta(title="Tên đề tài, công nghệ")]


@kind("brand.supported", "Hỗ trợ xây dựng thương hiệu")
class BrandSupported(Benefit, frozen=True, kw_only=True):
    """A brand was supported."""

    form: Annotated[Literal["trademark", "geographical-indication", "traceability"], Meta(title="Hình thức")]


@kind("digital.adopted", "HTX ứng dụng công nghệ số")
class DigitalAdopted(Benefit, frozen=True):
    """Cooperatives took up digital technology."""


@kind("model.started", "Xây dựng mô hình")
class ModelStarted(Model, frozen=True):
    """A model was started."""


@kind("model.summed_up", "Tổng kết mô hình")
class ModelSummedUp(Model, frozen=True):
    """A model was summed up."""


@kind("model.found", "Phát hiện mô hình mới")
class ModelFound(Model, frozen=True):
    """A new model was found and is being fostered."""


@kind("model.replicated", "Nhân rộng mô hình")
class ModelReplicated(Model, frozen=True):
    """A model was copied elsewhere."""


# Land, waste, insurance


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


# Oversight and organisation


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
