"""Who speaks, and who may: API keys, known only by their hashes, each with a role and, for an agency, its code."""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from chassis.listening import Fatal
from chassis.origin import is_same_origin
from chassis.problem import DOCUMENTED, Problem
from chassis.problem_page import is_wanted

Role = Literal["agency", "consolidator", "leader", "administrator", "operator"]

# A program and a browser are each asked in one way: Chromium finds no Basic behind a Bearer in one header.
_FOR_PROGRAMS, _FOR_BROWSERS = "Bearer", 'Basic realm="Hop Luc", charset="UTF-8"'
_KEY_OF_A_PROGRAM = (
    "Cần đầu mục `Authorization: Bearer KHÓA` với một khóa còn hiệu lực; trong trình duyệt, nhập khóa vào ô mật khẩu."
)
_KEY_OF_A_PERSON = (
    "Khi trình duyệt hỏi, tên đăng nhập ghi tùy ý, mật khẩu là khóa còn hiệu lực mà người quản trị đã cấp. "
    "Xin tải lại trang để nhập."
)
ROLES: dict[Role, str] = {
    "agency": "cơ quan báo cáo",
    "consolidator": "cơ quan tổng hợp",
    "leader": "lãnh đạo UBND tỉnh",
    "administrator": "quản trị",
    "operator": "vận hành",
}
"""What people call them."""


class Principal(BaseModel):
    """Somebody whose key is good. `agency` is the code of the agency spoken for, if the role speaks for one."""

    model_config = ConfigDict(frozen=True)

    role: Role
    agency: str | None = None
    name: str = ""


class _Entry(Principal):
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _speaks_for_an_agency(self) -> "_Entry":
        if self.role == "agency" and not self.agency:
            raise ValueError("the role `agency` needs an agency")
        return self


class Kept(Protocol):
    """Keys that can change while the services run: `chassis.keys.Keys`."""

    async def find(self, digest: str) -> Principal | None:
        """Whose key has this SHA-256."""
        ...


class Throttle(Protocol):
    """How often one may ask: `chassis.limits.Limits`. Both raise a `Problem` of status 429."""

    def asked(self, digest: str) -> None: ...

    def failed(self, address: str) -> None: ...


