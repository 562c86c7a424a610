"""Whatever happens to a log and its dead letters, nothing is lost and every subject keeps its order."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chassis.deadletters import UNSETTLED, NotReplayed
from chassis.store import Document
from tests.chassis.test_deadletters import Log

steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from((b"a", b"b", None)), st.booleans()),
        st.tuples(st.just("hear"), st.integers(1, 4)),
        st.tuples(st.just("mend"), st.integers(0, 9)),
        st.tuples(st.just("replay"), st.integers(0, 9)),
        st.tuples(st.just("discard"), st.integers(0, 9)),
        st.tuples(st.just("crash")),
    ),
    max_size=40,
)


class Story:
    """What may happen to a log and its letters; every record has a value of its own, in the order of writing."""

    def __init__(self) -> None:
        self.log = Log()
        self.written: dict[bytes, bytes | None] = {}
        self.discarded: set[bytes] = set()

    async def write(self, key: bytes | None, broken: bool) -> None:
        value = b"%03d" % len(self.written)
        self.written[value] = key
        self.log.broken |= {value} if broken else set()
        await self.log.write(value, key)

    async def hear(self, count: int) -> None:
        await self.log.hear(count)

    async def mend(self, number: int) -> None:
        broken = sorted(self.log.broken)
        self.log.broken -= set(broken[number % len(broken) :][:1]) if broken else set()

    async def replay(self, number: int) -> None:
        if letter := await self._open(number):
            with suppress(NotReplayed):
                await self.log.letters.replay(letter)

    async def discard(self, number: int) -> None:
        if letter := await self._open(number):
            self.discarded.add(letter.body["value"])
            await self.log.letters.discard(letter, "không cần", "operator")

    async def crash(self) -> None:
        self.log.heard = max(0, self.log.heard - 2)
        await self.log.letters.load()

    async def end(self) -> None:
        while self.log.heard < len(self.log.records):
            await self.log.hear(1)

    async def waiting(self) -> set[bytes]:
        return {value for value, state in await self.log.states() if state in UNSETTLED}

    async def _open(self, number: int) -> Document | None:
        found = await self.log.letters.list({"state": "open"})
        return found[number % len(found)] if found else None


@given(steps=steps)
async def test_whatever_happens_each_record_is_told_or_listed_and_a_subject_keeps_its_order(steps: Any) -> None:
    story = Story()
    for name, *how in steps:
        await getattr(story, name)(*how)
    await story.end()
    told, waiting = story.log.told, await story.waiting()
    assert set(story.written) == {*told, *waiting, *story.discarded}
    for key in (b"a", b"b"):
        mine = [value for value in told if story.written[value] == key and value not in story.discarded]
        assert mine == sorted(mine)
        first = min((value for value in waiting if story.written[value] == key), default=None)
        assert first is None or max(mine, default=b"") < first
