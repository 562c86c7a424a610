"""Credit: loans, capital set aside, old debts."""

from typing import Annotated, Literal

from msgspec import Meta

from contracts.kinds.kind import kind
from contracts.shapes import (
    Borrowing,
    Code,
    Dong,
    OneCooperative,
    Shape,
    Text,
)


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
