"""What may speak against a request, each rule by itself: it yields its objections, or nothing. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time

from stdnum.vn import mst

from catalogue.model import Agency, Plan
from catalogue.windows import VIETNAM
from contracts.kinds.registry import Form
from services.registry.law import FIRST_DAY, statute_on
from services.registry.model import GONE, Cooperative, Refused
from services.registry.requests import Alter, Amend, Convert, Dissolve, Register, Resume, Suspend

FORMS: dict[Form, str] = {"htx": "hợp tác xã", "lhhtx": "liên hiệp hợp tác xã", "tht": "tổ hợp tác"}
_LEFT = {"dissolved": "giải thể", "merged": "sáp nhập, hợp nhất", "divided": "chia", "annulled": "bị rút lại đăng ký"}
_BEGINNING = datetime.combine(FIRST_DAY, time(), VIETNAM)


def timely(at: datetime, state: Cooperative | None, now: datetime) -> Iterator[Refused]:
    """Nothing takes effect in the future, before there was a law, or before the cooperative's latest change."""
    if at > now:
        yield Refused(
            "in-the-future",
            f"thời điểm {at.isoformat()} ở sau thời điểm hiện tại ({_moment(now)})",
            "Ghi thời điểm thay đổi có hiệu lực, không muộn hơn hiện tại; kiểm tra đồng hồ của hệ thống gửi.",
        )
    elif at < _BEGINNING:
        yield Refused(
            "before-the-law",
            f"chưa có Luật Hợp tác xã trước ngày {_day(FIRST_DAY)}",
            f"Ghi thời điểm từ ngày {_day(FIRST_DAY)} trở đi.",
        )
    elif state is not None and at < state.changed_at:
        yield Refused(
            "before-latest-change",
            f"thời điểm {_moment(at)} ở trước lần thay đổi gần nhất của {state.code} ({_moment(state.changed_at)})",
            "Gửi các thay đổi theo thứ tự thời gian.",
        )


def entitled(plan: Plan, speaker: str, form: Form, units: tuple[str, ...], day: date) -> Iterator[Refused]:
    """The province's registrar speaks for every unit and alone for unions; a unit's committee for its own unit only."""
    if _is_registrar(plan, speaker, day):
        return
    agency = plan.roster.agency.get(speaker)
    if agency is None or not agency.stands_on(day):
        yield Refused(
            "speaker-not-standing",
            f"{speaker} không phải cơ quan đang hoạt động ngày {_day(day)}",
            "Dùng khóa của cơ quan đăng ký có thẩm quyền vào ngày đó.",
        )
    else:
        yield from _in_charge(plan, agency, form, units, day)


def _in_charge(plan: Plan, agency: Agency, form: Form, units: tuple[str, ...], day: date) -> Iterator[Refused]:
    if agency.unit is None:
        yield Refused(
            "not-a-registrar",
            f"{agency.name} không phải cơ quan đăng ký hợp tác xã",
            "Đề nghị cơ quan đăng ký của tỉnh hoặc UBND nơi đặt trụ sở gửi yêu cầu này.",
        )
    elif form == "lhhtx":
        yield Refused(
            "union-at-province",
            "liên hiệp hợp tác xã do cơ quan đăng ký của tỉnh thực hiện",
            "Đề nghị cơ quan đăng ký của tỉnh gửi yêu cầu này.",
        )
    elif any(unit != agency.unit and not _succeeds(plan, agency.unit, unit, day) for unit in units):
        yield Refused(
            "other-unit",
            f"{agency.name} chỉ được đăng ký cho đơn vị {agency.unit} của mình",
            "Đề nghị UBND nơi đặt trụ sở hoặc cơ quan đăng ký của tỉnh gửi yêu cầu này.",
        )


def seen_by(plan: Plan, speaker: str, day: date) -> tuple[str, ...] | None:
    """The units whose cooperatives an agency may see: a unit's committee its own, and the one it came out of; a
    department of the province all (None)."""
    agency = plan.roster.agency.get(speaker)
    if agency is not None and agency.unit is None:
        return None
    return tuple(
        unit.code
        for unit in plan.units
        if agency and agency.unit and (unit.code == agency.unit or _succeeds(plan, agency.unit, unit.code, day))
    )


