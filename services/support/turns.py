"""In which order released events are said: documents are said whole, one after the other. Pure.

The relay says documents in the order in which they began to wait. A document that still waits with what was released
before would say an event that is released now in its old place: ahead of an earlier one of the same key that goes from
a document behind it. Such an event is left for another round.
"""

from collections.abc import Collection, Iterable, Sequence

Going = tuple[str, str]
"""Of an event that may go: the document that keeps it, and its key."""


def left_for_later(going: Sequence[Going], waiting: Iterable[tuple[str, Collection[str]]]) -> frozenset[int]:
    """Which of the events, by their places, would be said out of turn if they went now; of a document also what comes
    after such a one.

    ``going`` is in the order in which they came. ``waiting`` are the documents with messages not yet said, in the order
    in which they will be, each with the keys of those messages.
    """
    turns: dict[str, int] = {}
    last: dict[str, int] = {}
    for document, keys in waiting:
        turns[document] = len(turns)
        last |= dict.fromkeys(keys, turns[document])
    left: set[int] = set()
    stopped: set[str] = set()
    for place, (document, key) in enumerate(going):
        turn = turns.get(document, len(turns))
        if last.get(key, turn) > turn or not stopped.isdisjoint((document, key)):
            stopped |= {document, key}
            left.add(place)
        else:
            turns[document] = last[key] = turn
    return frozenset(left)
