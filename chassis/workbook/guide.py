"""The sheet that tells a clerk, in Vietnamese, how to fill the form in."""

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chassis.workbook.layout import Layout

_RULES = (
    "Điền vào trang «Dữ liệu», mỗi dòng một sự việc. Cột có dấu * và nền cam là bắt buộc; ô để trống nghĩa là không có "
    "số liệu, khác với số 0.",
    "Dòng chữ nghiêng là ví dụ với số liệu giả định, hệ thống bỏ qua; không sửa dòng này.",
    "Có thể đổi thứ tự cột, bỏ bớt cột không bắt buộc, ẩn cột. Không xóa dòng ẩn đầu tiên: hệ thống đọc tên cột ở đó.",
    "Chỉ điền giá trị, không điền công thức, không gộp ô. Khi dán từ nơi khác, dùng Paste Special, chọn Values.",
    "Mã số giữ nguyên số 0 ở đầu (ví dụ 05977): ô đã định dạng Text. Ngày ghi dạng 24/03/2021.",
    "Lưu tệp dạng .xlsx rồi gửi. Hệ thống trả lời từng dòng; dòng bị từ chối được trả lại trong tệp cùng mẫu, có lý do "
    "ở cột đầu: sửa rồi gửi chính tệp đó. Gửi lại dòng đã nhận không bị tính hai lần.",
)


def guide(sheet: Worksheet, layout: Layout, *, title: Format, head: Format, cell: Format) -> None:
    """Write the rules, then what each column holds."""
    sheet.write_string(0, 0, f"Hướng dẫn điền mẫu: {layout.title}", title)
    for row, rule in enumerate(_RULES, start=2):
        sheet.write_number(row, 0, row - 1, cell)
        sheet.merge_range(row, 1, row, 3, rule, cell)
        sheet.set_row(row, _height(rule))
    first = len(_RULES) + 3
    for index, (heading, width) in enumerate((("TT", 6), ("Cột", 42), ("Bắt buộc", 12), ("Cách điền", 80))):
        sheet.set_column(index, index, width)
        sheet.write_string(first, index, heading, head)
    for number, column in enumerate(layout.columns, start=1):
        sheet.write_number(first + number, 0, number, cell)
        sheet.write_string(first + number, 1, column.heading.removesuffix(" *"), cell)
        sheet.write_string(first + number, 2, "Có" if column.required else "", cell)
        told = column.told
        sheet.write_string(first + number, 3, told, cell)
        sheet.set_row(first + number, _height(told))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect()


def _height(text: str) -> int:
    """Points that a wrapped text needs in the widest column."""
    return 17 * (1 + len(text) // 85)
