"""The tables that follow a consolidated report: figures, registers, obstacles, restatements, discrepancies. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from catalogue.model import Plan
from catalogue.windows import Period, local_day
from services.reporting.comparing import earlier
from services.reporting.document import registers
from services.reporting.document.content import by_section, leads
from services.reporting.document.opening import of_discrepancy, of_figure, of_note
from services.reporting.document.tables import (
    AGENCY,
    NUMBER,
    Band,
    Cell,
    Column,
    Permille,
    Row,
    Table,
    numbered,
    opening_rows,
)
from services.reporting.reports.views import DiscrepancyView
from services.reporting.summary_views import FigureView, TargetView, TaskView
from services.reporting.views import ConsolidationView, ObstacleView, RestatementNoteView
from services.reporting.words import OBSTACLE_STATES, capitalised

_INDICATOR, _UNIT = "Chỉ tiêu", "Đơn vị tính"
_SET_BY = "Văn bản đặt mục tiêu"
_EXPECTED = "Chỉ tiêu không có mục tiêu, có số ước thực hiện"
_MONEY = 3.0
"""Room for hundreds of billions of đồng on one line, in centimetres."""


def figures(plan: Plan, frozen: ConsolidationView) -> Iterator[Table]:
    """One table for each section of the plan."""
    period = Period.parse(frozen.period)
    for code, title, tasks in by_section(plan, frozen.summary.tasks):
        rows = tuple(row for task in tasks for row in _task(plan, task, frozen))
        yield Table(f"Mục {code}", f"{code}. {title}", _figure_columns(period), rows)


def all_figures(plan: Plan, frozen: ConsolidationView) -> Table:
    """All sections in one table."""
    tables = list(figures(plan, frozen))
    rows = tuple(row for table in tables for row in (Band(table.title), *table.rows))
    title = f"Số liệu thực hiện nhiệm vụ {Period.parse(frozen.period).name}"
    return Table("Số liệu", title, tables[0].columns if tables else (), rows)


def _figure_columns(period: Period) -> tuple[Column, ...]:
    compared = tuple(Column(one.heading, _MONEY, 16, "number", one.field) for one in earlier(period))
    return (
        NUMBER,
        Column("Mã chỉ tiêu", 0, 22),
        Column(_INDICATOR, 10.4 - _MONEY * len(compared), 42),
        Column(_UNIT, 2.2, 14),
        Column("Kết quả", _MONEY, 16, "number", "value"),
        *compared,
        Column("Ước thực hiện", 0, 16, "number", "estimate"),
        Column("Lũy kế", 0, 11, "number", "so_far"),
        Column("Mục tiêu", 0, 11, "number"),
        Column("Mục tiêu đến", 0, 11, "number"),
        Column("Giai đoạn", 0, 11),
        Column("Đạt", 0, 8, "percent"),
        Column(_SET_BY, 0, 30),
        Column("Đã báo cáo hoặc được miễn", 0, 10, "number"),
        Column("Phải báo cáo", 0, 8, "number"),
        Column("Sự kiện mới nhất", 0, 18, "moment"),
    )


def _task(plan: Plan, task: TaskView, frozen: ConsolidationView) -> Iterator[Row | Band]:
    compared = earlier(Period.parse(frozen.period))
    yield Band(f"{task.code}. {task.title} ({leads(plan, task)})", 2)
    for number, figure in enumerate(task.indicators, start=1):
        cells: tuple[Cell, ...] = (
            number,
            figure.code,
            figure.title,
            figure.unit,
            value_of(figure),
            *(_earlier(figure, one.of(figure)) for one in compared),
            figure.estimate,
            *_aimed_at(figure),
            figure.agencies.in_,
            figure.agencies.expected,
            figure.newest,
        )
        yield Row(cells, of_figure(frozen, figure))


def value_of(figure: FigureView) -> int | None:
    """The figure, or nothing where it is an average of none."""
    return None if figure.denominator == 0 else figure.value


def _earlier(figure: FigureView, value: int | None) -> int | None:
    """An earlier period's figure; an average of 0 is most likely one of none, which is no figure."""
    return None if figure.measure == "average" and value == 0 else value


def _aimed_at(figure: FigureView) -> tuple[Cell, ...]:
    """How far it has come over the years of its target, what is to be reached at least and at most, the share, and
    which document wants it."""
    target = figure.target
    if target is None:
        return (None,) * 6
    share = Permille(target.progress_permille)
    return (target.so_far, target.value, target.up_to, target.by, share, set_by(target))


def set_by(target: TargetView) -> str:
    """The document that sets a target; one that no source confirms is marked."""
    return target.source if target.certainty == "sourced" else f"{target.source} (cần kiểm tra)"


def aims(frozen: ConsolidationView) -> Table:
    """The figures for which there is a target, below the document that sets it, or that agencies expect to reach."""
    indicators = (figure for task in frozen.summary.tasks for figure in task.indicators)
    found = [figure for figure in indicators if figure.estimate is not None or figure.target is not None]
    columns = (
        NUMBER,
        Column("Mã chỉ tiêu", 0, 24),
        Column(_INDICATOR, 2.7, 48),
        Column(_UNIT, 1.4, 14),
        Column("Kết quả", _MONEY, 18, "number", "value"),
        Column("Ước thực hiện", _MONEY, 18, "number", "estimate"),
        Column("Lũy kế", 1.6, 18, "number", "so_far"),
        Column("Mục tiêu tối thiểu", 1.3, 18, "number"),
        Column("Mục tiêu đến", 0, 18, "number"),
        Column("Giai đoạn", 1.3, 14),
        Column("Đạt", 1.3, 10, "percent"),
        Column(_SET_BY, 0, 30),
    )
    by_document: dict[str, list[FigureView]] = {}
    for figure in sorted(found, key=lambda figure: figure.target is None):  # in the plan's order, expected ones last
        by_document.setdefault(f"Mục tiêu theo {set_by(figure.target)}" if figure.target else _EXPECTED, []).append(
            figure
        )
    rows: list[Row | Band] = []
    for title, figures in by_document.items():
        rows += [Band(title), *opening_rows((_aim(figure), of_figure(frozen, figure)) for figure in figures)]
    return Table("Mục tiêu", "Mục tiêu và ước thực hiện", columns, tuple(rows))


