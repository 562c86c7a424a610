"""Prints the year for people, in Vietnamese, and writes the consolidated documents."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from catalogue.model import Plan
from catalogue.windows import Period
from deploy.local.demo import independent
from deploy.local.demo.check import Found, Told
from deploy.local.demo.office import Answers
from deploy.local.demo.reading import read
from deploy.local.stack import Stack

_MANY_DIFFERENCES = 20


def number(value: float) -> str:
    """Whole, with thousands apart."""
    return f"{round(value):,}".replace(",", ".")


def _name(period: str) -> str:
    name = Period.parse(period).name
    return name[:1].upper() + name[1:]


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def year(console: Console, plan: Plan, told: Told) -> None:
    """Summary by section for each period, and the register."""
    console.rule("Kết quả theo nhiệm vụ (dữ liệu minh họa, do máy sinh ra)")
    for period in independent.PERIODS:
        _summary(console, plan, period, told.summaries[period, "administrative"])
        _register(console, period, told.registers[period])


def _summary(console: Console, plan: Plan, period: str, summary: Mapping[str, Any]) -> None:
    window = summary["window"]
    title = f"{_name(period)}: số liệu từ {_day(window['first_day'])} đến hết {_day(window['last_day'])}"
    table = Table("Mã", "Nhiệm vụ", "Chỉ tiêu đầu của nhiệm vụ", title=title, title_justify="left")
    table.add_column("Kết quả", justify="right")
    table.add_column("Đã báo cáo", justify="right")
    titles = {section.code: section.title for section in plan.sections}
    for section, tasks in groupby(summary["tasks"], key=lambda task: task["section"]):
        table.add_row(f"[bold]{section}", f"[bold]{titles[section]}", "", "", "")
        for task in tasks:
            first = next((one for one in task["indicators"] if one["value"]), task["indicators"][0])
            agencies = first["agencies"]
            worth = f"{number(first['value'])} {first['unit']}"
            table.add_row(
                task["code"], task["title"], first["title"], worth, f"{agencies['in']}/{agencies['expected']}"
            )
        table.add_section()
    console.print(table)


def _register(console: Console, period: str, register: Mapping[str, Any]) -> None:
    counts = register["counts"]
    console.print(
        f"[bold]Sổ báo cáo {_name(period)}[/]: phải báo cáo {counts['expected']}, có hoạt động {counts['activity']}, "
        f"không phát sinh {counts['nil']}, được miễn {counts['excused']}, chưa báo cáo {counts['missing']}; "
        f"đúng hạn {counts['on_time']}, muộn {counts['late']}"
    )
    obliged = [duty for duty in register["duties"] if duty["bound"] != "requested"]
    late = [duty["name"] for duty in obliged if duty["on_time"] is False]
    never = [duty["name"] for duty in obliged if duty["state"] == "missing"]
    console.print(f"  Muộn: {'; '.join(late) or 'không có'}")
    console.print(f"  Chưa báo cáo: {'; '.join(never) or 'không có'}")
    asked = register["counts_requested"]
    console.print(f"  Được đề nghị báo cáo {asked['expected']}, chưa báo cáo {asked['missing']}\n")


def documents(console: Console, stack: Stack, folder: Path) -> None:
    """Fetch every consolidated document."""
    folder.mkdir(parents=True, exist_ok=True)
    for period in independent.PERIODS:
        for sender, name in (("consolidator", "minh-hoa-bao-cao"), ("province", "minh-hoa-bao-cao-ubnd")):
            for form in ("docx", "xlsx"):
                answer = read(stack, "reporting", f"/v1/periods/{period}/consolidation.{form}?from={sender}")
                (folder / f"{name}-{period}.{form}").write_bytes(answer.content)
    console.print(f"Báo cáo tổng hợp (Word, Excel) của {len(independent.PERIODS)} kỳ: {folder}/")


def check(console: Console, found: Found, answers: Answers) -> None:
    """What was compared and what differs."""
    console.rule("Đối chiếu với cách tính độc lập")
    numbers = found.numbers
    table = Table(show_header=False, box=None)
    rows: list[tuple[str, float]] = [
        ("sự kiện đã cộng dồn", numbers["folded"]),
        ("bản ghi mỗi giây khi cộng dồn (kể cả ghi sổ cái)", numbers["per_second"]),
        ("trùng lặp đã bỏ qua", numbers["duplicates"]),
        ("bị bản sửa đổi thay thế trước khi đến", numbers["superseded"]),
        ("rác đã từ chối hoặc để riêng", numbers["garbage"]),
        ("thư nhắc đã gửi, mỗi thư một lần", numbers["reminders"]),
        ("báo cáo kê khai khác sự kiện, đã trả lại, nộp lại và chấp nhận", numbers["disputes"]),
        ("khó khăn, vướng mắc đã nêu", numbers["obstacles"]),
        ("khó khăn, vướng mắc chưa kết thúc", numbers["obstacles_open"]),
        ("số liệu đã đối chiếu", numbers["figures"]),
        ("số liệu bằng nhau", numbers["figures_equal"]),
        ("mục đã đối chiếu, cả sổ báo cáo, biên nhận, thư nhắc", found.compared),
        ("mục bằng nhau", found.equal),
    ]
    for name, value in rows:
        table.add_row(name, number(value))
    console.print(table)
    for code, count in answers.refusals.most_common():
        console.print(f"  từ chối  {count:>4}  {code}", markup=False)
    for reason, count in found.letters.most_common():
        console.print(f"  thư chết {count:>4}  {reason}", markup=False)
    for difference in found.differences[:_MANY_DIFFERENCES]:
        console.print(f"KHÁC: {difference}", style="red", markup=False)
    if len(found.differences) > _MANY_DIFFERENCES:
        console.print(f"… và {len(found.differences) - _MANY_DIFFERENCES} khác biệt nữa", style="red")
    console.print("[green]Mọi số liệu khớp.[/]" if not found.differences else "[red]Có khác biệt.[/]")
