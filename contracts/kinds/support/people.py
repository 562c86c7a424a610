"""Words and people: sessions, classes, media, awards, staff."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Award,
    Code,
    Cooperatives,
    Count,
    Gathering,
    OneCooperative,
    People,
    Shape,
    Text,
)


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
