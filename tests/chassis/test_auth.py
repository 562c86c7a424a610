"""Keys: who is known, who is not, and that nothing of a key is ever seen again."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI

from chassis import problem
from chassis.auth import Keyring, Principal, Role, speaker
from chassis.listening import Fatal

KEY = "khóa-bí-mật-1"


def entry(key: str = KEY, role: str = "agency", agency: str | None = "SKHDT") -> dict[str, Any]:
    return {"sha256": hashlib.sha256(key.encode()).hexdigest(), "role": role, "agency": agency}


def written(path: Path, content: Any) -> Path:
    file = path / "keys.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_a_key_is_known_by_its_hash(tmp_path: Path) -> None:
    keyring = Keyring.load(written(tmp_path, [entry(), entry("other", "operator", None)]))
    assert keyring.find(KEY) == Principal(role="agency", agency="SKHDT")
    assert keyring.find("other") == Principal(role="operator")
    assert keyring.find(KEY + "x") is None
    assert keyring.find("") is None


@pytest.mark.parametrize("path", [None, Path("/nowhere/keys.json")])
def test_without_a_file_nobody_is_known(path: Path | None) -> None:
    assert Keyring.load(path).find(KEY) is None


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


def service(*roles: Role) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.keyring = Keyring(
        (hashlib.sha256(key.encode()).hexdigest(), Principal(role=role, agency=agency))
        for key, role, agency in (("a", "agency", "STC"), ("l", "leader", None))
    )
    problem.install(app)

    @app.get("/me")
    async def me(principal: Annotated[Principal, Depends(speaker(*roles))]) -> Principal:
        return principal

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def asked(client: httpx.AsyncClient, header: str | None) -> httpx.Response:
    async with client:
        return await client.get("/me", headers={"Authorization": header} if header else {})


async def test_the_speaker_is_whom_the_key_belongs_to() -> None:
    answer = await asked(service("agency"), "bearer a")
    assert answer.json() == {"role": "agency", "agency": "STC", "name": ""}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic a", "a"])
async def test_without_a_good_key_nobody_speaks(header: str | None) -> None:
    answer = await asked(service(), header)
    assert (answer.status_code, answer.json()["title"]) == (401, "Chưa xác thực")
    assert "wrong" not in answer.text


async def test_a_role_may_only_do_what_is_its_own() -> None:
    answer = await asked(service("agency", "consolidator"), "Bearer l")
    assert answer.status_code == 403
    assert "`leader`" in answer.json()["detail"]
    assert (await asked(service(), "Bearer l")).status_code == 200
