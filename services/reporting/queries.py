"""What reporting can tell of a period: a constant number of reads whatever the number of events.

Only the past (``moment``) and a consolidation are folded from the ledger, since they must be exact as of a point of it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from catalogue.windows import Calendar, Period, local_day, periods_of, window
from services.reporting import store as kept
from services.reporting.aims import aims, windows_of
from services.reporting.comparing import tellable
from services.reporting.decide import check_over, check_signable, check_unsigned, register, state_of
from services.reporting.deps import Deps
from services.reporting.figures import Dimension, Question, buckets, figures, told
from services.reporting.model import Figure, PeriodState
from services.reporting.notes import noted
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.decide import concerns
from services.reporting.obstacles.views import obstacle_view
from services.reporting.organisation import NamesName, names_of
from services.reporting.past import Past
from services.reporting.proofs import Then, signed_told
from services.reporting.register.queries import task_register_of, year_register_of
from services.reporting.reports.gathered import by_agency, discrepancies, estimates, expected_of, narrative, proposals
from services.reporting.reports.model import Report
from services.reporting.reports.store import reports_in, reports_of
from services.reporting.summary_views import Beside, SummaryView, summary_view
from services.reporting.views import (
    ConsolidationView,
    ObstacleView,
    PositionView,
    RegisterView,
    SignatureView,
    register_view,
)
from services.reporting.worth import Pairs


async def summary(
    deps: Deps,
    period: Period,
    calendar: Calendar,
    *,
    agency: str | None = None,
    unit: str | None = None,
    by: Dimension | None = None,
    map_: NamesName = "day",
    then: Then | None = None,
) -> SummaryView:
    """Every indicator's figure as of every event folded so far, or as known ``then`` with what is known now beside it;
    also the same of earlier periods, how far targets are reached and, where the period is signed, the signed figure
    with what is pending against it. ``map_`` is by whose names. Three reads, but for the past."""
    last_day = window(period, "administrative").last_day
    of = names_of(deps.plan, map_, local_day(deps.clock.now()), last_day)
    asked = Question(window(period, calendar), agency, unit, by, of)
    cells = await kept.read_cells(deps.store, _wanted(deps, asked, period, calendar), deps.counting)
    now, known = (told(deps.plan, asked, cells), then.cells) if then else ({}, cells)
    moment = then.moment if then else None
    frozen = await kept.consolidation_at(deps.store, period.code, moment)
    whole = calendar == "administrative" and agency is None and unit is None
    signed = signed_told(frozen) if frozen and frozen.signature and whole else {}
    reports = await reports_of(deps.store, period.code, moment)
    figures_then, beside = _known(deps, period, calendar, asked, known, reports)
    return summary_view(
        deps.plan,
        period.code,
        calendar,
        asked,
        figures_then,
        replace(beside, signed=signed, now=now),
        state=state_of(frozen),
        moment=moment,
        map_=map_,
    )


def _wanted(deps: Deps, asked: Question, period: Period, calendar: Calendar) -> set[str]:
    """The buckets that the question, what it is compared with and its targets need."""
    compared = (one.window for one in (asked, *_earlier(asked, period, calendar)))
    towards = windows_of(deps.plan, period, calendar, asked.window)
    return {bucket for over in (*compared, *towards) for bucket in buckets(over)}


def _earlier(asked: Question, period: Period, calendar: Calendar) -> tuple[Question, Question]:
    """The same question of the previous period, and of the same period of the year before."""
    return (
        replace(asked, window=window(period.previous, calendar)),
        replace(asked, window=window(period.last_year, calendar)),
    )


def _known(
    deps: Deps, period: Period, calendar: Calendar, asked: Question, cells: Pairs, reports: Mapping[str, Report]
) -> tuple[Mapping[str, Figure], Beside]:
    """What cells and reports tell: the figures, and what of other periods stands beside them."""
    owing = frozenset(duty.agency for duty in deps.plan.duties_for(period.code) if duty.role == "report")
    in_ = frozenset(agency for agency, report in reports.items() if report.stands)
    answers = figures(deps.plan, asked, cells, in_, owing)
    previous, last_year = (
        told(deps.plan, one, cells) if tellable(deps.plan, one.window) else {}
        for one in _earlier(asked, period, calendar)
    )
    whole = asked.agency is None and asked.unit is None
    towards = aims(deps.plan, period, calendar, asked.window, cells) if whole else {}
    told_of = expected_of(deps.plan, reports.values(), agency=asked.agency, named=asked.names)
    expected = {} if asked.unit or calendar != "administrative" else estimates(told_of)
    return answers, Beside(previous=previous, last_year=last_year, signed={}, now={}, aims=towards, estimates=expected)


async def register_of(
    deps: Deps,
    period: Period,
    *,
    agency: str | None = None,
    state: PeriodState | None = None,
    reports: Mapping[str, Report] | None = None,
    moment: datetime | None = None,
) -> RegisterView:
    """How every duty to report for the period stands now or stood at a moment, or every duty of one agency; and how the
    period stands. Two reads, but for the state and the reports that are given, and for the past."""
    if state is None:
        state = state_of(await kept.consolidation_at(deps.store, period.code, moment))
    if reports is None:
        reports = await reports_of(deps.store, period.code, moment)
    duties = tuple(duty for duty in deps.plan.duties_for(period.code) if agency in (None, duty.agency))
    now = moment or deps.clock.now()
    view = register_view(deps.plan, period.code, state, register(duties, reports, now), now)
    return view.model_copy(update={"as_of": moment})


async def obstacles_of(deps: Deps, period: Period, now: datetime) -> list[ObstacleView]:
    """The obstacles that the period's consolidated report lists, as they stand. Two reads."""
    deadline = deps.plan.regime.last_moment(period, "consolidate")
    found = await cases.every(deps)
    return [obstacle_view(deps.plan, one, now) for one in found if concerns(one, period, deadline)]


