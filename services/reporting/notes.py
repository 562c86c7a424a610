"""What a consolidation notes of earlier periods: figures that have changed since they were signed."""

from collections import Counter
from collections.abc import Mapping

from catalogue.windows import Period, window
from contracts.envelope import Event
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.past import Change, Past, Restated, within
from services.reporting.proof_views import name_of, reason_of, sort_of
from services.reporting.proofs import events_of, restated, signed_told, signed_values, since, window_of
from services.reporting.views import ConsolidationView, RestatementNoteView
from services.reporting.words import UNSAID_REASONS

_MOST_REASONS = 20


async def noted(deps: Deps, period: Period) -> tuple[Past, list[RestatementNoteView]]:
    """What is known now, and the restatements of the signed periods that a report of this one looks back on.

    Both are of the same point of the ledger, in one fold.
    """
    signed = [frozen for frozen in await kept.signed_periods(deps.store) if looks_back_on(period, frozen)]
    signed.sort(key=lambda frozen: (window(Period.parse(frozen.period), "administrative").last_day, frozen.period))
    now, after = await since(deps, signed)
    notes: list[RestatementNoteView] = []
    for frozen, changes in zip(signed, after, strict=True):
        moved = [
            one for one in restated(deps.plan, frozen, now, changes, signed_values(frozen)) if one.after != one.signed
        ]
        events = await _events(deps, moved)
        told = signed_told(frozen)
        notes += [_note(frozen, one, events, told.get(one.indicator.code), _now(frozen, one, now)) for one in moved]
    return now, notes


def looks_back_on(period: Period, frozen: ConsolidationView) -> bool:
    """Whether a report of the period is also about that one: another of this year or the year before, over by then.

    These are the periods whose figures it is compared with; what is older is told by ``/restatements`` only.
    """
    other = Period.parse(frozen.period)
    over = window(other, "administrative").last_day <= window(period, "administrative").last_day
    return other != period and over and other.year >= period.year - 1


async def _events(deps: Deps, moved: list[Restated]) -> dict[str, Event]:
    sources = {name_of(change): change.source for one in moved for change in one.changes}
    return dict(zip(sources, await events_of(deps, sources.values()), strict=True))


def _now(frozen: ConsolidationView, one: Restated, now: Past) -> int | None:
    """What it came to; nothing for an average of none."""
    worth = now.worth(one.indicator, within(window_of(frozen), one.indicator))
    return None if worth.denominator == 0 else worth.value


def _note(
    frozen: ConsolidationView, one: Restated, events: Mapping[str, Event], signed: int | None, now: int | None
) -> RestatementNoteView:
    reasons = Counter(_reason(change, events.get(name_of(change))) for change in one.changes)
    return RestatementNoteView(
        period=frozen.period,
        indicator=one.indicator.code,
        title=one.indicator.title,
        unit=one.indicator.unit,
        signed=signed,
        now=now,
        events=len(one.changes),
        agencies=sorted({change.agency for change in one.changes}),
        reasons=[reason for reason, _ in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))][:_MOST_REASONS],
    )


def _reason(change: Change, event: Event | None) -> str:
    return reason_of(event) or UNSAID_REASONS[sort_of(change, event)]
