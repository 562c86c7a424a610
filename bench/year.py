"""A year at ten times the demo's size: folded, signed, restated, counted anew, and compared with plain arithmetic.

``python -m bench.year``: invents the year (not from the fold's own rules), judges it by support's, hears it through
reporting's own fold on the embedded store, signs every period, then lets late events come, and prints for each promise
what was compared and what differed. Exits with 1 if anything differs.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

import msgspec

from bench.ledger import laid
from catalogue.load import load
from catalogue.model import Plan
from catalogue.windows import CALENDARS, Calendar, Period
from chassis.listening import Span
from contracts.golden import data_of
from contracts.kinds import KINDS
from contracts.topics import REGISTRY, SUPPORT
from deploy.local.demo import independent
from deploy.local.demo.chance import Chance
from deploy.local.demo.independent import PERIODS
from deploy.local.demo.invent import invent
from deploy.local.demo.values import fields_of
from deploy.local.demo.year import Change, Saying, Year
from deploy.local.stack import PLAN_FOLDER, Stack
from services.reporting import batches, proofs, queries
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.proofs import PLACES
from services.reporting.provenance.proving import prove_told
from services.reporting.rebuild import counted, rebuild
from services.reporting.restating import Restating
from services.reporting.settings import Settings
from services.reporting.store import COLLECTIONS
from services.reporting.wiring import dependencies
from services.support.examine import Terms, examine
from services.support.model import Sound

SEED, TEN_TIMES, LATE = 177, 100_000, 300
_PROVED = 12
Name = tuple[str, str, str, str]
"""Of an event: agency, kind, subject, id."""


class Checks:
    """What was compared, and what differs."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self.differences = 0

    def same(self, what: str, found: object, expected: object, size: int) -> None:
        """Compare one thing, which stands for so many."""
        good = found == expected
        self.differences += not good
        self._told(f"{'same' if good else 'DIFFERENT':>9}  {size:>9,}  {what}")


def canonical(plan: Plan, year: Year) -> tuple[list[tuple[Saying, bytes]], list[bytes]]:
    """What support says of the year's sayings, by its own rules, and registry of its changes."""
    said: list[tuple[Saying, bytes]] = []
    for saying in year.sayings:
        terms = Terms(plan, saying.agency, saying.sent, timedelta(minutes=5), 65_536)
        outcome = examine(msgspec.json.encode(saying.event), terms)
        if isinstance(outcome, Sound) and saying.sound:
            said.append((saying, outcome.value))
    return said, [_changed(change, number) for number, change in enumerate(year.changes)]


def _changed(change: Change, number: int) -> bytes:
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"{change.data['cooperative']}/{number}",
            "source": "/services/registry",
            "type": change.kind,
            "subject": f"{change.data['cooperative']}/{number}",
            "time": change.at,
            "agency": change.agency,
            "data": {**_required(change.kind), **change.data},
        }
    )


@cache
def _required(kind: str) -> Mapping[str, Any]:
    """What registry says beside what was invented, and no indicator counts: any value does."""
    example = data_of(KINDS[kind])
    return {field.name: example[field.name] for field in fields_of(kind) if field.required}


