"""The page of what changed a signed period since."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from catalogue.model import Indicator, Plan
from catalogue.windows import Period
from contracts.kinds import KINDS
from services.reporting.pages import PAGES
from services.reporting.past import Restated
from services.reporting.provenance.restated import Line
from services.reporting.views import ConsolidationView
from services.reporting.words import UNSAID_REASONS

ROWS = 200
"""How many events a page lists."""


def restatements_page(
    plan: Plan,
    frozen: ConsolidationView,
    signed: Mapping[str, int],
    restated: Sequence[Restated],
    parts: Iterable[tuple[Restated, list[Line]]],
    chosen: Indicator | None,
    after: int,
) -> str:
    """What was signed, what it is now, and the events from ``after`` on that changed it; of the ``chosen`` indicator,
    or of every one."""
    named = {"indicator": chosen.code} if chosen else {}
    events = sum(len(one.changes) for one in restated)

    def figure(code: str, **how: str) -> str:
        return f"figure?{urlencode({'indicator': code, 'calendar': 'administrative', **how})}"

    return PAGES.get_template("restatements.html").render(
        frozen=frozen,
        period=frozen.period,
        name=Period.parse(frozen.period).name,
        signed=signed,
        restated=restated,
        now_of=_now,
        parts=parts,
        chosen=chosen,
        figure=figure,
        link=lambda after: f"?{urlencode({**named, 'after': after})}",
        agencies=lambda code: plan.agency(code).name,
        kinds=lambda name: KINDS[name.removesuffix(".retracted")].title,
        sorts=UNSAID_REASONS,
        before=max(0, after - ROWS) if after else None,
        next=after + ROWS if after + ROWS < events else None,
    )


def _now(one: Restated) -> int | None:
    """What it came to; an average of 0 is most likely one of none, which is no figure."""
    return None if one.indicator.measure == "average" and one.after == 0 else one.after
