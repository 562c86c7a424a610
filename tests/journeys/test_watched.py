"""The real Prometheus, with the project's own configuration, looks at the running stack: what it asks for is there, the
alert for a stopped service fires and resolves, and the commands of the runbooks work."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.children import Child, Program
from deploy.local.ports import HOST
from deploy.local.stack import Stack
from deploy.local.watch import command, prepare
from tests.deploy.test_prometheus import ALERTS, ROOT
from tests.kit.stack import running
from tests.kit.wait import until

pytestmark = pytest.mark.prometheus
WITHIN = 60.0
STAGES = {"made", "said", "folded", "passed-on", "heard"}
RUNBOOKS = sorted({rule["annotations"]["runbook_url"] for rule in ALERTS.values()})


class Watched:
    """A running stack and the Prometheus that looks at it every second."""

    def __init__(self, stack: Stack, url: str) -> None:
        self.stack, self.url = stack, url

    async def ask(self, expression: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._get("query", query=expression))["result"]
        return found

    async def firing(self) -> set[tuple[str, str]]:
        """The critical alerts that fire: name and service."""
        return {
            (alert["labels"]["alertname"], alert["labels"].get("service", ""))
            for alert in (await self._get("alerts"))["alerts"]
            if alert["state"] == "firing" and alert["labels"]["severity"] == "critical"
        }

    async def _get(self, path: str, **asked: str) -> Any:
        async with httpx.AsyncClient(base_url=self.url, timeout=10) as http:
            answer = await http.get(f"/api/v1/{path}", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def all_up(self) -> bool:
        return [one["value"][1] for one in await self.ask('sum(up{job="hop-luc"})')] == ["4"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("prometheus")
    with running(environment={"HEARTBEAT_SECONDS": "1"}) as stack:
        config = prepare(folder, stack.services, every="1s", patience="2s")
        prometheus = Child(
            "prometheus", lambda port: Program(command(config, port), os.environ, "/-/ready"), folder / "log"
        )
        prometheus.start()
        try:
            prometheus.await_ready(WITHIN)
            _send_what_is_refused(stack)
            yield Watched(stack, f"http://{HOST}:{prometheus.port}")
        finally:
            prometheus.ask_to_end()
            prometheus.end(10)


def _send_what_is_refused(stack: Stack) -> None:
    """An event that is none, so that there is a refusal to be told."""
    headers = {"Authorization": f"Bearer {stack.api_keys['SNV']}", "Content-Type": "application/cloudevents-batch+json"}
    assert httpx.post(f"{stack.services['support']}/v1/events", headers=headers, content=b"[{}]").status_code == 200


async def test_all_services_are_looked_at_and_a_heartbeat_comes_through_every_stage(watched: Watched) -> None:
    await until(watched.all_up, within=WITHIN)

    async def stages() -> bool:
        found = await watched.ask("max by (stage) (hopluc_heartbeat_newest_timestamp_seconds)")
        return {one["metric"]["stage"] for one in found} == STAGES

    await until(stages, within=WITHIN, what="a heartbeat at every stage")

    async def in_time() -> bool:  # as recorded at the next evaluation: the one before may not have seen a heartbeat
        behind = await watched.ask("hopluc_heartbeat:behind_seconds")
        return bool(behind) and float(behind[0]["value"][1]) < 30

    async def quiet() -> bool:  # what was missing while it started resolves at the next evaluation too
        return not await watched.firing()

    await until(in_time, within=WITHIN, what="heartbeats come through in time")
    await until(quiet, within=WITHIN, what="no alert fires")


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_the_alert_for_a_reporting_service_that_is_gone_fires_and_resolves(watched: Watched, how: str) -> None:
    await until(watched.all_up, within=WITHIN)

    async def fires() -> bool:
        return ("ServiceDown", "reporting") in await watched.firing()

    async def resolved() -> bool:
        return await watched.firing() == set() and await watched.all_up()

    pid = watched.stack.pids["reporting"]
    if how == "stopped":
        os.kill(pid, signal.SIGSTOP)
    else:
        watched.stack.kill("reporting")
    try:
        await until(fires, within=WITHIN)
        assert {service for _, service in await watched.firing()} <= {"reporting", ""}
    finally:
        if how == "stopped":
            os.kill(pid, signal.SIGCONT)
        else:
            watched.stack.restart("reporting")
    await until(resolved, within=WITHIN)


@pytest.mark.parametrize("runbook", RUNBOOKS)
async def test_the_commands_of_a_runbook_work(watched: Watched, runbook: str) -> None:
    await until(watched.all_up, within=WITHIN)
    told = {name.upper(): url for name, url in watched.stack.services.items()}
    told |= {"PROMETHEUS": watched.url, "KEY": watched.stack.api_keys["operator"], "PATH": os.environ["PATH"]}
    for block in re.findall(r"^```sh\n(.*?)^```", Path(ROOT / runbook).read_text(), re.MULTILINE | re.DOTALL):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], env=told, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout.strip(), f"{block} tells nothing"
