"""Who is started again, and when it is enough."""

import os
from dataclasses import dataclass, field
from typing import cast

import pytest

from deploy.local import supervise
from deploy.local.children import Child, ChildDied
from deploy.local.stack import Stack
from deploy.local.supervise import Supervisor


@dataclass
class FakeChild:
    name: str
    exit_code: int = -9
    alive: bool = False

    def obituary(self) -> str:
        return f"{self.name} died\n"

    def kill(self) -> None:
        self.alive = False


@dataclass
class FakeStack:
    """A stack in which one child has died; it dies again after each of `lives` restarts."""

    child: FakeChild
    lives: int = 0
    restarts: list[str] = field(default_factory=list)

    @property
    def services(self) -> dict[str, str]:
        return {"registry": "http://registry"}

    def dead(self) -> list[Child]:
        if self.child.alive and self.lives:
            self.lives, self.child.alive = self.lives - 1, False
        if self.child.alive:
            raise KeyboardInterrupt  # all is well: nothing more to see
        return [cast(Child, self.child)]

    def restart(self, name: str) -> None:
        self.restarts.append(name)
        self.child.alive = True


def watch(stack: FakeStack, *, restart: bool = True) -> int:
    """Watch until the end; returns how often the change was told."""
    told: list[int] = []
    try:
        Supervisor(cast(Stack, stack), restart=restart, changed=lambda: told.append(1)).watch()
    except KeyboardInterrupt:
        return len(told)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(supervise, "_POLL", 0.0)


def test_a_service_that_dies_is_started_again_and_the_change_is_told() -> None:
    stack = FakeStack(FakeChild("registry"), lives=2)
    assert watch(stack) == 3
    assert stack.restarts == ["registry"] * 3


def test_after_five_deaths_in_a_row_it_is_enough() -> None:
    stack = FakeStack(FakeChild("registry"), lives=100)
    with pytest.raises(ChildDied, match="5 times in a row"):
        watch(stack)
    assert len(stack.restarts) == 5


@pytest.mark.parametrize(
    ("child", "restart"),
    [
        (FakeChild("registry"), False),  # not asked for
        (FakeChild("broker"), True),  # its log died with it
        (FakeChild("registry", exit_code=os.EX_CONFIG), True),  # it waits for a person
    ],
)
def test_where_a_restart_cannot_help_the_stack_ends(child: FakeChild, restart: bool) -> None:
    stack = FakeStack(child)
    with pytest.raises(ChildDied, match=f"{child.name} died"):
        watch(stack, restart=restart)
    assert stack.restarts == []
