"""Keys: who is known, who is not, and that nothing of a key is ever seen again."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel

from chassis import problem
from chassis.auth import Keyring, Principal, Role, add, router, speaker, whose
from chassis.listening import Fatal

KEY = "khóa-bí-mật-1"


def entry(key: str = KEY, role: str = "agency", agency: str | None = "SKHDT") -> dict[str, Any]:
    return {"sha256": hashlib.sha256(key.encode()).hexdigest(), "role": role, "agency": agency}


def written(path: Path, content: Any) -> Path:
    file = path / "keys.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


async def test_a_key_is_known_by_its_hash(tmp_path: Path) -> None:
    keyring = Keyring.load(written(tmp_path, [entry(), entry("other", "operator", None)]))
    assert await keyring.find(KEY) == Principal(role="agency", agency="SKHDT")
    assert await keyring.find("other") == Principal(role="operator")
    assert await keyring.find(KEY + "x") is None
    assert await keyring.find("") is None


@pytest.mark.parametrize("path", [None, Path("/nowhere/keys.json")])
async def test_without_a_file_nobody_is_known(path: Path | None) -> None:
    assert await Keyring.load(path).find(KEY) is None


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        {"sha256": "x"},
        [{**entry(), "role": "king"}],
        [{**entry(), "sha256": "ABC"}],
        [entry(agency=None)],
        [{"role": "agency"}],
    ],
)
def test_a_wrong_file_stops_the_process_and_shows_no_hash(tmp_path: Path, content: Any) -> None:
    with pytest.raises(Fatal) as refused:
        Keyring.load(written(tmp_path, content))
    assert "keys.json" in str(refused.value)
    assert "ABC" not in str(refused.value)


def test_a_keyring_does_not_show_its_hashes() -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    assert digest not in repr(Keyring([(digest, Principal(role="leader"))]))


class Body(BaseModel):
    number: int


def service(*roles: Role) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.keyring = Keyring(
        (hashlib.sha256(key.encode()).hexdigest(), Principal(role=role, agency=agency))
        for key, role, agency in (("a", "agency", "STC"), ("l", "leader", None))
    )
    problem.install(app)

    routes = router()

    @routes.api_route("/me", methods=["GET", "POST"])
    async def me(principal: Annotated[Principal, Depends(speaker(*roles))], body: Body | None = None) -> Principal:
        return principal

    add(app.router, routes)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def asked(client: httpx.AsyncClient, header: str | None) -> httpx.Response:
    async with client:
        return await client.get("/me", headers={"Authorization": header} if header else {})


async def test_the_speaker_is_whom_the_key_belongs_to() -> None:
    answer = await asked(service("agency"), "bearer a")
    assert answer.json() == {"role": "agency", "agency": "STC", "name": ""}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic a", "a"])
async def test_without_a_good_key_nobody_speaks(header: str | None) -> None:
    answer = await asked(service("agency", "leader"), header)
    assert (answer.status_code, answer.json()["title"]) == (401, "Chưa xác thực")
    assert "wrong" not in answer.text


async def test_a_role_may_only_do_what_is_its_own() -> None:
    answer = await asked(service("agency", "consolidator"), "Bearer l")
    assert answer.status_code == 403
    detail = answer.json()["detail"]
    assert (
        detail == "Vai trò lãnh đạo UBND tỉnh không được làm việc này; cần vai trò: cơ quan báo cáo, cơ quan tổng hợp."
    )
    assert (await asked(service("leader"), "Bearer l")).status_code == 200


@pytest.mark.parametrize("content", [b"not json", b'{"number": "x"}', b"x" * 100_000])
async def test_who_may_not_is_told_so_before_the_body_is_read(content: bytes) -> None:
    async with service("agency") as client:
        read = 0

        async def body() -> AsyncIterator[bytes]:
            nonlocal read
            read += 1
            yield content

        headers = {"Content-Type": "application/json"}
        assert (await client.post("/me", content=body(), headers=headers)).status_code == 401
        leader = {**headers, "Authorization": "Bearer l"}
        assert (await client.post("/me", content=body(), headers=leader)).status_code == 403
        assert read == 0


async def test_a_browser_gives_the_key_as_its_password_to_read_and_never_to_write() -> None:
    async with service("agency") as client:
        unknown = await client.get("/me", headers={"Accept": "text/html,*/*;q=0.8"})
        assert unknown.headers["www-authenticate"].startswith("Basic ")
        assert "mật khẩu là khóa còn hiệu lực" in unknown.text
        assert "Bearer" not in unknown.text
        assert (await client.get("/me")).headers["www-authenticate"] == "Bearer"
        assert (await client.get("/me", auth=("anybody", "a"))).json()["agency"] == "STC"
        assert (await client.get("/me", auth=("anybody", "wrong"))).status_code == 401
        assert (await client.get("/me", headers={"Authorization": "Basic ====="})).status_code == 401
        assert (await client.post("/me", auth=("anybody", "a"))).status_code == 401


def test_a_route_that_does_not_say_who_may_use_it_is_refused_at_the_start() -> None:
    with pytest.raises(TypeError, match="/open"):

        @router().get("/open")
        async def open() -> None: ...


def test_an_agency_sees_its_own() -> None:
    agency, leader = Principal(role="agency", agency="STC"), Principal(role="leader")
    assert [whose(agency, None), whose(agency, "STC"), whose(leader, None), whose(leader, "SNV")] == [
        "STC",
        "STC",
        None,
        "SNV",
    ]
    with pytest.raises(problem.Problem, match="403"):
        whose(agency, "SNV")
