"""Production, trade, technology, models."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Benefit,
    Cooperatives,
    Count,
    Model,
    Sales,
    Shape,
    SquareMetres,
    Text,
)


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
