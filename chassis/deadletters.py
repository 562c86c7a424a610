"""Dead letters: records put aside with their bytes and the reason, in the service's own store. Nothing is lost.

A letter whose subject is known holds the later records of that subject back, and no others: they are letters too, in
the state ``held``. Replaying a letter writes its record to its place's topic again, exactly as it was, with a header
that names the letter; when it is heard and read, the next one of its subject goes, in the order of the log. What the
log holds twice counts once.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, Literal, TypeVar

from chassis.clock import Clock
from chassis.listening import Record
from chassis.logs import about
from chassis.metrics import DEAD_LETTERS_OLDEST, DEAD_LETTERS_OPEN, EVENTS_DEAD, Metrics
from chassis.store import Body, Document, Stale, Store
from contracts.envelope import Malformed, attributes_of, key_of, opened
from contracts.topics import agency_of, is_intake

T = TypeVar("T")

Reason = Literal["unreadable", "wrong-envelope", "unknown-kind", "wrong-data", "unowned", "behind"]
REASONS: tuple[Reason, ...] = ("unreadable", "wrong-envelope", "unknown-kind", "wrong-data", "unowned", "behind")
"""Not JSON; an attribute is missing or wrong; nobody knows the type here; the data is not of the type's shape; nobody
takes what an agency sent; an earlier record of the same subject lies here."""

State = Literal["open", "held", "replayed", "closed", "discarded"]
"""Open: somebody must look. Held: waits for one of its subject. Replayed: written to the log again, not heard yet.
Closed: heard and read. Discarded: somebody said that it is not wanted."""

UNSETTLED: tuple[State, ...] = ("open", "held", "replayed")

COLLECTION = "dead_letters"
INDEXES = ("state", "code", "topic", "speaker", "subject", "first_seen", "line")
HEADER = "hopluc-replay"

Judge = Callable[[Record], T]
"""What a record says to the service; raises `Malformed`. Writes nothing."""

_log = logging.getLogger(__name__)


class NotReplayed(Exception):
    """Why a letter is not replayed, in Vietnamese; ``code`` for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class DeadLetters(Generic[T]):
    """The letters of one service; a record is put aside once however often it is heard."""

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        clock: Clock,
        *,
        judge: Judge[T],
        publish: Callable[[Sequence[Record]], Awaitable[None]],
        max_replays: int = 3,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._clock = clock
        self._judge = judge
        self._publish = publish
        self._max_replays = max_replays
        self._holding: set[str] = set()
        """Subjects that may have unsettled letters: a record of any other is let through without a look."""

    async def load(self) -> None:
        """Learn which subjects have unsettled letters; to be called whenever places are assigned."""
        found = await self._store.find(COLLECTION, {"state": {"$in": list(UNSETTLED)}}, without=("value", "headers"))
        self._holding = {letter.body["subject"] for letter in found} - {""}

    async def admit(self, record: Record) -> T | None:
        """What the record says; ``None`` if it is put aside, for itself or behind one of its subject."""
        subject, back = _subject(record), await self._came_back(record)
        if back is None and subject in self._holding and await self._unsettled(subject):
            text = "một bản ghi trước của cùng đối tượng đang để riêng"
            await self._put(record, "behind", text, subject=subject, state="held")
            return None
        try:
            told = self._judge(record)
        except Malformed as error:
            await self._put(record, _code(record, error), str(error), subject=subject, back=back)
            told = None
        await self._close(back)
        return told

    async def put(self, record: Record, reason: str, code: Reason = "unowned") -> None:
        """Put a record aside that holds nothing back: its sender was told."""
        back = await self._came_back(record)
        await self._put(record, code, reason, subject="", back=back)
        await self._close(back)

    async def heard(self, record: Record) -> None:
        """A record was taken that does not go through `admit`: if it is a letter's, that is settled."""
        await self._close(await self._came_back(record))

    async def get(self, id: str) -> Document | None:
        return await self._store.get(COLLECTION, id)

    async def list(
        self, where: Mapping[str, Any] = {}, *, after: str | None = None, limit: int = 100
    ) -> Sequence[Document]:
        """The letters in order of place and offset; ``where`` as in a `Store`."""
        return await self._store.find(COLLECTION, where, after=after, limit=limit)

    async def count(self) -> int:
        return await self._store.count(COLLECTION)

    async def try_again(self, letter: Document) -> None:
        """Whether replaying the letter would help, without doing it.

        Raises:
            NotReplayed: settled, behind another, replayed too often, or still unreadable.
        """
        body = letter.body
        if body["state"] not in ("open", "replayed"):
            reason = "đang chờ sau một bản ghi khác" if body["state"] == "held" else "đã xử lý xong"
            raise NotReplayed(body["state"], f"Thư này {reason}.")
        if body["replays"] >= self._max_replays:
            raise NotReplayed("too-often", f"Đã phát lại {body['replays']} lần mà vẫn hỏng; hãy sửa nguyên nhân trước.")
        try:
            self._judge(record_of(letter))
        except Malformed as error:
            raise NotReplayed("still-dead", f"Vẫn không đọc được: {error}") from error

    async def replay(self, letter: Document) -> None:
        """Write the letter's record to its topic again; the broker has acknowledged it when this returns.

        Raises:
            NotReplayed: as `try_again`; nothing was written.
            BrokerUnavailable: it may have been written; replay it again.
        """
        await self.try_again(letter)
        await self._send(letter)

    async def discard(self, letter: Document, why: str, by: str) -> None:
        """Settle the letter without its record; the next one of its subject goes.

        Raises:
            NotReplayed: it is settled, or on its way through the log.
            Stale: it has changed meanwhile; look again.
        """
        if letter.body["state"] not in ("open", "held"):
            raise NotReplayed(letter.body["state"], "Thư này đã phát lại hoặc đã xử lý xong.")
        await self._settle(letter, "discarded", by=by, why=why)

    async def measure(self) -> None:
        """How many letters are unsettled, by reason, and how old the oldest is."""
        now = self._clock.now()
        for reason in REASONS:
            where = {"state": {"$in": list(UNSETTLED)}, "code": reason}
            oldest = await self._store.find(COLLECTION, where, order="first_seen", limit=1, without=("value",))
            age = (now - oldest[0].body["first_seen"]).total_seconds() if oldest else 0.0
            self._metrics.set(DEAD_LETTERS_OPEN, await self._store.count(COLLECTION, where), reason=reason)
            self._metrics.set(DEAD_LETTERS_OLDEST, max(0.0, age), reason=reason)

    async def _put(
        self,
        record: Record,
        code: Reason,
        reason: str,
        *,
        subject: str,
        state: State = "open",
        back: Document | None = None,
    ) -> None:
        """Put a record aside. Its place, offset and bytes name it: after a broker was lost, another record at the
        offset is another letter. One that came back stands in its subject's line where it stood before."""
        body: Body = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key,
            "value": record.value,
            "headers": [[name, value] for name, value in record.headers],
            "code": code,
            "reason": reason,
            "subject": subject,
            "speaker": _speaker(record),
            "first_seen": self._clock.now(),
            "state": state,
            "replays": back.body["replays"] if back else 0,
            "line": back.body["line"] if back else id_of(record),
        }
        self._holding |= {subject} - {""}
        try:
            await self._store.put(COLLECTION, id_of(record), body, expected=0)
        except Stale:
            return  # heard and put aside before
        self._metrics.count(EVENTS_DEAD, topic=record.topic)
        with about(event=id_of(record)):
            _log.warning("put aside: %s", reason)

    async def _came_back(self, record: Record) -> Document | None:
        """The letter that the record is a replay of, if it is one of ours and still wanted. A header is easily written:
        only the same bytes on the same topic are the letter's."""
        named = next((value for name, value in record.headers if name == HEADER), None)
        if named is None:
            return None
        letter = await self.get(named.decode(errors="replace"))
        if letter is None or letter.body["state"] == "discarded":
            return None
        same = (letter.body["topic"], bytes(letter.body["value"])) == (record.topic, record.value)
        return letter if same else None

    async def _close(self, letter: Document | None) -> None:
        if letter is not None and letter.body["state"] in UNSETTLED:
            await self._settle(letter, "closed", by=None)

    async def _settle(self, letter: Document, state: State, *, by: str | None, why: str | None = None) -> None:
        settled = {"state": state, "settled_at": self._clock.now(), "settled_by": by, "why": why}
        await self._store.put(COLLECTION, letter.id, letter.body | settled, expected=letter.version)
        await self._release(letter.body["subject"])

    async def _release(self, subject: str) -> None:
        """Let the next held record of a subject go, if nothing stands before it."""
        if not subject:
            return
        where = {"subject": subject, "state": {"$in": list(UNSETTLED)}}
        waiting = await self._store.find(COLLECTION, where, order="line", limit=1)
        if not waiting:
            self._holding.discard(subject)
        elif waiting[0].body["state"] == "held":
            await self._send(waiting[0])

    async def _send(self, letter: Document) -> None:
        record = record_of(letter)
        kept = tuple(header for header in record.headers if header[0] != HEADER)
        await self._publish([replace(record, headers=(*kept, (HEADER, letter.id.encode())))])
        body = letter.body | {"state": "replayed", "replays": letter.body["replays"] + 1}
        try:
            await self._store.put(COLLECTION, letter.id, body, expected=letter.version)
        except Stale:
            return  # heard already, or replayed by somebody else too

    async def _unsettled(self, subject: str) -> bool:
        where = {"subject": subject, "state": {"$in": list(UNSETTLED)}}
        if await self._store.find(COLLECTION, where, limit=1, without=("value",)):
            return True
        self._holding.discard(subject)
        return False


