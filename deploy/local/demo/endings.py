"""What ends something that began: a case closed, an insurance stopped. Later than its beginning, never more than it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from catalogue.model import Plan
from catalogue.windows import local_day
from deploy.local.demo.chance import LAST_DAY
from deploy.local.demo.needs import Need, saying
from deploy.local.demo.values import Scene, data_of, fields_of
from deploy.local.demo.year import Saying

_SOONEST, _LATEST = timedelta(days=5), timedelta(days=120)
Beginnings = Mapping[str, frozenset[str]]
"""By the kind that ends: the kinds that begin."""


def beginnings(plan: Plan) -> Beginnings:
    """Read off the stocks: what they take away ends what they add."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for indicator in plan.indicator_by_code.values():
        begin = frozenset(term.kind for term in indicator.terms if term.sign > 0)
        for term in indicator.terms:
            if term.sign < 0:
                found[term.kind] |= begin
    return found


class Open:
    """What has begun and not ended yet."""

    def __init__(self, begun: Iterable[Saying], kinds: Beginnings, scene: Scene) -> None:
        self._kinds = kinds
        self._scene = scene
        latest = LAST_DAY - 2 * _SOONEST
        self._begun = [one for one in begun if local_day(datetime.fromisoformat(one.event["time"])) <= latest]
        self._ended: set[tuple[str, str]] = set()

    def endings(self, need: Need, count: int) -> Iterator[Saying]:
        """At most so many endings, as the term wants them."""
        for begun in self._open(need)[:count]:
            subject = str(begun.event["subject"])
            self._ended.add((need.term.kind, subject))
            first = local_day(datetime.fromisoformat(begun.event["time"])) + _SOONEST
            at = self._scene.chance.instant(first, min(first + _LATEST, LAST_DAY))
            shared = {name: begun.event["data"][name] for name in self._shared(need, begun.event["data"])}
            data = data_of(need, at, self._scene, **shared)
            ending = saying(need.agency, need.term.kind, f"{need.term.kind}-{subject}", at, data)
            if need.term.kind == "obstacle.solved":  # what is solved is called what it was called when it was raised
                ending = replace(ending, event={**ending.event, "subject": subject})
            yield ending

    def _open(self, need: Need) -> list[Saying]:
        found = [one for one in self._begun if one.agency == need.agency and self._fits(need, one.event)]
        return self._scene.chance.sample(found, len(found))

    def _fits(self, need: Need, event: Mapping[str, Any]) -> bool:
        term, data = need.term, event["data"]
        return (
            event["type"] in self._kinds[term.kind]
            and (term.kind, event["subject"]) not in self._ended
            and (term.field is None or bool(data.get(term.field)))
            and all(data.get(name) in wanted for name, wanted in term.where.items())
        )

    def _shared(self, need: Need, data: Mapping[str, Any]) -> list[str]:
        return [field.name for field in fields_of(need.term.kind) if field.name in data and field.name != "note"]
