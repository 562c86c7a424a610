"""Keys over HTTP: an administrator makes, replaces and takes them back for every service."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from chassis.auth import Principal, Role, router, speaker
from chassis.keys import Key, NoSuchKey
from chassis.problem import Problem
from services.registry.deps import Deps

Administrator = Annotated[Principal, Depends(speaker("administrator"))]


class MakeKey(BaseModel):
    """A key to be made: for whom, and what it is called by people."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    agency: Annotated[str | None, Field(max_length=32)] = None
    name: Annotated[str, Field(min_length=1, max_length=100, examples=["Hệ thống tín dụng NHNN"])]
    expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _speaks_for_an_agency(self) -> Self:
        if (self.role == "agency") != (self.agency is not None):
            raise ValueError("vai trò `agency` cần mã cơ quan, vai trò khác thì không")
        return self


class ReplaceKey(BaseModel):
    """How long the old key stays good beside the new one, in hours."""

    model_config = ConfigDict(extra="forbid")

    grace_hours: Annotated[int, Field(strict=True, ge=0, le=24 * 30)] = 24


class DeedView(BaseModel):
    """What was done to a key, when and by whom."""

    at: datetime
    by: str
    what: str


class KeyView(BaseModel):
    """A key without what makes it one. ``last_used_at`` is exact to a minute."""

    id: str
    role: Role
    agency: str | None
    name: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    history: list[DeedView]


class NewKeyView(KeyView):
    """A key just made, and the only time that it is shown."""

    key: str


class KeysView(BaseModel):
    keys: list[KeyView]


def access(deps: Deps) -> APIRouter:
    """The administrator's routes."""
    guarded = router(prefix="/v1/keys", tags=["keys"])

    @guarded.get("")
    async def listed(who: Administrator) -> KeysView:
        """Every key there ever was, but those of API_KEYS_FILE."""
        return KeysView(keys=[KeyView(**_shown(key, used)) for key, used in await deps.keys.all()])

    @guarded.post("", status_code=201)
    async def make(body: MakeKey, who: Administrator) -> NewKeyView:
        """Make a key. It is shown in this answer and never again."""
        if body.agency is not None and body.agency not in deps.plan.roster.agency:
            detail = f"Kế hoạch không có cơ quan mã {body.agency}."
            raise Problem(422, "/problems/unknown-agency", "Không có cơ quan này", detail)
        if body.expires_at is not None and body.expires_at <= deps.clock.now():
            detail = "`expires_at` phải ở sau hiện tại: khóa này sẽ không bao giờ dùng được."
            raise Problem(422, "/problems/expired", "Hạn dùng đã qua", detail)
        key, secret = await deps.keys.make(body.role, body.agency, body.name, by=_name(who), expires_at=body.expires_at)
        return NewKeyView(**_shown(key, None), key=secret)

    @guarded.post("/{id}/replacements", status_code=201)
    async def replace(id: str, who: Administrator, body: ReplaceKey | None = None) -> NewKeyView:
        """Make a new key for the same speaker; the old one stays good for some hours."""
        grace = timedelta(hours=(body or ReplaceKey()).grace_hours)
        try:
            key, secret = await deps.keys.replace(id, by=_name(who), grace=grace)
        except NoSuchKey as error:
            raise _unknown(id) from error
        return NewKeyView(**_shown(key, None), key=secret)

    @guarded.delete("/{id}")
    async def revoke(id: str, who: Administrator) -> KeyView:
        """Take a key back. Every service feels it within KEY_CACHE_SECONDS."""
        try:
            revoked = await deps.keys.revoke(id, by=_name(who))
            return KeyView(**_shown(revoked, await deps.keys.last_use(id)))
        except NoSuchKey as error:
            raise _unknown(id) from error

    return guarded


def _shown(key: Key, used: datetime | None) -> dict[str, object]:
    return {
        "id": key.id,
        "role": key.role,
        "agency": key.agency,
        "name": key.name,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": used,
        "history": [{"at": deed.at, "by": deed.by, "what": deed.what} for deed in key.history],
    }


def _name(who: Principal) -> str:
    return who.name or who.role


def _unknown(id: str) -> Problem:
    detail = f"Không có khóa {id} còn hiệu lực; xem danh sách ở /v1/keys."
    return Problem(404, "/problems/unknown-key", "Không có khóa này", detail)
