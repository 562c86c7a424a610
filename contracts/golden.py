"""One complete, realistic example of every kind: every field set, the same on every run. Pure.

A field's example is chosen by its name, so a new field needs an example here before its kind can have a golden file.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from contracts.fields import Field, fields_of
from contracts.kinds import KINDS, RETRACTED, Kind

AT = "2021-07-12T09:00:00+07:00"

_VALUES: Mapping[str, Any] = {
    "unit": "183",
    "previous_unit": "184",
    "note": "Số liệu đã đối chiếu với huyện.",
    "cooperative": "HTX-VANLANG",
    "cooperatives": ["HTX-VANLANG", "LHHTX-XULANG"],
    "version": 2,
    "name": "Hợp tác xã nông nghiệp Văn Lãng",
    "members": 27,
    "capital": 1_500_000_000,
    "linked_members": 5,
    "workers": 14,
    "managers_vocational": 2,
    "managers_college": 1,
    "linked_members_change": 2,
    "women_change": -1,
    "minority_change": -2,
    "workers_change": 3,
    "managers_change": 1,
    "managers_vocational_change": 1,
    "managers_college_change": 1,
    "into": "HTX-NASAM",
    "successors": ["HTX-VANLANG-1", "HTX-VANLANG-2"],
    "year": 2021,
    "revenue": 2_350_000_000,
    "revenue_from_members": 900_000_000,
    "profit": 185_000_000,
    "wages": 640_000_000,
    "score": 82,
    "members_change": -3,
    "capital_change": 250_000_000,
    "reason": "Không còn đủ số thành viên tối thiểu",
    "people": 45,
    "women": 18,
    "minority": 31,
    "leaders": 6,
    "managers": 4,
    "days": 3,
    "cost": 36_500_000,
    "materials": 60,
    "outlet": "Báo Lạng Sơn",
    "items": 12,
    "models": 2,
    "title": "Phát triển kinh tế tập thể, hợp tác xã năm 2021",
    "count": 3,
    "posts": 5,
    "number": "177/KH-UBND",
    "comments": 8,
    "amount": 320_000_000,
    "policy": "08/2019/NQ-HĐND",
    "projects": 2,
    "loan": "LAV-2021-00118",
    "branch": "AGRIBANK-VL",
    "area": 52_000,
    "product": "Hồng vành khuyên Văn Lãng",
    "stars": 4,
    "stands": 24,
    "contracts": 7,
    "sales": 860_000_000,
    "products": 9,
    "jobs": 40,
    "places": 3,
    "communes": 2,
    "mass": 18_500,
    "findings": 5,
    "effective": 2,
    "conclusions": 4,
    "member": "SNNPTNT",
    "partner": "Hội Nông dân huyện Bằng Tường",
    "value": 2_400_000_000,
    "agency": "SNNPTNT",
    "period": "2021-Q2",
    "submitted_at": AT,
    "consolidated_at": AT,
    "returned_at": AT,
    "accepted_at": AT,
    "remarks": "Đề nghị làm rõ số người dự lớp bồi dưỡng tại mục II.3.b.",
    "signed_at": AT,
    "basis": "Nghị định số 09/2019/NĐ-CP",
    "sent_at": AT,
    "document": "215/BC-SNNPTNT",
    "by": "SKHDT",
    "obstacle": "5d1f0a7c93be4e26",
    "task": "II.2.c.3",
    "reported_at": AT,
    "forwarded_at": AT,
    "answered_at": AT,
    "closed_at": AT,
    "answer": "Giao Sở Tài chính bố trí vốn đối ứng trong kế hoạch năm 2022.",
    "solution": "Đã thống nhất mẫu hồ sơ quyết toán với Kho bạc Nhà nước.",
    "indicator": "II.3.b/people",
    "sequence": 1,
    "signed": 1_250,
    "before": 1_250,
    "after": 1_281,
    "events": 2,
    "agencies": ["SNV"],
    "figures": 2,
    "tasks_nil": ["II.2.c.4"],
    "tasks_excused": ["II.2.c.2"],
    "restated_at": AT,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_AGENCIES: Mapping[str, str] = {
    "registry": "UBND-183",
    "people": "SNV",
    "papers": "SKHDT",
    "money": "STC",
    "credit": "NHNN",
    "production": "SCT",
    "land": "STNMT",
    "oversight": "LMHTX",
    "reporting": "SNNPTNT",
    "notify": "SKHDT",
}
_SUBJECTS: Mapping[str, str] = {
    "registry": "HTX-VANLANG/2",
    "activity.reported": "HTX-VANLANG/activity-2021",
    "cooperative.evaluated": "HTX-VANLANG/evaluation-2021",
    "loan.granted": "loan-LAV-2021-00118/granted",
    "loan.disbursed": "loan-LAV-2021-00118/disbursed-1",
    "loan.repaid": "loan-LAV-2021-00118/repaid-1",
    "loan.overdue": "loan-LAV-2021-00118/overdue-1",
    "report.submitted": "SNNPTNT/2021-Q2",
    "report.returned": "SNNPTNT/2021-Q2",
    "report.accepted": "SNNPTNT/2021-Q2",
    "period.consolidated": "2021-Q2",
    "period.signed": "2021-Q2",
    "obstacle.reported": "5d1f0a7c93be4e26",
    "obstacle.forwarded": "5d1f0a7c93be4e26",
    "obstacle.answered": "5d1f0a7c93be4e26",
    "obstacle.closed": "5d1f0a7c93be4e26",
    "figure.restated": "2021-Q2/II.3.b/people",
    "reminder.sent": "SNNPTNT/2021-Q2/1-day",
}


class NoExample(Exception):
    """A field has no example here yet."""


def example(kind: Kind) -> dict[str, Any]:
    """A structured event of the kind with every attribute and every field of its data set."""
    return _event(kind, kind.name, data_of(kind))


def retraction(kind: Kind) -> dict[str, Any]:
    """A structured event that takes the kind's example back."""
    return _event(kind, kind.name + RETRACTED, {"reason": "Nhập trùng với văn bản của đơn vị khác"}) | {"revision": 3}


