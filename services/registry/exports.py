"""The register as a table: the columns of its CSV and of its workbook. Pure but for the bytes of the workbook."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from xlsxwriter import Workbook

from catalogue.windows import local_day
from contracts.kinds.registry import COUNTED
from contracts.labels import label_of
from services.registry.model import Size, Status
from services.registry.searching import Listed
from services.registry.years import size_of

STATUSES: dict[Status, str] = {
    "active": "Đang hoạt động",
    "suspended": "Tạm ngừng",
    "dissolved": "Đã giải thể",
    "merged": "Đã sáp nhập, hợp nhất",
    "divided": "Đã chia",
    "annulled": "Đã rút lại đăng ký",
}
SIZES: dict[Size, str] = {
    "micro": "Siêu nhỏ",
    "small": "Nhỏ",
    "medium": "Vừa",
    "large": "Lớn",
    "unknown": "Chưa xác định",
}
_KIND = "cooperative.registered"
_COUNTS = {
    "members": "Thành viên",
    "capital": "Vốn điều lệ (đồng)",
    "linked_members": "Thành viên liên kết",
    "women": "Thành viên nữ",
    "minority": "Thành viên dân tộc thiểu số",
    "workers": "Lao động thường xuyên",
    "managers": "Cán bộ quản lý",
    "managers_vocational": "Quản lý có trình độ sơ, trung cấp",
    "managers_college": "Quản lý có trình độ cao đẳng trở lên",
}
HEADINGS = (
    "Mã", "Tên", "Loại hình", "Lĩnh vực", "Trạng thái", "Quy mô", "Đơn vị hành chính", "Số đăng ký", "Mã số thuế",
    "Người đại diện", "Địa chỉ", "Ngành nghề (VSIC)", "Sản phẩm (sao OCOP)", "Ngày đăng ký", "Luật áp dụng khi đăng ký",
    *(_COUNTS[name] for name in COUNTED),
)  # fmt: skip

Cell = str | int | date


def cells_of(listed: Listed, day: date) -> list[Cell]:
    """The row of a cooperative; its size by the law valid on the day."""
    state = listed.state
    products = (f"{one.name} ({one.stars} sao)" if one.stars else one.name for one in state.details.products)
    return [
        state.code,
        state.name,
        label_of(_KIND, "form", state.form) or state.form,
        label_of(_KIND, "sector", state.sector) or state.sector,
        STATUSES[state.status],
        SIZES[size_of(state, listed.years, day)],
        state.unit,
        state.numbers.registration_number or "",
        state.numbers.tax_number or "",
        state.details.representative or "",
        state.details.address or "",
        ", ".join(state.details.industries),
        "; ".join(products),
        local_day(state.registered_at),
        label_of(_KIND, "law", state.law) or state.law,
        *(getattr(state, name) for name in COUNTED),
    ]


def as_workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook with one sheet, its cells typed: codes are text, days are days."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day, bold = workbook.add_format({"num_format": "dd/mm/yyyy"}), workbook.add_format({"bold": True})
    sheet = workbook.add_worksheet("Sổ đăng ký")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(HEADINGS) - 1, 18)
    sheet.write_row(0, 0, HEADINGS, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            write: Callable[..., object] = sheet.write_string if isinstance(cell, str) else sheet.write_number
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            else:
                write(number, column, cell)
    workbook.close()
    return buffer.getvalue()
