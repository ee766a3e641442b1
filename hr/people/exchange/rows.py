"""What a row must satisfy besides its cells: the rules that the forms and actions of a file ask too.
Each check raises Unprocessable with the code of the column."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from flask_babel import lazy_gettext as _l

from core.errors import Unprocessable
from core.files import MEDIA_TYPES
from core.law import rule
from core.sheets import CheckedBook, PersonFile, RowCheck, SheetRow
from hr.people import entry, rules
from hr.people.absences.rules import check_span, overlapping, span_words
from hr.people.enums import AssignmentKind
from hr.people.groups.registry import Group
from hr.people.seeds import AssignmentSeed, BackgroundSeed, QualificationSeed, RankSeed

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEEDS: dict[type, tuple[str, ...]] = {
    seed: tuple(seed.__dataclass_fields__)
    for seed in (AssignmentSeed, BackgroundSeed, QualificationSeed, RankSeed)
}


def check_document(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """The file lies beside the workbook, whole, and is of a kind that is kept."""
    values = row.values
    check_digest(values["sha256"], "sha256")
    if values["media_type"] not in MEDIA_TYPES.values():
        raise Unprocessable(_l("This kind of file is not kept here"), field="media_type")
    if values["sha256"] in book.missing:
        return
    if values["sha256"] not in book.files:
        message = _l("The file of this digest is not in the folder “files”: add it, or take the row out")
        raise Unprocessable(message, field="sha256")
    if book.files[values["sha256"]] != values["size"]:
        raise Unprocessable(_l("The file has another size"), field="size")


def check_person(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """Dates, status and places of a person, together."""
    values = row.values
    rules.check_id_number(values["id_number"])
    rules.check_person_dates(born_on=values["born_on"], recruited_on=values["recruited_on"], today=book.today)
    rules.check_status_pair(values["status"], values["ended_on"])
    rules.check_not_after(values["ended_on"], book.today, "ended_on")
    if values["ended_on"] is not None and values["ended_on"] <= values["born_on"]:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="ended_on")
    if file is None or any(place.wrong for place in file.rows.get("assignment", ())):
        return  # told there
    places = [_seed(AssignmentSeed, place) for place in file.valid("assignment")]
    first = entry.first_place(places)
    if first is not None:
        ages = book.once(entry.MINIMUM_AGE, entry.MinimumAges)
        entry.check_age(values["born_on"], values["recruited_on"] or first.starts_on, first.category, ages)
    try:
        entry.check_places_with_service(values["status"], values["ended_on"], places)
    except Unprocessable as refusal:
        raise Unprocessable(refusal.message, field="status") from refusal


def check_photo(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """A photograph is a picture, as the register makes one of what is sent."""
    paper = book.rows["document"].get(row.values["document_id"])
    if paper is not None and paper.values["media_type"] != MEDIA_TYPES["jpg"]:
        raise Unprocessable(_l("A photograph is a JPG picture: choose another file"), field="document")


def check_background(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """`entry.check_background`."""
    entry.check_background(_seed(BackgroundSeed, row), book.today)


def check_assignment(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """Unit, division and period; one own place at a time. Mistakes that were kept may overlap."""
    entry.check_unit(row.values["unit_id"], row.values["division_id"], book.units)
    place = _seed(AssignmentSeed, row)
    if row.annulled:
        rules.check_period(place.starts_on, place.ends_on)
        return
    assert file is not None
    before = [_seed(AssignmentSeed, other) for other in file.valid("assignment") if other.number < row.number]
    entry.check_days(place, file.person.values["born_on"], before)
    if place.kind is AssignmentKind.SECONDED:
        asked = (entry.SECONDMENT_YEARS, place.category.value, place.starts_on)
        limit = book.once(asked, lambda: rule(entry.SECONDMENT_YEARS, category=asked[1], on=place.starts_on))
        if limit is not None:
            rules.check_secondment(place.starts_on, place.ends_on, int(limit.value))


def check_rank(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """`entry.check_rank`; no two steps from one day."""
    assert file is not None
    entry.check_rank(_seed(RankSeed, row), file.person.values["born_on"], book.today)
    if not row.annulled:
        refuse_twin(row, file, "starts_on")


def check_qualification(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """`entry.check_qualification`; no two papers of one kind and serial number."""
    assert file is not None
    entry.check_qualification(_seed(QualificationSeed, row), file.person.values["born_on"], book.today)
    if not row.annulled and row.values["serial"] is not None:
        refuse_twin(row, file, "serial", "kind")


def check_settlement(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """A settlement about a paper of the person, or about the file itself."""
    assert file is not None
    check_digest(row.values["seen"], "seen")
    paper, other = (
        book.rows["qualification"].get(row.values[name] or "") for name in ("qualification_id", "other_id")
    )
    if paper is not None and paper.values["person_id"] != row.values["person_id"]:
        raise Unprocessable(_l("This paper belongs to another person"), field="qualification")
    if other is not None and paper is None:
        raise Unprocessable(_l("Enter the paper that the other was compared with"), field="qualification")


def check_absence(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """Days in order; nobody is away twice at a time. Mistakes that were kept may overlap."""
    assert file is not None
    span: Any = SimpleNamespace(**row.values)
    check_span(span, born_on=file.person.values["born_on"])
    if row.annulled:
        return
    before = [SimpleNamespace(**other.values) for other in file.valid("absence") if other.number < row.number]
    other: Any = overlapping(span, cast(Any, before))
    if other is not None:
        message = _l(
            "Already away then: %(days)s. Correct or annul that absence first", days=span_words(other)
        )
        raise Unprocessable(message, field="starts_on")


def check_absence_reason(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """Why somebody is away, once for each absence of the same person."""
    assert file is not None
    absence = book.rows["absence"].get(row.values["absence_id"])
    if absence is not None and absence.values["person_id"] != row.values["person_id"]:
        raise Unprocessable(_l("This absence is another person's"), field="absence")
    refuse_twin(row, file, "absence_id", field="absence")


def check_group(group: Group) -> RowCheck:
    """The rules of a group; of many rows no two valid ones of one key."""

    def check(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
        assert file is not None
        values = {name: row.values[name] for name in group.names}
        group.check(values, file.person.values["born_on"], book.today)
        if group.key and not row.annulled:
            refuse_twin(row, file, *group.key)
            if names := group.shared_by_none(values):
                refuse_twin(row, file, *names)

    return check


def check_digest(text: str, field: str) -> None:
    """64 digits of base 16."""
    if not _DIGEST.fullmatch(text):
        message = _l("A digest has 64 characters, 0 to 9 and a to f: copy it from the export")
        raise Unprocessable(message, field=field)


def refuse_twin(row: SheetRow, file: PersonFile, *names: str, field: str | None = None) -> None:
    """No two valid rows of the person with the same values in these columns."""
    key = [row.values[name] for name in names]
    for other in file.valid(row.sheet):
        if other.number < row.number and [other.values[name] for name in names] == key:
            message = _l("The same stands in row %(number)s: keep one of them", number=other.number)
            raise Unprocessable(message, field=field or names[0])


def _seed(kind: Any, row: SheetRow) -> Any:
    """The values of a row in the shape the rules take. What names other rows is not needed there."""
    values: Mapping[str, Any] = row.values
    left = ("document_id",)
    return kind(**{name: values[name] for name in _SEEDS[kind] if name in values and name not in left})
