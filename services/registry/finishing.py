"""Merging and dividing, carried out: the change first, with its steps in the same write, then each step once."""

import asyncio
import logging

from chassis import logs
from chassis.health import Health, Pulse
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_REFUSED, STEPS_REFUSED
from chassis.process import Part
from chassis.store import Stale, StoreUnavailable, Taken
from services.registry import store as kept
from services.registry.decide import unknown
from services.registry.deps import Deps
from services.registry.handlers import handle
from services.registry.messages import kind_of
from services.registry.model import GONE, Cooperative, Refused, Step, Undone
from services.registry.reorganise import Reorganised, divide, leaving, merge
from services.registry.requests import Divide, Merge, Register

_log = logging.getLogger(__name__)
_ATTEMPTS, _EVERY = 5, 15.0
_BUSY = Refused("conflict", "nhiều yêu cầu cùng lúc thay đổi một hợp tác xã", "Xem lại rồi gửi lại yêu cầu.")
_PASSING = frozenset((_BUSY.code, "in-the-future"))
"""Refusals that time heals: a copy may carry out what one whose clock is a little ahead has accepted."""


async def reorganise(deps: Deps, code: str, request: Merge | Divide, *, speaker: str) -> Cooperative | Refused:
    """Make the change and carry out what follows; a crash in between is made good by `finishing`.

    What earlier changes left undone, of whomever, is done first: the same request sent again finds the thing done, and
    who leaves into one does not go into another too.
    """
    for _ in range(_ATTEMPTS):
        for undone in await kept.unfinished(deps.store):
            await finish(deps, undone)
        dossier, now = await kept.dossier_of(deps.store, code), deps.clock.now()
        outcome = await _decided(deps, dossier.state, code, request, speaker)
        if isinstance(outcome, Refused):
            deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
            return outcome
        change, steps = outcome
        entry = kept.Entry(change=change, recorded_at=now)
        try:
            state = await kept.append(deps.store, dossier, entry, steps, traceparent=logs.traceparent.get())
        except Stale:
            continue
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=kind_of(change).name)
        await finish(deps, code)
        return state
    return _BUSY


async def _decided(
    deps: Deps, state: Cooperative | None, code: str, request: Merge | Divide, speaker: str
) -> Reorganised | Refused:
    if state is None:
        return unknown(code)
    now = deps.clock.now()
    if isinstance(request, Merge):
        others = [(one, (await kept.dossier_of(deps.store, one)).state) for one in request.absorbed]
        missing = next((one for one, other in others if other is None), None)
        if missing is not None:
            return unknown(missing)
        return merge(state, [other for _, other in others if other], request, speaker, deps.plan, now)
    divided = divide(state, request, speaker, deps.plan, now)
    for one in request.founded:
        there = (await kept.dossier_of(deps.store, one.code)).state
        if not isinstance(divided, Refused) and there is not None and there.status != "annulled":
            return Refused("already-registered", f"mã {one.code} đã có trong sổ đăng ký", "Chọn mã khác cho HTX mới.")
    return divided


async def finish(deps: Deps, code: str) -> None:
    """Carry out the steps that follow from a cooperative's changes. What is refused by now is noted with the reason,
    counted, and not tried again; what only came at a wrong moment stays."""
    for step in (await kept.dossier_of(deps.store, code)).pending:
        refused = await _carry_out(deps, step)
        if refused is not None and refused.code in _PASSING:
            continue
        undone = _undone(deps, step, refused) if refused is not None else None
        if await _forgotten(deps, code, step, undone) and undone is not None:
            deps.metrics.count(STEPS_REFUSED)
            with logs.about(event=step.key):
                _log.error("a step will not be carried out: %s", undone.code)


def _undone(deps: Deps, step: Step, refused: Refused) -> Undone:
    remedy = f"Đăng ký HTX này với mã khác. {refused.remedy}" if step.register is not None else refused.remedy
    return Undone(step=step, at=deps.clock.now(), code=refused.code, reason=refused.reason, remedy=remedy)


async def _forgotten(deps: Deps, code: str, step: Step, undone: Undone | None) -> bool:
    """Whether this is who forgot the step: another copy may carry it out at the same moment."""
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, code)
        if step not in dossier.pending:
            return False
        try:
            await kept.carried_out(deps.store, dossier, step, undone)
        except Stale:
            continue
        return True
    return False


async def _carry_out(deps: Deps, step: Step) -> Refused | None:
    if step.register is not None:
        request = Register.model_validate(step.register)
        outcome = await handle(deps, step.code, request, speaker=step.agency, key=step.key, shared=True)
        return outcome if isinstance(outcome, Refused) else None
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, step.code)
        state = dossier.state
        if state is None or state.status in GONE:
            return None  # it left the register, by this very step or in another way
        entry = kept.Entry(change=leaving(state, step), recorded_at=deps.clock.now())
        try:
            await kept.append(deps.store, dossier, entry)
        except (Stale, Taken):
            continue
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=kind_of(entry.change).name)
        return None
    return _BUSY


def finishing(deps: Deps, health: Health) -> Part:
    """The part that carries out what a crash left undone."""
    pulse = Pulse()

    async def run() -> None:
        while True:
            try:
                for code in await kept.unfinished(deps.store):
                    await finish(deps, code)
                pulse.beat()
            except StoreUnavailable as error:
                _log.warning("steps: round failed, it will be repeated: %s", error)
            await asyncio.sleep(_EVERY)

    health.ready_if("finishing", pulse.within(4 * _EVERY))
    return Part("finishing", run=run)
