"""What Excel itself checks while one types. Pure."""

from typing import Any, assert_never

from chassis.workbook.cells import NO, YES
from chassis.workbook.layout import Choice, Codes, Column, Day, Text, Whole, YesNo


def check_of(column: Column, proposed: str) -> dict[str, Any]:
    """A column's data validation for XlsxWriter; `proposed` is where its list stands. An open list only warns."""
    holds = column.holds
    match holds:
        case Choice(open=open):
            message = "Chọn trong danh sách, hoặc ghi đúng mã."
            error = {"error_type": "warning" if open else "stop", "error_message": message}
            return {"validate": "list", "source": proposed, **error}
        case YesNo():
            return {"validate": "list", "source": [YES, NO], "error_message": f"Chọn {YES} hoặc {NO}."}
        case Whole(least=least, most=most):
            check = {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
            return {**check, "error_message": "Ghi số nguyên, đúng đơn vị tính ghi ở tiêu đề cột."}
        case Day():
            check = {"validate": "date", "criteria": ">=", "value": "=DATE(1990,1,1)"}
            return {**check, "error_message": "Ghi ngày dạng 24/03/2021."}
        case Text(longest=longest):
            check = {"validate": "length", "criteria": "<=", "value": longest}
            return {**check, "error_message": f"Không quá {longest} ký tự."}
        case Codes():
            return {"validate": "any"} if column.hint else {}
        case _:
            assert_never(holds)
