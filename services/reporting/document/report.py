"""What the consolidated report says, as numbered blocks: who reported, what was done, what hinders. Pure."""

from collections import Counter
from collections.abc import Sequence

from catalogue.model import Plan
from catalogue.windows import Period, local_day
from services.reporting.document.content import bound, by_section, leads
from services.reporting.document.heading import Heading, Sender, plan_named
from services.reporting.document.numbering import roman
from services.reporting.document.outline import Block, Outline
from services.reporting.document.registers import ORDERED, REQUESTED
from services.reporting.document.sentences import aimed, results
from services.reporting.document.tables import Table
from services.reporting.summary_views import TaskView
from services.reporting.views import ConsolidationView, ObstacleView, RegisterEntryView
from services.reporting.words import OBSTACLE_STATES, capitalised, day, moment, percent, uncapitalised

_STATES = {
    "activity": "báo cáo có hoạt động",
    "nil": "báo cáo không phát sinh",
    "excused": "được miễn báo cáo",
    "missing": "chưa báo cáo",
}
_DECREE = "Nghị định số 09/2019/NĐ-CP ngày 24/01/2019 của Chính phủ"


def report(
    plan: Plan, frozen: ConsolidationView, head: Heading, sender: Sender, annexes: Sequence[Table]
) -> list[Block]:
    """The body of the document; ``annexes`` are named where their tables are meant."""
    told = _Report(plan, frozen, head, sender, {table.name: number for number, table in enumerate(annexes, start=1)})
    told.opening()
    told.reporting()
    told.tasks()
    told.difficulties()
    told.closing()
    return told.outline.blocks


