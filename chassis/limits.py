"""How often one may ask: each key, and each address that gives no good key. Counted in this process alone."""

from dataclasses import dataclass, field

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from chassis.problem import Problem


@dataclass(frozen=True)
class Limits:
    """Requests a minute of one key, and failures a minute of one address."""

    requests_per_minute: int
    failures_per_minute: int
    _limiter: FixedWindowRateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))

    def asked(self, digest: str) -> None:
        """A good key asks once more.

        Raises:
            Problem: 429, it asked too often.
        """
        self._count(RateLimitItemPerMinute(self.requests_per_minute), f"key {digest}")

    def failed(self, address: str) -> None:
        """Somebody at the address gave no good key.

        Raises:
            Problem: 429, too many there did.
        """
        self._count(RateLimitItemPerMinute(self.failures_per_minute), f"address {address}")

    def _count(self, limit: RateLimitItemPerMinute, who: str) -> None:
        if not self._limiter.hit(limit, who):
            raise Problem(
                429,
                "/problems/too-many-requests",
                "Quá nhiều yêu cầu",
                f"Tối đa {limit.amount} yêu cầu mỗi phút; hãy gộp nhiều sự kiện vào một lần gửi, hoặc đợi một phút.",
                headers={"Retry-After": "60"},
            )
