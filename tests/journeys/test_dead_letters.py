"""A service that is older than what it hears: it puts aside what it does not know yet and holds that thing's later
events, others go on; brought up to date, everything is replayed in order and counted once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

CLASSES, AWARDED = "II.4.đ.2/classes", "II.5.b.3/granted"
ROOT = Path(__file__).parents[2]
OLDER = """
import os, pathlib
if os.environ.get("MONGODB_DATABASE", "").endswith("_reporting") and pathlib.Path(__file__).with_name("older").exists():
    import contracts.envelope as envelope
    known = envelope.kind_of
    envelope.kind_of = lambda type: None if type.startswith("award.granted") else known(type)
"""


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is said that reporting is an older one, which has never heard of awards."""
    folder = tmp_path_factory.mktemp("older")
    (folder / "sitecustomize.py").write_text(OLDER)
    (folder / "older").touch()
    return folder


@pytest.fixture(scope="module")
def stack(older: Path) -> Iterator[Stack]:
    with running(environment={"PYTHONPATH": f"{older}:{ROOT}", "DEAD_LETTERS_SECONDS": "0.5"}) as stack:
        yield stack


def award(number: int, *, key: str, revision: int = 1, count: int = 1) -> dict[str, Any]:
    """An award of the province in April 2021."""
    data = {"level": "province", "recipient": "collective", "count": count}
    about = {"type": "award.granted", "subject": f"{key}/granted", "revision": revision, "data": data}
    return training(number, revision=revision) | about


def lesson(number: int) -> dict[str, Any]:
    """A class for managers of cooperatives."""
    return training(number) | {"data": {"people": 20, "audience": "managers", "topic": "governance"}}


async def letters(province: Province, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    answer = await province.get("reporting", f"/v1/dead-letters?{query}", key="operator")
    return list(answer["dead_letters"])


async def replayed(province: Province, **trial: Any) -> dict[str, Any]:
    answer = await province.post("reporting", "/v1/dead-letters/replays", "operator", json=trial)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def metric(province: Province, name: str) -> float:
    text = (await province.http.get(province.stack.services["reporting"] + "/metrics")).text
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


async def test_what_an_older_service_cannot_read_waits_with_its_own_and_is_counted_once_in_the_end(
    stack: Stack, older: Path
) -> None:
    province = Province(stack)
    said = [award(1, key="award-1"), award(2, key="award-1", revision=2, count=3), award(3, key="award-2")]
    said.append(lesson(4) | {"subject": "award-1/class"})  # of the same thing, and readable
    said.append(lesson(5))
    answer = await province.say("LMHTX", said)
    assert answer["accepted"] == 5, answer
    await province.folded(1)
    assert await province.figure(CLASSES) == 1
    found = await until(lambda: settled_into(province, 4), within=20, what="four letters")
    assert [(one["code"], one["state"]) for one in sorted(found, key=lambda one: one["code"])] == [
        ("behind", "held"),
        ("behind", "held"),
        ("unknown-kind", "open"),
        ("unknown-kind", "open"),
    ]
    assert {one["speaker"] for one in found} == {"LMHTX"}

    async def measured() -> bool:
        return await metric(province, 'hopluc_dead_letters_open{reason="unknown-kind"}') == 2

    await until(measured, within=20, what="two open letters on /metrics")
    tried = await replayed(province)
    assert [one["code"] for one in tried["letters"]] == ["still-dead"] * 2

    (older / "older").unlink()
    stack.restart("reporting")
    tried = await until(lambda: answered(replayed(province)), within=60, what="reporting answers")
    assert [one["outcome"] for one in tried["letters"]] == ["would-replay"] * 2
    assert len(await letters(province, state="open")) == 2, "trying writes nothing"
    assert (await replayed(province, dry_run=False))["replayed"] == 2
    await province.folded(5)
    await until(lambda: all_closed(province), within=30, what="all letters closed")
    assert (await province.figure(CLASSES), await province.figure(AWARDED)) == (2, await granted(province))
    await province.http.aclose()


async def settled_into(province: Province, count: int) -> list[dict[str, Any]] | None:
    found = await letters(province)
    return found if len(found) == count else None


async def all_closed(province: Province) -> bool:
    return {one["state"] for one in await letters(province)} == {"closed"}


async def answered(asking: Any) -> Any:
    try:
        return await asking
    except httpx.TransportError:
        return None


async def granted(province: Province) -> int:
    """As support keeps them: of award-1 the correction, and award-2."""
    records = (await province.get("support", "/v1/records/award.granted"))["records"]
    return sum(one["data"].get("count", 1) for one in records)
