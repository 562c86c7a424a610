"""What becomes of a batch's events: taken, held until registry knows their cooperatives, or known already. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from contracts.envelope import key_of
from services.support.fold import active_on
from services.support.model import Accepted, Duplicate, Held, Known, Outcome, Refused, Sound

_WAIT = "Không cần gửi lại: sự kiện được giữ và tự phát đi khi đủ điều kiện. Nếu ghi nhầm thì rút lại ở /v1/held."


@dataclass(frozen=True)
class Register:
    """What registry has told: of each cooperative its versions; and the kinds that ask for no active one."""

    versions: Mapping[str, Sequence[Known]]
    dormant_kinds: Collection[str]


def decide(
    events: Sequence[Sound | Refused],
    *,
    seen: Mapping[str, str],
    register: Register,
    behind: Collection[str],
    batch: str,
) -> list[Outcome]:
    """One outcome per event, in order.

    `seen` says which batch keeps the events with these claims; `behind` are the keys of which this agency has events
    held, behind which later ones wait; `batch` will keep what is taken or held, so that the same event again in this
    very batch is a duplicate too.
    """
    kept, waiting = dict(seen), set(behind)
    outcomes: list[Outcome] = []
    for event in events:
        outcome = event if isinstance(event, Refused) else _judge(event, kept, register, waiting)
        if isinstance(outcome, Accepted | Held):
            kept[outcome.event.claim] = batch
        if isinstance(outcome, Held):
            waiting.add(key_of(outcome.event.subject))
        outcomes.append(outcome)
    return outcomes


def decide_again(events: Sequence[Sound], *, register: Register, behind: Collection[str]) -> list[Accepted | Held]:
    """What becomes of events that were held, in their order; the same rules, but that they are known."""
    waiting = set(behind)
    outcomes: list[Accepted | Held] = []
    for event in events:
        outcome = _place(event, register, waiting)
        if isinstance(outcome, Held):
            waiting.add(key_of(event.subject))
        outcomes.append(outcome)
    return outcomes


def _judge(event: Sound, kept: Mapping[str, str], register: Register, waiting: Collection[str]) -> Outcome:
    if (of := kept.get(event.claim)) is not None:
        return Duplicate(event.id, of)
    return _place(event, register, waiting)


def _place(event: Sound, register: Register, waiting: Collection[str]) -> Accepted | Held:
    for code, pointer in event.cooperatives:
        versions = register.versions.get(code, ())
        if not versions:
            reason = f"chưa có hợp tác xã mã {code} trong sổ đăng ký"
            return Held(event, "unknown-cooperative", pointer, reason, f"Kiểm tra lại mã. {_WAIT}")
        if event.kind not in register.dormant_kinds and not active_on(versions, event.day):
            reason = f"theo sổ đăng ký, {code} không hoạt động vào ngày {event.day:%d/%m/%Y}"
            return Held(event, "not-active", pointer, reason, f"Kiểm tra lại mã và ngày. {_WAIT}")
    key = key_of(event.subject)
    if key in waiting:
        reason = f"sự kiện trước về `{key}` đang được giữ, nên sự kiện này chờ sau nó"
        return Held(event, "behind", "/subject", reason, f"Xem sự kiện đang giữ ở /v1/held. {_WAIT}")
    return Accepted(event)
