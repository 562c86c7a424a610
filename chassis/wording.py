"""How pydantic's findings are worded for the person who sent the request. Pure."""

from collections.abc import Mapping
from typing import Any, Final

# pydantic's error types; `{...}` are the members of the error's context.
_REASONS: Final = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường này không có trong quy định",
    "literal_error": "phải là một trong: {expected}",
    "enum": "phải là một trong: {expected}",
    "string_type": "phải là chuỗi ký tự",
    "string_too_short": "phải có ít nhất {min_length} ký tự",
    "string_too_long": "không được quá {max_length} ký tự",
    "string_pattern_mismatch": "không đúng mẫu {pattern}",
    "too_short": "phải có ít nhất {min_length} phần tử",
    "too_long": "không được quá {max_length} phần tử",
    "list_type": "phải là danh sách",
    "tuple_type": "phải là danh sách",
    "dict_type": "phải là đối tượng JSON",
    "model_type": "phải là đối tượng JSON",
    "model_attributes_type": "phải là đối tượng JSON",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "float_parsing": "phải là số",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "không được quá {le}",
    "date_type": "phải là ngày dạng 2021-03-24",
    "date_parsing": "phải là ngày dạng 2021-03-24",
    "date_from_datetime_parsing": "phải là ngày dạng 2021-03-24",
    "date_from_datetime_inexact": "phải là ngày dạng 2021-03-24",
    "datetime_type": "phải là thời điểm dạng 2021-03-24T08:00:00+07:00",
    "datetime_parsing": "phải là thời điểm dạng 2021-03-24T08:00:00+07:00",
    "datetime_from_date_parsing": "phải là thời điểm dạng 2021-03-24T08:00:00+07:00",
    "timezone_aware": "thời điểm phải có múi giờ, ví dụ 2021-03-24T08:00:00+07:00",
}


def reason_of(error: Mapping[str, Any]) -> str:
    """Why the value is wrong. A type of error we have no words for is named as pydantic names it."""
    kind = error["type"]
    if kind == "value_error":
        # Our own validators speak for themselves, in Vietnamese.
        return str(error.get("ctx", {}).get("error", "giá trị không hợp lệ"))
    template = _REASONS.get(kind)
    return template.format(**error.get("ctx", {})) if template else f"giá trị không hợp lệ ({kind})"
