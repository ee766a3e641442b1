"""The form that makes one file of two: a choice for each fact in which they differ and each clash."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from core.forms import Form, Length, TextAreaField, required
from hr.people.merging.enums import Standing
from hr.people.merging.queries import Choice, Clash

NOTE = _l("For example: the identity card seen at the office on 12/03/2026")


class NoteForm(Form):
    """Why two people are different, or are not after all."""

    note = TextAreaField(
        _l("What was found"),
        [required(_l("Enter what was found and on what it rests")), Length(max=1000)],
        description=NOTE,
    )


class MergeForm(NoteForm):
    """`choices` and `clashes` with their fields; `other_version` is that of the second file."""

    other_version = HiddenField()
    choices: Sequence[Choice] = ()
    clashes: Sequence[Clash] = ()

    def of_choice(self, choice: Choice) -> Any:
        """The field of a fact."""
        return self._fields[f"fact-{choice.key}"]

    def of_clash(self, clash: Clash) -> Any:
        """The field of two entries that exclude one another."""
        return self._fields[f"clash-{clash.key}"]

    def taken(self) -> frozenset[str]:
        """Keys of the facts whose value comes from the second file."""
        return frozenset(choice.key for choice in self.choices if self.of_choice(choice).data == "other")

    def standing(self) -> dict[str, Standing]:
        """What becomes of the entries that exclude one another."""
        chosen: Mapping[str, Any] = {clash.key: self.of_clash(clash).data for clash in self.clashes}
        return {key: Standing(value) for key, value in chosen.items() if value}

    @property
    def opened_other_version(self) -> int:
        """The version of the second file that the page was shown with; -1 for one that is broken."""
        text = self.other_version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def merge_form(
    choices: Sequence[Choice], clashes: Sequence[Clash], shown: Any, clash_label: Any
) -> MergeForm:
    """The form for two files. `shown(choice, value)` and `clash_label(clash)` put into words."""
    fields: dict[str, Any] = {"choices": choices, "clashes": clashes}
    for choice in choices:
        empty = choice.kept in (None, "")
        fields[f"fact-{choice.key}"] = RadioField(
            choice.name,
            choices=[("kept", shown(choice, choice.kept)), ("other", shown(choice, choice.other))],
            default="other" if empty else "kept",
        )
    for clash in clashes:
        options = [member for member in Standing if clash.can_both or member is not Standing.BOTH]
        fields[f"clash-{clash.key}"] = RadioField(
            clash_label(clash),
            [InputRequired(_("Choose which of the two stands"))],
            choices=[(member.value, member.label) for member in options],
        )
    made: type[MergeForm] = type("FilesForm", (MergeForm,), fields)
    return made()
