"""Looking back: what was known at any moment, what changed a signed figure since, which events make one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import CALENDARS, Period, window
from chassis.clock import ManualClock
from chassis.listening import Place, Record, Span
from chassis.store_memory import MemoryStore
from services.reporting import batches as kept
from services.reporting import proofs, queries
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.past import Makers, within
from services.reporting.proofs import then_of
from services.reporting.views import ConsolidationView
from services.reporting.worth import of_rows
from tests.services.reporting.said import event, events, said
from tests.services.reporting.standing import JULY, deps_on

PLACE = Place("coop.support.v1", 0)
NEXT_YEAR = datetime(2022, 2, 1, tzinfo=UTC)
YEAR = Period.parse("2021")
batches = st.lists(st.lists(events(), max_size=8), max_size=6)


class Reporting:
    """Reporting in memory, which hears one batch an hour."""

    def __init__(self, plan: Plan, now: datetime = NEXT_YEAR) -> None:
        self.clock = ManualClock(now)
        self.deps: Deps = deps_on(plan, MemoryStore(), self.clock)
        self._folding = Folding(self.deps)
        self._heard = 0

    async def hear(self, values: Sequence[bytes], *, flush: bool = True) -> None:
        """Hear some events, and let an hour go by; unless asked otherwise readers see them."""
        if not self._heard:
            await self._folding.assigned({PLACE: Span(0, 1_000_000)})
        records = [Record(*PLACE, self._heard + number, None, value) for number, value in enumerate(values)]
        await self._folding.hear(records)
        if flush:
            await self._folding.flush()
        self._heard += len(values)
        self.clock.advance(timedelta(hours=1))

    async def values(self, period: Period = YEAR, moment: datetime | None = None) -> dict[str, int]:
        """Every figure of a period, by the decree's calendar."""
        summary = await queries.summary(self.deps, period, "administrative", then=await then_of(self.deps, moment))
        return {figure.code: figure.value for task in summary.tasks for figure in task.indicators}

    async def signed(self, period: Period = YEAR) -> ConsolidationView:
        """Consolidate and sign."""
        frozen = await queries.consolidate(self.deps, period, "SKHDT", None)
        return await queries.sign(self.deps, period, "SKHDT", frozen.digest, "1/BC-SKHĐT", "Nghị định 09/2019/NĐ-CP")


@settings(max_examples=25)
@given(heard=batches)
async def test_the_events_of_a_figure_add_up_to_it(plan: Plan, heard: list[list[bytes]]) -> None:
    reporting = Reporting(plan)
    for values in heard:
        await reporting.hear(values)
    ledger = [one async for one in kept.ledger_of(reporting.deps.store, PLACE, reporting.deps.counting)]
    spoken = {row.indicator for one in ledger for entry in one.batch.entries for row in entry.rows}
    for code in ("2021-Q2", "2021-H1", "2021"):
        for calendar in CALENDARS:
            summary = await queries.summary(reporting.deps, Period.parse(code), calendar)
            asked = window(Period.parse(code), calendar)
            for figure in (figure for task in summary.tasks for figure in task.indicators):
                indicator = plan.indicator_by_code[figure.code]
                if not figure.value and figure.code not in spoken:
                    continue
                makers = Makers(within(asked, indicator))
                for committed in ledger:
                    makers.take(committed)
                worth = of_rows(indicator, [row for _, rows in makers.events() for row in rows])
                assert worth == (figure.value, figure.numerator, figure.denominator)


@settings(max_examples=25)
@given(heard=batches)
async def test_figures_as_of_any_moment_are_those_told_then(plan: Plan, heard: list[list[bytes]]) -> None:
    reporting, told = Reporting(plan), []
    for values in heard:
        await reporting.hear(values)
        told.append((reporting.clock.now() - timedelta(minutes=1), await reporting.values()))
    for moment, values_then in told:
        assert await reporting.values(moment=moment) == values_then


