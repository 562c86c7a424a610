"""How far a place has been heard, and how long what is not heard yet has waited. Pure; times are monotonic seconds."""

from collections import deque

_SAMPLES = 1_000


class Progress:
    """The progress of one place, from what was heard and from looks at the log's end.

    The wait of the oldest unheard record is measured against our own looks, not against the records' timestamps, so a
    producer with a wrong clock cannot hide a lag; it is exact to the interval between two looks.
    """

    def __init__(self, position: int, now: float) -> None:
        self.position = position
        self._end = position
        self._moved = self._looked = now
        self._ends: deque[tuple[float, int]] = deque()

    def heard(self, position: int, now: float) -> None:
        """Everything below `position` is heard."""
        if position > self.position:
            self._moved = now
        self.position = position
        self._forget_reached()

    def seen(self, end: int, now: float) -> None:
        """The log ended at `end` when we looked."""
        if end > self._end and len(self._ends) < _SAMPLES:
            self._ends.append((now, end))
        self._end, self._looked = end, now
        self._forget_reached()
        if self.lag == 0:
            self._moved = now

    @property
    def lag(self) -> int:
        """Offsets between what is heard and the log's end."""
        return max(0, self._end - self.position)

    def waiting(self, now: float) -> float:
        """Seconds since the log was first seen to hold something that is not heard yet; 0 when all is heard."""
        return now - self._ends[0][0] if self._ends else 0.0

    @property
    def idle(self) -> float:
        """Seconds from when the place last moved on, or had nothing to move on to, until we last looked."""
        return max(0.0, self._looked - self._moved)

    def _forget_reached(self) -> None:
        while self._ends and self._ends[0][1] <= self.position:
            self._ends.popleft()
