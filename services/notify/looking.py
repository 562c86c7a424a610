"""What notify does on the clock: look which reminders are due, record them, mail them, mark them.

Two writes make a reminder: one plans it, before the letter is handed to the mail server; one marks it sent, together
with the event. A crash between them hands the letter over a second time, with the same Message-ID.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from chassis import logs, tracing
from chassis.health import Pulse
from chassis.metrics import MISSING_REPORTS, REMINDERS_PLANNED, REMINDERS_SENT, REMINDERS_WAITING
from chassis.store import StoreUnavailable
from services.notify.book import Book
from services.notify.decide import due, missing, report_duty, rounds_of, settled, taken
from services.notify.deps import Deps
from services.notify.handlers import ReportListener
from services.notify.letters import letter, restatement
from services.notify.messages import reminders_sent
from services.notify.model import Reminder, Round, report_id
from services.notify.store import Kept

_log = logging.getLogger(__name__)
_NO_ADDRESS = "chưa có địa chỉ thư của cơ quan"
_AFTER_FAILURE = 1.0  # seconds of real time: a store that is down does not come back faster on a scaled clock


class Looking:
    """The loop that looks."""

    def __init__(self, deps: Deps, listener: ReportListener, every: timedelta) -> None:
        """`every` is the clock's time from one look to the next; a look comes at least every second of real time."""
        self._deps = deps
        self._listener = listener
        self._every = every
        self._book = Book(deps.store)
        self._unmarked: deque[tuple[Kept, Round]] = deque()
        self._turn = asyncio.Lock()
        self._missed: set[str] = set()
        self.pulse = Pulse()
        """Beats with every look and every letter, and while it is not known yet which reports are in."""
        self.looked_until: datetime | None = None
        """The clock's time at the last look that was finished."""

    async def load(self) -> None:
        """Read what earlier runs have recorded."""
        await self._book.load()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                if self._listener.caught_up.is_set():
                    await self.look()
                self.pulse.beat()
            except StoreUnavailable as error:
                _log.warning("a look was broken off, it will be repeated: %s", error)
                await asyncio.sleep(_AFTER_FAILURE)
            await self._deps.clock.sleep(self._every)

    async def stop(self) -> None:
        """Let a look that has begun come to its end, and begin no other."""
        await self._turn.acquire()

    async def look(self) -> None:
        """One look: plan what is due now; send what is planned and nobody is sending.

        Raises:
            StoreUnavailable: some of it is done; looking again does the rest.
        """
        async with self._turn:
            with logs.about(event="", trace=logs.new_traceparent()):
                await self._look()

    async def _look(self) -> None:
        """What a look does, in a trace of its own."""
        now = self._deps.clock.now()
        self._measure(now)
        await self._mark()
        mine = await self._plan(now) + await self._take(now)
        if mine:
            with tracing.doing("remind"):
                await self._send(mine)
        self._count_waiting()
        self.looked_until = now

    def _measure(self, now: datetime) -> None:
        deps = self._deps
        found = missing(deps.plan, self._listener.reports, now, deps.rules)
        for period in self._missed - found.keys():
            deps.metrics.forget(MISSING_REPORTS, period=period)
        for period, number in found.items():
            deps.metrics.set(MISSING_REPORTS, number, period=period)
        self._missed = set(found)

    def _count_waiting(self) -> None:
        for stage, number in self._book.planned.items():
            self._deps.metrics.set(REMINDERS_WAITING, number, stage=stage)

    async def _plan(self, now: datetime) -> list[Kept]:
        deps = self._deps
        heard = self._listener
        reminders = due(deps.plan, heard.reports, self._book.reminded, now, deps.rules, heard.notes)
        rounds = rounds_of(reminders, deps.contacts, now, deps.rules)
        mine = [put for round in rounds if (put := await self._book.put(round, 0))]
        for held in mine:
            deps.metrics.count(REMINDERS_PLANNED, len(held.round.reminders), stage=held.round.stage)
        return mine

    async def _take(self, now: datetime) -> list[Kept]:
        deps = self._deps
        mine: list[Kept] = []
        for waiting in self._book.waiting(now):
            heard = self._listener
            round = taken(waiting.round, deps.plan, heard.reports, now, deps.rules, heard.notes)
            put = await self._book.put(round, waiting.version)
            if put and put.round.open:
                mine.append(put)
        return mine

    async def _send(self, mine: Sequence[Kept]) -> None:
        """All over one connection. What the mail server took is marked even if the store is away for a while."""
        now = self._deps.clock.now()
        planned = [reminder for held in mine for reminder in held.round.reminders if reminder.state == "planned"]
        problems = await self._hand_over(planned, now)
        self._unmarked.extend((held, settled(held.round, problems, now, self._deps.rules)) for held in mine)
        for reminder in planned:
            state = "failed" if problems[reminder.id] else "sent"
            self._deps.metrics.count(REMINDERS_SENT, stage=reminder.stage, state=state)
        await self._mark()

    async def _hand_over(self, reminders: Sequence[Reminder], now: datetime) -> Mapping[str, str]:
        """Why each reminder was not accepted, by its id; empty if it was."""
        addressed = [reminder for reminder in reminders if reminder.to]
        answers = await self._deps.post.send(
            [self._letter(reminder, now) for reminder in addressed], went=self.pulse.beat
        )
        accepted = {reminder.id: answer for reminder, answer in zip(addressed, answers, strict=True)}
        return {reminder.id: accepted.get(reminder.id, _NO_ADDRESS) for reminder in reminders}

    def _letter(self, reminder: Reminder, now: datetime) -> EmailMessage:
        deps = self._deps
        if reminder.stage == "restated":
            figures = self._listener.notes[reminder.period, reminder.version]
            return restatement(reminder, list(figures.values()), deps.plan, deps.head, now)
        duty = report_duty(deps.plan, reminder.agency, reminder.period)
        assert duty is not None, f"{reminder.id} is planned, so it is of a duty"
        said = self._listener.reports.get(report_id(reminder.agency, reminder.period))
        return letter(reminder, duty, deps.plan, deps.head, now, said.returned if said else None)

    async def _mark(self) -> None:
        """Write what became of the rounds that were sent, with the events."""
        while self._unmarked:
            held, round = self._unmarked[0]
            messages = reminders_sent(held.round, round, self._deps.plan, logs.traceparent.get())
            await self._book.put(round, held.version, messages)
            self._unmarked.popleft()
            self._deps.relay.wake()
