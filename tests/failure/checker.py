"""The proof: what was promised against what stands. Knows nothing of how the system works inside. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.kinds import RETRACTED
from tests.failure.evidence import PERHAPS, Evidence, Standing
from tests.failure.traffic import Event

WRONG = "/wrong-"
"""What the id of an event holds that has to be refused."""
_SHOWN = 3
_PERIODS = {"2021-02": "2021-Q1", "2021-04": "2021-Q2", "2021-05": "2021-Q2"}
_SUMS = {
    "training.held": (("II.3.b/people", "people"),),
    "loan.disbursed": (("II.2.d.1/disbursed", "amount"),),
    "trade_promotion.held": (("II.2.đ.1/stands", "stands"),),
}
_COUNTS = {
    "training.held": "II.3.b/classes",
    "loan.granted": "II.2.d.1/granted",
    "trade_promotion.held": "II.2.đ.1/events",
}
_DISTINCT = {
    "loan.granted": ("II.2.d.1/borrowers", "cooperative"),
    "trade_promotion.held": ("II.2.đ.1/cooperatives", "cooperatives"),
}


def findings(evidence: Evidence, standing: Standing) -> list[str]:
    """Everything that is not as it was promised, as sentences; none: the run is proved."""
    return [
        *_receipts(evidence),
        *_published(evidence, standing),
        *_figures(evidence, standing),
        *_signed(standing),
        *_reports(evidence, standing),
        *_reminders(standing),
        *(f"{count} × {what}" for what, count in evidence.errors.items()),
    ]


def sums(kept: Iterable[tuple[str, Event]]) -> dict[str, dict[str, int]]:
    """Figures by period and indicator, in plain arithmetic over what holds: of each fact its highest revision."""
    holding: dict[tuple[str, str, str], Event] = {}
    for agency, event in kept:
        fact = (agency, event["type"].removesuffix(RETRACTED), event["subject"])
        if fact not in holding or event["revision"] > holding[fact]["revision"]:
            holding[fact] = event
    totals: dict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    members: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (_, kind, _), event in holding.items():
        if event["type"].endswith(RETRACTED):
            continue
        period, data = _PERIODS[event["time"][:7]], event["data"]
        if kind in _COUNTS:
            totals[period][_COUNTS[kind]] += 1
        for code, field in _SUMS.get(kind, ()):
            totals[period][code] += data[field]
        if kind in _DISTINCT:
            code, field = _DISTINCT[kind]
            members[period, code].update([data[field]] if isinstance(data[field], str) else data[field])
    for (period, code), united in members.items():
        totals[period][code] = len(united)
    return {period: dict(figures) for period, figures in totals.items()}


def _receipts(evidence: Evidence) -> Iterator[str]:
    kept = evidence.kept()
    silent = evidence.said.keys() - evidence.receipts.keys()
    yield from _some(silent, "events have no receipt")
    told = {who: [one for outcomes in places.values() for one in outcomes] for who, places in evidence.receipts.items()}
    both = {who for who in kept if "refused" in told[who]}
    yield from _some(both, "events were both kept and refused")
    twice = {
        who
        for who, places in evidence.receipts.items()
        if sum(bool(outcomes & {"accepted", "held"}) for outcomes in places.values()) > 1
    }
    yield from _some(twice, "events were accepted twice")
    yield from _some({who for who in kept if WRONG in who}, "events that are none of the plan's were kept")
    right = {who for who, outcomes in told.items() if WRONG not in who and "refused" in outcomes}
    yield from _some(right, "events were refused though nothing is wrong with them")


def _published(evidence: Evidence, standing: Standing) -> Iterator[str]:
    kept, published = evidence.kept(), standing.published.keys()
    yield from _some(kept - published, "kept events were never published")
    yield from _some(published - kept, "events were published though nobody was promised them")
    promised, entered = set(evidence.registered), standing.registered.keys()
    yield from _some(promised - entered, "registered cooperatives were never published")
    yield from _some(entered - promised, "cooperatives were published though nobody was told so")
    everything = len(published) + len(entered)
    if standing.ledger["events"] != everything:
        yield f"the ledger has {standing.ledger['events']} events, the log {everything}"
    for service, waiting in standing.outboxes.items():
        if waiting:
            yield f"{service} has {waiting} messages that it never said"


def _figures(evidence: Evidence, standing: Standing) -> Iterator[str]:
    kept = evidence.kept()
    wanted = sums(said for who, said in evidence.said.items() if who in kept)
    for period, figures in wanted.items():
        for code, value in figures.items():
            told = standing.figures[period].get(code)
            if told != value:
                yield f"{code} of {period} is {told}, and the events make {value}"


def _signed(standing: Standing) -> Iterator[str]:
    for code, value in standing.signed_before.items():
        if standing.signed.get(code) != value:
            yield f"{code} was signed as {value} and is shown as signed {standing.signed.get(code)}"
    if standing.consolidation != standing.consolidation_before:
        yield "the signed consolidation is not what was signed"


def _reports(evidence: Evidence, standing: Standing) -> Iterator[str]:
    for promise in evidence.reports:
        versions: Mapping[int, str | None] = standing.reports.get((promise.agency, promise.period), {})
        if versions.get(promise.version) != promise.document:
            there = versions.get(promise.version)
            yield f"report {promise} was handed in, and in its place stands {there}"


def _reminders(standing: Standing) -> Iterator[str]:
    sent = {name for name, state in standing.reminders.items() if state == "sent"}
    perhaps = {name for name, state in standing.reminders.items() if state == PERHAPS}
    letters = standing.letters
    yield from _some({name for name, state in standing.reminders.items() if state == "planned"}, "reminders lie unsent")
    yield from _some({name for name, times in letters.items() if times > 1}, "reminders came twice")
    yield from _some(sent - letters.keys(), "reminders are marked as sent and never came")
    yield from _some(letters.keys() - sent - perhaps, "letters came that notify knows nothing of")
    yield from _some(standing.owing - sent, "overdue reports were never reminded of")


def _some(found: Iterable[Any], what: str) -> Iterator[str]:
    """One sentence about all of them, with a few by name."""
    named = sorted(map(str, found))
    if named:
        more = ", …" if len(named) > _SHOWN else ""
        yield f"{len(named)} {what}: {', '.join(named[:_SHOWN])}{more}"
