"""Who speaks: API keys, known only by their hashes, each with a role and, for an agency, its code."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from chassis.listening import Fatal
from chassis.problem import Problem

Role = Literal["agency", "consolidator", "leader", "administrator", "operator"]


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


class Keyring:
    """The keys that are good. Holds hashes only; a key itself is neither kept nor logged."""

    def __init__(self, entries: Iterable[tuple[str, Principal]] = ()) -> None:
        self._entries = tuple((bytes.fromhex(digest), principal) for digest, principal in entries)

    @classmethod
    def load(cls, path: Path | None) -> "Keyring":
        """Read API_KEYS_FILE: ``[{"sha256": hex, "role": ..., "agency": code or null, "name": ...}]``.

        No file means no keys. Raises `Fatal` when the file is there and wrong.
        """
        if path is None or not path.exists():
            return cls()
        try:
            entries = TypeAdapter(list[_Entry]).validate_python(json.loads(path.read_bytes()))
        except (ValidationError, ValueError) as error:
            raise Fatal(f"{path}: not a list of API keys: {_without_input(error)}") from None
        return cls((entry.sha256, Principal(**entry.model_dump(exclude={"sha256"}))) for entry in entries)

    def find(self, key: str) -> Principal | None:
        """Whose key this is. Takes the same time whichever key matches, or none."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        found = None
        for known, principal in self._entries:
            if hmac.compare_digest(known, digest):
                found = principal
        return found


def speaker(*roles: Role) -> Callable[[Request], Principal]:
    """A FastAPI dependency: the speaker, if the key is good and the role one of `roles` (none given: any role)."""

    def who(request: Request) -> Principal:
        principal = _identify(request)
        if roles and principal.role not in roles:
            raise Problem(
                403,
                "/problems/forbidden",
                "Không được phép",
                f"Vai trò `{principal.role}` không được làm việc này; cần vai trò: {', '.join(roles)}.",
            )
        return principal

    return who


def _identify(request: Request) -> Principal:
    keyring: Keyring = request.app.state.keyring
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    principal = keyring.find(key.strip()) if scheme.lower() == "bearer" else None
    if principal is None:
        raise Problem(
            401,
            "/problems/unauthenticated",
            "Chưa xác thực",
            "Cần đầu mục `Authorization: Bearer KHÓA` với một khóa còn hiệu lực.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return principal


def _without_input(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
    return str(error)