def all_goldens() -> dict[str, str]:
    """The text of each golden file by its name: one of every kind, and one retraction."""
    events = [*map(example, KINDS.values()), retraction(KINDS["training.held"])]
    return {f"{event['type']}.json": text(event) for event in events}


def text(event: Mapping[str, Any]) -> str:
    """An event as its file has it."""
    return msgspec.json.format(msgspec.json.encode(event), indent=2).decode() + "\n"


def data_of(kind: Kind) -> dict[str, Any]:
    """The example's data. No field is left at its default, so none is left out when it is encoded again.

    Raises:
        NoExample: there is no example of a field's name yet.
    """
    return {field.name: _value(kind, field) for field in fields_of(kind)}


def _event(kind: Kind, event_type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    subject = _SUBJECTS.get(kind.name) or _SUBJECTS.get(kind.speaker) or f"{kind.name.partition('.')[0]}-2021-07"
    agency = _AGENCIES[kind.shape.__module__.rpartition(".")[2]]
    return {
        "specversion": "1.0",
        "id": f"{subject}/{event_type}",
        "source": f"/{agency.lower()}/example" if kind.speaker == "support" else f"/services/{kind.speaker}",
        "type": event_type,
        "subject": subject,
        "time": AT,
        "datacontenttype": "application/json",
        "agency": agency,
        "revision": 2,
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "data": data,
    }


def _value(kind: Kind, field: Field) -> Any:
    match field.type:
        case inspect.BoolType():
            return field.default is not True
        case inspect.LiteralType(values=values):
            return next(value for value in values if value != field.default)
    if field.name not in _VALUES:
        raise NoExample(f"{kind.name}: no example of {field.name}; give it one in contracts/golden.py")
    return _VALUES[field.name]
