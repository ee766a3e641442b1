"""Forms of letters to issuers: the addressee, its number and day, the reply, the withdrawal."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from core.files import EVIDENCE
from core.forms import DateField, EnumField, FileField, Form, Length, StringField, TextAreaField, required
from hr.people.letters.enums import Reply


class LetterForm(Form):
    """Whom the letter goes to."""

    issuer = StringField(
        _l("Addressee"),
        [required(_l("Enter whom the letter goes to")), Length(max=300)],
        description=_l("As it is to stand on the letter"),
    )


class SentForm(Form):
    """Number and day the office gave the letter."""

    number = StringField(
        _l("Number and symbol"), [required(_l("Enter the number and symbol")), Length(max=60)]
    )
    sent_on = DateField(_l("Sent on"), [required(_l("Enter the day"))])


class AnswerForm(Form):
    """The reply; what is said of each paper stands in a field of its own, see `answer_form`."""

    answer_number = StringField(
        _l("Number and symbol of the reply"), [required(_l("Enter the number and symbol")), Length(max=60)]
    )
    answered_on = DateField(_l("Date of the reply"), [required(_l("Enter the day"))])
    answer_note = TextAreaField(_l("Note"), [Length(max=1000)])
    file = FileField(_l("Scan of the reply"), kinds=EVIDENCE, description=_l("PDF, JPG or PNG, up to 10 MB"))

    def values(self) -> dict[str, Any]:
        """The fields of the reply, and `replies`: uid of each paper → what the issuer says of it."""
        values = super().values()
        said = {name: values.pop(name) for name in list(values) if name.startswith(_PAPER)}
        return {**values, "replies": {name.removeprefix(_PAPER): reply for name, reply in said.items()}}


class WithdrawForm(Form):
    """Why no reply is waited for."""

    reason = StringField(_l("Reason"), [required(_l("Enter the reason")), Length(max=500)])


_PAPER = "paper_"


def answer_form(papers: Iterable[tuple[str, str]], **kwargs: Any) -> AnswerForm:
    """The form with one choice for each (uid, words) of a paper."""
    fields = {
        f"{_PAPER}{uid}": EnumField(Reply, words, [required(_l("Choose what the issuer replied"))])
        for uid, words in papers
    }
    return type("AnswerFormOfPapers", (AnswerForm,), fields)(**kwargs)