def id_of(record: Record) -> str:
    """A letter's name: in the order of the log."""
    digest = hashlib.blake2b(record.value, digest_size=8).hexdigest()
    return f"{record.topic}:{record.partition}:{record.offset:020d}:{digest}"


def record_of(letter: Document) -> Record:
    """The record exactly as it lay in the log."""
    body = letter.body
    headers = tuple((name, bytes(value)) for name, value in body["headers"])
    key = None if body["key"] is None else bytes(body["key"])
    return Record(body["topic"], body["partition"], body["offset"], key, bytes(body["value"]), headers)


def _subject(record: Record) -> str:
    """What a record is about, as far as it tells: its key, or what its key should be; empty where nothing tells."""
    key = record.key.decode(errors="backslashreplace") if record.key else ""
    if not key:
        try:
            key = key_of(opened(record.value)[0].subject)
        except Malformed:
            return ""
    return f"{record.topic} {key}"


def _speaker(record: Record) -> str:
    """The agency that the record is of, by its topic or its event; empty where neither tells."""
    if is_intake(record.topic):
        return agency_of(record.topic)
    try:
        return opened(record.value)[0].agency
    except Malformed:
        return ""


def _code(record: Record, error: Malformed) -> Reason:
    if error.pointer == "/type":
        return "unknown-kind"
    if error.pointer.startswith("/data"):
        return "wrong-data"
    try:
        attributes_of(record.value)
    except Malformed:
        return "unreadable"
    return "wrong-envelope"
