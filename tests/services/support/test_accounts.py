"""Loans and budgets: nothing goes out that did not come in, whatever comes when."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.kinds import RETRACTED
from contracts.kinds.registry import CooperativeRegistered
from services.support.accounts import Account, account_of
from services.support.model import Effect, Step
from services.support.store import BATCHES, account_in
from tests.services.support.saying import loan, training
from tests.services.support.standing import Standing, standing
from tests.services.support.test_fold import fact
from tests.services.support.test_holding import ids, tell

DAY = date(2021, 3, 1)
LOAN = "loan NHNN 118"


def step(name: str, effect: Effect, amount: int, after: int = 0, revision: int = 1) -> Step:
    return Step(LOAN, name, effect, DAY + timedelta(after), amount, revision, f"{name}-{revision}")


def of(*steps: Step) -> Account:
    return account_of(LOAN, steps)


def test_a_loan_goes_from_granted_to_settled() -> None:
    granted, paid = step("g", "limit", 100), step("d", "in", 100, 1)
    part, rest = step("r1", "out", 40, 30), step("r2", "out", 60, 60)
    assert [of(granted).state, of(granted, paid).state, of(granted, paid, part).state] == [
        "granted",
        "disbursed",
        "disbursed",
    ]
    assert of(granted, paid, part, rest).state == "settled"
    assert (of(granted, paid, part).balance, of(granted, paid, part, rest).balance) == (60, 0)


def test_overdue_principal_shrinks_with_what_is_paid_back_since() -> None:
    late = (step("d", "in", 100), step("early", "out", 10, 5), step("o", "overdue", 50, 20))
    assert (of(*late).state, of(*late).overdue) == ("overdue", 50)
    assert of(*late, step("r", "out", 30, 25)).overdue == 20
    assert of(*late, step("r", "out", 50, 25)).state == "disbursed"


def test_what_was_paid_back_in_time_does_not_pay_what_became_overdue_later() -> None:
    cleared = (step("d", "in", 200), step("o1", "overdue", 50, 10), step("r1", "out", 50, 12))
    assert (of(*cleared).overdue, of(*cleared).state) == (0, "disbursed")
    on_time = step("r2", "out", 30, 20)
    again = of(*cleared, on_time, step("o2", "overdue", 40, 30))
    assert (again.overdue, again.state) == (40, "overdue")
    assert of(*cleared, step("r2", "out", 30, 30), step("o2", "overdue", 40, 30)).overdue == 10


def test_money_may_not_go_out_on_a_day_before_it_came_in() -> None:
    assert of(step("d", "in", 100, 2), step("r", "out", 40, 2)).lack() is None
    assert of(step("d", "in", 100, 2), step("r", "out", 40, 1)).lack() == (DAY + timedelta(1), 40)
    assert of(step("r", "out", 1)).lack() == (DAY, 1)


def test_more_paid_out_than_granted_and_more_overdue_than_paid_out_are_told() -> None:
    granted, paid, late = step("g", "limit", 100), step("d", "in", 120, 1), step("o", "overdue", 130, 2)
    assert [one.code for one in of(granted, paid).cautions(paid)] == ["more-than-granted"]
    assert [one.code for one in of(granted, paid, late).cautions(late)] == ["overdue-more-than-disbursed"]
    assert list(of(granted, paid).cautions(granted)) == []


steps = st.builds(
    step,
    st.sampled_from("abcd"),
    st.sampled_from(("limit", "in", "out", "overdue")),
    st.integers(0, 5),
    st.integers(0, 4),
    st.integers(1, 3),
)


@given(told=st.lists(steps), data=st.data())
def test_an_account_is_the_same_in_whatever_order_its_steps_are_told(told: list[Step], data: st.DataObject) -> None:
    distinct = list({(one.fact, one.revision): one for one in told}.values())
    shuffled = data.draw(st.permutations(distinct + distinct))
    assert of(*shuffled) == of(*distinct) or set(of(*shuffled).steps.items()) == set(of(*distinct).steps.items())
    assert 0 <= of(*distinct).overdue <= max(0, of(*distinct).balance)


# Through the service: NHNN tells of loan 118 of HTX-1.


@pytest.fixture
async def bank(plan: Plan) -> Standing:
    support = standing(plan)
    await tell(support, fact(CooperativeRegistered))
    return support


def moved(id: str, kind: str, amount: int, day: int = 1, **other: Any) -> dict[str, Any]:
    data = {"cooperative": "HTX-1", "loan": "118", "programme": "decree-55-2015", "amount": amount}
    if kind == "loan.granted":
        data |= {"purpose": "expansion", "branch": "CN-1"}
    about = {"type": kind, "time": f"2021-03-{day:02d}T08:00:00+07:00", "subject": f"loan-118/{id}", "data": data}
    return loan(id, **about | other)


def taken_back(id: str, of: str, kind: str, revision: int = 2) -> dict[str, Any]:
    return moved(id, kind + RETRACTED, 0, subject=f"loan-118/{of}", revision=revision, data={"reason": "Nhập nhầm"})


async def outcomes(support: Standing, *events: dict[str, Any]) -> list[tuple[str, str | None]]:
    answer = await support.send(*events, by="NHNN")
    return [(receipt["outcome"], receipt.get("code")) for receipt in answer["receipts"]]


async def test_a_repayment_waits_for_the_money_it_pays_back(bank: Standing) -> None:
    assert await outcomes(bank, moved("r", "loan.repaid", 40, 9)) == [("held", "overdrawn")]
    assert await outcomes(bank, moved("d", "loan.disbursed", 100, 3)) == [("accepted", None)]
    assert await ids(bank) == ["d", "r"]
    assert await outcomes(bank, moved("r", "loan.repaid", 40, 9)) == [("duplicate", None)]
    assert await outcomes(bank, moved("d", "loan.disbursed", 100, 3)) == [("duplicate", None)]


async def test_in_one_batch_the_order_of_a_loan_s_events_is_free(bank: Standing) -> None:
    events = [moved("r", "loan.repaid", 40, 9), moved("d", "loan.disbursed", 100, 3), moved("g", "loan.granted", 100)]
    assert await outcomes(bank, *events) == [("held", "overdrawn"), ("accepted", None), ("accepted", None)]
    assert sorted(await ids(bank)) == ["d", "g", "r"]


async def test_a_correction_that_would_leave_a_repayment_without_its_money_waits(bank: Standing) -> None:
    await outcomes(bank, moved("d", "loan.disbursed", 100, 3), moved("r", "loan.repaid", 80, 9))
    less = moved("d2", "loan.disbursed", 50, 3, subject="loan-118/d", revision=2)
    assert await outcomes(bank, less) == [("held", "overdrawn")]
    assert await outcomes(bank, taken_back("r2", "r", "loan.repaid")) == [("accepted", None)]
    assert await ids(bank) == ["d", "r", "r2", "d2"]


async def test_taking_back_what_was_paid_out_waits_until_what_was_paid_back_is_taken_back(bank: Standing) -> None:
    await outcomes(bank, moved("d", "loan.disbursed", 100, 3), moved("r", "loan.repaid", 80, 9))
    assert await outcomes(bank, taken_back("d2", "d", "loan.disbursed")) == [("held", "overdrawn")]
    assert await outcomes(bank, taken_back("r2", "r", "loan.repaid")) == [("accepted", None)]
    assert await ids(bank) == ["d", "r", "r2", "d2"]


async def test_what_was_taken_back_before_it_came_does_not_count(bank: Standing) -> None:
    answer = await bank.send(taken_back("d2", "d", "loan.disbursed"), by="NHNN")
    assert [one["code"] for one in answer["receipts"][0]["warnings"]] == ["no-earlier-revision"]
    assert await outcomes(bank, moved("d", "loan.disbursed", 100, 3)) == [("accepted", None)]
    assert await outcomes(bank, moved("r", "loan.repaid", 40, 9)) == [("held", "overdrawn")]


@pytest.mark.parametrize("turned", [False, True])
async def test_what_comes_together_with_what_takes_it_back_does_not_count(bank: Standing, turned: bool) -> None:
    both = [moved("d", "loan.disbursed", 100, 3), taken_back("d2", "d", "loan.disbursed")]
    await outcomes(bank, *(reversed(both) if turned else both))
    assert await outcomes(bank, moved("r", "loan.repaid", 40, 9)) == [("held", "overdrawn")]


async def test_a_fact_does_not_move_to_another_loan(bank: Standing) -> None:
    await outcomes(bank, moved("d", "loan.disbursed", 100, 3))
    other = moved("d2", "loan.disbursed", 100, 3, subject="loan-118/d", revision=2)
    other["data"]["loan"] = "119"
    assert await outcomes(bank, other) == [("refused", "other-account")]


async def test_what_is_unusual_is_taken_and_told(bank: Standing) -> None:
    answer = await bank.send(moved("d", "loan.disbursed", 100, 3), by="NHNN")
    assert answer["accepted"] == 1
    assert [one["code"] for one in answer["receipts"][0]["warnings"]] == ["more-than-granted"]
    large = moved("g", "loan.granted", 6_000_000_000)
    large["data"]["programme"] = "resolution-08-2019"
    (receipt,) = (await bank.send(large, by="NHNN"))["receipts"]
    assert receipt["outcome"] == "accepted"
    assert [one["code"] for one in receipt["warnings"]] == ["interest-ceiling", "other-programme"]
    assert "5 tỷ" in receipt["warnings"][0]["reason"]


async def test_a_loan_that_is_told_of_another_borrower_or_programme_is_taken_and_told(bank: Standing) -> None:
    await tell(bank, fact(CooperativeRegistered, code="HTX-2"))
    await outcomes(bank, moved("g", "loan.granted", 100), moved("d", "loan.disbursed", 100, 3))
    wrong = moved("r", "loan.repaid", 40, 9)
    wrong["data"] |= {"cooperative": "HTX-2", "programme": "commercial"}
    (receipt,) = (await bank.send(wrong, by="NHNN"))["receipts"]
    assert [(one["code"], one["pointer"]) for one in receipt["warnings"]] == [
        ("other-cooperative", "/data/cooperative"),
        ("other-programme", "/data/programme"),
    ]
    assert "Nghị định 55/2015/NĐ-CP" in receipt["warnings"][1]["reason"]
    mended = {**moved("r2", "loan.repaid", 40, 9), "subject": wrong["subject"], "revision": 2}
    (receipt,) = (await bank.send(mended, by="NHNN"))["receipts"]
    assert (receipt["outcome"], receipt.get("warnings")) == ("accepted", None)


async def test_other_kinds_are_kept_by_the_batch_and_a_loan_s_by_its_account(bank: Standing) -> None:
    await outcomes(bank, moved("d", "loan.disbursed", 100, 3))
    await bank.send(training("t"))
    (account,) = await bank.store.find(BATCHES, {"account": "loan"})
    assert account.id == LOAN
    assert [account_in(one) is None for one in await bank.store.find(BATCHES)].count(True) == 1


@settings(max_examples=60)
@given(data=st.data())
async def test_whatever_comes_in_whatever_order_no_loan_is_overdrawn_and_nothing_is_lost(
    plan: Plan, data: st.DataObject
) -> None:
    support = standing(plan)
    await tell(support, fact(CooperativeRegistered))
    kinds = st.sampled_from(("loan.disbursed", "loan.repaid"))
    drawn = data.draw(st.lists(st.tuples(kinds, st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=10))
    events = [moved(f"e{n}", kind, amount, day) for n, (kind, amount, day) in enumerate(drawn)]
    while events:
        size = data.draw(st.integers(1, len(events)))
        await support.send(*events[:size], by="NHNN")
        events = events[size:]
    (document,) = await support.store.find(BATCHES, {"account": "loan"})
    account = account_in(document)
    assert account is not None
    assert account.lack() is None
    held = [one["value"] for one in document.body.get("held", ())]
    assert sorted([*(await ids(support)), *(one.split(b'"id":"')[1][:2].decode() for one in held)]) == sorted(
        f"e{n}" for n in range(len(drawn))
    )
    for one in held:
        assert b"loan.repaid" in one


async def test_an_account_takes_only_as_much_as_a_document_can_hold(plan: Plan) -> None:
    bank = standing(plan, max_account_bytes=1)
    await tell(bank, fact(CooperativeRegistered))
    assert await outcomes(bank, moved("a", "loan.granted", 100)) == [("accepted", None)]
    assert await outcomes(bank, moved("a", "loan.granted", 100), moved("b", "loan.disbursed", 60)) == [
        ("duplicate", None),
        ("refused", "account-full"),
    ]
