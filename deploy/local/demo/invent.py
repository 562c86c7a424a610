"""One whole invented year from a seed."""

from catalogue.model import Plan
from deploy.local.demo import cooperatives, difficulties, disputes, facts, noise, papers, reorganised
from deploy.local.demo.chance import Chance
from deploy.local.demo.cooperatives import Roll
from deploy.local.demo.year import Year

CORRECTED, RETRACTED, REPEATED, DELAYED, BROKEN = 0.02, 0.006, 0.03, 0.05, 0.008


def invent(plan: Plan, seed: int, events: int) -> Year:
    """A year of about so many events, the register's changes included; the same for the same seed."""
    chance = Chance(seed)
    roll = Roll() if events >= 5_000 else Roll(htx=60, tht=40, lhhtx=2, new_htx=15, new_tht=6)
    changes, usable = cooperatives.invent(plan, chance, roll)
    first = facts.invent(plan, chance, usable, max(1, round((events - len(changes)) / (1 + CORRECTED + REPEATED))))
    second = facts.second_thoughts(plan, first, chance, CORRECTED, RETRACTED)
    sound = noise.delayed([*first, *second], chance, DELAYED)  # so that some corrections come before what they correct
    sayings = [
        *sound,
        *noise.repeated(sound, chance, REPEATED),
        *noise.broken(plan, first, chance, round(events * BROKEN)),
    ]
    reports, garbage = papers.hand_ins(plan, chance), noise.garbage(chance, max(6, events // 500))
    year = Year(
        changes=sorted([*changes, *reorganised.invent(plan, chance, 2)], key=lambda one: one.at),
        sayings=sorted(sayings, key=lambda one: one.sent),
        reports=reports,
        consolidations=papers.consolidations(plan),
        garbage=garbage,
        difficulties=difficulties.invent(),
    )
    return disputes.invent(plan, year)
