"""``make kafka-up`` as its user meets it: two side by side, what it prints is enough to connect, nothing is left."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from chassis.connection import Connection
from chassis.settings import ServiceSettings
from deploy.local.children import ROOT
from tests.deploy.processes import children_of, exists
from tests.kit.wait import until

pytestmark = pytest.mark.kafka


class Kafka:
    """``python -m deploy.kafka up`` in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir()
        self.folder, self.output = folder, folder / "output"
        environment = {**os.environ, "TMPDIR": str(folder)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.kafka", "up", *options],
                cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    async def ready(self) -> dict[str, str]:
        """The variables that it prints for ``make run``, once it is ready."""
        await until(lambda: "make run" in self.said(), within=90, what="it is ready")
        return dict(re.findall(r"(KAFKA_\w+)=(\S+)", self.said()))

    def said(self) -> str:
        assert self.process.poll() is None, self.output.read_text()
        return self.output.read_text()

    def scratch(self) -> list[Path]:
        return list(self.folder.glob("hop-luc-*"))


async def test_two_live_side_by_side_let_their_own_in_and_end_without_a_trace(tmp_path: Path) -> None:
    safe, plain = Kafka(tmp_path / "safe"), Kafka(tmp_path / "plain", "--plain")
    try:
        told, open_to_all = await safe.ready(), await plain.ready()
        assert set(open_to_all) == {"KAFKA_BOOTSTRAP"}
        assert told["KAFKA_BOOTSTRAP"] != open_to_all["KAFKA_BOOTSTRAP"]
        accounts = Path(told["KAFKA_ACCOUNTS"])
        assert {file.stat().st_mode & 0o077 for file in accounts.iterdir()} == {0}
        known = ServiceSettings(
            kafka_bootstrap=told["KAFKA_BOOTSTRAP"],
            kafka_security_protocol=told["KAFKA_SECURITY_PROTOCOL"],
            kafka_ca_file=Path(told["KAFKA_CA_FILE"]),
            kafka_username="hop-luc-support",
            kafka_password_file=accounts / "hop-luc-support",
        )
        for connection in (Connection.of(known), Connection(open_to_all["KAFKA_BOOTSTRAP"])):
            async with AIOKafkaProducer(**connection.options()):
                pass
        commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children_of(safe.process.pid)]
        assert commands
        password = (accounts / "hop-luc-support").read_text()
        assert not any(password in command for command in commands)

        [node] = children_of(plain.process.pid)
        os.kill(node, signal.SIGKILL)
        await until(lambda: plain.process.poll() is not None, within=30, what="it ends with its only node")
        assert plain.process.returncode == 1
        assert "was killed by SIGKILL" in plain.output.read_text()

        nodes = children_of(safe.process.pid)
        safe.process.send_signal(signal.SIGINT)
        await until(lambda: safe.process.poll() is not None, within=30, what="it ends")
        assert safe.process.returncode == 0
        assert not any(map(exists, nodes))
        assert safe.scratch() == plain.scratch() == []
    finally:
        for one in (safe, plain):
            one.process.kill()
            one.process.wait()
