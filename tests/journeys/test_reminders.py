"""Reminders on real servers: from the clock to the inbox, until the report is in, each once."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import pytest

from catalogue.model import Plan
from deploy.local.stack import Stack
from tests.journeys.spine import Province
from tests.kit.stack import StoppedClock, running
from tests.kit.wait import until

pytestmark = pytest.mark.journey

WITHIN = 30.0


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2021-{text.replace(' ', 'T')}+07:00")


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> StoppedClock:
    return StoppedClock(tmp_path_factory.mktemp("clock") / "clock.json", at("06-16 12:00"))


@pytest.fixture(scope="module")
def stack(clock: StoppedClock) -> Iterator[Stack]:
    with running("reporting", "notify", clock_file=clock.file) as stack:
        yield stack


@pytest.fixture
async def province(stack: Stack) -> AsyncIterator[Province]:
    province = Province(stack)
    yield province
    await province.http.aclose()


async def looked(province: Province, moment: datetime) -> dict[str, Any]:
    """All reminders, once notify has looked at that moment of its clock."""

    async def told() -> dict[str, Any] | None:
        page = dict(await province.get("notify", "/v1/notifications?limit=1000"))
        until_then = page["looked_until"]
        return page if until_then and datetime.fromisoformat(until_then) >= moment else None

    return dict(await until(told, within=WITHIN, what=f"notify has looked at {moment}"))


def received(stack: Stack) -> Counter[str]:
    """How often each reminder arrived, by its Message-ID's left part."""
    return Counter(letter["Message-ID"].strip("<").partition("@")[0] for letter in stack.inbox.letters())


async def test_reminders_arrive_once_until_the_report_is_in_though_notify_is_killed(
    plan: Plan, stack: Stack, clock: StoppedClock, province: Province
) -> None:
    owing = [duty for code in ("2021-Q2", "2021-H1") for duty in plan.duties_for(code) if duty.role == "report"]
    assert (await looked(province, at("06-16 12:00")))["notifications"] == []

    clock.set(at("06-17 08:00"))
    page = await looked(province, at("06-17 08:00"))
    assert page["counts"]["7-days"] == {"planned": 0, "sent": len(owing), "dropped": 0}
    assert received(stack) == Counter(f"{duty.agency}.{duty.period}.7-days" for duty in owing)
    letter = next(each for each in stack.inbox.letters() if "SNV.2021-Q2." in each["Message-ID"])
    assert letter["To"] == "van-thu@snv.langson.example"
    assert "quý II năm 2021" in letter["Subject"]
    assert f"{stack.services['reporting']}/periods/2021-Q2" in letter.get_content()

    answer = await province.post("reporting", "/v1/reports", "SNV", json={"periods": ["2021-Q2"], "outcome": "nil"})
    assert answer.status_code == 201
    stack.kill("notify")
    clock.set(at("06-21 08:00"))
    stack.restart("notify")
    page = await looked(province, at("06-21 08:00"))
    assert page["counts"]["3-days"]["sent"] == len(owing) - 1
    assert "SNV.2021-Q2.3-days" not in received(stack)
    assert received(stack)["SNV.2021-H1.3-days"] == 1

    for moment in ("06-23 08:00", "06-24 08:00", "06-25 08:00"):
        clock.set(at(moment))
        await looked(province, at(moment))
    stack.kill("notify")
    clock.set(at("07-01 08:00"))
    stack.restart("notify")
    page = await looked(province, at("07-01 08:00"))
    assert {stage: counts["sent"] for stage, counts in page["counts"].items()} == {
        "7-days": len(owing),
        **dict.fromkeys(("3-days", "1-day", "same-day", "overdue"), len(owing) - 1),
        "returned": 0,
        "restated": 0,
    }
    assert set(received(stack).values()) == {1}
    assert sum(received(stack).values()) == page["counts"]["7-days"]["sent"] + 4 * (len(owing) - 1)
    assert stack.inbox.dropped() == []


async def test_killed_while_it_mails_it_sends_the_rest_and_nothing_arrives_twice(
    plan: Plan, stack: Stack, clock: StoppedClock, province: Province
) -> None:
    owing = [duty for duty in plan.duties_for("2021-Q3") if duty.role == "report"]
    before = len(stack.inbox.letters())
    clock.set(at("09-17 08:00"))
    await until(lambda: len(stack.inbox.letters()) > before, within=WITHIN, what="the first letters arrive")
    stack.kill("notify")
    clock.set(at("09-17 08:20"))  # the killed copy's lease is over
    stack.restart("notify")
    page = await looked(province, at("09-17 08:20"))
    third = [each for each in page["notifications"] if each["period"] == "2021-Q3"]
    assert Counter(each["state"] for each in third) == {"sent": len(owing)}
    arrived = {name: times for name, times in received(stack).items() if ".2021-Q3." in name}
    assert arrived == {f"{duty.agency}.2021-Q3.7-days": 1 for duty in owing}
