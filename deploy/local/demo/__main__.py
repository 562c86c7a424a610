"""``python -m deploy.local.demo``: the embedded stack, the plan's first full year played on it, and the check."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from catalogue.load import load
from catalogue.model import Plan
from chassis.clock import write_clock_file
from deploy.local.demo import check, show
from deploy.local.demo.chance import OPENING
from deploy.local.demo.invent import invent
from deploy.local.demo.play import Played, Player
from deploy.local.demo.year import Year
from deploy.local.stack import PLAN_FOLDER, Stack

OUT = Path("out") / "demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 where every figure agrees, 1 where one differs."""
    chosen = _arguments(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140)
    plan = load(PLAN_FOLDER)
    year = invent(plan, chosen.seed, chosen.events)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="hop-luc-clock-") as folder:
        clock_file = Path(folder) / "clock.json"
        write_clock_file(clock_file, anchor=OPENING, speed=0, until=None)
        console.print("Khởi động máy chủ và bốn dịch vụ …")
        try:
            with Stack(clock_file=clock_file) as stack:
                found = _run(console, stack, plan, year, clock_file, chosen.seconds)
                if not chosen.once:
                    _stay(console, stack)
        except KeyboardInterrupt:
            return 0
    return 1 if found.differences else 0


def _run(console: Console, stack: Stack, plan: Plan, year: Year, clock_file: Path, seconds: float) -> check.Found:
    began = time.perf_counter()
    played = asyncio.run(_play(console, stack, plan, year, clock_file, seconds))
    told = check.ask(stack)
    show.year(console, plan, told)
    show.documents(console, stack, OUT)
    found = check.compare(stack, plan, year, played, told)
    show.check(console, found)
    console.print(f"Một năm đã chạy trong {time.perf_counter() - began:.0f} giây; đã gửi {played.said} sự kiện.")
    return found


async def _play(console: Console, stack: Stack, plan: Plan, year: Year, clock_file: Path, seconds: float) -> Played:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Năm 2021", total=None, told="")

        def told(played: Played) -> None:
            words = f"{played.day:%d/%m/%Y}  {played.said} sự kiện, {played.reports} báo cáo"
            progress.update(bar, total=player.days, advance=1, told=words)
            if not console.is_terminal and played.day.day == 1:
                console.print(f"  {words}, biên nhận {dict(played.receipts)}")

        player = Player(stack, plan, year, clock_file, seconds, told)
        played = await player.play()
    await check.all_folded(stack, year, played)
    return played


def _stay(console: Console, stack: Stack) -> None:
    console.print(f"Trang kỳ báo cáo: {stack.services['reporting']}/periods/2021-Q2")
    for name, url in stack.services.items():
        console.print(f"  {name:<10} {url}")
    console.print("Ctrl-C để dừng.")
    signal.pause()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="exit after the check; non-zero if anything differs")
    parser.add_argument("--seed", type=int, default=177, help="of the invented year (default: 177)")
    parser.add_argument("--events", type=int, default=10_000, help="about how many (default: 10,000)")
    parser.add_argument("--seconds", type=float, default=45.0, help="real time for the year at the least (default: 45)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