def housed(plan: Plan, unit: str, day: date) -> Iterator[Refused]:
    """The unit of the address stands on that day."""
    found = plan.roster.unit.get(unit)
    if found is None or not found.stands_on(day):
        yield Refused(
            "unit-not-standing",
            f"đơn vị hành chính {unit} không có vào ngày {_day(day)}",
            "Gửi mã đơn vị hành chính có hiệu lực vào ngày đó; nếu đơn vị đã sắp xếp lại, "
            "đăng ký thay đổi địa chỉ (`unit`) trước.",
        )


def sized(form: Form, members: int, day: date) -> Iterator[Refused]:
    """As many members as the law valid on that day asks of the form."""
    statute = statute_on(day)
    minimum = statute.minimum[form]
    if members < minimum.members:
        least = f"{minimum.members} {minimum.counted}"
        yield Refused(
            "too-few-members",
            f"{statute.name} yêu cầu {FORMS[form]} có ít nhất {least}; số khai là {members}",
            "Kiểm tra lại số thành viên, hoặc đăng ký loại hình khác.",
        )


def within(told: Register | Cooperative) -> Iterator[Refused]:
    """A part is no more than its whole."""
    everybody = told.members + told.linked_members
    parts = (
        ("thành viên nữ", told.women, "thành viên", everybody),
        ("thành viên người dân tộc thiểu số", told.minority, "thành viên", everybody),
        ("cán bộ quản lý có trình độ", told.managers_vocational + told.managers_college, "cán bộ", told.managers),
    )
    for part, count, whole, most in parts:
        if count > most:
            yield Refused(
                "part-exceeds-whole", f"{count} {part}, nhiều hơn {most} {whole}", "Kiểm tra lại các số đã khai."
            )


def numbered(tax_number: str | None) -> Iterator[Refused]:
    """A tax number, where given, has the right form and check digit."""
    if tax_number is not None and not mst.is_valid(tax_number):
        yield Refused(
            "tax-number",
            f"mã số thuế {tax_number} không hợp lệ (sai cấu trúc hoặc sai số kiểm tra)",
            "Kiểm tra lại mã số thuế, hoặc bỏ trống nếu chưa được cấp.",
        )


def standing(state: Cooperative) -> Iterator[Refused]:
    """It has not left the register."""
    if state.status in GONE:
        left = _LEFT[state.status]
        yield Refused("dissolved", f"{state.code} đã {left}", f"Kiểm tra lại mã; {state.code} không thay đổi được nữa.")


def living(state: Cooperative, request: Alter) -> Iterator[Refused]:
    """The status allows the step: the dissolved do nothing, only the active stop, only the stopped resume."""
    yield from standing(state)
    match request, state.status:
        case Suspend(), "suspended":
            yield Refused("suspended-already", f"{state.code} đang tạm ngừng", "Không cần gửi lại.")
        case Resume(), "active":
            yield Refused("active-already", f"{state.code} đang hoạt động", "Không cần gửi lại.")
        case Convert(), _ if state.form != "tht":
            yield Refused(
                "not-a-group",
                f"{state.code} là {FORMS[state.form]}, không phải tổ hợp tác",
                "Chỉ tổ hợp tác chuyển đổi thành hợp tác xã.",
            )
        case Suspend() | Resume() | Amend() | Dissolve() | Convert(), _:
            return


def changing(state: Cooperative, after: Cooperative) -> Iterator[Refused]:
    """An amendment changes something."""
    if after == state:
        yield Refused(
            "nothing-changes",
            "nội dung gửi lên trùng với nội dung đã đăng ký",
            "Gửi ít nhất một nội dung thay đổi: tên, lĩnh vực, địa chỉ, thành viên, lao động, vốn điều lệ…",
        )


def seen(state: Cooperative, version: int | None) -> Iterator[Refused]:
    """The caller looked at the state there is, if it says which one it looked at."""
    if version is not None and version != state.version:
        yield Refused(
            "stale",
            f"{state.code} đã ở lần thay đổi {state.version}, không phải {version}",
            "Xem lại nội dung hiện tại rồi gửi lại yêu cầu với số lần thay đổi mới.",
        )


def _is_registrar(plan: Plan, speaker: str, day: date) -> bool:
    try:
        return plan.consolidator(day) == speaker
    except LookupError:
        return False


def _succeeds(plan: Plan, own: str, old: str, day: date) -> bool:
    """Whether one's own unit came out of the old one, which stands no more."""
    own_unit, old_unit = plan.roster.unit.get(own), plan.roster.unit.get(old)
    return bool(own_unit and old_unit and own_unit.predecessor == old and not old_unit.stands_on(day))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"
