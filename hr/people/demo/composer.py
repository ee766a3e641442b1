"""The people of the demo province, composed for a day: `compose(day)`. Pure and repeatable.

The same day, seed and multiple give the same people; headline counts hold on 30/06/2026 and on the
day alike. The loader of this subject writes them.
"""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from core.seed_data import REORGANISED_ON
from hr.people.demo.calendar import SETTLED_ON
from hr.people.demo.careers import ONE_DAY, assign, decision_note, draw_recruitment, spells_of
from hr.people.demo.establishment import Standing
from hr.people.demo.lives import Registry, draw_background, draw_places
from hr.people.demo.names import KINH, MUONG, TAY
from hr.people.demo.outsiders import Outsider, outsiders
from hr.people.demo.papers import Deck, Holder, papers_of, study_ladder
from hr.people.demo.places import draw_ethnicity
from hr.people.demo.ranks import draw_promotions, rank_steps
from hr.people.demo.shapes import DemoAssignment, DemoPerson, DemoRankStep, DemoRegister
from hr.people.demo.sketches import Sketch, sketch_officials
from hr.people.demo.stories import PUBLIC_EMPLOYEE
from hr.people.enums import AssignmentKind, Category, ManagementTier, ServiceStatus, Sex
from hr.people.rules import add_months

#: The newest 12 of 100 officials have their probation on record.
ON_PROBATION = 0.12
LOWLAND = (KINH, TAY, MUONG)
#: Categories that ranks and their pay tables apply to.
RANKED = (Category.CADRE, Category.CIVIL_SERVANT, Category.PUBLIC_EMPLOYEE)


def compose(day: date, seed: int = 1, multiple: int = 1) -> DemoRegister:
    """All people of the demo on `day`; `multiple` repeats the officials for load, leaders excepted."""
    if day <= SETTLED_ON:
        raise ValueError("the demo province stands from 01/01/2026 on")
    registry, deck = Registry(), Deck(seed)
    starts = []
    for sketch in sketch_officials(day, seed, multiple):
        lowland = sketch.ethnicity in LOWLAND
        ladder = study_ladder(sketch.rng, sketch.level, sketch.born_on, lowland=lowland)
        first = ladder[0][1] if ladder else None
        starts.append((sketch, ladder, draw_recruitment(sketch.rng, sketch.born_on, first)))
    newest = sorted(range(len(starts)), key=lambda n: (starts[n][2], n), reverse=True)
    novices = set(newest[: round(ON_PROBATION * len(starts))])
    lives = [
        _official(sketch, ladder, recruited, n in novices, day)
        for n, (sketch, ladder, recruited) in enumerate(starts)
    ]
    lives += [_outsider(person, day) for person in outsiders(day, seed)]
    return DemoRegister(day, seed, tuple(_finish(life, registry, deck, day) for life in lives))


@dataclass(frozen=True, slots=True)
class Life:
    """One person when all is known but number, name and papers."""

    holder: Holder
    sex: Sex
    ladder: list[tuple[str, date]]
    assignments: list[DemoAssignment]
    steps: list[DemoRankStep]
    recruited_by: str
    member_share: float
    story: str | None = None
    full_name: str | None = None
    status: ServiceStatus = ServiceStatus.WORKING
    reason: str | None = None
    ended_on: date | None = None


def _official(
    sketch: Sketch, ladder: list[tuple[str, date]], recruited: date, novice: bool, day: date
) -> Life:
    rng, line = sketch.rng, sketch.line
    probation = add_months(recruited, 12) - ONE_DAY if novice else None
    if probation is not None and probation >= day:
        probation = date.max
    assignments = assign(rng, spells_of(sketch, recruited), line.field, probation_until=probation)
    if line.standing is Standing.VICE and sketch.in_commune and sketch.nth == 1:
        assignments.append(_director(rng, assignments[-1]))
    promotions = draw_promotions(rng, ladder, recruited, line.standing, in_commune=sketch.in_commune)
    steps = rank_steps(rng, promotions, day)
    holder = Holder(
        rng=rng,
        ethnicity=sketch.ethnicity,
        born_on=sketch.born_on,
        recruited_on=recruited,
        level=sketch.level,
        field=line.field,
        major_fits=sketch.major_fits,
        held=sketch.held,
        standing=line.standing,
        in_commune=sketch.in_commune,
        rank_code=steps[-1].rank_code,
    )
    return Life(
        holder=holder,
        sex=sketch.sex,
        ladder=ladder,
        assignments=assignments,
        steps=steps,
        recruited_by=_recruiter(assignments[0]),
        member_share=0.6 if sketch.in_commune else 0.72,
        story=sketch.story.key if sketch.story else None,
        full_name=sketch.story.full_name if sketch.story else None,
    )


