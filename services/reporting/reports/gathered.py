"""What the agencies' newest reports for a period say together, and where they differ from the events. Pure."""

from collections.abc import Iterable, Mapping

from catalogue.model import Plan
from catalogue.windows import Window
from services.reporting.figures import Question, figures
from services.reporting.model import Cell, CellKey
from services.reporting.organisation import AS_TOLD, Names, answering
from services.reporting.reports.decide import indicators_of, tasks_of
from services.reporting.reports.model import Report
from services.reporting.reports.views import DiscrepancyView, EstimateView, NarrativeView, ProposalView, mark_view
from services.reporting.words import marked

Counted = Mapping[str, Mapping[str, int]]
"""What events make of each indicator, by agency."""


def by_agency(plan: Plan, asked: Window, cells: Iterable[tuple[CellKey, Cell]]) -> Counted:
    """What the events make of each indicator in a window, by the agency that answers for them."""
    question = Question(asked, by="agency", names=answering(plan, asked.last_day))
    found = figures(plan, question, cells, frozenset(), frozenset())
    return {code: figure.breakdown for code, figure in found.items()}


def expected_of(
    plan: Plan, reports: Iterable[Report], *, agency: str | None = None, named: Names = AS_TOLD
) -> list[EstimateView]:
    """What the agencies expect (ước thực hiện), or the one that is asked for under these names, by agency and in the
    plan's order. A returned report has none to give until it comes again."""
    return [
        EstimateView(
            indicator=code,
            agency=report.agency,
            agency_name=plan.agency(report.agency).name,
            version=report.version,
            submitted_at=report.submitted_at,
            estimate=report.contents.estimates[code],
        )
        for report in sorted(reports, key=lambda report: report.agency)
        if report.stands and agency in (None, named.agencies.get(report.agency, report.agency))
        for code in plan.indicator_by_code
        if code in report.contents.estimates
    ]


def estimates(expected: Iterable[EstimateView]) -> dict[str, int]:
    """The same summed by indicator."""
    found: dict[str, int] = {}
    for one in expected:
        found[one.indicator] = found.get(one.indicator, 0) + one.estimate
    return found


def narrative(plan: Plan, reports: Iterable[Report]) -> list[NarrativeView]:
    """The agencies' words and marks, by the plan's tasks. A returned report has none to give until it comes again."""
    standing = sorted((report for report in reports if report.stands), key=lambda report: report.agency)
    return [
        NarrativeView(
            task=task.code,
            agency=report.agency,
            agency_name=plan.agency(report.agency).name,
            text=" ".join(told),
            mark=mark_view(mark) if mark else None,
        )
        for task in plan.tasks
        for report in standing
        for mark in (report.contents.marks.get(task.code),)
        if (told := [*([marked(mark.outcome, mark.document)] if mark else []), *_words(report, task.code)])
    ]


def _words(report: Report, task: str) -> list[str]:
    return [report.contents.words[task]] if task in report.contents.words else []


def proposals(plan: Plan, reports: Iterable[Report]) -> list[ProposalView]:
    """What the agencies ask for, by agency; again without returned reports."""
    return [
        ProposalView(agency=report.agency, agency_name=plan.agency(report.agency).name, text=text)
        for report in sorted(reports, key=lambda report: report.agency)
        if report.stands
        for text in report.contents.proposals
    ]


def declared_by(plan: Plan, report: Report) -> dict[str, int]:
    """The figures that a report declares. A report of nothing declares zero for every flow of its agency's tasks, and a
    task that is marked so for every flow of its own."""
    nil = {code for code, mark in report.contents.marks.items() if mark.outcome == "nil"}
    if report.outcome != "nil" and not nil:
        return dict(report.contents.declared)
    tasks = tasks_of(plan, report.agency, report.period)
    own = indicators_of(tasks if report.outcome == "nil" else (task for task in tasks if task.code in nil))
    return {code: 0 for code, one in own.items() if one.measure in ("count", "sum", "distinct")} | dict(
        report.contents.declared
    )


def discrepancies(plan: Plan, reports: Iterable[Report], counted: Counted) -> list[DiscrepancyView]:
    """Every declared figure that is not what the agency's events make, by agency and the plan's order."""
    return [
        DiscrepancyView(
            agency=report.agency,
            agency_name=plan.agency(report.agency).name,
            indicator=code,
            title=indicator.title,
            unit=indicator.unit,
            declared=declared[code],
            counted=made,
        )
        for report in sorted(reports, key=lambda report: report.agency)
        for declared in (declared_by(plan, report),)
        for code, indicator in plan.indicator_by_code.items()
        if code in declared and (made := counted.get(code, {}).get(report.agency, 0)) != declared[code]
    ]
