"""Keys that an administrator makes: shown once, replaced with grace, taken back, and noted when used."""

import hashlib
import logging
from datetime import UTC, datetime, timedelta

import pytest

from chassis.auth import Principal
from chassis.clock import ManualClock
from chassis.keys import KEYS, USES, Key, Keys, NoSuchKey
from chassis.limits import Limits
from chassis.problem import Problem
from chassis.store_memory import MemoryStore

NOW = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Desk:
    """Keys over a store in memory; the clock and the cache's own are in the test's hand."""

    def __init__(self) -> None:
        self.store, self.clock, self.seconds = MemoryStore(), ManualClock(NOW), 0.0
        self.keys = Keys(self.store, self.clock, cache_seconds=5, monotonic=lambda: self.seconds)

    async def who(self, secret: str) -> Principal | None:
        return await self.keys.find(hashlib.sha256(secret.encode()).hexdigest())


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def made(desk: Desk, **more: datetime) -> tuple[Key, str]:
    return await desk.keys.make("agency", "SNV", "hệ thống cán bộ", by="quản trị", **more)


async def test_a_key_made_is_known_and_is_kept_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        key, secret = await made(desk)
        assert await desk.who(secret) == Principal(role="agency", agency="SNV", name="hệ thống cán bộ")
    assert await desk.who(secret + "x") is None
    kept = [await desk.store.find(KEYS), await desk.store.find(USES)]
    assert secret not in repr(kept) + repr(key) + caplog.text
    assert len(secret) >= 43  # 256 bits, six to a letter


async def test_two_keys_are_never_the_same(desk: Desk) -> None:
    assert (await made(desk))[1] != (await made(desk))[1]


async def test_a_key_ends_when_it_expires(desk: Desk) -> None:
    _, secret = await made(desk, expires_at=NOW + HOUR)
    assert await desk.who(secret) is not None
    desk.clock.set(NOW + HOUR)
    assert await desk.who(secret) is None


async def test_a_replaced_key_stays_good_for_the_grace_period(desk: Desk) -> None:
    key, secret = await made(desk)
    new, other = await desk.keys.replace(key.id, by="quản trị", grace=HOUR)
    assert new.id != key.id
    assert await desk.who(secret) == await desk.who(other) is not None
    desk.clock.set(NOW + HOUR)
    assert await desk.who(secret) is None
    assert await desk.who(other) is not None


async def test_a_key_taken_back_is_unknown_at_once_here_and_elsewhere_after_the_cache(desk: Desk) -> None:
    key, secret = await made(desk)
    elsewhere = Desk()
    elsewhere.keys.store = desk.store
    assert await elsewhere.who(secret) is not None
    revoked = await desk.keys.revoke(key.id, by="quản trị")
    assert await desk.who(secret) is None
    assert await elsewhere.who(secret) is not None
    elsewhere.seconds = 5.0
    assert await elsewhere.who(secret) is None
    assert [(deed.by, deed.what) for deed in revoked.history] == [("quản trị", "made"), ("quản trị", "revoked")]
    assert await desk.keys.revoke(key.id, by="ai khác") == revoked


async def test_a_key_that_is_good_no_more_is_not_replaced(desk: Desk) -> None:
    key, _ = await made(desk)
    await desk.keys.revoke(key.id, by="quản trị")
    for id in (key.id, "0" * 16):
        with pytest.raises(NoSuchKey):
            await desk.keys.replace(id, by="quản trị", grace=HOUR)


async def test_the_last_use_is_noted_at_most_once_a_minute(desk: Desk) -> None:
    _, secret = await made(desk)
    for second in (0, 10, 59):
        desk.clock.set(NOW + timedelta(seconds=second))
        await desk.who(secret)
    [(_, used)] = await desk.keys.all()
    assert used == NOW
    desk.clock.set(NOW + timedelta(seconds=61))
    await desk.who(secret)
    [(_, used)] = await desk.keys.all()
    assert used == NOW + timedelta(seconds=61)


async def test_strangers_guesses_do_not_fill_the_memory(desk: Desk) -> None:
    for number in range(10_500):
        await desk.who(str(number))
    assert len(desk.keys._remembered) <= 10_000


def test_who_asks_too_often_is_told_to_wait() -> None:
    limits = Limits(requests_per_minute=3, failures_per_minute=2)
    for who in ("a", "b"):
        for _ in range(3):
            limits.asked(who)
    with pytest.raises(Problem) as refused:
        limits.asked("a")
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "60"})
    for _ in range(2):
        limits.failed("127.0.0.1")
    with pytest.raises(Problem):
        limits.failed("127.0.0.1")
    limits.failed("127.0.0.2")