class Keyring:
    """The keys that are good. Holds hashes only; a key itself is neither kept nor logged."""

    def __init__(
        self,
        entries: Iterable[tuple[str, Principal]] = (),
        kept: Kept | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self._entries = tuple((bytes.fromhex(digest), principal) for digest, principal in entries)
        self._kept = kept
        self.throttle = throttle

    @classmethod
    def load(cls, path: Path | None, kept: Kept | None = None, throttle: Throttle | None = None) -> "Keyring":
        """Read API_KEYS_FILE: ``[{"sha256": hex, "role": ..., "agency": code or null, "name": ...}]``.

        No file means no keys. Raises `Fatal` when the file is there and wrong.
        """
        if path is None or not path.exists():
            return cls((), kept, throttle)
        try:
            entries = TypeAdapter(list[_Entry]).validate_python(json.loads(path.read_bytes()))
        except (ValidationError, ValueError) as error:
            raise Fatal(f"{path}: not a list of API keys: {_without_input(error)}") from None
        known = [(entry.sha256, Principal(**entry.model_dump(exclude={"sha256"}))) for entry in entries]
        return cls(known, kept, throttle)

    async def find(self, key: str) -> Principal | None:
        """Whose key this is: one of the file's, in the same time whichever it is or none; or one that is kept."""
        digest = digest_of(key)
        found = None
        for known, principal in self._entries:
            if hmac.compare_digest(known, bytes.fromhex(digest)):
                found = principal
        if found is None and self._kept is not None:
            return await self._kept.find(digest)
        return found


def digest_of(key: str) -> str:
    """What a key is known by: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True)
class Rule:
    """Who may use a route, declared where the route is: ``who: Annotated[Principal, Depends(speaker("agency"))]``.

    A `Guarded` route asks it before anything of the body is read. ``from_page``: a browser may send a form of our own
    pages to it with what it was once told, so that other routes need not mistrust one.
    """

    roles: tuple[Role, ...]
    from_page: bool = False

    def __call__(self, request: Request) -> Principal:
        """The speaker, for the route's own use: whom `Guarded` has admitted."""
        principal: Principal = request.state.principal
        return principal

    async def admit(self, request: Request) -> Principal:
        """The speaker.

        Raises:
            Problem: 401 without a good key, 403 in a role that is not one of the rule's, or for a form that is not
                from our page; 429 for asking too often.
        """
        if self.from_page and _scheme(request) == "basic" and not is_same_origin(request.headers):
            detail = "Biểu mẫu phải được gửi từ chính trang của hệ thống này."
            raise Problem(403, "/problems/other-origin", "Không được phép", detail)
        principal = await _identify(request, self.from_page)
        if principal.role not in self.roles:
            raise Problem(
                403,
                "/problems/forbidden",
                "Không được phép",
                f"Vai trò {ROLES[principal.role]} không được làm việc này; cần vai trò: "
                f"{', '.join(ROLES[role] for role in self.roles)}.",
            )
        return principal


def speaker(*roles: Role, from_page: bool = False) -> Rule:
    """The rule that admits these roles; also by a form of our own pages, where that is said."""
    return Rule(roles, from_page)


def whose(principal: Principal, asked: str | None) -> str | None:
    """Whose data is shown: an agency sees its own only, whoever else the one asked for, or everybody's.

    Raises:
        Problem: 403 for an agency that asks for another's.
    """
    if principal.role != "agency":
        return asked
    if asked not in (None, principal.agency):
        detail = f"Cơ quan {principal.agency} chỉ xem được dữ liệu của mình."
        raise Problem(403, "/problems/other-agency", "Không được phép", detail)
    return principal.agency


class Guarded(APIRoute):
    """A route with exactly one `Rule`, which speaks first: before the body is read, and before it is judged."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        rule, answer = rule_of(self), super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request.state.principal = await rule.admit(request)
            return await answer(request)

        return guarded


def rule_of(route: APIRoute) -> Rule:
    """Who may use the route.

    Raises:
        TypeError: it does not say, or says it twice.
    """
    rules = {call for call in _calls(route.dependant) if isinstance(call, Rule)}
    if len(rules) != 1:
        raise TypeError(
            f"{sorted(route.methods or ())} {route.path}: a route says once who may use it, with speaker(...)"
        )
    return rules.pop()


def router(**options: Any) -> APIRouter:
    """A router whose routes are all `Guarded`, and whose documents say how any of them may refuse."""
    return APIRouter(route_class=Guarded, responses=DOCUMENTED, **options)


def add(to: APIRouter, *routers: APIRouter) -> None:
    """Give ``to`` the routes of these as they are; its own prefix and tags are not for them.

    `include_router` would build every route again at the first request, and once more for each router in between.
    """
    for one in routers:
        to.routes.extend(one.routes)


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


async def _identify(request: Request, from_page: bool) -> Principal:
    keyring: Keyring = request.app.state.keyring
    key = _key_of(request, from_page)
    principal = await keyring.find(key) if key else None
    if keyring.throttle is not None:
        if principal is not None:
            keyring.throttle.asked(digest_of(key))
        else:
            keyring.throttle.failed(request.client.host if request.client else "")
    if principal is None:
        person = is_wanted(request.headers.get("accept", ""))
        raise Problem(
            401,
            "/problems/unauthenticated",
            "Chưa xác thực",
            _KEY_OF_A_PERSON if person else _KEY_OF_A_PROGRAM,
            headers={"WWW-Authenticate": _FOR_BROWSERS if person else _FOR_PROGRAMS},
        )
    return principal


def _scheme(request: Request) -> str:
    return request.headers.get("authorization", "").partition(" ")[0].lower()


def _key_of(request: Request, from_page: bool) -> str:
    """The key of a program (Bearer), or of a person's browser (Basic, RFC 7617: the password; any user name).

    A browser adds what it was once told to every request, also to one that another site made it send, so Basic is good
    for reading only, and for a form that came from our own page.
    """
    given = request.headers.get("authorization", "").partition(" ")[2]
    match _scheme(request):
        case "bearer":
            return given.strip()
        case "basic" if from_page or request.method in ("GET", "HEAD"):
            try:
                # The name may be in any encoding; keys are ASCII.
                return b64decode(given, validate=True).decode(errors="replace").partition(":")[2]
            except ValueError:
                return ""
        case _:
            return ""


def _without_input(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
    return str(error)
