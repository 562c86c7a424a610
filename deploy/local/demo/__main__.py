"""``python -m deploy.local.demo``: the embedded stack, the plan's first full year played on it, and the check."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer
from rich.console import Console

from catalogue.load import load
from catalogue.model import Plan
from chassis.clock import write_clock_file
from deploy.local.children import ChildDied
from deploy.local.demo import check, show
from deploy.local.demo.chance import OPENING
from deploy.local.demo.invent import invent
from deploy.local.demo.office import Answers, Office
from deploy.local.demo.play import Player, days_of
from deploy.local.demo.progress import shown
from deploy.local.demo.year import Year
from deploy.local.stack import PLAN_FOLDER, Stack
from deploy.local.supervise import Supervisor

OUT = Path("out") / "demo"
_INTERRUPTED = 130
_SHOWN = {
    "consolidator": "cơ quan tổng hợp",
    "leader": "lãnh đạo UBND tỉnh",
    "SNV": "Sở Nội vụ",
    "UBND-181": "UBND huyện Bình Gia",
}
_WIDTH_OF_A_FILE = 140


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 where everything agrees, 1 where something differs or dies, 130 when interrupted before the check."""
    chosen = _arguments(arguments)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    plan = load(PLAN_FOLDER)
    year = invent(plan, chosen.seed, chosen.events)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs are born deaf to SIGINT
        signal.signal(number, signal.default_int_handler)
    code = _INTERRUPTED
    with tempfile.TemporaryDirectory(prefix="hop-luc-clock-") as folder:
        clock_file = Path(folder) / "clock.json"
        write_clock_file(clock_file, anchor=OPENING, speed=0, until=None)
        console.print("Khởi động máy chủ và bốn dịch vụ …")
        try:
            with Stack(clock_file=clock_file) as stack:
                code = 0 if _run(console, stack, plan, year, clock_file, chosen.seconds) else 1
                if not chosen.once:
                    _stay(console, stack)
        except KeyboardInterrupt:
            return code
        except ChildDied as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return code


def _run(console: Console, stack: Stack, plan: Plan, year: Year, clock_file: Path, seconds: float) -> bool:
    """Whether everything agrees."""
    began = time.perf_counter()
    try:
        answers = asyncio.run(_play(console, stack, plan, year, clock_file, seconds))
    except (httpx.TransportError, TimeoutError) as error:
        obituaries = "".join(child.obituary() for child in stack.dead())
        raise ChildDied(f"{type(error).__name__}: {error}\n{obituaries}") from error
    played = time.perf_counter()
    told = check.ask(stack, year)
    show.year(console, plan, told)
    show.documents(console, stack, OUT)
    found = check.compare(stack, plan, year, answers, told)
    show.check(console, found, answers)
    console.print(
        f"Một năm đã chạy trong {played - began:.0f} giây (cả đối chiếu: {time.perf_counter() - began:.0f} giây); đã "
        f"gửi {show.number(answers.said)} sự kiện và {show.number(len(year.changes))} thay đổi đăng ký."
    )
    return not found.differences


async def _play(console: Console, stack: Stack, plan: Plan, year: Year, clock_file: Path, seconds: float) -> Answers:
    idempotent = os.environ.get("KAFKA_BOOTSTRAP") is not None  # the embedded broker is not
    async with (
        httpx.AsyncClient(timeout=60) as http,
        AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap, enable_idempotence=idempotent) as kafka,
    ):
        office = Office(stack, http, kafka)
        async with shown(console, office, days_of(year)) as progress:
            await Player(office, plan, year, clock_file, seconds, progress.day_is_over).play()
        await check.all_folded(office, year)
        return office.answers


def _stay(console: Console, stack: Stack) -> None:
    """Until Ctrl-C, or until a child dies."""
    console.print(f"Trang kỳ báo cáo: {stack.services['reporting']}/periods/2021-Q2")
    console.print("  tên đăng nhập tùy ý; mật khẩu, tùy vai:")
    for who, name in _SHOWN.items():
        console.print(f"  {name:<20} {stack.api_keys[who]}")
    for name, url in stack.services.items():
        console.print(f"  {name:<10} {url}")
    console.print("Ctrl-C để dừng.")
    Supervisor(stack, restart=False, changed=lambda: None).watch()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="exit after the check; non-zero if anything differs")
    parser.add_argument("--seed", type=int, default=177, help="of the invented year (default: 177)")
    parser.add_argument("--events", type=int, default=10_000, help="about how many (default: 10,000)")
    parser.add_argument("--seconds", type=float, default=35.0, help="real time for the year at the least (default: 35)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
