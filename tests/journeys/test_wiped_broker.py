"""A broker that lost its log is refused, never folded over; and there is a way to go on."""

import os
import subprocess
import sys

import pytest

from deploy.local.children import ROOT
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

REFUSED = 78
PEOPLE = "II.3.b/people"


def command(stack: Stack, service: str, name: str) -> None:
    """Run a service's command as an operator would."""
    environment = {"MONGODB_URI": stack.mongodb_uri, "MONGODB_DATABASE": f"hop_luc_{service}"}
    subprocess.run(
        [sys.executable, "-m", f"services.{service}", name], env={**os.environ, **environment}, cwd=ROOT, check=True
    )


async def test_a_wiped_broker_is_refused_until_its_log_is_adopted() -> None:
    with running() as stack:
        province = Province(stack)
        events = [training(number, people=number) for number in range(300)]
        await province.register("HTX-W1")
        assert (await province.say("SNV", events))["accepted"] == len(events)
        before = await province.folded(len(events) + 1)
        figure = await province.figure(PEOPLE)
        assert figure == sum(range(300))

        stack.kill("reporting")
        stack.wipe_broker()
        stack.restart("reporting", wait=False)
        code = await until(lambda: stack.exit_code("reporting"), within=60, what="reporting refuses")
        assert code == REFUSED
        log = stack.log_of("reporting").read_text()
        assert "before the store's watermark" in log
        assert "docs/runbooks/log-behind-store.md" in log

        command(stack, "reporting", "adopt-log")
        command(stack, "registry", "resend")
        command(stack, "support", "resend")
        for service in stack.services:
            stack.restart(service)  # they make the lost topics again

        async def said_again() -> bool:
            ledger = await province.get("reporting", "/v1/ledger")
            return bool(ledger["duplicates"] >= before["events"] and not ledger["lag"])

        await until(said_again, within=60, what="everything is said and heard again")
        assert await province.figure(PEOPLE) == figure
        assert (await province.get("reporting", "/v1/ledger"))["events"] == before["events"]
        await province.say("SNV", [training(1_000, people=5)])
        await province.folded(before["events"] + 1)
        assert await province.figure(PEOPLE) == figure + 5
        await province.http.aclose()