def held_back(said: Sequence[tuple[Saying, bytes]], chance: Chance, most: int) -> set[int]:
    """Which sayings come late, by their number: the only word on their fact, or the last of two."""
    words = Counter((saying.agency, saying.event["subject"]) for saying, _ in said)
    revised = [n for n, (saying, _) in enumerate(said) if saying.event.get("revision", 1) == 2]
    alone = [n for n, (saying, _) in enumerate(said) if words[saying.agency, saying.event["subject"]] == 1]
    twice = [n for n in revised if words[said[n][0].agency, said[n][0].event["subject"]] == 2]
    return {*chance.sample(alone, min(most, len(alone))), *chance.sample(twice, min(most // 3, len(twice)))}


def touching(plan: Plan, year: Year, said: Sequence[tuple[Saying, bytes]], late: set[int]) -> Mapping[str, set[Name]]:
    """By period those of the late sayings that say, or take back, something that a figure of it is made of."""
    first = {(one.agency, one.event["subject"]): one for n, (one, _) in enumerate(said) if n not in late}
    found: dict[str, set[Name]] = {period: set() for period in PERIODS}
    for saying in (said[n][0] for n in late):
        earlier = first.get((saying.agency, saying.event["subject"]))
        for period in {*_weighs(plan, year, saying), *(_weighs(plan, year, earlier) if earlier else ())}:
            found[period].add(_name(saying))
    return found


def _weighs(plan: Plan, year: Year, saying: Saying) -> set[str]:
    """The periods that the saying alone is worth something in."""
    answers = independent.figures(plan, independent.facts(plan, replace(year, changes=(), sayings=(saying,))))
    return {period for (period, calendar, _), value in answers.items() if value and calendar == "administrative"}


def _name(saying: Saying) -> Name:
    return saying.agency, saying.event["type"].removesuffix(".retracted"), saying.event["subject"], saying.event["id"]


class Hearing:
    """Reporting's own fold on a store, fed as the broker would."""

    def __init__(self, deps: Deps) -> None:
        self._folding = Folding(deps)
        self._ends = dict.fromkeys(PLACES, 0)

    async def hear(self, topic: str, partitions: int, values: Iterable[bytes]) -> float:
        """Fold the events; seconds."""
        if not any(self._ends.values()):
            await self._folding.assigned({place: Span(0, 1 << 62) for place in PLACES})
        runs = list(laid(topic, partitions, values, self._ends))
        began = time.perf_counter()
        for run in runs:
            await self._folding.hear(run)
        await self._folding.flush()
        return time.perf_counter() - began


async def told_of(deps: Deps) -> independent.Figures:
    """Every figure as reporting tells it."""
    answers: independent.Figures = {}
    for period in PERIODS:
        for calendar in CALENDARS:
            summary = await queries.summary(deps, Period.parse(period), calendar)
            for figure in (one for task in summary.tasks for one in task.indicators):
                answers[period, calendar, figure.code] = figure.value
    return answers


async def signed(deps: Deps) -> None:
    """Consolidate and sign every period."""
    for period in map(Period.parse, PERIODS):
        frozen = await queries.consolidate(deps, period, "SKHDT", None)
        await queries.sign(deps, period, "SKHDT", frozen.digest, "1/BC-SKHĐT", "Nghị định 09/2019/NĐ-CP")


async def prove(deps: Deps, plan: Plan, year: Year, checks: Checks, told: Callable[[str], None]) -> None:
    """Everything, in order."""
    said, changes = canonical(plan, year)
    late = held_back(said, Chance(SEED), LATE)
    hearing = Hearing(deps)
    spent = await hearing.hear(REGISTRY.name, REGISTRY.partitions, changes)
    spent += await hearing.hear(SUPPORT.name, SUPPORT.partitions, [v for n, (_, v) in enumerate(said) if n not in late])
    told(f"{len(changes) + len(said) - len(late):,} records folded in {spent:.1f} s, {len(late)} held back")
    before = independent.facts(plan, replace(year, sayings=[s for n, (s, _) in enumerate(said) if n not in late]))
    figures = independent.figures(plan, before)
    checks.same("figures are those of the plain computation", await told_of(deps), figures, len(figures))
    await signed(deps)
    await _late(deps, plan, year, said, late, hearing, checks)
    await _reconciled(deps, plan, checks)
    await _rebuilt(deps, checks)
    await _proved(deps, plan, checks)


async def _late(
    deps: Deps,
    plan: Plan,
    year: Year,
    said: Sequence[tuple[Saying, bytes]],
    late: set[int],
    hearing: Hearing,
    checks: Checks,
) -> None:
    signed_then = {one.period: proofs.signed_values(one) for one in await kept.signed_periods(deps.store)}
    restating = Restating(deps)
    checks.same("notes before anything came late", await restating.look(), 0, 0)
    await hearing.hear(SUPPORT.name, SUPPORT.partitions, [said[n][1] for n in sorted(late)])
    await restating.look()
    figures = independent.figures(plan, independent.facts(plan, year))
    now = await told_of(deps)
    checks.same("figures with what came late are those of the plain computation", now, figures, len(figures))
    touched = touching(plan, year, said, late)
    for frozen in sorted(await kept.signed_periods(deps.store), key=lambda one: one.period):
        period, expected = frozen.period, touched[frozen.period]
        walked = {change.source.entry for one in await proofs.restate(deps, frozen) for change in one.changes}
        names = {(*entry.fact.split(" ", 2), entry.id) for entry in walked}
        checks.same(f"{period}: restatements list exactly the late events", names, expected, len(expected))
        notes = [note for _, _, note in await kept.notes_of(deps.store, period)]
        noted = Counter((one.agency, one.kind, one.subject, one.id) for note in notes for one in note.changes)
        checks.same(f"{period}: notes tell each of them once", noted, Counter(expected), len(expected))
        stands = dict(signed_then[period])
        for figure in (figure for note in notes for figure in note.figures):
            stands[figure.indicator] += figure.after - figure.before
        known = {code: now[period, "administrative", code] for code in stands}
        checks.same(f"{period}: signed figures and notes come to what is known now", stands, known, len(stands))


async def _reconciled(deps: Deps, plan: Plan, checks: Checks) -> None:
    """The calendar year is the administrative year with the days after it and without those before it."""
    flows = [one.code for one in plan.indicator_by_code.values() if one.measure in ("count", "sum")]

    async def values(period: str, calendar: Calendar) -> dict[str, int]:
        summary = await queries.summary(deps, Period.parse(period), calendar)
        return {one.code: one.value for task in summary.tasks for one in task.indicators}

    year, administrative = await values("2021", "calendar"), await values("2021", "administrative")
    after, autumn, harvest = (
        await values("2022-Q1", "administrative"),
        await values("2020-Q4", "calendar"),
        await values("2020-Q4", "administrative"),
    )
    made = {code: administrative[code] + after[code] - (autumn[code] - harvest[code]) for code in flows}
    told = {code: year[code] for code in flows}
    checks.same("calendar year = administrative year + days after - days before", told, made, len(made))
    for calendar in CALENDARS:
        quarters = [await values(f"2021-Q{number}", calendar) for number in (1, 2, 3, 4)]
        whole = await values("2021", calendar)
        summed = {code: sum(one[code] for one in quarters) for code in flows}
        checks.same(f"{calendar} quarters sum to the year", summed, {c: whole[c] for c in flows}, len(flows))


async def _rebuilt(deps: Deps, checks: Checks) -> None:
    loaded = [await batches.load(deps.store, place, deps.counting) for place in PLACES]
    written = [kept.snapshots(one.place, one.cells, one.heard, deps.counting) for one in loaded]
    anew = {id: body["cells"] for buckets in written for id, _, body in buckets}
    live = {document.id: document.body["cells"] for document in await deps.store.find("cells")}
    size = sum(len(bytes(one)) for one in live.values())
    checks.same("cells of a ledger loaded again are the live ones, byte for byte", anew, live, size)
    result = await rebuild(deps, (), lambda _: None)
    checks.same("cells counted anew from the events' bytes are the live ones", result.identical, True, result.events)
    checks.same("figures told and signed are those counted anew", result.differences, [], result.compared)


async def _proved(deps: Deps, plan: Plan, checks: Checks) -> None:
    summary = await queries.summary(deps, Period.parse("2021"), "administrative")
    shown = [one for task in summary.tasks for one in task.indicators if one.value]
    for figure in Chance(SEED).sample(shown, min(_PROVED, len(shown))):
        indicator = plan.indicator_by_code[figure.code]
        proof = await prove_told(deps, Period.parse("2021"), "administrative", indicator)
        said, same = (proof.told, proof.anew), (figure.value, figure.value)
        checks.same(f"{figure.code} ({figure.measure}) proved from its events", said, same, proof.events)


async def on(uri: str, database: str, events: int, told: Callable[[str], None]) -> int:
    """Invent a year and prove it on a store; how many differences."""
    plan = load(PLAN_FOLDER)
    year, checks = invent(plan, SEED, events), Checks(told)
    deps = dependencies(Settings(mongodb_uri=uri, mongodb_database=database))
    await deps.store.prepare(COLLECTIONS)
    await counted(deps)
    try:
        await prove(deps, plan, year, checks, told)
    finally:
        await deps.store.close()
    return checks.differences


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.year", description=__doc__)
    parser.add_argument("--events", type=int, default=TEN_TIMES, help="about how many (default: 100,000)")
    asked = parser.parse_args()
    with Stack(services=()) as stack:
        told = partial(print, flush=True)
        differences = asyncio.run(on(stack.mongodb_uri, "proof_of_a_year", asked.events, told))
    print("all the same" if not differences else f"{differences} different")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
