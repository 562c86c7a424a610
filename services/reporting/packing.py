"""How batches and cells are packed into bytes: in columns, each key of a cell and each cooperative once. Pure."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from services.reporting.model import Cell, CellKey, Entry, Row, cell_key

Unpacked = tuple[list[Entry], dict[int, tuple[Row, ...]], frozenset[int]]


class _Columns(msgspec.Struct, array_like=True):
    """``rows`` has for each entry three numbers a row: of its key, of its member, and the amount. So has ``replaced``,
    for the entries that it names."""

    facts: list[str]
    revisions: list[int]
    ids: list[str]
    times: list[int]
    rows: list[list[int]]
    replaced: dict[int, list[int]]
    superseded: list[int]
    keys: list[CellKey]
    members: list[str]


_COLUMNS = msgspec.msgpack.Decoder(_Columns)
_CELLS = msgspec.msgpack.Decoder(list[tuple[CellKey, Cell]])
_MOST = 2**63 - 1


def pack(columns: object) -> bytes:
    """Anything that msgpack can hold, compressed."""
    return zlib.compress(msgspec.msgpack.encode(columns), 1)


def pack_entries(entries: Sequence[Entry], replaced: Mapping[int, tuple[Row, ...]], superseded: Iterable[int]) -> bytes:
    """The entries of a batch, and what they take back."""
    keys: dict[CellKey, int] = {}
    members: dict[str, int] = {}

    def numbers(rows: Sequence[Row]) -> list[int]:
        return [
            number
            for row in rows
            for number in (
                keys.setdefault(row.key, len(keys)),
                members.setdefault(row.member, len(members)),
                row.amount,
            )
        ]

    return pack(
        _Columns(
            facts=[entry.fact for entry in entries],
            revisions=[entry.revision for entry in entries],
            ids=[entry.id for entry in entries],
            times=[entry.time for entry in entries],
            rows=[numbers(entry.rows) for entry in entries],
            replaced={number: numbers(rows) for number, rows in replaced.items()},
            superseded=sorted(superseded),
            keys=list(keys),
            members=list(members),
        )
    )


def unpack_entries(packed: bytes) -> Unpacked:
    """The entries of a batch, what they take back, and the numbers of those that count nothing."""
    columns = _COLUMNS.decode(zlib.decompress(packed))
    keys, members = [cell_key(*key) for key in columns.keys], columns.members

    def rows(numbers: list[int]) -> tuple[Row, ...]:
        return tuple(
            Row(keys[numbers[at]], members[numbers[at + 1]], numbers[at + 2]) for at in range(0, len(numbers), 3)
        )

    parts = zip(columns.facts, columns.revisions, columns.ids, columns.times, columns.rows, strict=True)
    entries = [Entry(fact, revision, id, time, rows(numbers)) for fact, revision, id, time, numbers in parts]
    replaced = {number: rows(numbers) for number, numbers in columns.replaced.items()}
    return entries, replaced, frozenset(columns.superseded)


def pack_cells(cells: Mapping[CellKey, Cell]) -> bytes:
    """Cells in the order of their keys, so that the same cells are the same bytes."""
    return pack([(key, part) for key, cell in sorted(cells.items()) for part in _parts(cell)])


def _parts(cell: Cell) -> Iterator[Cell]:
    """A cell as what msgpack can hold: one that has come to more than 64 bits as several that add up to it."""
    left = cell.amount
    while abs(left) > _MOST:
        part = _MOST if left > 0 else -_MOST
        yield Cell(part, {}, cell.newest)
        left -= part
    yield Cell(left, dict(sorted(cell.members.items())), cell.newest)


def unpack_cells(packed: bytes) -> list[tuple[CellKey, Cell]]:
    """The same cells; of a very large one its parts, each under its key, since cells are only ever added up."""
    return _CELLS.decode(zlib.decompress(packed))


def pack_values(values: Sequence[bytes]) -> bytes:
    """The events' bytes of a batch."""
    return pack(values)


def unpack_values(packed: bytes) -> list[bytes]:
    """The same bytes."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=list[bytes])
