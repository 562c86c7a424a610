"""Names for batches: unique, and in the order in which the batches arrived."""

import secrets
from collections.abc import Callable
from datetime import datetime


class BatchIds:
    """Names made of the time in milliseconds, a counter within the millisecond, and 40 random bits.

    The random bits keep copies of the service, which share no counter, apart. A clock that goes back does not take the
    order with it.
    """

    def __init__(self, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        self._random_bits = random_bits
        self._last = (0, 0)

    def next(self, now: datetime) -> str:
        """A name for a batch that arrives now."""
        millisecond, counter = self._last
        current = int(now.timestamp() * 1000)
        self._last = (current, 0) if current > millisecond else (millisecond, counter + 1)
        return f"{self._last[0]:012x}-{self._last[1]:04x}-{self._random_bits(40):010x}"
