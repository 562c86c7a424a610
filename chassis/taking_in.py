"""The listener on the agencies' intake topics: each service judges the events that are its own, and answers each.

A record counts as heard when its receipt lies on the broker. Heard again after a crash it changes nothing, and its
receipt then says `duplicate`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from chassis.listening import Place, Record, Span
from chassis.logs import about, new_traceparent
from chassis.offered import Asked, offered, receipt
from chassis.store import Message

Answering = Callable[[str, Sequence[Asked]], Awaitable[Sequence[dict[str, object]]]]
"""What a service does with an agency's events: takes them in, in order, and returns a receipt's members for each."""


class TakingIn:
    """Hears for one service, by whose name events are judged."""

    def __init__(
        self, judge: str, answering: Answering, publish: Callable[[Sequence[Message]], Awaitable[None]]
    ) -> None:
        self._judge = judge
        self._answering = answering
        self._publish = publish

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Go on where the group has committed."""
        return {}

    async def revoked(self, places: Collection[Place]) -> None:
        """Nothing is held."""

    async def hear(self, records: Sequence[Record]) -> None:
        """Take the events in, by agency and in order, and answer each."""
        for agency, mine in offered(records, self._judge):
            with about(event="", trace=new_traceparent()):
                told = await self._answering(agency, mine)
            await self._publish([receipt(record, members) for (record, _), members in zip(mine, told, strict=True)])
