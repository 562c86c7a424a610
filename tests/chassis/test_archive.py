"""The file of a backup: what is written is read again, and a file that is not whole is never taken for one that is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.archive import Broken, Head, Writer, documents, proven
from chassis.store import Message, Whole

THEN = datetime(2021, 4, 1, 8, tzinfo=UTC)
HEAD = Head(owner="test", begun=THEN, collections=("things", "others"))

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
messages = st.builds(Message, st.text(), st.text(), st.binary(), st.dictionaries(st.text(), st.text(), max_size=2))
wholes = st.builds(
    Whole,
    id=st.text(),
    version=st.integers(1, 99),
    body=st.dictionaries(st.text(), values, max_size=4),
    claims=st.lists(st.text(), max_size=3),
    said=st.lists(messages, max_size=3).map(tuple),
    sent=st.integers(0, 3),
    queued=st.none() | st.integers(0, 2**62),
)


def written(path: Path, rows: list[tuple[str, Whole]], positions: dict[str, str] | None = None) -> Path:
    path.unlink(missing_ok=True)
    with Writer(path, HEAD) as writer:
        for collection, document in rows:
            writer.add(collection, document)
        writer.finish(THEN, positions or {})
    return path


@given(st.lists(st.tuples(st.sampled_from(HEAD.collections), wholes), max_size=5))
def test_documents_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, Whole]]
) -> None:
    path = written(tmp_path_factory.mktemp("archive") / "a", rows, {"t/0": "0:7"})
    head, tail = proven(path)
    assert head == HEAD
    assert list(documents(path)) == rows
    assert sum(tail.documents.values()) == len(rows)
    assert tail.positions == {"t/0": "0:7"}


ROWS = [("things", Whole(str(number), 1, {"n": number})) for number in range(40)]


@given(st.data())
def test_a_file_that_was_cut_or_changed_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("archive") / "a", ROWS)
    whole = path.read_bytes()
    place = data.draw(st.integers(10, len(whole) - 1))  # the ten bytes before are gzip's own head
    cut = data.draw(st.booleans())
    path.write_bytes(whole[:place] if cut else whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    with pytest.raises(Broken):
        proven(path)


def test_a_backup_that_fails_leaves_no_file_and_another_is_never_written_over(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        with Writer(path, HEAD) as writer:
            writer.add(*ROWS[0])
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fail(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
    kept = written(tmp_path / "a", ROWS).read_bytes()
    with pytest.raises(FileExistsError):
        fail(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == kept
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\x1f\x8b"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(Broken):
        proven(tmp_path / "a")


def test_another_format_is_refused_by_its_name(tmp_path: Path) -> None:
    other: Any = Head(owner="test", begun=THEN, collections=(), format="hop-luc-backup/9")
    with Writer(tmp_path / "a", other) as writer:
        writer.finish(THEN, {})
    with pytest.raises(Broken, match="hop-luc-backup/9"):
        proven(tmp_path / "a")
