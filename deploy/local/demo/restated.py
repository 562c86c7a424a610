"""Whom the year's restatement notes are told by letter."""

from deploy.local.demo import independent
from deploy.local.demo.reading import read
from deploy.local.stack import Stack


def news(stack: Stack) -> set[str]:
    """News of every restatement note there is now, to who signed and who receives: it may still be on its way."""
    found: set[str] = set()
    for period in independent.PERIODS:
        after: int | None = 0
        while after is not None:
            page = read(stack, "reporting", f"/v1/periods/{period}/restatement-notes?limit=100&after={after}").json()
            for note in page["notes"]:
                found |= {f"{agency}/{period}/restated-{note['number']}" for agency in ("SKHDT", "UBNDTINH")}
            after = page["next"]
    return found
