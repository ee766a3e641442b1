"""The form of a roster: a word and a note for each line."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import EnumField, Form, Length, StringField
from hr.people.confirmations import rules
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.queries import RosterRow
from hr.people.confirmations.rules import Word


class RosterForm(Form):
    """Made by `roster_form`; `mark` tells the roster the page showed."""

    mark = HiddenField()
    rows: tuple[RosterRow, ...] = ()

    @property
    def takes_the_rest(self) -> bool:
        """Whether every line without a word is to be confirmed as well."""
        return self.is_submitted() and "rest" in request.form

    def words(self) -> dict[str, Word]:
        """The lines that were marked, by uid of the person."""
        values = self.values()
        return {
            str(row.uid): Word(values[f"verdict_{row.uid}"], values[f"note_{row.uid}"] or None)
            for row in self.rows
            if values[f"verdict_{row.uid}"]
        }


def roster_form(people: Sequence[RosterRow]) -> RosterForm:
    """The form about these lines, those with a word filled in."""
    rows = tuple(row for row in people if row.uid is not None)
    fields: dict[str, Any] = {"rows": rows}
    held: dict[str, Any] = {}
    for row in rows:
        fields[f"verdict_{row.uid}"] = EnumField(Verdict, _l("State"))
        fields[f"note_{row.uid}"] = StringField(_("What is not correct"), [Length(max=500)])
        held |= {f"verdict_{row.uid}": row.verdict, f"note_{row.uid}": row.note}
    form: RosterForm = type("LinesForm", (RosterForm,), fields)(data=held)
    if not form.is_submitted():
        form.mark.data = rules.mark_of((row.uid or "", row.post) for row in people)
    return form
