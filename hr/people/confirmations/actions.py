"""The one write: the chair's words on people of the unit, in the running quarter."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from core.unit_book import UnitEntry
from core.units import Unit
from hr.people.confirmations import queries, rules
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.models import RosterLine
from hr.people.confirmations.queries import RosterRow
from hr.people.confirmations.rules import Word


@action(Permission.ROSTER_CONFIRM)
def confirm(
    *,
    by: Viewer,
    unit: UnitEntry,
    quarter: str,
    words: Mapping[str, Word],
    rest: bool = False,
    mark: str | None = None,
) -> int:
    """The chair's words by uid of the person; with `rest`, everybody without a word is correct. Returns how
    many lines are new. A word that differs from an earlier one annuls it; one that repeats it adds nothing.
    `mark` (`rules.mark_of`): the roster the form showed; another one is looked at first."""
    rules.check_can_confirm(quarter, by.today)
    row_of_unit = lock(db.session.get_one(Unit, unit.id))
    people = queries.roster(by, unit, quarter)
    if mark is not None and mark != rules.mark_of((row.uid or "", row.post) for row in people):
        raise Unprocessable(_l("The roster has changed meanwhile: look at it once more, then confirm"))
    said = queries.valid_lines(unit, quarter)
    count = 0
    for row in people:
        word = words.get(row.uid or "")
        if word is None and rest and row.person_id not in said:
            word = Word(Verdict.CORRECT)
        if word is not None and _say(by, unit, quarter, row, word, said.get(row.person_id)):
            count += 1
    if not count:
        raise Unprocessable(_l("Nothing new to confirm: mark a line, or somebody was faster"))
    wrong = sum(word.verdict is Verdict.NOT_CORRECT for word in words.values())
    values = {"quarter": quarter, "lines": count, "not_correct": wrong}
    audit.record(AuditType.ROSTER_CONFIRMED, row_of_unit, values=values, unit_id=unit.id)
    return count


def _say(
    by: Viewer, unit: UnitEntry, quarter: str, row: RosterRow, word: Word, before: RosterLine | None
) -> bool:
    """Writes the word unless it repeats the valid one."""
    rules.check_word(word)
    note = (word.note or "").strip() or None if word.verdict is Verdict.NOT_CORRECT else None
    if before is not None:
        if (before.verdict, before.note) == (word.verdict, note):
            return False
        before.annulled_at, before.annulled_by_id = now(), by.user_id
        # The old row first: the database holds one valid word a person.
        db.session.flush()
    line = RosterLine(
        unit_id=unit.id,
        quarter=quarter,
        person_id=row.person_id,
        person_name=row.person,
        name_key=row.name_key,
        post=row.post,
        verdict=word.verdict,
        note=note,
        created_by_id=by.user_id,
    )
    db.session.add(line)
    return True
