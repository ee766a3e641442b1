"""Forms of proposals: those of the file itself with a reason, and the answers line by line."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Conflict
from core.forms import EnumField, Form, Length, StringField
from hr.people.forms.fields import Filled, PartForm
from hr.people.forms.person import PersonForm
from hr.people.forms.qualifications import QualificationForm
from hr.people.forms.service import MoveForm
from hr.people.groups.forms import form_of
from hr.people.models import Person
from hr.people.proposals import parts
from hr.people.proposals.enums import ANSWERS, LineState, Part
from hr.people.proposals.models import ProposalLine
from hr.people.proposals.rules import Answer


class Reasoned(PartForm):
    """Why the file should be changed; beside the fields of its part."""

    reason = StringField(
        _l("Why"),
        [Filled(_l("Enter why the file should be changed")), Length(max=500)],
        description=_l("For example: new ID card issued on 12/03/2026, copy at the office"),
    )

    def _compare(self, conflict: Conflict) -> None:
        super()._compare(conflict)
        if self.conflict is not None:
            rows = tuple(row for row in self.conflict.rows if row.label != self.reason.label.text)
            self.conflict = replace(self.conflict, rows=rows)


class FactsProposal(Reasoned, PersonForm):
    """The personal facts. The whole number is not shown to the commune: left empty, it stays."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.id_number.validators = ()
        self.id_number.flags.required = False
        self.id_number.description = _l("Leave empty when it is right; the whole number is not shown here")
        if not self.is_submitted() or kwargs.get("formdata", self) is None:
            self.id_number.data = None

    def proposed(self, person: Person) -> dict[str, Any]:
        """The facts as they should be."""
        return {**self.facts(), "id_number": self.id_number.data or person.id_number}


class QualificationProposal(Reasoned, QualificationForm):
    """A qualification the person claims."""


class PlaceProposal(Reasoned, MoveForm):
    """Another post or division from a day."""


def group_proposal(part: Part) -> type[Any]:
    """The form of a group of form 2C with a reason."""
    return type(f"{part.value.title()}Proposal", (Reasoned, form_of(part.value)), {})


class WithdrawForm(Form):
    """Takes back what has no answer yet: only the version the page was shown with."""


class AnswerForm(PartForm):
    """An answer and a reason for each line that waits; made by `answer_form`. A conflict shows no values:
    the lines show what the file holds now."""

    lines: tuple[ProposalLine, ...] = ()

    def answers(self) -> dict[str, Answer]:
        """The lines that were answered, by uid."""
        values = self.values()
        return {
            line.uid: Answer(values[f"state_{line.uid}"], values[f"reason_{line.uid}"] or None)
            for line in self.lines
            if values[f"state_{line.uid}"]
        }


def answer_form(lines: Iterable[ProposalLine], *, version: int, every: bool = False) -> AnswerForm:
    """The form about the lines that wait, or about every one, opened with the file's version."""
    waiting = tuple(line for line in lines if every or line.state is LineState.SENT)
    fields: dict[str, Any] = {"lines": waiting}
    for line in waiting:
        name = parts.label_of(line.part, line.field)
        fields[f"state_{line.uid}"] = EnumField(LineState, name, only=ANSWERS)
        fields[f"reason_{line.uid}"] = StringField(_l("Reason of a refusal"), [Length(max=500)])
    made: AnswerForm = type("LinesForm", (AnswerForm,), fields)()
    if not made.is_submitted():
        made.version.data = str(version)
    return made
