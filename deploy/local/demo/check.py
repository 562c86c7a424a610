"""The check: what the system says against what was invented and plainly computed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalogue.model import Plan
from deploy.local.demo import independent
from deploy.local.demo.office import Tally
from deploy.local.demo.told import Told
from deploy.local.demo.year import Year


@dataclass(frozen=True)
class Verdict:
    """One thing compared: what it is (Vietnamese), how many were compared, and each difference found."""

    title: str
    compared: int
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.compared > 0 and not self.differences


def verdicts(plan: Plan, year: Year, told: Told, tally: Tally) -> list[Verdict]:
    """Everything that is checked, the figures first."""
    return [
        figures(independent.figures(plan, independent.facts(plan, year)), told),
        registers(independent.registers(plan, year.reports), told),
        _numbers("Hợp tác xã theo tình trạng", independent.statuses(year), told.statuses),
        _numbers("Phiếu nhận của từng sự kiện đã gửi", _receipts(year), tally.outcomes),
        _numbers("Sự kiện đã cộng vào sổ cái, rác để riêng", _ledger(year), _ledger_told(told)),
        reminders(independent.reminders(plan, year.reports), told),
        letters(told),
    ]


def figures(expected: independent.Figures, told: Told) -> Verdict:
    """Every indicator of every period in both calendars."""
    found = {
        (period, calendar, indicator["code"]): int(indicator["value"])
        for (period, calendar), summary in told.summaries.items()
        for task in summary["tasks"]
        for indicator in task["indicators"]
    }
    return _compare("Số liệu chỉ tiêu", expected, found)


def registers(expected: Mapping[tuple[str, str], independent.Stand], told: Told) -> Verdict:
    """Every duty to report: what came, and whether in time."""
    found = {
        (period, duty["agency"]): independent.Stand(duty["state"], duty["on_time"])
        for period, register in told.registers.items()
        for duty in register["duties"]
    }
    return _compare("Tình trạng nộp báo cáo", expected, found)


def reminders(expected: set[str], told: Told) -> Verdict:
    """Every reminder that was due was sent, and no other."""
    sent = {name for name, reminder in told.reminders.items() if reminder["state"] == "sent"}
    return _compare("Nhắc báo cáo đúng lúc", dict.fromkeys(expected, "gửi"), dict.fromkeys(sent, "gửi"))


def letters(told: Told) -> Verdict:
    """Every reminder that was sent arrived once."""
    sent = {name: 1 for name, reminder in told.reminders.items() if reminder["state"] == "sent"}
    return _compare("Thư nhắc, mỗi thư đến một lần", sent, told.letters)


def _receipts(year: Year) -> Mapping[str, int]:
    sound = [(saying.agency, saying.event["id"]) for saying in year.sayings if saying.sound]
    return {
        "accepted": len(set(sound)),
        "duplicate": len(sound) - len(set(sound)),
        "refused": len(year.sayings) - len(sound),
    }


def _ledger(year: Year) -> Mapping[str, int]:
    return {"events": _receipts(year)["accepted"] + len(year.changes), "dead_letters": len(year.garbage), "lag": 0}


def _ledger_told(told: Told) -> Mapping[str, int]:
    return {name: told.ledger[name] for name in ("events", "dead_letters", "lag")}


def _numbers(title: str, expected: Mapping[str, int], found: Mapping[str, int]) -> Verdict:
    return _compare(title, expected, {name: number for name, number in found.items() if number or name in expected})


def _compare(title: str, expected: Mapping[object, object], found: Mapping[object, object]) -> Verdict:
    return Verdict(title, len(expected.keys() | found.keys()), tuple(_differences(expected, found)))


def _differences(expected: Mapping[object, object], found: Mapping[object, object]) -> Iterator[str]:
    for key in sorted(expected.keys() | found.keys(), key=str):
        wanted, is_ = expected.get(key, "không có"), found.get(key, "không có")
        if wanted != is_:
            name = " ".join(key) if isinstance(key, tuple) else key
            yield f"{name}: tính độc lập {wanted}, hệ thống {is_}"
