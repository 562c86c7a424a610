"""Shows how far the year is: a bar on a terminal, a line a month elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.local.demo.office import Office

_EVERY = 1.0


class Shown:
    """What is shown of a run."""

    def __init__(self, console: Console, office: Office, bar: Progress, days: int) -> None:
        self._console = console
        self._office = office
        self._bar = bar
        self._task = bar.add_task("Năm 2021", total=days, told="")
        self._folded = self._put_aside = self._reminders = 0

    def day_is_over(self, day: date) -> None:
        answers = self._office.answers
        words = (
            f"{day:%d/%m/%Y}  gửi {answers.said}, cộng dồn {self._folded}, báo cáo {answers.reports}, "
            f"nhắc {self._reminders}, để riêng {self._put_aside + answers.receipts['refused']}"
        )
        self._bar.update(self._task, advance=1, told=words)
        if not self._console.is_terminal and day.day == 1:
            self._console.print(f"  {words}", highlight=False)

    async def watch(self) -> None:
        """Ask the services how far they are, until cancelled."""
        while True:
            ledger = (await self._office.read("reporting", "/v1/ledger")).json()
            counts = (await self._office.read("notify", "/v1/notifications?limit=1")).json()["counts"]
            self._folded, self._put_aside = ledger["events"], ledger["dead_letters"]
            self._reminders = sum(states["sent"] for states in counts.values())
            await asyncio.sleep(_EVERY)


@asynccontextmanager
async def shown(console: Console, office: Office, days: int) -> AsyncIterator[Shown]:
    """Progress while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        progress = Shown(console, office, bar, days)
        watching = asyncio.create_task(progress.watch())
        try:
            yield progress
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
