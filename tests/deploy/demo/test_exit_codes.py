"""How the demo ends: 0 only after a check in which everything agreed."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from deploy.local.children import ChildDied
from deploy.local.demo import __main__ as demo


class NoStack:
    """Stands where the stack would, and starts nothing."""

    def __init__(self, **_: object) -> None: ...

    def __enter__(self) -> "NoStack":
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The exit code of a demo whose run, and whose staying up, end so."""

    def end(run: bool | BaseException, *, stay: BaseException | None = None) -> int:
        def ran(*_: Any) -> bool:
            if isinstance(run, BaseException):
                raise run
            return run

        def stayed(*_: Any) -> NoReturn:
            assert stay is not None, "stays up though it should not"
            raise stay

        monkeypatch.setattr(demo, "Stack", NoStack)
        monkeypatch.setattr("signal.signal", lambda *_: None)
        monkeypatch.setattr(demo, "_run", ran)
        monkeypatch.setattr(demo, "_stay", stayed)
        return demo.main(["--events", "1", *([] if stay else ["--once"])])

    return end


def test_a_demo_in_which_everything_agrees_ends_with_0(ending: Callable[..., int]) -> None:
    assert ending(True) == 0


def test_one_difference_ends_with_1(ending: Callable[..., int]) -> None:
    assert ending(False) == 1


def test_a_demo_stopped_before_its_check_has_not_passed(ending: Callable[..., int]) -> None:
    assert ending(KeyboardInterrupt()) == 130


def test_ctrl_c_after_the_check_ends_as_the_check_did(ending: Callable[..., int]) -> None:
    assert ending(True, stay=KeyboardInterrupt()) == 0
    assert ending(False, stay=KeyboardInterrupt()) == 1


def test_a_process_that_dies_fails_the_demo(ending: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(ChildDied("broker: ended with 1")) == 1
    assert ending(True, stay=ChildDied("store: ended with 1")) == 1
    assert "store: ended with 1" in capsys.readouterr().err
