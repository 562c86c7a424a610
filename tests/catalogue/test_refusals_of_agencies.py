"""The loader refuses agencies, units and successions that do not fit together."""

from tests.catalogue.conftest import Wrong


def test_an_unknown_successor(wrong: Wrong) -> None:
    assert wrong("agencies.toml", 'successor = "SXD"', 'successor = "SXDD"') == [
        "agencies.toml: SGTVT: unknown successor 'SXDD'"
    ]


def test_a_successor_of_an_agency_that_never_ends(wrong: Wrong) -> None:
    assert wrong("agencies.toml", 'valid_to = 2025-02-28, successor = "SXD"', 'successor = "SXD"') == [
        "agencies.toml: SGTVT: names a successor but no last day (valid_to)"
    ]


def test_a_gap_before_the_successor(wrong: Wrong) -> None:
    problems = wrong(
        "agencies.toml", 'kind = "department", valid_from = 2025-03-01', 'kind = "department", valid_from = 2025-03-02'
    )
    assert problems == [
        f"agencies.toml: {code}: gap: ends on 2025-02-28, its successor SNNMT begins on 2025-03-02"
        for code in ("SNNPTNT", "STNMT")
    ]


def test_an_overlap_with_the_successor(wrong: Wrong) -> None:
    problems = wrong(
        "agencies.toml", 'kind = "department", valid_from = 2025-03-01', 'kind = "department", valid_from = 2025-02-28'
    )
    assert problems == [
        f"agencies.toml: {code}: overlap: ends on 2025-02-28, its successor SNNMT begins on 2025-02-28"
        for code in ("SNNPTNT", "STNMT")
    ]


def test_a_successor_that_has_ended(wrong: Wrong) -> None:
    problems = wrong(
        "agencies.toml", 'code = "SXD", name = "Sở Xây dựng",', 'code = "SXD", name = "X", valid_to = 2024-12-31,'
    )
    assert problems == ["agencies.toml: SGTVT: gap: ends on 2025-02-28, when its successor SXD has ended (2024-12-31)"]


def test_an_agency_that_ends_before_it_begins(wrong: Wrong) -> None:
    problems = wrong("agencies.toml", 'code = "SYT",', 'code = "SYT", valid_from = 2022-01-01, valid_to = 2021-12-31,')
    assert problems == ["agencies.toml: SYT: ends on 2021-12-31, before it begins on 2022-01-01"]


def test_a_group_of_an_unknown_kind_of_agency(wrong: Wrong) -> None:
    assert wrong("agencies.toml", 'kinds = ["front", "body"]', 'kinds = ["front", "boddy"]') == [
        "agencies.toml: front-and-bodies: no agency is of kind 'boddy'"
    ]


def test_a_unit_code_of_the_wrong_form(wrong: Wrong) -> None:
    (problem,) = wrong("units.toml", 'code = "06637"', 'code = "6637"')
    assert problem.startswith("units.toml: 6637: code: Expected `str` matching regex")


def test_a_unit_code_of_the_other_level(wrong: Wrong) -> None:
    problems = wrong("units.toml", 'code = "06637"', 'code = "637"')
    assert problems == ["units.toml: 637: the code of a commune has 5 digits"]


def test_an_unknown_predecessor(wrong: Wrong) -> None:
    problems = wrong("units.toml", '"Xã Châu Sơn", predecessor = "189"', '"Xã Châu Sơn", predecessor = "179"')
    assert problems == ["units.toml: 06637: unknown predecessor '179'"]


def test_communes_that_begin_before_their_district_ends(wrong: Wrong) -> None:
    problems = wrong("units.toml", "valid_from = 2025-07-01", "valid_from = 2025-06-30")
    assert len(problems) == 65
    assert problems[-1] == "units.toml: 06637: overlap: begins on 2025-06-30, its predecessor 189 ends on 2025-06-30"


def test_communes_that_begin_after_a_gap(wrong: Wrong) -> None:
    problems = wrong("units.toml", "valid_from = 2025-07-01", "valid_from = 2025-07-02")
    assert problems[-1] == "units.toml: 06637: gap: begins on 2025-07-02, its predecessor 189 ends on 2025-06-30"


def test_communes_of_districts_that_do_not_end(wrong: Wrong) -> None:
    problems = wrong("units.toml", "valid_to = 2025-06-30\n", "")
    assert problems[-1] == "units.toml: 06637: overlap: begins on 2025-07-01, its predecessor 189 does not end"


def test_an_unknown_consolidator(wrong: Wrong) -> None:
    assert wrong("plan.toml", 'consolidator = "SKHDT"', 'consolidator = "SKHD"') == [
        "plan.toml: regime: unknown consolidator 'SKHD'"
    ]


def test_a_day_without_anybody_for_a_task(wrong: Wrong) -> None:
    problems = wrong("agencies.toml", 'code = "SCT",', 'code = "SCT", valid_to = 2023-05-31,')
    assert problems[0] == "plan.toml: II.2.đ.1: nobody stands for SCT on 2023-06-01"


def test_a_day_without_a_consolidator(wrong: Wrong) -> None:
    problems = wrong("agencies.toml", 'valid_to = 2025-02-28, successor = "STC"', "valid_to = 2025-02-28")
    assert problems[0] == "plan.toml: regime: nobody stands for the consolidator SKHDT on 2025-03-01"