async def consolidate(deps: Deps, period: Period, by: str, remarks: str | None) -> ConsolidationView:
    """Freeze the period's figures, as of a point of the ledger, and its register; anew as long as nobody has signed.

    Raises:
        Refused: the period is not over, or is signed.
        Stale: somebody else consolidated it meanwhile.
    """
    now = deps.clock.now()
    check_over(period.code, now)
    earlier = await kept.consolidation_of(deps.store, period.code)
    check_unsigned(period.code, earlier)
    known, restatements = await noted(deps, period)
    asked = Question(window(period, "administrative"))
    of_year = await reports_in(deps.store, [one.code for one in periods_of(period.year)])
    newest = of_year[period.code]  # of one reading: all that is frozen tells of the same reports
    now = deps.clock.now()  # the ledger took a while to read, and what was handed in meanwhile is frozen
    reports = newest.values()
    figures_now, beside = _known(deps, period, "administrative", asked, list(known.pairs()), newest)
    year = await year_register_of(deps, period.year, reports=of_year)
    register_now = await register_of(deps, period, state="in_consolidation", reports=newest)
    counted = by_agency(deps.plan, asked.window, known.pairs())
    frozen = ConsolidationView(
        period=period.code,
        version=earlier.version + 1 if earlier else 1,
        by=by,
        consolidated_at=now,
        remarks=remarks,
        digest="",
        signature=None,
        ledger=_positions(known),
        summary=summary_view(
            deps.plan, period.code, "administrative", asked, figures_now, beside, state="in_consolidation"
        ),
        register=register_now,
        restatements=restatements,
        obstacles=await obstacles_of(deps, period, now),
        narrative=narrative(deps.plan, reports),
        proposals=proposals(deps.plan, reports),
        discrepancies=discrepancies(deps.plan, reports, counted),
        year_register=year,
        estimates=expected_of(deps.plan, reports),
        task_register=await task_register_of(deps, period, cells=list(known.pairs()), reports=newest),
    )
    frozen = frozen.model_copy(update={"digest": _digest(frozen)})
    await kept.put_consolidation(deps.store, frozen)
    return frozen


async def sign(deps: Deps, period: Period, by: str, digest: str, document: str, basis: str) -> ConsolidationView:
    """Sign the newest consolidation of a period: its figures stand from then on.

    Raises:
        Refused: there is none, it is another than the signer saw, or it is signed.
        Stale: somebody else consolidated or signed it meanwhile.
    """
    frozen = check_signable(period.code, await kept.consolidation_of(deps.store, period.code), digest)
    signature = SignatureView(by=by, signed_at=deps.clock.now(), document=document, basis=basis)
    signed = frozen.model_copy(update={"signature": signature})
    await kept.put_consolidation(deps.store, signed)
    return signed


def _positions(known: Past) -> list[PositionView]:
    return [
        PositionView(place=place, epoch=epoch, offset=offset)
        for place, (epoch, offset) in sorted(known.positions.items())
    ]


def _digest(frozen: ConsolidationView) -> str:
    what = frozen.model_dump_json(by_alias=True, exclude={"digest", "signature"})
    return hashlib.sha256(what.encode()).hexdigest()
