"""What the rules say to a request: state x request -> the change, or why not. Pure; the time is an argument."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, assert_never

from msgspec.structs import replace
from stdnum.vn import mst

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.kinds.registry import (
    COUNTED,
    CooperativeAmended,
    CooperativeConverted,
    CooperativeDissolved,
    CooperativeRegistered,
    CooperativeResumed,
    CooperativeSuspended,
)
from services.registry import rules
from services.registry.law import statute_on
from services.registry.model import Annulment, Change, Cooperative, Details, Fact, Numbers, Product, Refused, Year
from services.registry.requests import Alter, Amend, Annul, Convert, Dissolve, Register, Request, Resume, Suspend
from services.registry.years import latest

_DETAILS = Details.__struct_fields__
_STANDING = ("form", "sector", "name", "law", "unit", *COUNTED)


def decide(
    state: Cooperative | None, request: Request, *, code: str, speaker: str, plan: Plan, now: datetime
) -> Change | Refused:
    """The change that the request makes to the cooperative `code`, told by the agency `speaker`."""
    match request:
        case Register():
            return _register(state, request, speaker, plan, now)
        case Amend() | Suspend() | Resume() | Dissolve() | Convert():
            return _alter(state, request, speaker, plan, now) if state else unknown(code)
        case _:
            assert_never(request)


def annul(
    changes: Sequence[Change], request: Annul, *, code: str, speaker: str, now: datetime, years: Sequence[Year] = ()
) -> Change | Refused:
    """The change that the request names, as one that never happened; ``changes`` are all of the cooperative's, and
    ``years`` all that was told of its years.

    Only who told it may take it back, and only while nothing builds on it: the latest first.
    """
    standing = [change for change in changes if not change.annulled]
    named = next((change for change in changes if change.data.version == request.version), None)
    if named is None:
        return unknown(code) if not changes else _no_change(code, request.version)
    if named.agency != speaker:
        return Refused("not-the-speaker", f"thay đổi này do {named.agency} gửi", "Đề nghị cơ quan đã gửi tự rút lại.")
    if named.annulled:
        done = f"thay đổi {request.version} của {code} đã được rút lại"
        return Refused("annulled-already", done, "Không cần gửi lại.")
    if named is not standing[-1]:
        newest = standing[-1].data.version
        return Refused("not-latest", f"{code} đã có thay đổi mới hơn, số {newest}", "Rút lại từ thay đổi mới nhất.")
    if named.shared:
        return Refused(
            "shared", f"thay đổi {request.version} của {code} liên quan HTX khác", "Gửi thay đổi mới cho từng HTX."
        )
    if named is standing[0] and latest(years):
        return Refused(
            "years-told",
            f"{code} còn kết quả hoạt động hoặc xếp loại năm đã ghi",
            "Rút lại kết quả hoạt động và xếp loại các năm trước, rồi rút lại việc đăng ký.",
        )
    return replace(named, annulled=Annulment(recorded_at=now, reason=request.reason))


def _no_change(code: str, version: int) -> Refused:
    return Refused("unknown", f"{code} không có thay đổi số {version}", "Xem các thay đổi của HTX rồi gửi lại.")


def unknown(code: str) -> Refused:
    """There is no cooperative of this code."""
    return Refused("unknown", f"không có mã {code} trong sổ đăng ký", "Kiểm tra lại mã, hoặc đăng ký thành lập trước.")


def _already_registered(state: Cooperative) -> Refused:
    return Refused(
        "already-registered",
        f"mã {state.code} đã có trong sổ đăng ký",
        "Kiểm tra lại mã, hoặc gửi yêu cầu thay đổi nội dung đăng ký.",
    )


def _register(
    state: Cooperative | None, request: Register, speaker: str, plan: Plan, now: datetime
) -> Change | Refused:
    for objection in _against_registering(state, request, speaker, plan, now):
        return objection
    return Change(
        at=request.at,
        agency=speaker,
        numbers=_numbers(request),
        data=CooperativeRegistered(
            cooperative=request.code,
            version=state.version + 1 if state else 1,
            form=request.form,
            sector=request.sector,
            name=request.name,
            law=statute_on(local_day(request.at)).law,
            unit=request.unit,
            **{name: getattr(request, name) for name in COUNTED},
        ),
        details=_details(request, Details()),
    )


def _against_registering(
    state: Cooperative | None, request: Register, speaker: str, plan: Plan, now: datetime
) -> Iterator[Refused]:
    """Every objection, the most basic first: a later rule may rely on the earlier ones having none."""
    yield from rules.timely(request.at, None, now)
    day = local_day(request.at)
    yield from rules.entitled(plan, speaker, request.form, (request.unit,), day)
    if state is not None and state.status != "annulled":
        yield _already_registered(state)
    yield from rules.housed(plan, request.unit, day)
    yield from rules.sized(request.form, request.members, day)
    yield from rules.within(request)
    yield from rules.numbered(request.tax_number)


def _alter(state: Cooperative, request: Alter, speaker: str, plan: Plan, now: datetime) -> Change | Refused:
    after = _after(state, request)
    for objection in _against_altering(state, after, request, speaker, plan, now):
        return objection
    numbers = after.numbers if after.numbers != state.numbers else Numbers()
    data = _fact(state, after, request)
    return Change(at=request.at, agency=speaker, numbers=numbers, data=data, details=after.details)


def _against_altering(
    state: Cooperative, after: Cooperative, request: Alter, speaker: str, plan: Plan, now: datetime
) -> Iterator[Refused]:
    yield from rules.seen(state, request.version)
    yield from rules.timely(request.at, state, now)
    day = local_day(request.at)
    yield from rules.entitled(plan, speaker, state.form, (state.unit, after.unit), day)
    yield from rules.living(state, request)
    yield from rules.housed(plan, after.unit, day)
    if isinstance(request, Amend):
        yield from rules.changing(state, after)
        yield from rules.sized(after.form, after.members, day)
        yield from rules.within(after)
        yield from rules.numbered(request.tax_number)
    if isinstance(request, Convert):
        yield from rules.sized(after.form, after.members, day)


def _after(state: Cooperative, request: Alter) -> Cooperative:
    match request:
        case Amend():
            return _amended(state, request)
        case Convert():
            law = statute_on(local_day(request.at)).law
            return replace(state, form=request.form, name=request.name or state.name, law=law)
        case Suspend() | Resume() | Dissolve():
            return state
        case _:
            assert_never(request)


def _amended(state: Cooperative, request: Amend) -> Cooperative:
    told = request.model_dump(exclude={"at", "version", *_DETAILS, *Numbers.__struct_fields__}, exclude_none=True)
    numbers = _numbers(request).over(state.numbers)
    return replace(state, **told, numbers=numbers, details=_details(request, state.details))


def _numbers(request: Register | Amend) -> Numbers:
    return Numbers(request.registration_number, request.tax_number and mst.compact(request.tax_number))


def _details(request: Register | Amend, before: Details) -> Details:
    told = request.model_dump(include=set(_DETAILS), exclude_none=True)
    if "products" in told:
        told["products"] = tuple(Product(**one) for one in told["products"])
    return replace(before, **told)


def standing_of(after: Cooperative) -> dict[str, Any]:
    """What every event of the life carries, of a change that is yet to come."""
    standing: dict[str, Any] = {name: getattr(after, name) for name in _STANDING}
    return standing | {"cooperative": after.code, "version": after.version + 1}


def amended(state: Cooperative, after: Cooperative) -> CooperativeAmended:
    """The event that tells how the entry changed."""
    return CooperativeAmended(
        **standing_of(after),
        active=state.status == "active",
        previous_sector=state.sector if after.sector != state.sector else None,
        previous_unit=state.unit if after.unit != state.unit else None,
        **{f"{name}_change": getattr(after, name) - getattr(state, name) for name in COUNTED},
    )


def _fact(state: Cooperative, after: Cooperative, request: Alter) -> Fact:
    standing = standing_of(after)
    match request:
        case Amend():
            return amended(state, after)
        case Convert():
            return CooperativeConverted(**standing, active=state.status == "active", previous_form=state.form)
        case Suspend():
            return CooperativeSuspended(**standing, note=request.reason)
        case Resume():
            return CooperativeResumed(**standing)
        case Dissolve():
            return CooperativeDissolved(**standing, was_active=state.status == "active", reason=request.reason)
        case _:
            assert_never(request)
