"""Doing to the world what the schedule says, and undoing it."""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import uuid4

from aiokafka.errors import KafkaError

from chassis.store import StoreUnavailable
from chassis.store_mongo import MongoStore
from contracts.topics import SUPPORT
from deploy.local import programs
from tests.failure.proxy import ALL
from tests.failure.schedule import Fault
from tests.failure.world import NODES, World

_READY_WITHIN = 90.0
_DELAY = 0.25
_SCRIBBLE, _MOST_SCRIBBLES = 200_000, 300
_POLL = 0.1


class Faults:
    """Faults of different parts overlap; one part has one at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.done: list[Fault] = []
        self.full = 0
        """How often the store refused to write because its disk was full."""
        self.impossible: list[str] = []
        self._begun = time.monotonic()

    async def do(self, fault: Fault) -> None:
        """Do it and undo it; returns when the part works again, or has had long enough."""
        node = fault.whom in ("leader", "follower")
        link = fault.what in ("cut", "delay", "half-open")
        async with self._turns["node" if node else f"{fault.whom}'s link" if link else fault.whom]:
            match fault.what:
                case "skew":
                    await self._skew(fault)
                case "fill":
                    await self._fill(fault)
                case "restart":
                    await self._restart(fault)
                case "kill" | "stop" if node:
                    await self._node(fault)
                case "kill":
                    await self._kill(fault)
                case "stop":
                    await self._stop(fault)
                case _:
                    await self._link(fault)
        print(f"  {time.monotonic() - self._begun:4.0f} s: done {fault}", flush=True)
        self.done.append(fault)

    async def _kill(self, fault: Fault) -> None:
        self._world.stack.kill(fault.whom)
        await asyncio.sleep(fault.seconds)
        self._world.stack.restart(fault.whom, wait=False)
        await self._ready(fault.whom)

    async def _stop(self, fault: Fault) -> None:
        with self._frozen(fault.whom):
            await asyncio.sleep(fault.seconds)

    async def _restart(self, fault: Fault) -> None:
        code = await asyncio.to_thread(self._world.stack.end, fault.whom)
        self._world.endings[f"{fault.whom}, asked to end: exit code {code}"] += 1
        self._world.stack.restart(fault.whom, wait=False)
        await self._ready(fault.whom)

    async def _skew(self, fault: Fault) -> None:
        self._world.clocks.skew(fault.whom, timedelta(minutes=fault.minutes))
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            self._world.clocks.skew(fault.whom, timedelta())

    async def _link(self, fault: Fault) -> None:
        server, _, process = fault.whom.partition(" of ")
        links, whose = self._world.links_to(server), process or ALL
        for link in links:
            match fault.what:
                case "cut":
                    link.cut(whose)
                case "delay":
                    link.delay(_DELAY, whose)
                case _:
                    link.half_open(whose)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            for link in links:
                link.mend(whose)

    async def _fill(self, fault: Fault) -> None:
        disk = self._world.disk
        if not disk.limited:
            self.impossible.append("fill store: no file system of its own can be made here")
            return
        disk.fill()
        try:
            await self._scribble()
            await asyncio.sleep(fault.seconds)
        finally:
            disk.free()
        await self._kill(fault)  # the embedded store does not end by itself when it cannot write its journal

    async def _scribble(self) -> None:
        """Keep something else in the store until it has no place left: its journal is a few megabytes ahead."""
        store = MongoStore.open(programs.mongodb_uri(self._world.stack.port_of("store")), "scribbles")
        try:
            for _ in range(_MOST_SCRIBBLES):
                await store.put("scribbles", uuid4().hex, {"text": os.urandom(_SCRIBBLE // 2).hex()}, expected=0)
        except StoreUnavailable:
            self.full += 1
        finally:
            await store.close()

    async def _node(self, fault: Fault) -> None:
        cluster = self._world.cluster
        assert cluster is not None
        leader = await self._asked(lambda: cluster.leader(SUPPORT.name, 0), lambda number: number > 0)
        number = leader if fault.whom == "leader" else leader % NODES + 1
        if fault.what == "kill":
            cluster.kill(number)
            await asyncio.sleep(fault.seconds)
            cluster.restart(number)
        else:
            cluster.freeze(number)
            try:
                await asyncio.sleep(fault.seconds)
            finally:
                cluster.freeze(number, thaw=True)
        # One node at a time: the next fault may take another only when all copies are whole again.
        await self._asked(lambda: cluster.in_sync(SUPPORT.name, 0), lambda copies: copies == NODES)

    async def _asked(self, question: Callable[[], Awaitable[int]], good: Callable[[int], bool]) -> int:
        """The cluster's first good answer; its connections may be failing too."""
        async with asyncio.timeout(_READY_WITHIN):
            while True:
                with suppress(KafkaError, OSError):
                    if good(answer := await question()):
                        return answer
                await asyncio.sleep(_POLL)

    @contextmanager
    def _frozen(self, name: str) -> Iterator[None]:
        """What dies while it is frozen is another process afterwards, and not frozen."""
        pid = self._world.stack.pids[name]
        self._world.stack.freeze(name)
        try:
            yield
        finally:
            if self._world.stack.pids[name] == pid and self._world.stack.exit_code(name) is None:
                self._world.stack.freeze(name, thaw=True)

    async def _ready(self, name: str) -> None:
        """Other parts may be failing too, so after a while the run goes on all the same."""
        try:
            async with asyncio.timeout(_READY_WITHIN):
                while not await asyncio.to_thread(self._world.stack.is_ready, name):
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            print(f"  {name} is not ready after {_READY_WITHIN:.0f} s", flush=True)
