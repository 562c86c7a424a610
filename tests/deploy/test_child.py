"""A child process: ready when it says so, dead when its launcher is."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import children
from deploy.local.children import ROOT, Child, ChildDied, Program
from deploy.local.ports import free_port, is_free, listens
from tests.deploy.processes import exists
from tests.kit.wait import until

pytestmark = pytest.mark.servers

SERVER = "import http.server as s, sys; s.HTTPServer(('127.0.0.1', int(sys.argv[1])), s.SimpleHTTPRequestHandler).{}()"


def program(serve: str, *, ready_path: str = "/") -> Callable[[int], Program]:
    """A web server that answers."""
    return lambda port: Program((sys.executable, "-c", SERVER.format(serve), str(port)), os.environ, ready_path)


def failing(port: int) -> Program:
    return Program((sys.executable, "-c", "import sys; sys.exit('no plan, no work')"), os.environ)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def child(program: Callable[[int], Program]) -> Child:
        made.append(Child("thing", program, tmp_path / "log"))
        return made[-1]

    yield child
    for each in made:
        each.kill()


def test_it_is_ready_when_it_answers_and_keeps_its_port_over_a_restart(make: Callable[..., Child]) -> None:
    child = make(program("serve_forever"))
    child.start()
    child.await_ready(20)
    port, pid = child.port, child.pid
    assert listens(pid, port)
    child.kill()
    assert (child.alive, child.exit_code) == (False, -signal.SIGKILL)
    child.start()
    child.await_ready(20)
    assert child.port == port
    assert child.pid != pid


def test_a_stranger_on_its_port_is_not_taken_for_it(make: Callable[..., Child]) -> None:
    child, stranger = make(program("serve_forever")), make(program("serve_forever"))
    for each in (child, stranger):
        each.start()
        each.await_ready(20)
    assert not listens(child.pid, stranger.port)


def test_a_port_that_was_taken_meanwhile_costs_another_port(
    make: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(program("serve_forever"))
    first.start()
    first.await_ready(20)
    ports = iter([first.port, free_port()])
    monkeypatch.setattr(children, "free_port", lambda: next(ports))
    second = make(program("serve_forever"))
    second.start()
    second.await_ready(20)
    assert second.port != first.port


def test_a_child_that_ends_is_told_with_its_last_words(make: Callable[..., Child]) -> None:
    child = make(failing)
    child.start()
    with pytest.raises(ChildDied, match=r"(?s)thing .* ended with exit code 1.*no plan, no work"):
        child.await_ready(20)


def test_a_child_that_never_gets_ready_is_given_up(make: Callable[..., Child]) -> None:
    child = make(program("serve_forever", ready_path="/nowhere"))
    child.start()
    with pytest.raises(ChildDied, match="not ready after"):
        child.await_ready(0.5)


def test_a_child_that_does_not_listen_to_sigterm_is_killed(make: Callable[..., Child]) -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SERVER.format('serve_forever')}"
    child = make(lambda port: Program((sys.executable, "-c", deaf, str(port)), os.environ, "/"))
    child.start()
    child.await_ready(20)
    child.ask_to_end()
    child.end(within=0.2)
    assert child.exit_code == -signal.SIGKILL
    assert is_free(child.port)


def test_children_are_started_from_the_main_thread_only(make: Callable[..., Child]) -> None:
    """The kernel ends a child with the thread that started it."""
    errors: list[RuntimeError] = []

    def start() -> None:
        try:
            make(program("serve_forever")).start()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(errors)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children with their parent on Linux only")
async def test_kill_9_of_the_launcher_ends_its_children(tmp_path: Path) -> None:
    script = f"""
import os, pathlib, signal, sys
from deploy.local.children import Child, Program
sleeper = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
program = Program((sys.executable, "-c", sleeper), os.environ)
child = Child("sleeper", lambda port: program, pathlib.Path({str(tmp_path / "log")!r}))
child.start()
print(child.pid, flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline())
        assert exists(pid)
        launcher.kill()
    await until(lambda: not exists(pid), within=5, what="the child is gone")