class _Report:
    """One report while it is written."""

    def __init__(
        self, plan: Plan, frozen: ConsolidationView, head: Heading, sender: Sender, annexes: dict[str, int]
    ) -> None:
        self.outline = Outline()
        self._plan = plan
        self._frozen = frozen
        self._head = head
        self._sender = sender
        self._annexes = annexes
        self._period = Period.parse(frozen.period)

    def _see(self, name: str) -> str:
        number = self._annexes.get(name)
        return f" (chi tiết tại {annex_name(number, len(self._annexes))} kèm theo)" if number else ""

    def opening(self) -> None:
        about = self._plan.title.removeprefix("Kế hoạch").strip()
        self.outline.text(
            f"Thực hiện {plan_named(self._plan, self._head.issued_on)} {about}, {self._head.issuer} báo cáo kết quả "
            f"thực hiện {self._period.name} như sau:"
        )

    def reporting(self) -> None:
        outline, frozen = self.outline, self._frozen
        window = frozen.summary.window
        outline.part("Tình hình báo cáo")
        outline.section("Thời gian chốt số liệu")
        outline.text(
            f"Số liệu {self._period.name} được chốt từ ngày {day(window.first_day)} đến hết ngày "
            f"{day(window.last_day)} theo Điều 12 {_DECREE}, tổng hợp lúc {moment(frozen.consolidated_at)} từ các sự "
            f"kiện do cơ quan, đơn vị gửi và báo cáo đã nộp{self._see('Số liệu')}."
        )
        outline.section("Việc chấp hành chế độ báo cáo")
        for title, requested in ((ORDERED, False), (REQUESTED, True)):
            duties = bound(frozen, requested=requested)
            if duties:
                self._register(title, duties)
        outline.text(f"Kết quả của từng cơ quan, đơn vị được ghi trong sổ theo dõi báo cáo{self._see('Sổ báo cáo')}.")
        self._rates()
        self._trust()
        if frozen.remarks:
            outline.section("Đánh giá chung")
            outline.text(frozen.remarks)

    def _register(self, title: str, duties: Sequence[RegisterEntryView]) -> None:
        self.outline.clause(title)
        states = Counter[str](duty.state for duty in duties)
        on_time = sum(duty.on_time is True for duty in duties)
        late = [duty.name for duty in duties if duty.on_time is False]
        missing = [duty for duty in duties if duty.state == "missing"]
        counts = ((states[state], told) for state, told in _STATES.items())
        self.outline.point(
            f"Kết quả: trong số {len(duties)} cơ quan, đơn vị có "
            f"{', '.join(f'{count} {told}' for count, told in counts if count)}; trong đó {on_time} báo cáo đúng hạn, "
            f"{len(late)} báo cáo muộn."
        )
        if late:
            self.outline.point(f"Báo cáo muộn: {'; '.join(late)}.")
        if missing:
            self.outline.point(f"Chưa báo cáo: {'; '.join(map(_owing, missing))}.")

    def _rates(self) -> None:
        """How far the tasks are, and the year's reports, of those whom the plan obliges."""
        if (tasks := self._frozen.task_register) and tasks.obliged.due:
            rate = tasks.obliged
            self.outline.text(
                f"Theo từng nhiệm vụ, trong số {rate.due} đầu việc đến hạn của các cơ quan, đơn vị được giao có "
                f"{rate.met} đầu việc đã có kết quả hoặc giải trình, đạt {percent(rate.completeness_permille)}; "
                f"{rate.on_time} đầu việc đúng hạn, đạt {percent(rate.timeliness_permille)}{self._see('Sổ nhiệm vụ')}."
            )
        if (year := self._frozen.year_register) and year.obliged.due:
            rate = year.obliged
            self.outline.text(
                f"Tính từ đầu năm {year.year}, trong số {rate.due} báo cáo đến hạn của các cơ quan, đơn vị được giao "
                f"có {rate.met} báo cáo đã nộp hoặc được miễn, đạt {percent(rate.completeness_permille)}; "
                f"{rate.on_time} báo cáo đúng hạn, đạt {percent(rate.timeliness_permille)}{self._see('Cả năm')}."
            )

    def _trust(self) -> None:
        """What has to be known of the figures: restated ones, and those that are not agreed."""
        outline, frozen = self.outline, self._frozen
        outline.section("Điều chỉnh, đối chiếu số liệu")
        if frozen.restatements:
            periods = {note.period: Period.parse(note.period).name for note in frozen.restatements}
            outline.text(
                f"Sau khi ký, {len(frozen.restatements)} số liệu của {', '.join(periods.values())} đã thay đổi do có "
                f"sự kiện báo sau hoặc được sửa, rút{self._see('Điều chỉnh')}; số đã ký được giữ nguyên."
            )
        else:
            outline.text("Không có số liệu đã ký của các kỳ trước phải điều chỉnh.")
        if frozen.discrepancies:
            outline.text(
                f"Có {len(frozen.discrepancies)} số liệu do cơ quan, đơn vị báo cáo khác với số đếm từ sự kiện"
                f"{self._see('Chênh lệch')}; báo cáo này dùng số đếm từ sự kiện."
            )

    def tasks(self) -> None:
        self.outline.part("Kết quả thực hiện nhiệm vụ")
        self._aims()
        for _, title, tasks in by_section(self._plan, self._frozen.summary.tasks):
            self.outline.section(title)
            for task in tasks:
                self._task(task)

    def _aims(self) -> None:
        """How many targets are reached and how far the others are, and where estimates stand."""
        figures = [figure for task in self._frozen.summary.tasks for figure in task.indicators]
        told = aimed([(figure, figure.target) for figure in figures if figure.target])
        if expected := sum(figure.estimate is not None for figure in figures):
            told.append(f"cơ quan, đơn vị báo cáo số ước thực hiện của {expected} chỉ tiêu")
        if told:
            self.outline.text(f"{capitalised('; '.join(told))}{self._see('Mục tiêu')}.")

    def _task(self, task: TaskView) -> None:
        outline = self.outline
        outline.clause(f"{task.title} ({task.code})")
        of = task.indicators[0].agencies if task.indicators else None
        reported = f" (đã báo cáo hoặc được miễn {of.in_}/{of.expected})" if of and of.expected else ""
        outline.point(f"Cơ quan thực hiện: {leads(self._plan, task)}{reported}.")
        told_of = results(self._plan, task, self._period, self._frozen.summary.window)
        outline.point(f"Kết quả: {uncapitalised(' '.join(told_of))}")
        told = [one for one in self._frozen.narrative if one.task == task.code]
        if told:
            outline.point("Nội dung báo cáo của cơ quan, đơn vị:")
            for one in told:
                outline.dash(f"{one.agency_name}: {one.text}")

    def difficulties(self) -> None:
        outline, frozen = self.outline, self._frozen
        outline.part("Khó khăn, vướng mắc và kiến nghị, đề xuất")
        outline.section("Khó khăn, vướng mắc")
        if frozen.obstacles:
            counts = {state: sum(one.state == state for one in frozen.obstacles) for state in OBSTACLE_STATES}
            told = [f"{count} {uncapitalised(OBSTACLE_STATES[state])}" for state, count in counts.items() if count]
            outline.text(f"Tổng số {len(frozen.obstacles)} vướng mắc: {', '.join(told)}{self._see('Vướng mắc')}.")
            self._longest([one for one in frozen.obstacles if one.state != "closed"])
        else:
            outline.text("Trong kỳ không có khó khăn, vướng mắc được báo cáo.")
        outline.section("Kiến nghị, đề xuất")
        for one in frozen.proposals:
            outline.dash(f"{one.agency_name}: {one.text}")
        if not frozen.proposals:
            outline.text("Các cơ quan, đơn vị không có kiến nghị, đề xuất.")

    def _longest(self, left: Sequence[ObstacleView]) -> None:
        if left:
            one = max(left, key=lambda one: one.days_open)
            self.outline.text(
                f"Vướng mắc chưa giải quyết lâu nhất do {one.agency_name} nêu ngày {day(local_day(one.raised_at))}, "
                f"đến nay {one.days_open} ngày: {one.text}"
            )

    def closing(self) -> None:
        head = self._head
        asks = "kính trình" if self._sender == "consolidator" else "kính báo cáo"
        sees = " xem xét, chỉ đạo" if self._sender == "consolidator" else ""
        self.outline.end(f"Trên đây là kết quả thực hiện {self._period.name}, {head.issuer} {asks} {head.named}{sees}")


def _owing(duty: RegisterEntryView) -> str:
    """Who owes a report, and that an earlier version was sent back, if it was."""
    return f"{duty.name} (đã nộp nhưng bị trả lại để hoàn thiện)" if duty.report_state == "returned" else duty.name


def annex_name(number: int, of: int) -> str:
    """``Phụ lục II``; one that is alone has no number."""
    return f"Phụ lục {roman(number)}" if of > 1 else "Phụ lục"