def _director(rng: Random, post: DemoAssignment) -> DemoAssignment:
    """The vice chair's second post: Director of the Public Administration Service Centre."""
    return replace(
        post,
        division_code=f"{post.unit_code}.5",
        post="Giám đốc Trung tâm Phục vụ hành chính công",
        field="one_stop",
        kind=AssignmentKind.CONCURRENT,
        managing_unit_code=post.unit_code,
        management_tier=ManagementTier.COMMUNE,
        decision_note=decision_note(rng, post.starts_on),
    )


def _recruiter(first: DemoAssignment) -> str:
    """The body that recruited: districts did for communes before the merger, the province does for itself."""
    if first.category not in RANKED:
        return "Ủy ban nhân dân cấp xã"
    if first.management_tier is ManagementTier.COMMUNE and first.starts_on < REORGANISED_ON:
        return "Ủy ban nhân dân cấp huyện"
    return "Ủy ban nhân dân tỉnh Điện Biên"


def _outsider(person: Outsider, day: date) -> Life:
    rng, until = person.rng, person.ended_on or day
    told = PUBLIC_EMPLOYEE if person.story else None
    studied = study_ladder(rng, person.level, person.born_on, lowland=True)
    ladder = [(level, awarded) for level, awarded in studied if awarded < until]
    ranked = person.category in RANKED
    steps: list[DemoRankStep] = []
    if ranked:
        promotions = draw_promotions(rng, ladder, person.recruited_on, Standing.SPECIALIST, in_commune=True)
        steps = rank_steps(rng, promotions, until)
    holder = Holder(
        rng=rng,
        ethnicity=told[3] if told else draw_ethnicity(rng, person.spells[-1].unit_code),
        born_on=person.born_on,
        recruited_on=person.recruited_on,
        level=person.level,
        field=person.field,
        major_fits=True,
        held="none",
        standing=Standing.SPECIALIST,
        in_commune=True,
        rank_code=steps[-1].rank_code if steps else "",
        plain=True,
    )
    assignments = assign(rng, list(person.spells), person.field, category=person.category)
    return Life(
        holder=holder,
        sex=person.sex,
        ladder=ladder,
        assignments=assignments,
        steps=steps,
        recruited_by=_recruiter(assignments[0]),
        member_share=0.5 if ranked else 0.2,
        story=person.story,
        full_name=told[1] if told else None,
        status=person.status,
        reason=person.reason,
        ended_on=person.ended_on,
    )


def _finish(life: Life, registry: Registry, deck: Deck, day: date) -> DemoPerson:
    """Number, name, background, places and papers for a life."""
    holder, ended = life.holder, life.ended_on
    rng, born = holder.rng, holder.born_on
    background = draw_background(
        holder, member_share=life.member_share, until=min(ended or SETTLED_ON, SETTLED_ON)
    )
    birthplace, native_place = draw_places(rng, life.assignments[-1].unit_code)
    return DemoPerson(
        story=life.story,
        id_number=registry.id_number(life.sex, born),
        full_name=life.full_name or registry.name(rng, holder.ethnicity, life.sex, born),
        sex=life.sex,
        born_on=born,
        birthplace=birthplace,
        native_place=native_place,
        recruited_on=holder.recruited_on,
        recruited_by=life.recruited_by,
        status=life.status,
        status_since=ended + ONE_DAY if ended else holder.recruited_on,
        status_reason=life.reason,
        ended_on=ended,
        background=background,
        assignments=tuple(life.assignments),
        rank_steps=tuple(life.steps),
        qualifications=tuple(papers_of(holder, life.ladder, deck, day)),
    )
