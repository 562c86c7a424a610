"""What was answered at a moment is what is answered of that moment later: registers, discrepancies, drafts, reports."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period
from chassis.clock import ManualClock
from chassis.listening import Place, Record, Span
from chassis.store_memory import MemoryStore
from services.reporting import queries
from services.reporting.handlers import Folding
from services.reporting.model import Refused
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.decide import answer, close, forward
from services.reporting.obstacles.model import Obstacle, Step
from services.reporting.proofs import then_of
from services.reporting.register.queries import task_register_of, year_register_of
from services.reporting.reports.decide import Submission, accept, give_back
from services.reporting.reports.forms import DifficultyBody
from services.reporting.reports.handing_in import Files, hand_in, review
from services.reporting.reports.model import Contents, Report
from services.reporting.reports.queries import discrepancies_of, draft_of, report_told
from services.reporting.store import consolidation_of
from tests.services.reporting.said import events, said
from tests.services.reporting.standing import deps_on

PLACE = Place("coop.support.v1", 0)
BEGINNING = datetime(2021, 6, 18, 3, tzinfo=UTC)
"""Before reports of the second quarter are due, and after its figures are closed."""
Q2 = Period.parse("2021-Q2")
DECLARED = ("II.3.b/classes", "II.3.b/people")
TASK = "II.3.b"
_STATED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("obstacle.raised", {"title": "Thiếu vốn"}),
    ("obstacle.solved", {"title": "Thiếu vốn", "days": 3}),
    ("plan.issued", {"title": "Kế hoạch năm 2021", "number": "12/KH-SNV"}),
)


@dataclass(frozen=True)
class Deed:
    """Something that happens, and how long after the one before."""

    what: str
    after: timedelta
    detail: Any = None


@st.composite
def statements(draw: st.DrawFn) -> bytes:
    """An event that is shown by itself, of two revisions, retracted now and then."""
    kind, data = draw(st.sampled_from(_STATED))
    revision, retracted = draw(st.integers(1, 2)), draw(st.booleans())
    at = datetime(2021, 5, draw(st.integers(1, 20)), 3, tzinfo=UTC)
    name, body = (f"{kind}.retracted", {"reason": "nhập nhầm"}) if retracted else (kind, data)
    id = f"{kind}-{revision}-{retracted}-{at:%d}"
    return said("SNV", name, kind.partition(".")[0], at, body, id=id, revision=revision)


_CONTENTS = st.builds(
    Contents,
    words=st.sampled_from(({}, {TASK: "Đã mở lớp."})),
    declared=st.dictionaries(st.sampled_from(DECLARED), st.integers(0, 3)),
    estimates=st.dictionaries(st.sampled_from(DECLARED), st.integers(1, 3)),
)
_DETAILS: dict[str, st.SearchStrategy[Any]] = {
    "hear": st.lists(events(), min_size=1, max_size=3),
    "state": st.lists(statements(), min_size=1, max_size=2),
    "hand in": st.tuples(st.sampled_from(("activity", "nil", "excused")), _CONTENTS, st.booleans()),
    "review": st.sampled_from(("accept", "return")),
    "act": st.sampled_from(("forward", "answer", "close")),
    "consolidate": st.just(None),
    "sign": st.just(None),
}
_AFTER = st.sampled_from((timedelta(hours=1), timedelta(days=1), timedelta(days=9), timedelta(days=95)))
_OFTEN = ("hear", "state", "state", "hand in", "hand in", "review", "review", "act", "consolidate", "sign")
DEEDS = st.lists(
    st.sampled_from(_OFTEN).flatmap(lambda what: st.builds(Deed, st.just(what), _AFTER, _DETAILS[what])),
    min_size=3,
    max_size=6,
)


class Office:
    """Reporting in memory, to which things happen one after the other."""

    def __init__(self, plan: Plan) -> None:
        self.clock = ManualClock(BEGINNING)
        self.deps = deps_on(plan, MemoryStore(), self.clock)
        self.folding = Folding(self.deps)
        self._heard = 0

    async def happens(self, deed: Deed) -> None:
        """It happens, unless a rule forbids it."""
        self.clock.advance(deed.after)
        with suppress(Refused):
            await getattr(self, "_" + deed.what.replace(" ", "_"))(deed.detail)

    async def answers(self, moment: datetime | None = None) -> dict[str, Any]:
        """What is told of now, or of a moment, but for what says that it is of a moment."""
        await self.folding.flush()
        deps, then = self.deps, await then_of(self.deps, moment)
        told = await report_told(deps, "SNV", Q2.code, moment=moment)
        draft = (await draft_of(deps, "SNV", Q2, then)).model_dump(mode="json", exclude={"as_of"})
        for figure in (figure for task in draft["tasks"] for figure in task["figures"]):
            figure.pop("now")
        return {
            "register": (await queries.register_of(deps, Q2, moment=moment)).model_dump(exclude={"as_of"}),
            "tasks": (await task_register_of(deps, Q2, then=then)).model_dump(exclude={"as_of"}),
            "year": (await year_register_of(deps, 2021, moment=moment)).model_dump(exclude={"as_of"}),
            "discrepancies": [one.model_dump() for one in await discrepancies_of(deps, Q2, None, then)],
            "report": told.model_dump() if told else None,
            "draft": draft,
        }

    async def _hear(self, values: list[bytes]) -> None:
        if not self._heard:
            await self.folding.assigned({PLACE: Span(0, 1_000_000)})
        await self.folding.hear(
            [Record(*PLACE, self._heard + number, None, value) for number, value in enumerate(values)]
        )
        self._heard += len(values)

    _state = _hear

    async def _hand_in(self, detail: tuple[Any, Contents, bool]) -> None:
        outcome, contents, hindered = detail
        submission = Submission("SNV", Q2.code, outcome, "1/BC-SNV", contents)
        await hand_in(self.deps, [submission], Files(), [DifficultyBody(text="Thiếu giảng viên")] if hindered else [])

    async def _review(self, sort: str) -> None:
        now = self.clock.now()

        def decide(report: Report | None, by: str) -> Report:
            version = report.version if report else 1
            if sort == "accept":
                return accept(report, version, by, None, now)
            return give_back(report, version, by, "thiếu số liệu", now)

        await review(self.deps, "SNV", Q2.code, decide)

    async def _act(self, sort: str) -> None:
        now = self.clock.now()
        steps: dict[str, Callable[[Obstacle], Step | None]] = {
            "forward": lambda one: forward(one, "SKHDT", "5/SKHĐT", now),
            "answer": lambda one: answer(one, "UBNDTINH", "9/UBND", "Đã giao Sở Nội vụ.", now),
            "close": lambda one: close(one, "SNV", "Đã mời giảng viên.", now),
        }
        for one in await cases.every(self.deps):
            await cases.act(self.deps, one.id, steps[sort])

    async def _consolidate(self, _: None) -> None:
        await queries.consolidate(self.deps, Q2, "SKHDT", None)

    async def _sign(self, _: None) -> None:
        frozen = await consolidation_of(self.deps.store, Q2.code)
        digest = frozen.digest if frozen else ""
        await queries.sign(self.deps, Q2, "SKHDT", digest, "1/BC-SKHĐT", "Nghị định 09/2019/NĐ-CP")


@settings(max_examples=15)
@given(before=DEEDS, later=DEEDS)
async def test_what_was_answered_is_answered_of_that_moment_later(
    plan: Plan, before: list[Deed], later: list[Deed]
) -> None:
    office = Office(plan)
    for deed in before:
        await office.happens(deed)
    moment, answered = office.clock.now(), await office.answers()
    for deed in later:
        await office.happens(deed)
    assert await office.answers(moment) == answered
