"""A report as a clerk fills it in on the page: what was typed, and the submission that it makes. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from chassis.wording import reason_of
from services.reporting.reports.forms import SubmissionBody
from services.reporting.reports.views import FullReportView
from services.reporting.words import number

_NUMBER = re.compile(r"-?([0-9]{1,3}([. ][0-9]{3}){1,5}|[0-9]{1,18})")
_UNTITLED: Final[Mapping[str, str]] = MappingProxyType({})
_GROUPS = ("words", "mark", "mark_document", "declared", "estimate")
_LABELS = {
    "outcome": "Kết quả trong kỳ",
    "document": "Số, ký hiệu văn bản",
    "summary": "Đánh giá chung",
    "words": "Nội dung báo cáo",
    "marks": "Đánh dấu nhiệm vụ",
    "declared": "Số kê khai",
    "estimates": "Ước thực hiện",
    "proposals": "Đề xuất, kiến nghị",
    "obstacles": "Khó khăn, vướng mắc",
    "keep": "Tệp giữ lại",
}


class WrongForm(Exception):
    """The form does not make a report; ``problems`` say in Vietnamese what to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Filled:
    """The form's fields as text: words, marks and the documents of marks by task, declared figures and estimates by
    indicator, one proposal a line, and the other periods that it is a report for too."""

    outcome: str = "activity"
    document: str = ""
    summary: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    mark_documents: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    estimates: Mapping[str, str] = field(default_factory=dict)
    proposals: str = ""
    obstacle: str = ""
    obstacle_task: str = ""
    keep: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def filled_of(report: FullReportView | None) -> Filled:
    """The form with what the newest version says, to be sent again."""
    if report is None:
        return Filled()
    return Filled(
        outcome=report.outcome,
        document=report.document or "",
        summary=report.summary or "",
        words=report.words,
        marks={code: mark.outcome for code, mark in report.marks.items()},
        mark_documents={code: mark.document or "" for code, mark in report.marks.items()},
        declared={code: number(value) for code, value in report.declared.items()},
        estimates={code: number(value) for code, value in report.estimates.items()},
        proposals="\n".join(report.proposals),
        keep=tuple(file.digest for file in report.attachments),
    )


def read_form(pairs: Iterable[tuple[str, str]]) -> Filled:
    """What was typed, from the form's fields as they were sent."""
    plain: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {name: {} for name in _GROUPS}
    chosen: dict[str, list[str]] = {"keep": [], "also": []}
    for name, text in ((as_text(name), as_text(text)) for name, text in pairs):
        group, colon, code = name.partition(":")
        if colon and group in groups:
            groups[group][code] = text
        elif name in chosen:
            chosen[name].append(text)
        else:
            plain[name] = text
    return Filled(
        outcome=plain.get("outcome", ""),
        document=plain.get("document", ""),
        summary=plain.get("summary", ""),
        words=groups["words"],
        marks=groups["mark"],
        mark_documents=groups["mark_document"],
        declared=groups["declared"],
        estimates=groups["estimate"],
        proposals=plain.get("proposals", ""),
        obstacle=plain.get("obstacle", ""),
        obstacle_task=plain.get("obstacle_task", ""),
        keep=tuple(chosen["keep"]),
        also=tuple(chosen["also"]),
    )


def as_text(sent: str) -> str:
    """With the line ends of ours, and question marks for what is no sign of any script."""
    return sent.replace("\r\n", "\n").encode("utf-8", "replace").decode()


def submission_of(
    filled: Filled, period: str, others: Collection[str] = (), titles: Mapping[str, str] = _UNTITLED
) -> SubmissionBody:
    """What the form hands in for a period, and for those of ``others`` that it names. Fields left empty say nothing;
    ``titles`` are what indicators are called where one is to be mended.

    Raises:
        WrongForm: something can't be taken as it is.
    """
    problems: list[str] = []
    obstacle = {"text": filled.obstacle, "task": filled.obstacle_task or None}
    body: dict[str, Any] = {
        "periods": [period, *(other for other in others if other in filled.also)],
        "outcome": filled.outcome,
        "document": filled.document.strip() or None,
        "summary": filled.summary.strip() or None,
        "words": {code: text for code, text in filled.words.items() if text.strip()},
        "marks": _marks(filled, problems),
        "declared": _numbers("declared", filled.declared, titles, problems),
        "estimates": _numbers("estimates", filled.estimates, titles, problems),
        "proposals": [line for line in filled.proposals.splitlines() if line.strip()],
        "obstacles": [obstacle] if filled.obstacle.strip() else [],
        "keep": list(dict.fromkeys(filled.keep)),
    }
    try:
        submission = SubmissionBody.model_validate(body)
    except ValidationError as error:
        problems += [f"{_named(each['loc'], titles)}: {reason_of(each)}." for each in error.errors()]
    if problems:
        raise WrongForm(problems)
    return submission


def _marks(filled: Filled, problems: list[str]) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for code in dict.fromkeys((*filled.marks, *filled.mark_documents)):
        outcome, document = filled.marks.get(code, ""), filled.mark_documents.get(code, "").strip()
        if outcome:
            found[code] = {"outcome": outcome, "document": document or None}
        elif document:
            problems.append(f"{_named(('marks', code))}: nêu văn bản mà chưa chọn không phát sinh hay được miễn.")
    return found


def _numbers(group: str, typed: Mapping[str, str], titles: Mapping[str, str], problems: list[str]) -> dict[str, int]:
    found = {}
    for code, text in typed.items():
        plain = text.replace("\xa0", " ").strip()
        if _NUMBER.fullmatch(plain):
            found[code] = int(plain.replace(".", "").replace(" ", ""))
        elif plain:
            problems.append(f"{_named((group, code), titles)}: «{plain[:40]}» không phải số nguyên, ví dụ: 1.250.")
    return found


def _named(place: tuple[int | str, ...], titles: Mapping[str, str] = _UNTITLED) -> str:
    name, code = _LABELS.get(str(place[0]), str(place[0])), place[1] if len(place) > 1 else None
    if not isinstance(code, str):
        return name
    return f"{name} «{titles[code]}» ({code.partition('/')[0]})" if code in titles else f"{name} ({code})"
