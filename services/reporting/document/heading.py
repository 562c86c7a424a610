"""Who issues the document, to whom, under which symbol, on which day: everything around what it says. Pure.

There are two documents of a consolidated period: the consolidating agency's to the province's People's Committee, and
the committee's to those it reports to itself. Names, symbols and signing blocks are the plan's data, as of the day.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalogue.model import Letterhead, Plan
from catalogue.windows import Period, local_day
from services.reporting.model import Refused
from services.reporting.views import ConsolidationView
from services.reporting.words import day as short_day
from services.reporting.words import long_day

Sender = Literal["consolidator", "province"]
_NUMBERED = re.compile(r"^0*([1-9]\d{0,4})/")
_BLANK = "       "


@dataclass(frozen=True)
class Addressee:
    """Who gets the document; ``certain`` unless no source says that this is the agency of the day."""

    code: str
    name: str
    certain: bool


@dataclass(frozen=True)
class Heading:
    """What stands around the words, with the numbers of the cells of decree 30/2020/NĐ-CP, Annex I."""

    letterhead: Letterhead
    issuer: str
    number: int | None
    issued_on: date
    period: Period
    subject: tuple[str, ...]
    addressees: tuple[Addressee, ...]
    recipients: tuple[str, ...]

    @property
    def symbol(self) -> str:
        """Ô 3. A number below 10 has a zero before it; without a number there is room to write one in."""
        number = _BLANK if self.number is None else f"{self.number:02d}"
        return f"Số: {number}/BC-{self.letterhead.abbreviation}"

    @property
    def place_and_date(self) -> str:
        """Ô 4."""
        return f"{self.letterhead.place}, {long_day(self.issued_on)}"

    @property
    def named(self) -> str:
        """The addressees in a sentence."""
        return " và ".join(addressee.name for addressee in self.addressees)


def heading(
    plan: Plan,
    frozen: ConsolidationView,
    sender: Sender = "consolidator",
    *,
    number: int | None = None,
    issued_on: date | None = None,
) -> Heading:
    """The heading of one of the two documents.

    Unless they are given, the consolidator's number and day are those of its signature; a day that nobody has said is
    the day of consolidation.

    Raises:
        Refused: issued before the figures were frozen.
    """
    frozen_on = local_day(frozen.consolidated_at)
    if issued_on is not None and issued_on < frozen_on:
        raise Refused("issued-too-early", f"số liệu kỳ {frozen.period} được tổng hợp ngày {short_day(frozen_on)}")
    signature = frozen.signature if sender == "consolidator" else None
    if signature is not None:
        number = number or _number_in(signature.document)
        issued_on = issued_on or local_day(signature.signed_at)
    on = issued_on or frozen_on
    by = plan.successor_on(frozen.by if sender == "consolidator" else plan.regime.receiver, on)
    to = (plan.successor_on(plan.regime.receiver, on),) if sender == "consolidator" else plan.upward(on)
    letterhead, period = plan.letterhead(by, on), Period.parse(frozen.period)
    return Heading(
        letterhead=letterhead,
        issuer=plan.agency(by).name,
        number=number,
        issued_on=on,
        period=period,
        subject=_subject(plan, period, on),
        addressees=tuple(_addressee(plan, code) for code in to),
        recipients=_recipients(plan, letterhead, on),
    )


def _number_in(document: str) -> int | None:
    found = _NUMBERED.match(document)
    return int(found[1]) if found else None


def plan_named(plan: Plan, on: date) -> str:
    """The plan as documents name it."""
    committee = plan.agency(plan.successor_on(plan.regime.receiver, on)).name
    return f"Kế hoạch số {plan.heading.number} ngày {short_day(plan.heading.signed_on)} của {committee}"


def _subject(plan: Plan, period: Period, on: date) -> tuple[str, ...]:
    """Ô 5a, in lines of sense."""
    first, of, committee = plan_named(plan, on).partition(" của ")
    return (f"Kết quả thực hiện {first}", f"{of.strip()} {committee} {period.name}")


def _addressee(plan: Plan, code: str) -> Addressee:
    agency = plan.agency(code)
    return Addressee(code, agency.name, agency.certainty == "sourced")


def _recipients(plan: Plan, letterhead: Letterhead, on: date) -> tuple[str, ...]:
    """Ô 9b: those addressed first, the archive last."""
    copied = (plan.agency(code).name for code in plan.roster.resolve(letterhead.copied_agencies, on))
    return ("Như trên", *letterhead.copies, *copied, f"Lưu: {letterhead.archive}")
