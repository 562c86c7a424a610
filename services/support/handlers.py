"""What support does when it hears: remember registry's cooperatives, and take in what agencies write to Kafka."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TypeGuard

from catalogue.model import Plan
from catalogue.windows import local_day
from chassis.clock import Clock
from chassis.deadletters import Judge
from chassis.listening import Place, Record, Span
from chassis.offered import Asked
from chassis.store import Message
from chassis.taking_in import TakingIn
from contracts.binary import of_kafka
from contracts.envelope import Malformed, read
from contracts.kinds.registry import CooperativeFact, CooperativeYear
from contracts.topics import agency_of, is_intake
from services.support import store as kept
from services.support.deps import Deps
from services.support.examine import Terms, examine
from services.support.fold import known
from services.support.holding import release
from services.support.intake import take_in
from services.support.model import Known, Outcome, Refused, Sound, Unsaid
from services.support.settings import Settings
from services.support.views import receipt_view

GROUP = "support"
INTAKE_GROUP = "support-intake"


class Remembering:
    """The listener on registry's topic. It keeps no state: each version of a cooperative is a document of its own."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Go on where the group has committed: hearing something again changes nothing."""
        await self._deps.dead_letters.load()
        return {}

    async def revoked(self, places: Collection[Place]) -> None:
        """Nothing is held."""

    async def hear(self, records: Sequence[Record]) -> None:
        """Remember what is told, and judge what waits for it; put aside what is no event of a cooperative's life."""
        letters = self._deps.dead_letters
        told = [known for record in records if (known := await letters.admit(record)) is not None]
        if told:
            await kept.remember(self._deps.store, told)
            await release(self._deps, {one.code for one in told})


def taking_in(deps: Deps, publish: Callable[[Sequence[Message]], Awaitable[None]]) -> TakingIn:
    """The listener on the agencies' intake topics, for all that is not registry's; what is nobody's event is put
    aside."""

    async def answering(agency: str, mine: Sequence[Asked]) -> list[dict[str, object]]:
        outcomes = await take_in(deps, agency, [value for _, value in mine], source="kafka")
        for (record, _), outcome in zip(mine, outcomes, strict=True):
            if _unowned(outcome):
                await deps.dead_letters.put(record, outcome.reason)
            else:
                await deps.dead_letters.heard(record)
        return [receipt_view(0, one).model_dump(exclude_unset=True, exclude={"index"}) for one in outcomes]

    return TakingIn("support", answering, publish)


def judging(plan: Plan, clock: Clock, settings: Settings) -> Judge[Known | Unsaid | None]:
    """What a record says, of registry's topic or an agency's, for whoever wants to hear a dead letter again."""

    def judge(record: Record) -> Known | Unsaid | None:
        if not is_intake(record.topic):
            return _known(record.value)
        terms = Terms(plan, agency_of(record.topic), clock.now(), settings.ahead, settings.max_event_bytes)
        outcome = examine(of_kafka(record.headers, record.value) or record.value, terms)
        if _unowned(outcome):
            raise Malformed(outcome.pointer, outcome.reason)
        return None

    return judge


def _unowned(outcome: Outcome | Sound) -> TypeGuard[Refused]:
    return isinstance(outcome, Refused) and (outcome.id is None or outcome.pointer == "/type")


def _known(value: bytes) -> Known | Unsaid | None:
    event = read(value)
    if issubclass(event.kind.shape, CooperativeYear):
        return None  # how a year went is nothing that support must know
    if event.retracted and issubclass(event.kind.shape, CooperativeFact):
        code, _, version = event.envelope.subject.partition("/")
        if not version.isdecimal():
            raise Malformed("/subject", "không phải mã hợp tác xã và số lần thay đổi")
        return Unsaid(code, int(version))
    if not isinstance(event.data, CooperativeFact):
        raise Malformed("/type", f"`{event.kind.name}` không phải sự kiện của sổ đăng ký")
    return known(event.data, local_day(event.envelope.time))
