"""Notify without servers: a small province, a store in memory, a post office that remembers, a clock that is set."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import msgspec

from catalogue.model import Plan
from chassis.broker import Place, Record, Span
from chassis.clock import ManualClock
from chassis.deadletters import DeadLetters
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Message, Store
from chassis.store_memory import MemoryStore
from contracts.envelope import attributes_of, new, read
from contracts.kinds import KINDS
from contracts.kinds.reporting import FigureRestated, ReportReturned, ReportSubmitted
from contracts.topics import REPORTING
from services.notify import store as kept
from services.notify.deps import Deps
from services.notify.fold import heard_of
from services.notify.handlers import ReportListener
from services.notify.letters import Letterhead
from services.notify.looking import Looking
from services.notify.model import Reminder, Rules

AGENCIES = ("SKHDT", "SNV", "UBND-178")
HEAD = Letterhead(
    sender="Hợp Lực <hop-luc@hop-luc.example>",
    domain="hop-luc.example",
    submit_url="https://hop-luc.example/periods/{period}",
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """A local time of 2021 as an instant: ``06-17 08:00``."""
    return datetime.fromisoformat(f"2021-{text.replace(' ', 'T')}+07:00")


def small(plan: Plan) -> Plan:
    """The plan with three agencies that owe reports, and the receiver of the consolidated ones."""
    chosen = tuple(agency for agency in plan.agencies if agency.code in (*AGENCIES, plan.regime.receiver))
    return replace(plan, roster=replace(plan.roster, agencies=chosen))


@dataclass
class FakePost:
    """Accepts every letter, unless it is closed or refuses the address."""

    delivered: list[EmailMessage] = field(default_factory=list)
    closed: bool = False
    refuses: set[str] = field(default_factory=set)
    connections: int = 0

    async def send(self, letters: Sequence[EmailMessage], *, went: Callable[[], None]) -> list[str]:
        if not letters:
            return []
        self.connections += 1
        answers = []
        for letter in letters:
            refused = self.closed or letter["To"] in self.refuses
            if not refused:
                self.delivered.append(letter)
            answers.append("máy chủ thư từ chối" if refused else "")
            went()
        return answers

    @property
    def received(self) -> set[str]:
        """Message-IDs that arrived: a receiving server keeps one of each."""
        return {letter["Message-ID"] for letter in self.delivered}


class Office:
    """One copy of notify after another over the same store; `start` makes the first."""

    deps: Deps
    listener: ReportListener
    looking: Looking

    def __init__(self, plan: Plan, now: datetime, *, store: Store | None = None, rules: Rules | None = None) -> None:
        self.plan = plan
        self.store = store or MemoryStore()
        self.clock = ManualClock(now)
        self.post = FakePost()
        self.rules = rules or Rules()
        self.contacts = {code: f"{code.lower()}@hop-luc.example" for code in AGENCIES}
        self.log: list[Record] = []
        self.metrics = Metrics("notify")

    async def start(self) -> Looking:
        """A new copy, which has heard everything in the log and looked at nothing."""
        deps = Deps(
            plan=self.plan,
            rules=self.rules,
            head=HEAD,
            contacts=self.contacts,
            clock=self.clock,
            store=self.store,
            relay=Relay(self.store, kept.OUTBOXES, _nowhere, self.metrics),
            post=self.post,
            dead_letters=DeadLetters(
                self.store,
                self.metrics,
                self.clock,
                judge=lambda record: heard_of(read(record.value)),
                publish=_not_again,
            ),
            metrics=self.metrics,
        )
        listener = ReportListener(deps)
        await listener.load()
        await listener.assigned(self.spans())
        if self.log:
            await listener.hear(self.log)
        looking = Looking(deps, listener, HOUR)
        await looking.load()
        self.deps, self.listener, self.looking = deps, listener, looking
        return looking

    def spans(self) -> dict[Place, Span]:
        """The log of reporting's topic: everything lies in the first partition."""
        empty = {Place(REPORTING.name, number): Span(0, 0) for number in range(1, REPORTING.partitions)}
        return {Place(REPORTING.name, 0): Span(0, len(self.log)), **empty}

    async def look(self, when: datetime | None = None) -> None:
        if when:
            self.clock.set(when)
        await self.looking.look()

    async def submit(self, agency: str, period: str, *, version: int = 1) -> None:
        """Reporting says that a report is in."""
        record = submitted(agency, period, self.clock.now(), version=version, offset=len(self.log))
        self.log.append(record)
        await self.listener.hear([record])

    async def send_back(self, agency: str, period: str, *, version: int = 1) -> None:
        """Reporting says that a report was returned."""
        record = returned(agency, period, self.clock.now(), version=version, offset=len(self.log))
        self.log.append(record)
        await self.listener.hear([record])

    async def restate(
        self, indicator: str, after: int, *, sequence: int = 1, figures: int = 1, before: int = 40
    ) -> None:
        """Reporting says that a signed figure of the second quarter, which was 40, is another."""
        record = restated(indicator, after, self.clock.now(), sequence=sequence, figures=figures, before=before)
        self.log.append(replace(record, offset=len(self.log)))
        await self.listener.hear([self.log[-1]])

    async def reminders(self) -> dict[str, Reminder]:
        """All reminders that are recorded, by id."""
        rounds = [held.round for held in await kept.rounds(self.store)]
        return {reminder.id: reminder for round in rounds for reminder in round.reminders}

    async def states(self) -> Counter[tuple[str, str]]:
        """How many reminders there are of each stage and state."""
        return Counter((reminder.stage, reminder.state) for reminder in (await self.reminders()).values())

    async def events(self) -> list[dict[str, object]]:
        """Everything notify has said."""
        return [
            attributes_of(message.value)
            for each in await self.store.unsent(kept.ROUNDS, 1_000)
            for message in each.messages
        ]


