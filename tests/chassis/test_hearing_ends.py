"""Where a log seems to end: one that was cut or made anew is not heard, one that only grew meanwhile is."""

from collections.abc import Collection, Mapping

from chassis.fetched import Batch, LogWentBack
from chassis.listening import Place, Record, Span
from tests.chassis.standing import Log, Memory, settled

A = Place("t", 0)


async def test_a_log_that_grew_while_another_copy_heard_it_is_the_same_log() -> None:
    log = Log(p0=5)

    class Late(Memory):
        async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
            told = await super().assigned(spans)
            log.ends[A] = 9
            return told

    made = await settled(log, Late(told={A: 8}))
    assert (made.failures, log.position) == ([], {A: 8})


async def test_a_log_that_starts_over_is_not_heard() -> None:
    made = await settled(Log(p0=9))
    await made.turn()
    await made.hearing.hear(Batch(made.hearing.term, [Record("t", 0, 2, None, b"")]))
    assert [type(error) for error in made.failures] == [LogWentBack]
    assert made.listener.offsets(A) == list(range(9))


async def test_a_log_that_was_cut_below_us_is_noticed_though_nothing_comes() -> None:
    made = await settled(Log(p0=9))
    await made.turn()
    made.log.high[A] = made.log.ends[A] = 0
    await made.hearing.watch()
    assert [type(error) for error in made.failures] == [LogWentBack]


async def test_a_log_that_seems_cut_while_its_leader_changes_is_looked_at_again() -> None:
    made = await settled(Log(p0=9))
    await made.turn()
    made.log.high[A] = 7
    await made.hearing.watch()
    assert made.failures == []


async def test_a_log_that_grows_and_is_heard_while_it_is_looked_at_was_not_cut() -> None:
    made = await settled(Log(p0=9))
    await made.turn()
    made.log.high[A] = 7
    seen = made.log.spans

    async def slow(places: Collection[Place]) -> Mapping[Place, Span]:
        answer = await seen(places)
        made.log.ends[A] = 12
        await made.turn()
        return answer

    made.log.spans = slow  # type: ignore[method-assign]
    await made.hearing.watch()
    assert (made.failures, made.hearing.progress[A].position) == ([], 12)
