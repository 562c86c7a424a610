"""What becomes of a batch's events: taken, held until what they wait for is there, or known already. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.envelope import key_of
from services.support.accounts import Account, kind_of_account, money
from services.support.fold import active_on
from services.support.model import OVERDRAWN, Accepted, Duplicate, Held, Known, Outcome, Refused, Sound

_WAIT = "Không cần gửi lại: sự kiện được giữ và tự phát đi khi đủ điều kiện. Nếu ghi nhầm thì rút lại ở /v1/held."


@dataclass(frozen=True)
class Register:
    """What registry has told: of each cooperative its versions; and the kinds that ask for no active one."""

    versions: Mapping[str, Sequence[Known]]
    dormant_kinds: Collection[str]


@dataclass
class Queue:
    """What events are judged by, and what each leaves behind for the next: the keys of which events are held, behind
    which later ones wait, and the accounts."""

    register: Register
    behind: set[str] = field(default_factory=set)
    accounts: dict[str, Account] = field(default_factory=dict)

    def copy(self) -> "Queue":
        return Queue(self.register, set(self.behind), dict(self.accounts))


@dataclass(frozen=True)
class Batches:
    """The documents that will keep a request's events: what is accepted, and what is held. An account keeps its own."""

    accepted: str
    held: str

    def home(self, outcome: Accepted | Held) -> str:
        if outcome.event.step is not None:
            return outcome.event.step.account
        return self.accepted if isinstance(outcome, Accepted) else self.held


def decide(
    events: Sequence[Sound | Refused],
    *,
    seen: Mapping[str, str],
    queue: Queue,
    batches: Batches,
    full: Collection[str] = (),
) -> list[Outcome]:
    """One outcome per event, in order; `queue` is left as it was. ``full`` are the accounts that take no more.

    `seen` says which documents keep the events with these claims; what is taken or held now is kept in `batches`, so
    that the same event again among these very events is a duplicate too.
    """
    kept, turn = dict(seen), queue.copy()
    outcomes: list[Outcome] = []
    for event in events:
        if isinstance(event, Refused):
            outcomes.append(event)
        elif (of := kept.get(event.claim)) is not None:
            outcomes.append(Duplicate(event.id, of))
        elif event.step is not None and event.step.account in full:
            outcomes.append(_no_room(event, event.step.account))
        else:
            outcome = _place(event, turn)
            outcomes.append(outcome)
            kept[event.claim] = batches.home(outcome)
    return outcomes


def decide_again(events: Sequence[Sound], *, queue: Queue) -> list[Accepted | Held]:
    """What becomes of events that were held, in their order; the same rules, but that they are known."""
    turn = queue.copy()
    return [_place(event, turn) for event in events]


def _place(event: Sound, queue: Queue) -> Accepted | Held:
    held = _absent(event, queue.register) or _after_others(event, queue)
    if held is not None:
        queue.behind.add(key_of(event.subject))
        return replace(held, warnings=event.warnings)
    overdrawn = _overdrawn(event, queue)
    if overdrawn is not None:
        return replace(overdrawn, warnings=event.warnings)
    if event.step is None:
        return Accepted(event, event.warnings)
    account = _account(event.step.account, queue).after(event.step)
    queue.accounts[account.id] = account
    return Accepted(event, (*event.warnings, *account.cautions(event.step)))


def _absent(event: Sound, register: Register) -> Held | None:
    for code, pointer in event.cooperatives:
        versions = register.versions.get(code, ())
        if not versions:
            reason = f"chưa có hợp tác xã mã {code} trong sổ đăng ký"
            return Held(event, "unknown-cooperative", pointer, reason, f"Kiểm tra lại mã. {_WAIT}")
        if event.kind not in register.dormant_kinds and not active_on(versions, event.day):
            reason = f"theo sổ đăng ký, {code} không hoạt động vào ngày {event.day:%d/%m/%Y}"
            return Held(event, "not-active", pointer, reason, f"Kiểm tra lại mã và ngày. {_WAIT}")
    return None


def _after_others(event: Sound, queue: Queue) -> Held | None:
    key = key_of(event.subject)
    if key not in queue.behind:
        return None
    reason = f"sự kiện trước về `{key}` đang được giữ, nên sự kiện này chờ sau nó"
    return Held(event, "behind", "/subject", reason, f"Xem sự kiện đang giữ ở /v1/held. {_WAIT}")


def _overdrawn(event: Sound, queue: Queue) -> Held | None:
    if event.step is None:
        return None
    lack = _account(event.step.account, queue).after(event.step).lack()
    if lack is None:
        return None
    day, amount = lack
    if kind_of_account(event.step.account) == "loan":
        reason = f"đến hết ngày {day:%d/%m/%Y} số đã trả vượt số đã giải ngân {money(amount)}"
    else:
        reason = f"đến hết ngày {day:%d/%m/%Y} số đã chi vượt số đã phân bổ {money(amount)}"
    return Held(event, OVERDRAWN, "/data", reason, f"Gửi phần còn thiếu, hoặc kiểm tra lại số tiền và ngày. {_WAIT}")


def withdrawn(id: str | None) -> Refused:
    """The answer to an event that comes again after its speaker has withdrawn it."""
    remedy = "Muốn gửi lại sự kiện này thì đặt mã sự kiện (`id`) khác."
    return Refused(id, "withdrawn", "/id", "sự kiện này đã được rút lại trong khi đang giữ", remedy)


def _no_room(event: Sound, account: str) -> Refused:
    what, field = ("khoản vay", "loan") if kind_of_account(account) == "loan" else ("nguồn kinh phí", "source")
    reason = f"{what} này đã ghi quá nhiều sự kiện, không ghi thêm được"
    return Refused(event.id, "account-full", f"/data/{field}", reason, f"Ghi tiếp vào một {what} mang mã, tên khác.")


def _account(id: str, queue: Queue) -> Account:
    return queue.accounts.get(id) or Account(id)