@settings(max_examples=25)
@given(before=batches, later=batches)
async def test_a_signed_figure_stands_and_its_restatement_tells_exactly_what_changed(
    plan: Plan, before: list[list[bytes]], later: list[list[bytes]]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    told = await reporting.values()
    frozen = await reporting.signed()
    for values in later:
        await reporting.hear(values)
    now = await reporting.values()
    assert proofs.signed_values(frozen) == told
    summary = await queries.summary(reporting.deps, YEAR, "administrative")
    assert {figure.code: figure.signed for task in summary.tasks for figure in task.indicators} == {
        code: told[code] if code in proofs.signed_told(frozen) else None for code in told
    }
    restated = {one.indicator.code: one for one in await proofs.restate(reporting.deps, frozen)}
    for code, indicator in plan.indicator_by_code.items():
        if code not in restated:
            assert now[code] == told[code]
            continue
        one = restated[code]
        assert (one.signed, one.before, one.after) == (told[code], told[code], now[code])
        if indicator.measure not in ("distinct", "average"):
            wanted = within(window(YEAR, "administrative"), indicator)
            added = sum(row.amount for change in one.changes for row in change.added if wanted(row.key))
            removed = sum(row.amount for change in one.changes for row in change.removed if wanted(row.key))
            assert one.after - one.before == added - removed


@settings(max_examples=25)
@given(before=batches, late=st.lists(events(), max_size=8))
async def test_a_preview_tells_what_accepting_then_does(
    plan: Plan, before: list[list[bytes]], late: list[bytes]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    await reporting.signed()
    known = await reporting.values()
    previewed = await proofs.preview(reporting.deps, [event(value) for value in late])
    assert await reporting.values() == known
    await reporting.hear(late)
    now = await reporting.values()
    would = {one.indicator.code: (one.before, one.after) for _, restated in previewed for one in restated}
    assert {code: (known[code], now[code]) for code in now if known[code] != now[code]} == {
        code: change for code, change in would.items() if change[0] != change[1]
    }


def classes(subject: str, day: date, people: int, revision: int = 1) -> bytes:
    time = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    data = {"people": people, "audience": "officials", "topic": "law"}
    return said("SNV", "training.held", subject, time, data, revision=revision)


async def test_late_corrected_and_retracted_are_told_apart_and_other_periods_are_left_alone(plan: Plan) -> None:
    reporting, june, august = Reporting(plan), date(2021, 6, 1), date(2021, 8, 1)
    await reporting.hear([classes("a", june, 10), classes("b", june, 20)])
    frozen = await reporting.signed(Period.parse("2021-Q2"))
    taken_back = said("SNV", "training.held.retracted", "b", JULY, {"reason": "nhập nhầm"}, revision=2, id="b-2")
    await reporting.hear(
        [classes("c", june, 5), classes("a", june, 12, revision=2), taken_back, classes("d", august, 99)]
    )
    [people] = [one for one in await proofs.restate(reporting.deps, frozen) if one.indicator.code == "II.3.b/people"]
    assert (people.signed, people.after) == (30, 17)
    assert [change.source.entry.id for change in people.changes] == ["SNV-c-1", "SNV-a-2", "b-2"]


@pytest.mark.parametrize("digest", ["0" * 64, None])
async def test_only_what_the_signer_saw_is_signed_and_once(plan: Plan, digest: str | None) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", date(2021, 6, 1), 10)])
    frozen = await queries.consolidate(reporting.deps, YEAR, "SKHDT", None)
    asked = (reporting.deps, YEAR, "SKHDT", digest or frozen.digest, "1/BC-SKHĐT", "Nghị định 09/2019/NĐ-CP")
    if digest:
        with pytest.raises(Exception, match="mã băm khác"):
            await queries.sign(*asked)
        return
    assert (await queries.sign(*asked)).signature is not None
    for again in (queries.sign(*asked), queries.consolidate(reporting.deps, YEAR, "SKHDT", None)):
        with pytest.raises(Exception, match="đã ký"):
            await again
