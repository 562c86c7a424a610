"""Nothing of a stack is left on the disk."""

import tempfile
from pathlib import Path

import pytest

from deploy.local.scratch import FolderInUse, Scratch, sweep


@pytest.fixture(autouse=True)
def own_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_temporary_folder_goes_with_its_stack() -> None:
    scratch = Scratch(None)
    (scratch.path / "data").touch()
    scratch.close()
    assert not scratch.path.exists()


def test_a_given_folder_stays() -> None:
    given = Path(tempfile.gettempdir()) / "mine"
    scratch = Scratch(given)
    (scratch.path / "data").touch()
    scratch.close()
    assert (given / "data").exists()


def test_the_folder_of_a_stack_that_runs_is_not_swept() -> None:
    scratch = Scratch(None)
    sweep()
    other = Scratch(None)
    assert scratch.path.exists()
    assert other.path != scratch.path
    scratch.close()
    other.close()


def test_the_folder_of_a_launcher_that_is_gone_is_swept_by_the_next(own_tmp: Path) -> None:
    orphan = own_tmp / "hop-luc-orphan"
    orphan.mkdir()
    (orphan / "launcher.lock").touch()
    Scratch(None).close()
    assert not orphan.exists()


def test_what_is_not_a_stacks_is_left_alone(own_tmp: Path) -> None:
    foreign = own_tmp / "hop-luc-notes"
    foreign.mkdir()
    (foreign / "thesis.txt").touch()
    sweep()
    assert (foreign / "thesis.txt").exists()


def test_two_stacks_cannot_share_a_folder() -> None:
    given = Path(tempfile.gettempdir()) / "mine"
    scratch = Scratch(given)
    with pytest.raises(FolderInUse, match="in use by another stack"):
        Scratch(given)
    scratch.close()
    Scratch(given).close()
