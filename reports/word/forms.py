"""Forms of a Word template: a file in its place, or the shipped one back."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import FileField, Form, required


class RestoreForm(Form):
    """Which replacement the page was opened with; empty: none."""

    seen = HiddenField()


class TemplateForm(RestoreForm):
    """A Word file to take the template's place."""

    file = FileField(
        _l("Word file"),
        validators=[required(_l("Choose the Word file"))],
        kinds=("docx",),
        description=_l("Download the template in use, change it in Word, and send it here as .docx"),
    )
