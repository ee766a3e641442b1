"""The form that settles a point to check or opens it again."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import Form, Length, TextAreaField, required


class CheckForm(Form):
    """One note, and what the point looked like when the page was opened."""

    mark = HiddenField()
    note = TextAreaField(
        _l("What was found"),
        [required(_l("Enter what was found and on what it rests")), Length(max=1000)],
        description=_l("For example: both books seen at the office on 12/03/2026, the serial was mistyped"),
    )

    def ask_for_reopening(self) -> None:
        """The same note, for taking a settlement back."""
        self.note.label.text = _l("Why it is to be looked at again")
        self.note.description = ""
