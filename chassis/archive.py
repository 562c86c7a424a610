"""The file that a backup is: documents of some collections, whole, behind a head and before a tail that proves them.

gzip over frames; a frame is a length (four bytes, the highest first) and as many bytes of msgpack. The head says whose
the documents are and when they were read, the tail how many there are and the SHA-256 of all before it: a file that was
cut off or changed is not taken for a smaller one. Nothing is encrypted.
"""

import gzip
import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from chassis.store import Message, Whole

FORMAT = "hop-luc-backup/1"
_COLUMNS = 8


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Whose documents they are, and when the reading of them began."""

    format: str = FORMAT
    owner: str
    begun: datetime
    collections: tuple[str, ...]


class Tail(msgspec.Struct, frozen=True, kw_only=True):
    """What proves the documents before it; ``positions`` is how far each partition of the log is in them."""

    ended: datetime
    documents: dict[str, int]
    positions: dict[str, str]
    sha256: str


class Broken(ValueError):
    """The file is no backup, or not all of one."""


class Writer:
    """Writes a backup beside its place and moves it there when it is whole: a failure leaves no file of that name."""

    def __init__(self, path: Path, head: Head) -> None:
        """Raises FileExistsError where a file of that name is: a backup is never written over another."""
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        self._path = path
        self._partial = path.with_name(f"{path.name}.partial")
        self._raw = os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=1, mtime=0)
        self._digest = hashlib.sha256()
        self._count = Counter[str](dict.fromkeys(head.collections, 0))
        self._frame(head)

    def add(self, collection: str, document: Whole) -> None:
        said = [(one.topic, one.key, one.value, dict(one.headers)) for one in document.said]
        row = (document.id, document.version, document.body, list(document.claims), said, document.sent)
        self._frame((collection, *row, document.queued))
        self._count[collection] += 1

    def finish(self, ended: datetime, positions: dict[str, str]) -> Tail:
        """The tail, once everything is on the disk under its name."""
        digest = self._digest.hexdigest()
        tail = Tail(ended=ended, documents=dict(self._count), positions=positions, sha256=digest)
        self._frame(tail)
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        self._partial.rename(self._path)
        return tail

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._raw.close()
        self._partial.unlink(missing_ok=True)

    def _frame(self, content: object) -> None:
        packed = msgspec.msgpack.encode(content, enc_hook=_plain)
        framed = len(packed).to_bytes(4, "big") + packed
        self._digest.update(framed)
        self._file.write(framed)


def proven(path: Path) -> tuple[Head, Tail]:
    """Read all of it; what it says of itself is true.

    Raises:
        Broken: it is no backup, or not all of one.
    """
    digest, count = hashlib.sha256(), Counter[str]()
    head, tail = None, None
    for frame in _frames(path):
        if tail is not None:
            raise Broken(f"{path}: goes on behind its end")
        content = _content(path, frame)
        if head is None:
            head = _struct(path, content, Head)
        elif isinstance(content, dict):
            tail = _struct(path, content, Tail)
            counted = {name: count[name] for name in head.collections}
            if (tail.sha256, tail.documents) != (digest.hexdigest(), counted):
                raise Broken(f"{path}: its documents are not those that were written")
            continue
        elif isinstance(content, list) and len(content) == _COLUMNS and isinstance(content[0], str):
            count[content[0]] += 1
        else:
            raise Broken(f"{path}: holds what is no document")
        digest.update(len(frame).to_bytes(4, "big") + frame)
    if head is None or tail is None:
        raise Broken(f"{path}: is cut off")
    return head, tail


def documents(path: Path) -> Iterator[tuple[str, Whole]]:
    """The documents with their collections, in the order they were written; of a file that is `proven`."""
    for frame in _frames(path):
        content = _content(path, frame)
        if isinstance(content, list):
            collection, id, version, body, claims, said, sent, queued = content
            messages = tuple(Message(topic, key, value, headers) for topic, key, value, headers in said)
            yield collection, Whole(id, version, body, claims, messages, sent, queued)


def _plain(value: object) -> object:
    """What a driver's own type of integer is."""
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{type(value).__name__} cannot be backed up")


def _content(path: Path, frame: bytes) -> object:
    try:
        return msgspec.msgpack.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise Broken(f"{path}: {error}") from None


def _struct(path: Path, content: object, kind: type[Any]) -> Any:
    try:
        read = msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise Broken(f"{path}: {error}") from None
    if isinstance(read, Head) and read.format != FORMAT:
        raise Broken(f"{path}: its format is {read.format}, not {FORMAT}")
    return read


def _frames(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as file:
        try:
            while size := file.read(4):
                yield _exactly(path, file, int.from_bytes(size, "big"))
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Broken(f"{path}: {error}") from None


def _exactly(path: Path, file: gzip.GzipFile, size: int) -> bytes:
    frame = file.read(size)
    if len(frame) != size:
        raise Broken(f"{path}: is cut off")
    return frame
