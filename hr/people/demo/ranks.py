"""Ranks and steps: each regular step 36 (or 24) months after the last, ranks that fit the education."""

from dataclasses import dataclass
from datetime import date
from random import Random

from hr.people.codes import RANKS
from hr.people.demo.calendar import SETTLED_ON, add_years, between, months_between, office_day
from hr.people.demo.careers import decision_note
from hr.people.demo.establishment import Standing
from hr.people.demo.shapes import DemoRankStep
from hr.people.rules import add_months

SENIOR, PRINCIPAL, SPECIALIST, CLERK, STAFF = "01.001", "01.002", "01.003", "01.004", "01.005"
#: Rank on recruitment by education.
RANK_OF = {
    "untrained": STAFF, "elementary": STAFF, "intermediate": CLERK, "college": CLERK,
    "university": SPECIALIST, "master": SPECIALIST, "doctor": SPECIALIST,
}  # fmt: skip
#: Rows kept: older steps stand in the paper file.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Promotion:
    """A move to a rank from a day on."""

    rank_code: str
    on: date


def draw_promotions(
    rng: Random, ladder: list[tuple[str, date]], recruited: date, standing: Standing, *, in_commune: bool
) -> list[Promotion]:
    """Rank changes: a clerk who takes a degree becomes specialist, then few principal or senior."""
    promotions = []
    since = recruited
    at_start = [level for level, awarded in ladder if awarded <= recruited]
    first = RANK_OF[at_start[-1] if at_start else "untrained"]
    later = next((awarded for level, awarded in ladder if RANK_OF[level] == SPECIALIST), None)
    if first != SPECIALIST:
        if later is None:
            return [Promotion(first, recruited)]
        since = office_day(add_months(later, 9))
        promotions = [Promotion(first, recruited)]
    promotions.append(Promotion(SPECIALIST, since))
    years = months_between(since, SETTLED_ON) / 12
    share = (
        0.5
        if standing >= Standing.HEAD
        else 0.28
        if standing is Standing.DEPUTY
        else 0.04
        if in_commune
        else 0.2
    )
    if years > 10 and rng.random() < share:
        principal = office_day(between(rng, add_years(since, 9.2), SETTLED_ON))
        promotions.append(Promotion(PRINCIPAL, principal))
        if standing is Standing.CHIEF and not in_commune and months_between(principal, SETTLED_ON) > 84:
            promotions.append(Promotion(SENIOR, office_day(add_years(principal, 7))))
    return promotions


def rank_steps(rng: Random, promotions: list[Promotion], day: date) -> list[DemoRankStep]:
    """Every step reached by `day`, oldest first, the last four of them."""
    reached: list[tuple[str, int, date]] = []
    for number, promotion in enumerate(promotions):
        rank = RANKS[promotion.rank_code]
        until = promotions[number + 1].on if number + 1 < len(promotions) else None
        step, starts = 1, promotion.on
        if reached:
            held = RANKS[reached[-1][0]].coefficients[reached[-1][1] - 1]
            better = [n for n, coefficient in enumerate(rank.coefficients, 1) if coefficient >= held]
            step = better[0] if better else len(rank.coefficients)
        while starts <= day and (until is None or starts < until):
            reached.append((rank.code, step, starts))
            if step == len(rank.coefficients):
                break
            step, starts = step + 1, add_months(starts, rank.months)
    return [
        DemoRankStep(code, step, RANKS[code].coefficients[step - 1], starts, decision_note(rng, starts))
        for code, step, starts in reached[-KEPT:]
    ]
