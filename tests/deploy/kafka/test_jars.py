"""Without Java or Maven it says how to get them, and ends with an exit code other than 0."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.kafka import jars
from deploy.kafka.__main__ import main
from deploy.local.children import ROOT


def fake(folder: Path, name: str, *lines: str) -> None:
    """A program that is not what it should be."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("\n".join(("#!/bin/sh", *lines, "")))
    file.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder with programs, and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_without_java_it_says_how_to_get_it(path: Path) -> None:
    with pytest.raises(jars.Missing, match=r"needs Java 17 or newer.*apt-get install default-jre"):
        jars.java()


def test_an_old_java_is_refused(path: Path) -> None:
    fake(path, "java", """echo 'openjdk version "11.0.2" 2019-01-15' >&2""")
    with pytest.raises(jars.Missing, match=r"11\.0\.2"):
        jars.java()


def test_a_new_java_will_do_and_java_home_goes_before_the_path(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(path, "java", """echo 'openjdk version "21" 2023-09-19' >&2""")
    assert jars.java() == str(path / "java")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    fake(path, "java", """echo 'openjdk version "17.0.15"' >&2""")
    assert jars.java() == str(tmp_path / "bin" / "java")


def test_without_maven_it_says_how_to_get_it(path: Path) -> None:
    with pytest.raises(jars.Missing, match=r"Maven.*apt-get install"):
        jars.classpath()


def test_a_maven_that_fails_leaves_no_half_a_folder(path: Path, tmp_path: Path) -> None:
    fake(path, "mvn", "echo 'no network' >&2", "exit 1")
    with pytest.raises(jars.Missing, match="no network"):
        jars.classpath()
    assert list((tmp_path / "cache" / "hop-luc").iterdir()) == []


def test_maven_is_asked_once(path: Path, tmp_path: Path) -> None:
    fake(path, "mvn", "exit 0")
    first = jars.classpath()
    (path / "mvn").unlink()
    assert jars.classpath() == first
    assert Path(first).parent.parent == tmp_path / "cache" / "hop-luc"


@pytest.mark.servers
def test_the_command_ends_with_an_error_of_one_line(path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.kafka", "up"],
        cwd=ROOT, env={**os.environ, "PATH": str(path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("Apache Kafka needs Java 17")
    assert "Traceback" not in ended.stderr


def test_wrong_arguments_are_exit_code_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", "--nodes", "2"])
    assert ended.value.code == 2
