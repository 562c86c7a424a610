"""Vietnamese for what people read: numbers, dates, states. Pure."""

from datetime import date, datetime

from catalogue.windows import VIETNAM

STATES = {"activity": "Có hoạt động", "nil": "Không phát sinh", "excused": "Được miễn", "missing": "Chưa báo cáo"}
TASK_STATES = {**STATES, "missing": "Chưa có kết quả"}
"""Of an agency's duty for one task: its report may be in, and silent on this one."""
REPORT_STATES = {"submitted": "Chờ tiếp nhận", "returned": "Bị trả lại", "accepted": "Đã chấp nhận"}
RETURNED = "Bị trả lại, chưa nộp lại"
BOUNDS = {"ordered": "Được giao", "requested": "Đề nghị", "unbound": ""}
OBSTACLE_STATES = {
    "open": "Chưa chuyển",
    "forwarded": "Đã chuyển UBND tỉnh",
    "answered": "Đã trả lời",
    "closed": "Đã kết thúc",
}
PENDING_OBSTACLES = "Chưa kết thúc"
PERIOD_STATES = {"open": "Kỳ đang mở", "in_consolidation": "Đang tổng hợp", "signed": "Đã ký báo cáo"}
MAPS = {
    "day": "Tên tại thời điểm báo cáo",
    "today": "Cơ quan, đơn vị hiện nay",
    "districts": "Theo huyện cũ",
    "answering": "Cơ quan chịu trách nhiệm báo cáo",
}
NAMES = {
    "day": "",
    "today": "Tính theo cơ quan, đơn vị hiện đang đứng thay.",
    "districts": "Xã, phường, thị trấn gộp theo huyện cũ.",
    "answering": "Gồm cả sự kiện do cơ quan khác gửi mà cơ quan này kế thừa hoặc chịu trách nhiệm báo cáo.",
}
PARTS = {"": "Toàn tỉnh", "agency": "Theo cơ quan báo cáo", "unit": "Theo huyện, xã"}
CALENDARS = {
    "administrative": "theo thời gian chốt số liệu của Nghị định 09/2019/NĐ-CP",
    "calendar": "theo tháng, quý, năm dương lịch",
}

UNSAID_REASONS = {"late": "báo sau khi ký", "corrected": "sửa số liệu đã báo", "retracted": "rút số liệu đã báo"}
"""Why a signed figure changed, by the sort of the change, where the speaker gave no reason."""


def number(value: int) -> str:
    """Thousands apart by full stops, as Vietnamese writes them."""
    return f"{value:,}".replace(",", ".")


def signed_number(value: int) -> str:
    """A difference, with its sign."""
    return number(value) if value <= 0 else f"+{number(value)}"


def permille(value: int) -> str:
    """Thousandths as per cent, with the comma that Vietnamese writes, and no space before the sign."""
    whole, tenths = divmod(abs(value), 10)
    return f"{'-' if value < 0 else ''}{number(whole)},{tenths}%"


def percent(thousandths: int | None) -> str:
    """The same, or a dash where nothing is due."""
    return "–" if thousandths is None else permille(thousandths)


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """Local date and time to the minute."""
    return f"{value.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def long_day(value: date) -> str:
    """``ngày 05 tháng 02 năm 2021``: zero before days below 10 and months 1 and 2 (decree 30/2020, Annex I, II.4)."""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def capitalised(text: str) -> str:
    """With its first letter large."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """With its first letter small, unless the word is an abbreviation (``HTX``, ``KTTT``)."""
    word = text.split(" ", 1)[0]
    return text if word[1:] != word[1:].lower() else text[:1].lower() + text[1:]


def standing(state: str, report_state: str | None) -> str:
    """How a duty to report stands; one whose report was returned says that it is owed again."""
    return RETURNED if state == "missing" and report_state == "returned" else STATES[state]


def marked(outcome: str, document: str | None) -> str:
    """A task that an agency marks as nil or excused, as a sentence."""
    if outcome == "excused":
        return f"Được miễn theo văn bản số {document}."
    return f"Không phát sinh trong kỳ (văn bản số {document})." if document else "Không phát sinh trong kỳ."


def punctuality(on_time: bool | None, overdue: bool) -> str:
    """How a duty stands against its last moment."""
    if on_time is None:
        return "Quá hạn" if overdue else "Chưa đến hạn"
    return "Đúng hạn" if on_time else "Muộn"
