"""Figures in Vietnamese sentences. Pure."""

from collections.abc import Iterable, Sequence

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting.comparing import comparisons
from services.reporting.summary_views import FigureView, TargetView, TaskView, WindowView
from services.reporting.words import day, number, permille, uncapitalised

_OF_WHICH = "Trong đó "


def results(plan: Plan, task: TaskView, period: Period, window: WindowView) -> list[str]:
    """What was achieved in the period, and what stands on its last day; what is nil is said once, for all."""
    flows = [figure for figure in task.indicators if figure.measure != "stock"]
    stocks = [figure for figure in task.indicators if figure.measure == "stock"]
    found = []
    if told := _told(flows):
        found.append(f"Trong {period.name}: {told}{compared(plan, flows, period)}.")
    if told := _told(stocks):
        found.append(f"Đến hết ngày {day(window.last_day)}: {told}.")
    return found or [f"Trong {period.name} không phát sinh số liệu."]


def _told(figures: Sequence[FigureView]) -> str:
    """``120 lượt người tham dự (trong đó nữ 40, từ cấp tỉnh trở lên 5); kinh phí 3.000.000 đồng``."""
    wholes: list[tuple[FigureView, list[FigureView]]] = []
    for figure in figures:
        if figure.title.startswith(_OF_WHICH) and wholes:
            wholes[-1][1].append(figure)
        else:
            wholes.append((figure, []))
    return "; ".join(
        worth(whole) + _of_which(parts) for whole, parts in wholes if any(one.value for one in (whole, *parts))
    )


def _of_which(parts: Iterable[FigureView]) -> str:
    told = [f"{part.title.removeprefix(_OF_WHICH)} {number(part.value)}" for part in parts if part.value]
    return f" (trong đó {', '.join(told)})" if told else ""


def worth(figure: FigureView) -> str:
    """``12 HTX được khen thưởng`` where the title begins with the unit, ``dư nợ 900 đồng`` where it does not."""
    title, unit = uncapitalised(figure.title), figure.unit
    if title.lower().startswith(unit.lower() + " ") or title.lower() == unit.lower():
        return f"{number(figure.value)} {title}"
    return f"{title} {number(figure.value)} {unit}"


def compared(plan: Plan, figures: Iterable[FigureView], period: Period) -> str:
    """How the first figure that there is stands to earlier periods."""
    first = next((figure for figure in figures if figure.value), None)
    turns = list(comparisons(plan, period, "administrative", first)) if first else []
    return f"; {uncapitalised(first.title)} {', '.join(turns)}" if first and turns else ""


def aimed(figures: Sequence[tuple[FigureView, TargetView]]) -> list[str]:
    """How many targets there are and are reached, and how far each of the others is; nothing where there are none.

    A target is reached at its lower end. What has come to less than that is told beside it.
    """
    if not figures:
        return []
    left = "; ".join(
        f"{uncapitalised(figure.title)} {_progress(target)}" for figure, target in figures if not _reached(target)
    )
    reached = sum(_reached(target) for _, target in figures)
    counted = f"{reached} chỉ tiêu đã đạt" if reached else "chưa có chỉ tiêu nào đạt"
    wanting = f", {len(figures) - reached} chỉ tiêu chưa đạt" if reached and left else ""
    return [f"trong số {len(figures)} chỉ tiêu có mục tiêu, {counted}{wanting}{f' ({left})' if left else ''}"]


def _reached(target: TargetView) -> bool:
    return target.so_far >= target.value


def _progress(target: TargetView) -> str:
    return (
        f"giai đoạn {target.by} lũy kế {number(target.so_far)}/{number(target.value)}, "
        f"đạt {permille(target.progress_permille)}"
    )