def _aim(figure: FigureView) -> Sequence[Cell]:
    return (figure.code, figure.title, figure.unit, value_of(figure), figure.estimate, *_aimed_at(figure))


def obstacles(frozen: ConsolidationView) -> Table:
    """What agencies met, and what has become of it."""
    columns = (
        NUMBER,
        Column(AGENCY, 2.7, 36),
        Column("Nhiệm vụ", 1.6, 12),
        Column("Khó khăn, vướng mắc", 3.7, 60),
        Column("Ngày nêu", 2.1, 14, "day"),
        Column("Tình trạng", 1.9, 18),
        Column("Số ngày", 1.1, 10, "number"),
        Column("Trả lời", 2.5, 60),
    )
    return Table("Vướng mắc", "Khó khăn, vướng mắc", columns, tuple(numbered(map(_obstacle, frozen.obstacles))))


def _obstacle(one: ObstacleView) -> Sequence[Cell]:
    raised = local_day(one.raised_at)
    return (one.agency_name, one.task, one.text, raised, OBSTACLE_STATES[one.state], one.days_open, one.answer)


def restatements(plan: Plan, frozen: ConsolidationView) -> Table:
    """What has changed of earlier periods since they were signed."""
    columns = (
        NUMBER,
        Column("Mã chỉ tiêu", 0, 24),
        Column(_INDICATOR, 2.7, 48),
        Column(_UNIT, 1.5, 14),
        Column("Số đã ký", _MONEY, 18, "number", "signed"),
        Column("Số hiện nay", _MONEY, 18, "number", "now"),
        Column("Chênh lệch", _MONEY, 18, "number", "moved"),
        Column("Số sự kiện", 0, 12, "number"),
        Column("Cơ quan; lý do", 2.4, 60),
    )
    rows: list[Row | Band] = []
    for code, notes in groupby(frozen.restatements, key=lambda note: note.period):
        rows.append(Band(capitalised(Period.parse(code).name)))
        rows += opening_rows((_note(plan, note), of_note(frozen, note)) for note in notes)
    title = "Điều chỉnh số liệu các kỳ đã ký"
    return Table("Điều chỉnh", title, columns, tuple(rows))


def _note(plan: Plan, note: RestatementNoteView) -> Sequence[Cell]:
    why = "; ".join((*(plan.agency(code).name for code in note.agencies), *note.reasons))
    moved = None if note.now is None or note.signed is None else note.now - note.signed
    return (note.indicator, note.title, note.unit, note.signed, note.now, moved, note.events, why)


def discrepancies(frozen: ConsolidationView) -> Table:
    """What agencies declared otherwise than their events say."""
    columns = (
        NUMBER,
        Column(AGENCY, 2.6, 36),
        Column("Mã chỉ tiêu", 0, 24),
        Column(_INDICATOR, 2.5, 48),
        Column(_UNIT, 1.5, 14),
        Column("Số báo cáo", _MONEY, 18, "number", "declared"),
        Column("Số từ sự kiện", _MONEY, 18, "number", "counted"),
        Column("Chênh lệch", _MONEY, 18, "number"),
    )
    rows = opening_rows(
        (_discrepancy(one), of_discrepancy(frozen, one.agency, one.indicator)) for one in frozen.discrepancies
    )
    return Table("Chênh lệch", "Số liệu báo cáo khác với số từ sự kiện", columns, tuple(rows))


def _discrepancy(one: DiscrepancyView) -> Sequence[Cell]:
    moved = one.declared - one.counted
    return (one.agency_name, one.indicator, one.title, one.unit, one.declared, one.counted, moved)


def words(frozen: ConsolidationView) -> Iterator[Table]:
    """What agencies say in their own words, for the workbook; the report itself tells it in sentences."""
    told = numbered((one.task, one.agency_name, one.text) for one in frozen.narrative)
    by_task = (NUMBER, Column("Nhiệm vụ", 0, 12), Column(AGENCY, 0, 36), Column("Nội dung", 0, 90))
    yield Table("Nội dung báo cáo", "Nội dung báo cáo của cơ quan, đơn vị", by_task, tuple(told))
    asked = numbered((one.agency_name, one.text) for one in frozen.proposals)
    by_agency = (NUMBER, Column(AGENCY, 0, 36), Column("Kiến nghị, đề xuất", 0, 90))
    yield Table("Kiến nghị", "Kiến nghị, đề xuất", by_agency, tuple(asked))


def annexes(plan: Plan, frozen: ConsolidationView) -> list[Table]:
    """Those of the Word document, in order; what has nothing to tell is left out, figures and register never are."""
    always = [all_figures(plan, frozen)]
    told = [
        aims(frozen),
        registers.register(frozen),
        registers.tasks(frozen),
        registers.year(frozen),
        obstacles(frozen),
        restatements(plan, frozen),
        discrepancies(frozen),
    ]
    return always + [table for table in told if table.rows]
