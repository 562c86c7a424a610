"""Merging and dividing: what becomes of one cooperative, and what follows for the others. Pure.

The change and what follows from it are kept in one write, in the document of the one that was asked; each step is then
carried out once, by its key, whatever is killed in between (law on cooperatives 2012, articles 52 and 53).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.kinds.registry import COUNTED, CooperativeDivided, CooperativeMerged
from services.registry import rules
from services.registry.decide import amended, decide, standing_of
from services.registry.model import Change, Cooperative, Refused, Step
from services.registry.requests import Divide, Merge, Register

Reorganised = tuple[Change, tuple[Step, ...]]


def merge(
    state: Cooperative, absorbed: Sequence[Cooperative], request: Merge, speaker: str, plan: Plan, now: datetime
) -> Reorganised | Refused:
    """The change of the one that the others go into, and the steps by which they leave."""
    after = replace(state, **_together((state, *absorbed)) | _told(request))
    for objection in _against_merging(state, after, absorbed, request, speaker, plan, now):
        return objection
    data = amended(state, after)
    change = Change(at=request.at, agency=speaker, data=data, details=state.details, shared=True)
    return change, tuple(
        Step(code=one.code, at=request.at, agency=speaker, key=_key(change, one.code), into=state.code)
        for one in absorbed
    )


def divide(state: Cooperative, request: Divide, speaker: str, plan: Plan, now: datetime) -> Reorganised | Refused:
    """The change of the one that is divided, and the entries of those that are made of it."""
    told = _told(request)
    stays = {"members", "capital"} <= told.keys()
    after = replace(state, **told) if stays else state
    for objection in _against_dividing(state, after, request, speaker, plan, now):
        return objection
    codes = tuple(one.code for one in request.founded)
    gone = CooperativeDivided(**standing_of(state), was_active=state.status == "active", successors=codes)
    data = amended(state, after) if stays else gone
    change = Change(at=request.at, agency=speaker, data=data, details=state.details, shared=True)
    return change, tuple(
        Step(
            code=one.code,
            at=request.at,
            agency=speaker,
            key=_key(change, one.code),
            register=one.model_dump(mode="json"),
        )
        for one in request.founded
    )


def leaving(state: Cooperative, step: Step) -> Change:
    """The change by which a cooperative leaves the register into another, as it stands by then."""
    at = max(step.at, state.changed_at)
    data = CooperativeMerged(**standing_of(state), was_active=state.status == "active", into=step.into or "")
    return Change(at=at, agency=step.agency, data=data, details=state.details, shared=True)


def _against_merging(
    state: Cooperative,
    after: Cooperative,
    absorbed: Sequence[Cooperative],
    request: Merge,
    speaker: str,
    plan: Plan,
    now: datetime,
) -> Iterator[Refused]:
    yield from rules.seen(state, request.version)
    day = local_day(request.at)
    for one in (state, *absorbed):
        yield from rules.timely(request.at, one, now)
        yield from rules.entitled(plan, speaker, one.form, (one.unit,), day)
        yield from rules.standing(one)
        yield from rules.housed(plan, one.unit, day)
        if one.form != state.form:
            yield Refused("other-form", f"{one.code} khác loại hình với {state.code}", "Chỉ cùng loại hình sáp nhập.")
    if len({one.code for one in (state, *absorbed)}) <= len(absorbed):
        yield Refused("merged-with-itself", "một mã được ghi hai lần", "Mỗi HTX bị sáp nhập ghi một lần.")
    yield from rules.sized(after.form, after.members, day)
    yield from rules.within(after)


def _against_dividing(
    state: Cooperative, after: Cooperative, request: Divide, speaker: str, plan: Plan, now: datetime
) -> Iterator[Refused]:
    yield from rules.seen(state, request.version)
    yield from rules.timely(request.at, state, now)
    day = local_day(request.at)
    yield from rules.entitled(plan, speaker, state.form, (state.unit,), day)
    yield from rules.standing(state)
    yield from rules.housed(plan, state.unit, day)
    told = _told(request).keys()
    if told and not {"members", "capital"} <= told:
        reason = "HTX bị tách phải ghi cả `members` và `capital`; HTX bị chia không ghi số nào"
        yield Refused("half-told", reason, "Ghi cả hai, hoặc bỏ mọi số về HTX bị chia.")
    yield from rules.sized(after.form, after.members, day)
    yield from rules.within(after)
    if len({state.code, *(one.code for one in request.founded)}) <= len(request.founded):
        yield Refused("same-code", "một mã được ghi hai lần", "Mỗi HTX mới một mã riêng.")
    for one in request.founded:
        yield from _against_founding(state, one, request, speaker, plan, now)


def _against_founding(
    state: Cooperative, one: Register, request: Divide, speaker: str, plan: Plan, now: datetime
) -> Iterator[Refused]:
    if one.form != state.form:
        yield Refused("other-form", f"{one.code} khác loại hình với {state.code}", "HTX mới cùng loại hình.")
    if one.at != request.at:
        yield Refused("other-time", f"{one.code} ghi thời điểm khác", "HTX mới được đăng ký vào thời điểm chia, tách.")
    refused = decide(None, one, code=one.code, speaker=speaker, plan=plan, now=now)
    if isinstance(refused, Refused):
        yield refused


def _told(request: Merge | Divide) -> dict[str, int]:
    told = {name: getattr(request, name) for name in COUNTED}
    return {name: number for name, number in told.items() if number is not None}


def _together(all_of: Sequence[Cooperative]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in all_of) for name in COUNTED}


def _key(change: Change, code: str) -> str:
    return f"{change.data.cooperative}/{change.data.version} {code}"