def submitted(agency: str, period: str, now: datetime, *, version: int = 1, offset: int = 0) -> Record:
    """A report.submitted as it lies in the log."""
    data = ReportSubmitted(agency=agency, period=period, version=version, outcome="nil", submitted_at=now)
    value = new(
        id=f"{agency}/{period}/{version}",
        source="/services/reporting",
        subject=f"{agency}/{period}",
        time=now,
        agency=agency,
        data=data,
        kind=KINDS["report.submitted"],
        revision=version,
    )
    return record(value, offset)


def returned(agency: str, period: str, now: datetime, *, version: int = 1, offset: int = 0) -> Record:
    """A report.returned as it lies in the log."""
    data = ReportReturned(
        agency=agency, period=period, version=version, by="SKHDT", returned_at=now, remarks="Nêu rõ số lớp bồi dưỡng."
    )
    value = new(
        id=f"{agency}/{period}/{version}/returned",
        source="/services/reporting",
        subject=f"{agency}/{period}",
        time=now,
        agency="SKHDT",
        data=data,
        kind=KINDS["report.returned"],
        revision=version,
    )
    return record(value, offset)


def restated(
    indicator: str, after: int, now: datetime, *, sequence: int = 1, figures: int = 1, before: int = 40
) -> Record:
    """A figure.restated as it lies in the log."""
    data = FigureRestated(
        period="2021-Q2",
        indicator=indicator,
        sequence=sequence,
        signed=40,
        before=before,
        after=after,
        events=2,
        agencies=("SNV",),
        restated_at=now,
        reason="Nhập thiếu 01 lớp.",
        figures=figures,
        document="5/BC-SKHĐT",
    )
    value = new(
        id=f"2021-Q2/{indicator}/{sequence}",
        source="/services/reporting",
        subject=f"2021-Q2/{indicator}",
        time=now,
        agency="SKHDT",
        data=data,
        kind=KINDS["figure.restated"],
        revision=sequence,
    )
    return record(value)


def retracted(agency: str, period: str, now: datetime, *, version: int, offset: int = 0) -> Record:
    """A report that is taken back."""
    attributes = attributes_of(submitted(agency, period, now, version=version).value)
    attributes |= {"type": "report.submitted.retracted", "data": {"reason": "nộp nhầm"}}
    return record(msgspec.json.encode(attributes), offset)


def record(value: bytes, offset: int = 0) -> Record:
    return Record(REPORTING.name, 0, offset, b"", value)


async def _not_again(records: Sequence[Record]) -> None:
    raise AssertionError("nothing is replayed here")


async def _nowhere(messages: Sequence[Message]) -> None:
    raise AssertionError(f"nobody relays here: {messages}")
