"""What reporting can tell of a period: a constant number of reads whatever the number of events.

Only the past (``moment``) and a consolidation are folded from the ledger, since they must be exact as of a point of it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from catalogue.windows import Calendar, Period, window
from services.reporting import store as kept
from services.reporting.decide import check_over, check_signable, check_unsigned, register
from services.reporting.deps import Deps
from services.reporting.figures import Dimension, Question, buckets, figures, values
from services.reporting.model import Cell, CellKey
from services.reporting.notes import noted
from services.reporting.past import Past
from services.reporting.proofs import as_of, signed_values
from services.reporting.reports.store import reports_of
from services.reporting.views import (
    ConsolidationView,
    PositionView,
    RegisterView,
    SignatureView,
    SummaryView,
    register_view,
    summary_view,
)

Pairs = Iterable[tuple[CellKey, Cell]]


async def summary(
    deps: Deps,
    period: Period,
    calendar: Calendar,
    *,
    agency: str | None = None,
    unit: str | None = None,
    by: Dimension | None = None,
    moment: datetime | None = None,
) -> SummaryView:
    """Every indicator's figure as of every event folded so far, or as known at a moment; beside it the same of earlier
    periods and, where the period is signed, the signed figure. Three reads, but for the past."""
    asked = Question(window(period, calendar), agency, unit, by)
    if moment is None:
        wanted = {bucket for one in (asked, *_earlier(asked, period, calendar)) for bucket in buckets(one.window)}
        cells: Pairs = await kept.read_cells(deps.store, wanted, deps.counting)
    else:
        cells = (await as_of(deps, moment)).pairs()
    frozen = await kept.consolidation_of(deps.store, period.code)
    whole = calendar == "administrative" and agency is None and unit is None
    signed = signed_values(frozen) if frozen and frozen.signature and whole else {}
    return await _summary(deps, period, calendar, asked, list(cells), signed)


def _earlier(asked: Question, period: Period, calendar: Calendar) -> tuple[Question, Question]:
    """The same question of the previous period (the year before, where there is none) and of the year before."""
    previous = period.previous or period.last_year
    return (
        Question(window(previous, calendar), asked.agency, asked.unit),
        Question(window(period.last_year, calendar), asked.agency, asked.unit),
    )


async def _summary(
    deps: Deps,
    period: Period,
    calendar: Calendar,
    asked: Question,
    cells: list[tuple[CellKey, Cell]],
    signed: dict[str, int],
) -> SummaryView:
    reported = frozenset(await reports_of(deps.store, period.code))
    owing = frozenset(duty.agency for duty in deps.plan.duties_for(period.code) if duty.role == "report")
    answers = figures(deps.plan, asked, cells, reported, owing)
    previous, last_year = (values(deps.plan, one, cells) for one in _earlier(asked, period, calendar))
    return summary_view(
        deps.plan, period.code, calendar, asked, answers, signed=signed, previous=previous, last_year=last_year
    )


async def register_of(deps: Deps, period: Period, *, agency: str | None = None) -> RegisterView:
    """How every duty to report for the period stands now, or every duty of one agency. One read."""
    reports = await reports_of(deps.store, period.code)
    duties = tuple(duty for duty in deps.plan.duties_for(period.code) if agency in (None, duty.agency))
    entries = register(duties, reports, deps.clock.now())
    return register_view(deps.plan, period.code, entries)


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
    figures_now = await _summary(deps, period, "administrative", asked, list(known.pairs()), {})
    register_now = await register_of(deps, period)
    frozen = ConsolidationView(
        period=period.code,
        version=earlier.version + 1 if earlier else 1,
        by=by,
        consolidated_at=now,
        remarks=remarks,
        digest="",
        signature=None,
        ledger=_positions(known),
        summary=figures_now,
        register=register_now,
        restatements=restatements,
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
