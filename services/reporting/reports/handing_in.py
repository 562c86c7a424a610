"""Handing in a report, returning and accepting it: what is behind the routes and behind the forms of the pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.windows import local_day
from chassis.store import Stale
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.obstacles import store as obstacles
from services.reporting.obstacles.decide import tell
from services.reporting.obstacles.model import Told
from services.reporting.reports import store as kept
from services.reporting.reports.decide import Submission, submit
from services.reporting.reports.files import attachment_of, check_number
from services.reporting.reports.forms import DifficultyBody, SubmissionBody
from services.reporting.reports.model import Attachment, Contents, Mark, Report
from services.reporting.reports.store import Kept

Decide = Callable[[Report | None, str], Report]
"""What becomes of the newest version of a report, if there is one; the second is who decides."""

_ATTEMPTS = 3


@dataclass(frozen=True)
class Files:
    """Files that come with a document: new ones by name, and those of a version before that it carries too."""

    new: Sequence[tuple[str, bytes]] = ()
    keep: Iterable[str] = ()


def submissions_of(agency: str, periods: Sequence[str], body: SubmissionBody) -> list[Submission]:
    """What a document hands in: a report for each of its periods.

    Raises:
        Refused: it has figures, which are of one period, and names several.
    """
    if len(periods) > 1 and (body.declared or body.estimates):
        raise Refused("one-period", "số liệu kê khai, ước thực hiện là của một kỳ: hãy nộp riêng từng kỳ")
    proposals = tuple(dict.fromkeys(body.proposals))
    marks = {code: Mark(mark.outcome, mark.document or None) for code, mark in body.marks.items()}
    contents = Contents(body.summary, body.words, body.declared, body.estimates, proposals, marks=marks)
    return [Submission(agency, period, body.outcome, body.document, contents) for period in periods]


async def hand_in(
    deps: Deps, submissions: Sequence[Submission], files: Files, difficulties: Sequence[DifficultyBody] = ()
) -> list[Report]:
    """Keep a document's reports for its periods, all or, where a rule forbids one, none; raise its obstacles first.

    Raises:
        Refused: a rule forbids it.
        Stale: others were handed in meanwhile, again and again.
    """
    sent = {attachment.digest: (attachment, content) for attachment, content in _new(deps, files)}
    earlier = [await _earlier(deps, submission) for submission in submissions]
    attachments = _kept(files, earlier) | {digest: attachment for digest, (attachment, _) in sent.items()}
    for submission, before in zip(submissions, earlier, strict=True):
        _decided(deps, submission, attachments, before)
    for one in difficulties:
        tell(deps.plan, submissions[0].agency, one.text, Told(one.text, deps.clock.now(), one.task))
    for one in difficulties:
        await obstacles.report(deps, submissions[0].agency, one.text, task=one.task, period=submissions[0].period)
    for attachment, content in sent.values():
        await kept.put_file(deps.store, submissions[0].agency, attachment, content)
    reports = [await _keep(deps, submission, attachments) for submission in submissions]
    deps.relay.wake()
    return reports


async def review(deps: Deps, agency: str, period: str, decide: Decide) -> Report:
    """Keep what ``decide`` makes of the newest version, in the name of who consolidates today.

    Raises:
        Refused: a rule forbids it.
        Stale: another version came, or somebody else reviewed it, meanwhile.
    """
    found = await kept.report_of(deps.store, agency, period)
    by = deps.plan.consolidator(local_day(deps.clock.now()))
    report = decide(found.report if found else None, by)
    assert found is not None, "a report that is decided on is there"
    assert report.review is not None, "it was decided on"
    await kept.put_review(deps.store, report, report.review, found.writes)
    deps.relay.wake()
    return report


def _new(deps: Deps, files: Files) -> list[tuple[Attachment, bytes]]:
    return [(attachment_of(name, content, deps.files), content) for name, content in files.new]


async def _earlier(deps: Deps, submission: Submission) -> Kept | None:
    return await kept.report_of(deps.store, submission.agency, submission.period)


async def _keep(deps: Deps, submission: Submission, carried: Mapping[str, Attachment]) -> Report:
    for attempt in range(_ATTEMPTS):
        earlier = await _earlier(deps, submission)
        report = _decided(deps, submission, carried, earlier)
        try:
            await kept.put_report(deps.store, report, earlier)
        except Stale:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return report
    raise AssertionError("unreachable")


def _kept(files: Files, earlier: Iterable[Kept | None]) -> dict[str, Attachment]:
    """The files that the document carries on, of whichever of its reports they were before."""
    known = {one.digest: one for before in earlier if before for one in before.report.contents.attachments}
    for digest in files.keep:
        if digest not in known:
            raise Refused("unknown-file", f"báo cáo trước không có tệp `{digest}` để giữ lại")
    return {digest: known[digest] for digest in files.keep}


def _decided(deps: Deps, submission: Submission, carried: Mapping[str, Attachment], earlier: Kept | None) -> Report:
    attachments = tuple(carried.values())
    check_number(attachments, deps.files)
    whole = replace(submission, contents=replace(submission.contents, attachments=attachments))
    return submit(deps.plan, whole, earlier.report if earlier else None, deps.clock.now())
