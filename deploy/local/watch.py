"""``python -m deploy.local.watch --ready-file FILE``: Prometheus, with the rules of ``deploy/prometheus``, looking at a
running stack, until Ctrl-C. The stack is one of ``python -m deploy.local up --ready-file FILE``."""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.children import ROOT
from deploy.local.ports import HOST

CONFIG = ROOT / "deploy" / "prometheus"


def targets(services: Mapping[str, str]) -> str:
    """Where the services are, as Prometheus reads it from a file (``file_sd_configs``), from their base URLs; a second
    copy goes by its service's name."""
    found = [
        {"targets": [urlsplit(url).netloc], "labels": {"service": name.partition("-")[0]}}
        for name, url in services.items()
    ]
    return json.dumps(found, indent=2) + "\n"


def write_targets(file: Path, services: Mapping[str, str]) -> None:
    """Write them in one step: Prometheus reads the file whenever it changes."""
    fresh = file.with_name(f".{file.name}.tmp")
    fresh.write_text(targets(services))
    fresh.replace(file)


def prepare(folder: Path, services: Mapping[str, str], *, every: str = "", patience: str = "") -> Path:
    """The project's configuration in a folder of its own, with the targets; returns the file to start Prometheus with.

    ``every`` is how often it looks and judges, ``patience`` how long each alert waits, as Prometheus writes durations;
    empty as the project has them.
    """
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True)
    config, alerts = folder / "prometheus.yml", folder / "rules" / "alerts.yml"
    if every:
        config.write_text(re.sub(r"(_interval:) \S+", rf"\1 {every}", config.read_text()))
    if patience:
        alerts.write_text(re.sub(r"( for:) \S+", rf"\1 {patience}", alerts.read_text()))
    (folder / "targets").mkdir(exist_ok=True)
    write_targets(folder / "targets" / "embedded.json", services)
    return config


def command(config: Path, port: int) -> list[str]:
    """Prometheus on this machine only, its data beside its configuration."""
    return [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={config.parent / 'data'}",
        f"--web.listen-address={HOST}:{port}",
        "--log.level=warn",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: Prometheus's own, or 1 where there is no Prometheus or no stack."""
    chosen = _arguments(arguments)
    if not shutil.which("prometheus"):
        sys.stderr.write("there is no Prometheus here (Debian: apt-get install prometheus)\n")
        return 1
    try:
        services = json.loads(chosen.ready_file.read_text())["services"]
    except FileNotFoundError:
        sys.stderr.write(f"no stack is ready: there is no {chosen.ready_file}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="hop-luc-watch-") as folder:
        config = prepare(Path(folder), services, every=chosen.every)
        print(f"http://{HOST}:{chosen.port}/alerts; Ctrl-C stops it", flush=True)
        try:
            return subprocess.run(command(config, chosen.port), check=False).returncode
        except KeyboardInterrupt:
            return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.watch", description="Prometheus for a running stack.")
    parser.add_argument("--ready-file", type=Path, required=True, metavar="FILE", help="the stack's ready file")
    parser.add_argument("--port", type=int, default=9090, help="where Prometheus listens (default: 9090)")
    parser.add_argument("--every", default="", metavar="DURATION", help="how often it looks, such as 5s (default: 15s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
