"""Compares what the system tells with what was computed independently. Finds differences; prints nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.model import Plan
from deploy.local.demo import independent, reminders
from deploy.local.demo.office import Answers, Office
from deploy.local.demo.reading import read
from deploy.local.demo.restated import news
from deploy.local.demo.waiting import until
from deploy.local.demo.year import Year
from deploy.local.stack import Stack


@dataclass
class Found:
    """What the check saw: counts for people, and every difference in words."""

    compared: int = 0
    equal: int = 0
    numbers: dict[str, int | float] = field(default_factory=dict)
    letters: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def same(self, what: str, told: object, computed: object) -> None:
        """Compare one thing."""
        self.compared += 1
        if told == computed:
            self.equal += 1
        else:
            self.differences.append(f"{what}: hệ thống {told!r}, tính độc lập {computed!r}")

    def all_same(self, what: str, told: Mapping[Any, object], computed: Mapping[Any, object]) -> None:
        """Compare under every key, a tuple of words, that either has: what is left out differs like what is wrong."""
        for key in dict.fromkeys((*computed, *told)):
            self.same(" ".join((what, *key)), told.get(key), computed.get(key))


@dataclass(frozen=True)
class Told:
    """What the system tells of every period, after everything is folded."""

    summaries: Mapping[tuple[str, str], Any]
    registers: Mapping[str, Any]
    ledger: Mapping[str, Any]
    disputed: Mapping[tuple[str, str, int], Any] = field(default_factory=dict)
    """Reports that were in dispute, by period, agency and version."""
    discrepancies: Mapping[str, Any] = field(default_factory=dict)
    obstacles: Sequence[Any] = ()
    frozen: Mapping[str, Any] = field(default_factory=dict)


def ask(stack: Stack, year: Year) -> Told:
    """All summaries, registers, consolidations and discrepancies, obstacles, disputed reports, and the ledger."""

    def told(path: str) -> Any:
        return read(stack, "reporting", path).json()

    return Told(
        summaries={
            (period, calendar): told(f"/v1/periods/{period}/summary?calendar={calendar}")
            for period in independent.PERIODS
            for calendar in independent.CALENDARS
        },
        registers={period: told(f"/v1/periods/{period}/register") for period in independent.PERIODS},
        ledger=told("/v1/ledger"),
        disputed={
            (one.period, one.report.agency, version): told(
                f"/v1/reports/{one.report.agency}/{one.period}?version={version}"
            )
            for one in year.disputes
            for version in (1, 2)
        },
        discrepancies={one.period: told(f"/v1/periods/{one.period}/discrepancies") for one in year.disputes},
        obstacles=list(_obstacles(stack)),
        frozen={period: told(f"/v1/periods/{period}/consolidation") for period in independent.PERIODS},
    )


def _obstacles(stack: Stack) -> Iterator[Any]:
    """All of them, page by page."""
    after: str | None = ""
    while after is not None:
        page = read(stack, "reporting", f"/v1/obstacles?limit=100{after}").json()
        yield from page["obstacles"]
        after = f"&after={page['next']}" if page["next"] else None


async def all_folded(office: Office, year: Year) -> None:
    """Wait until reporting has folded what was accepted, and put the garbage aside.

    Raises:
        TimeoutError: it does not come to that.
    """
    receipts = office.answers.receipts
    wanted = receipts["accepted"] + receipts["held"] + len(year.changes)

    async def folded() -> bool:
        ledger = (await office.read("reporting", "/v1/ledger")).json()
        return ledger["events"] >= wanted and ledger["dead_letters"] >= len(year.garbage) and not ledger["lag"]

    await until(folded, f"{wanted} events folded")


def compare(stack: Stack, plan: Plan, year: Year, answers: Answers, told: Told) -> Found:
    """Figures, registers, receipts, ledger, dead letters and reminders."""
    found = Found(differences=list(answers.surprises))
    figures(found, plan, year, told)
    registers(found, plan, year, told)
    disputes(found, year, answers, told)
    obstacles(found, year, told)
    _counts(found, stack, year, answers, told)
    _reminders(found, stack, plan, year)
    return found


def figures(found: Found, plan: Plan, year: Year, told: Told) -> None:
    """Every indicator of every task, in six periods and both calendars."""
    values = {
        (*window, figure["code"]): figure["value"]
        for window, summary in told.summaries.items()
        for task in summary["tasks"]
        for figure in task["indicators"]
    }
    found.all_same("số liệu", values, independent.figures(plan, independent.facts(plan, year)))
    found.numbers["figures"] = found.compared
    found.numbers["figures_equal"] = found.equal


def registers(found: Found, plan: Plan, year: Year, told: Told) -> None:
    """Every duty to report: how it was met, and whether in time."""
    stands = {
        (period, duty["agency"]): independent.Stand(duty["state"], duty["on_time"])
        for period, register in told.registers.items()
        for duty in register["duties"]
    }
    found.all_same("sổ báo cáo", stands, independent.registers(plan, year.reports))


def disputes(found: Found, year: Year, answers: Answers, told: Told) -> None:
    """What was declared otherwise than events make: told, returned, declared anew, accepted, settled."""
    seen, stand = {}, {}
    for one in year.disputes:
        key, declared = (one.period, one.report.agency), dict(one.report.declared)
        seen[*key, one.indicator] = declared[one.indicator], one.counted
        stand[*key, 1] = "returned", declared
        stand[*key, 2] = "accepted", {one.indicator: one.counted}
    found.all_same("kê khai khác sự kiện", answers.discrepancies, seen)
    found.all_same(
        "báo cáo trả lại, nộp lại",
        {(*key[:2], str(key[2])): (one["state"], one["declared"]) for key, one in told.disputed.items()},
        {(*key[:2], str(key[2])): one for key, one in stand.items()},
    )
    for one in year.disputes:
        for where in (told.discrepancies[one.period], told.frozen[one.period]):
            left = [each for each in where["discrepancies"] if each["agency"] == one.report.agency]
            found.same(f"chênh lệch còn lại {one.period} {one.report.agency}", left, [])
    found.numbers["disputes"] = len(seen)


def obstacles(found: Found, year: Year, told: Told) -> None:
    """How many obstacles stand how, what became of those that people raised, and what each consolidated report says."""
    stands = Counter(one["state"] for one in told.obstacles)
    found.all_same(
        "vướng mắc",
        {(state,): count for state, count in stands.items()},
        {(state,): count for state, count in independent.obstacles(year).items()},
    )
    story = {one.text: one for one in year.difficulties}
    ways = {one["text"]: _way(one) for one in told.obstacles if one["text"] in story}
    found.all_same(
        "vướng mắc",
        {(text,): way for text, way in ways.items()},
        {(text,): independent.way(one) for text, one in story.items()},
    )
    listed = {
        (period, one["text"]): one["state"]
        for period, frozen in told.frozen.items()
        for one in frozen["obstacles"]
        if one["text"] in story
    }
    found.all_same("vướng mắc trong báo cáo tổng hợp", listed, independent.consolidated(year))
    found.numbers |= {"obstacles": len(told.obstacles), "obstacles_open": len(told.obstacles) - stands["closed"]}


def _way(one: Mapping[str, Any]) -> tuple[object, ...]:
    """As `independent.way` has it."""
    names = ("agency", "forwarded_document", "answer_document", "answer", "solution")
    return (*(one[name] for name in names), one["state"])


def _counts(found: Found, stack: Stack, year: Year, answers: Answers, told: Told) -> None:
    sound = {(s.agency, s.event["source"], s.event["id"]) for s in year.sayings if s.sound}
    refused = sum(not saying.sound for saying in year.sayings)
    taken = answers.receipts["accepted"] + answers.receipts["held"]
    found.same("biên nhận chấp nhận, giữ lại", taken, len(sound))
    found.same("biên nhận từ chối", answers.receipts["refused"], refused)
    found.same("biên nhận trùng", answers.receipts["duplicate"], len(year.sayings) - refused - len(sound))
    found.same("sự kiện trong sổ cái", told.ledger["events"], len(sound) + len(year.changes))
    found.same("thư chết", told.ledger["dead_letters"], len(year.garbage))
    letters = read(stack, "reporting", "/v1/dead-letters?limit=200", key="operator").json()["dead_letters"]
    found.letters = Counter(letter["reason"] for letter in letters)
    measured = read(stack, "reporting", "/metrics").text
    seconds = _metric(measured, "hopluc_fold_seconds_sum")
    records = _metric(measured, "hopluc_fold_batch_events_sum")
    found.numbers |= {
        "folded": told.ledger["events"],
        "records": int(records),
        "duplicates": answers.receipts["duplicate"] + told.ledger["duplicates"],
        "superseded": told.ledger["superseded"],
        "garbage": refused + told.ledger["dead_letters"],
        "per_second": records / seconds if seconds else 0.0,
    }


def _reminders(found: Found, stack: Stack, plan: Plan, year: Year) -> None:
    listed: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = read(stack, "notify", f"/v1/notifications?limit=1000&after={after}").json()
        listed, after = listed + page["notifications"], page["next"]
    of_notes = {one["id"] for one in listed if one["stage"] == "restated"}
    sent = {one["id"] for one in listed if one["state"] == "sent"} - of_notes
    expected = reminders.expected(plan, year.reports, year.disputes)
    found.same("nhắc thừa", sorted(sent - expected), [])
    found.same("nhắc thiếu", sorted(expected - sent), [])
    letters = [one for one in stack.inbox.letters() if ".restated-" not in one["Message-ID"]]
    found.same("thư nhắc trong hộp thư", len(letters), len(sent))
    found.same("thư nhắc đến lần thứ hai", stack.inbox.dropped(), [])
    found.same("thư điều chỉnh không có phiếu", sorted(of_notes - news(stack)), [])
    found.numbers["reminders"] = len(sent)


def _metric(text: str, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith((name + " ", name + "{")))
