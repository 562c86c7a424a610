"""How documents look is data: who writes in whose name on which day, to whom; and what is refused."""

from datetime import date

import pytest

from catalogue.letterheads import NoLetterhead
from catalogue.model import Plan
from tests.catalogue.conftest import Wrong

BEFORE, AFTER = date(2025, 2, 28), date(2025, 3, 1)
FILE = "letterheads.toml"


@pytest.mark.parametrize(
    ("day", "name", "abbreviation"),
    [(BEFORE, "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "SKHĐT"), (AFTER, "SỞ TÀI CHÍNH", "STC")],
)
def test_the_consolidator_writes_in_the_name_it_has_on_the_day(
    plan: Plan, day: date, name: str, abbreviation: str
) -> None:
    letterhead = plan.letterhead(plan.consolidator(day), day)
    assert (letterhead.above, letterhead.name) == (("UBND TỈNH LẠNG SƠN",), (name,))
    assert letterhead.abbreviation == abbreviation


def test_the_province_writes_without_a_superior_and_signs_as_the_plan_was_signed(plan: Plan) -> None:
    letterhead = plan.letterhead("UBNDTINH", BEFORE)
    assert (letterhead.above, letterhead.name) == ((), ("ỦY BAN NHÂN DÂN", "TỈNH LẠNG SƠN"))
    assert letterhead.authority == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")


def test_the_province_reports_to_the_ministry_of_the_day(plan: Plan) -> None:
    assert plan.upward(BEFORE) == ("VPCP", "BKHDT")
    assert plan.upward(AFTER) == ("VPCP", "BTC")
    assert plan.agency("BTC").certainty == "unverified"


def test_an_agency_that_ended_has_no_letterhead(plan: Plan) -> None:
    with pytest.raises(NoLetterhead):
        plan.letterhead("SKHDT", AFTER)


def test_a_day_without_a_letterhead_is_refused(wrong: Wrong) -> None:
    assert wrong(FILE, "valid_to = 2025-02-28", "valid_to = 2025-01-31") == [
        "plan.toml: regime: no letterhead for the consolidator SKHDT on 2025-02-01"
    ]


def test_two_letterheads_for_one_day_are_refused(wrong: Wrong) -> None:
    more = '[[letterheads]]\nagency = "STC"\nabove = []\nname = ["STC"]\nabbreviation = "STC"\nplace = "x"\n'
    (problem,) = wrong(FILE, "[[letterheads]]", more + 'authority = ["GIÁM ĐỐC"]\narchive = "VT"\n\n[[letterheads]]')
    assert "overlap: begins on 2025-03-01" in problem


@pytest.mark.parametrize(
    ("text", "instead", "reason"),
    [
        ('name = ["SỞ TÀI CHÍNH"]', 'name = ["Sở Tài chính"]', "'Sở Tài chính' must stand in capitals"),
        ('abbreviation = "SKHĐT"', 'abbreviation = "S KHĐT"', "abbreviation: Expected `str` matching regex"),
        ('archive = "VT"', 'archive = "KT"', "archive: Expected `str` matching regex"),
        ('archive = "VT"', 'archive = "VT"\nsigner = "TS. Nguyễn Văn A"', "'TS. Nguyễn Văn A' has an academic title"),
        ('copied_agencies = ["LMHTX"]', 'copied_agencies = ["LM"]', "unknown agency 'LM'"),
    ],
)
def test_what_the_decree_forbids_is_refused(wrong: Wrong, text: str, instead: str, reason: str) -> None:
    assert reason in "\n".join(wrong(FILE, text, instead))


def test_reporting_upward_to_an_unknown_agency_is_refused(wrong: Wrong) -> None:
    assert "plan.toml: regime: unknown upward 'VP'" in wrong("plan.toml", '["VPCP", "BKHDT"]', '["VP", "BKHDT"]')
