"""Decisions of the demo province: reappointments of those whose terms have run out, and some on their way.
Everything through the actions, as people would."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from accounts.models import Grant, User
from core.db import db
from core.permissions import Role
from core.scope import Viewer
from core.units import Unit
from hr.decisions.enums import DueKind
from hr.decisions.issuing import actions, effects, queries
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.decisions.lines import Due
from hr.decisions.queries import DueFilter, list_due
from hr.people.enums import HOME_KINDS, Category
from hr.people.models import Assignment
from hr.people.rules import add_months

PROVINCE = "Ủy ban nhân dân tỉnh Điện Biên"
HOME_AFFAIRS = "Sở Nội vụ tỉnh Điện Biên"
SIGNERS = {PROVINCE: "Lò Văn Khánh, Phó Chủ tịch", HOME_AFFAIRS: "Vũ Minh Tuấn, Giám đốc"}
SYMBOLS = {PROVINCE: "QĐ-UBND", HOME_AFFAIRS: "QĐ-SNV"}
#: Terms shown as run out all the same: somebody is to find them among the due dates.
LEFT_LATE = 9
#: Months of one term (Law 80/2025/QH15 Art. 31).
TERM = 60
#: Terms that one person of the demo has served on one post, at most.
_TERMS = 5


def enter_demo(*, by: Viewer, tell: Callable[[str], None]) -> int:
    """Enters the decisions; returns how many."""
    desk = _Desk(by)
    made = _reappoint(desk) + _pay_steps_ahead(desk) + _on_their_way(desk)
    tell(f"  {made} decisions")
    return made


class _Desk:
    """Two officers of Home Affairs, and the numbers their offices have given."""

    def __init__(self, by: Viewer):
        self.today = by.today
        officers = select(User).join(Grant, Grant.user_id == User.id).where(Grant.role == Role.HR_OFFICER)
        self.author, self.checker = (
            replace(by, user_id=user.id, user_uid=user.uid, name=user.display_name)
            for user in db.session.scalars(officers.order_by(User.id).limit(2))
        )
        self._given: dict[tuple[str, int], int] = defaultdict(lambda: 40)

    def signature(self, office: str, signed_on: date) -> SignatureSeed:
        """The next number of the office, with gaps as other decisions leave them."""
        self._given[office, signed_on.year] += 17 + signed_on.day
        number = self._given[office, signed_on.year]
        reference = f"{number}/{SYMBOLS[office]}"
        return SignatureSeed(reference=reference, signed_on=signed_on, signer=SIGNERS[office])

    def submit(self, seed: DecisionSeed) -> Decision:
        """Drafted by one officer, checked by the other, submitted."""
        decision = actions.save_draft(by=self.author, seed=seed)
        actions.check(by=self.checker, decision=decision)
        return actions.submit(by=self.author, decision=decision)

    def issue(self, seed: DecisionSeed) -> Decision:
        """All the way to its effects."""
        decision = self.submit(seed)
        mark = effects.mark(actions.plan_of(decision, self.today))
        return actions.issue(by=self.author, decision=decision, signature=seed.signature, mark=mark)


def _reappoint(desk: _Desk) -> int:
    """Everybody whose term has run out, quarter by quarter, until the term of today runs."""
    made = 0
    for _round in range(_TERMS):
        late = list(_late_terms(desk))
        for quarter in _by_quarter(late):
            day = max(due.on for due in quarter) + timedelta(days=1)
            keys = queries.person_ids(due.person_uid for due in quarter)
            lines = tuple(
                LineSeed(person_id=keys[due.person_uid], starts_on=due.on + timedelta(days=1))
                for due in quarter
            )
            desk.issue(_seed(desk, DecisionKind.REAPPOINTMENT, PROVINCE, day, lines))
            made += 1
    return made


def _late_terms(desk: _Desk) -> Iterator[Due]:
    """The oldest first; the latest few are left."""
    found = list_due(desk.author, DueFilter(last=desk.today - timedelta(days=1), kind=DueKind.TERM))
    old = [due for due in found if add_months(due.on, TERM) < desk.today]
    recent = [due for due in found if add_months(due.on, TERM) >= desk.today]
    yield from old
    yield from recent[: max(0, len(recent) - LEFT_LATE)]


def _by_quarter(found: Iterable[Due]) -> list[list[Due]]:
    groups: dict[tuple[int, int], list[Due]] = defaultdict(list)
    for due in found:
        groups[due.on.year, (due.on.month - 1) // 3].append(due)
    return [groups[key] for key in sorted(groups)]


def _pay_steps_ahead(desk: _Desk) -> int:
    """The regular pay steps of the next thirty days, submitted: they wait for their day."""
    last = desk.today + timedelta(days=30)
    asked = DueFilter(first=desk.today + timedelta(days=1), last=last, kind=DueKind.PAY_STEP)
    found = list_due(desk.author, asked)
    keys = queries.person_ids(due.person_uid for due in found)
    lines = tuple(LineSeed(person_id=keys[due.person_uid], starts_on=due.on) for due in found)
    if lines:
        desk.submit(_bare(DecisionKind.PAY_STEP, HOME_AFFAIRS, last, lines))
    return bool(lines)


def _on_their_way(desk: _Desk) -> int:
    """One draft, one that waits for its day, and one that was revoked."""
    ahead = desk.today + timedelta(days=14)
    unit = select(Unit.id).where(Unit.code == "SNV")
    query = (
        select(Assignment.person_id)
        .where(
            Assignment.kind.in_(HOME_KINDS),
            Assignment.category == Category.CIVIL_SERVANT,
            Assignment.ends_on.is_(None),
            Assignment.post == "Chuyên viên",
            Assignment.unit_id.in_(unit),
        )
        .order_by(Assignment.name_key)
    )
    ids = list(db.session.scalars(query.limit(5)))
    if len(ids) < 5:
        return 0
    reward = "Giấy khen của Giám đốc Sở"
    signed = desk.signature(HOME_AFFAIRS, desk.today - timedelta(days=20))
    lines = tuple(LineSeed(person_id=key, reason=reward) for key in ids[:3])
    day = desk.today - timedelta(days=18)
    decision = desk.issue(_bare(DecisionKind.REWARD, HOME_AFFAIRS, day, lines, signed))
    actions.revoke(by=desk.author, decision=decision, reason="Ban hành trùng với quyết định của tỉnh")
    desk.submit(_bare(DecisionKind.CONCURRENT, PROVINCE, ahead, (_head_of_centre(ids[3]),)))
    draft = _bare(DecisionKind.TRANSFER, PROVINCE, ahead, (_moved(ids[4]),))
    actions.save_draft(by=desk.checker, seed=draft)
    return 3


def _head_of_centre(person_id: int) -> LineSeed:
    return LineSeed(person_id=person_id, post="Phó Giám đốc Trung tâm Phục vụ hành chính công")


def _moved(person_id: int) -> LineSeed:
    unit = select(Unit.id).where(Unit.code == "STC", Unit.valid_to.is_(None))
    return LineSeed(person_id=person_id, unit_id=db.session.scalars(unit).one())


def _seed(
    desk: _Desk, kind: DecisionKind, office: str, day: date, lines: tuple[LineSeed, ...]
) -> DecisionSeed:
    return _bare(kind, office, day, lines, desk.signature(office, day - timedelta(days=5)))


def _bare(
    kind: DecisionKind,
    office: str,
    day: date,
    lines: tuple[LineSeed, ...],
    signature: SignatureSeed | None = None,
) -> DecisionSeed:
    """A decision as it is drafted; without a signature it waits for one."""
    return DecisionSeed(
        kind=kind,
        office=office,
        effective_on=day,
        lines=lines,
        signature=signature or SignatureSeed(),
    )
