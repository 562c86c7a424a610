"""The whole stack by its command: two side by side, stopped, killed, restarted; nothing is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from catalogue.model import Plan
from deploy.local.children import ROOT
from deploy.local.keys import ROLES
from deploy.local.scratch import FolderInUse
from deploy.local.stack import Stack
from deploy.local.watch import targets
from tests.deploy.processes import children_of, exists, launched
from tests.kit.wait import until

pytestmark = pytest.mark.journey

CHILDREN = {"smtp", "broker", "store", "registry", "support", "reporting", "notify"}
GONE_WITHIN = 15.0


async def test_two_stacks_live_side_by_side_and_end_without_a_trace(plan: Plan, tmp_path: Path) -> None:
    targets_file = tmp_path / "targets.json"
    with launched(tmp_path / "a", "--restart", "--targets-file", str(targets_file)) as a, launched(tmp_path / "b") as b:
        told_a, told_b = await a.ready(), await b.ready()

        assert set(told_a["pids"]) == CHILDREN
        assert sorted(told_a["pids"].values()) == sorted(children_of(a.process.pid))
        assert set(told_a["api_keys"]) == {agency.code for agency in plan.agencies} | set(ROLES)
        assert Path(told_a["mail_dir"]).is_dir()
        assert targets_file.read_text() == targets(told_a["services"])
        assert told_a["mongodb_uri"] != told_b["mongodb_uri"]
        assert told_a["kafka_bootstrap"] != told_b["kafka_bootstrap"]
        for url in (*told_a["services"].values(), *told_b["services"].values()):
            assert httpx.get(f"{url}/readyz").status_code == 200
            assert httpx.get(f"{url}/openapi.json").status_code == 200
        letters, bearer = f"{told_b['services']['support']}/v1/dead-letters", "Authorization"
        for told, status in ((told_b, 200), (told_a, 401)):  # each stack has keys of its own
            key = told["api_keys"]["operator"]
            assert httpx.get(letters, headers={bearer: f"Bearer {key}"}).status_code == status
        assert len(a.scratch()) == len(b.scratch()) == 1

        # A service that dies is started again where that is asked for, at its old address ...
        os.kill(told_a["pids"]["registry"], signal.SIGKILL)
        await until(lambda: a.told()["pids"]["registry"] != told_a["pids"]["registry"], within=60, what="a restart")
        again = a.told()
        assert again["services"] == told_a["services"]
        assert httpx.get(f"{again['services']['registry']}/readyz").status_code == 200
        # ... and otherwise ends the stack, with its last words.
        os.kill(told_b["pids"]["registry"], signal.SIGKILL)
        await until(lambda: b.process.poll() is not None, within=60, what="the second stack ends")
        assert b.process.returncode == 1
        assert f"registry (pid {told_b['pids']['registry']}) was killed by SIGKILL" in b.output.read_text()
        await until(lambda: not any(map(exists, told_b["pids"].values())), within=GONE_WITHIN)
        assert (b.scratch(), b.ready_file.exists()) == ([], False)

        a.process.send_signal(signal.SIGTERM)
        await until(lambda: a.process.poll() is not None, within=60, what="the first stack ends")
        assert a.process.returncode == 0, a.output.read_text()
        assert not any(map(exists, again["pids"].values()))
        assert (a.scratch(), a.ready_file.exists()) == ([], False)


async def test_kill_9_of_the_launcher_leaves_no_process_and_the_next_sweeps_its_folder(tmp_path: Path) -> None:
    with launched(tmp_path / "a") as killed:
        await until(lambda: len(children_of(killed.process.pid)) == len(CHILDREN), within=60, what="all are started")
        children = children_of(killed.process.pid)
        killed.process.kill()
        await until(lambda: not any(map(exists, children)), within=GONE_WITHIN, what="all children are gone")
        assert len(killed.scratch()) == 1
        environment = {**os.environ, "TMPDIR": str(killed.output.parent)}
        command = "from deploy.local.scratch import Scratch; Scratch(None).close()"
        subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=environment, check=True)
        assert killed.scratch() == []


async def test_ctrl_c_while_it_starts_stops_what_was_started(tmp_path: Path) -> None:
    with launched(tmp_path / "a") as launcher:
        await until(lambda: len(children_of(launcher.process.pid)) >= 3, within=60, what="servers are started")
        children = children_of(launcher.process.pid)
        launcher.process.send_signal(signal.SIGINT)
        await until(lambda: launcher.process.poll() is not None, within=60, what="the stack ends")
        assert launcher.process.returncode == 0, launcher.output.read_text()
        assert not any(map(exists, children))
        assert launcher.scratch() == []


def test_a_folder_that_holds_an_earlier_store_is_refused(tmp_path: Path) -> None:
    """Its log went with the broker's memory; continuing would fold another log over it."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "wiredtiger").touch()
    with pytest.raises(FolderInUse, match="KAFKA_BOOTSTRAP"):
        Stack(data_dir=tmp_path).start()
