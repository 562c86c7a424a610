"""The embedded broker and store as fixtures: one of each for a whole run, a database of its own for every test."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.local import programs
from deploy.local.children import Child

_READY_WITHIN = 60.0


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real broker's address; which one, BROKER in the environment chooses."""
    folder = tmp_path_factory.mktemp("broker")
    child = Child("broker", partial(programs.broker, folder=folder / "data"), folder / "log")
    yield from _running(child, programs.kafka_bootstrap)


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real store's address."""
    folder: Path = tmp_path_factory.mktemp("store")
    child = Child("store", partial(programs.store, folder=folder / "data"), folder / "log")
    yield from _running(child, programs.mongodb_uri)


@pytest.fixture
def database() -> str:
    """A name that no other test uses."""
    return f"test_{uuid.uuid4().hex[:12]}"


def _running(child: Child, address: Callable[[int], str]) -> Iterator[str]:
    child.start()
    try:
        child.await_ready(_READY_WITHIN)
        yield address(child.port)
    finally:
        child.kill()
