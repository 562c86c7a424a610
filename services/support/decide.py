"""Which of a batch's events are taken: new ones, about cooperatives that exist. Pure."""

from collections.abc import Collection, Mapping, Sequence

from services.support.model import Accepted, Duplicate, Outcome, Refused, Sound


def decide(
    events: Sequence[Sound | Refused], *, seen: Mapping[str, str], known: Collection[str], batch: str
) -> list[Outcome]:
    """One outcome per event, in order.

    `seen` says which batch keeps the events with these claims; `known` are the cooperatives that registry has told of;
    `batch` will keep the accepted ones, so that the same event again in this very batch is a duplicate too.
    """
    taken = dict(seen)
    outcomes: list[Outcome] = []
    for event in events:
        outcome = event if isinstance(event, Refused) else _judge(event, taken, known)
        if isinstance(outcome, Accepted):
            taken[outcome.event.claim] = batch
        outcomes.append(outcome)
    return outcomes


def _judge(event: Sound, taken: Mapping[str, str], known: Collection[str]) -> Outcome:
    if (of := taken.get(event.claim)) is not None:
        return Duplicate(event.id, of)
    for code, pointer in event.cooperatives:
        if code not in known:
            return Refused(
                event.id,
                "unknown-cooperative",
                pointer,
                f"chưa có hợp tác xã mã {code} trong sổ đăng ký",
                "Kiểm tra lại mã; nếu đúng, gửi lại sau khi HTX đã được đăng ký.",
            )
    return Accepted(event)
