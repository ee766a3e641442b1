"""Forms of accounts. A password is taken as it was typed: no trimming, no cleaning (ASVS 6.2.8)."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, PasswordInput

from accounts.enums import AccountState, GrantState
from accounts.rules import PERMISSION_WORDS, authority_permissions
from core.audit import AuditType
from core.forms import CodeField, DateField, EnumField, Form, required
from core.permissions import Permission, Role
from core.units import Block


class PasswordField(Field):
    """A password: never sent back to the page, never touched."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: Any = None, validators: Any = None, *, autocomplete: str, **kwargs: Any):
        keywords = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label, validators, render_kw=keywords, **kwargs)

    def _value(self) -> str:
        return ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist else ""


class SignInForm(Form):
    username = StringField(
        _l("User name"),
        [required(_l("Enter your user name")), Length(max=200)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password"))], autocomplete="current-password"
    )


class ConfirmForm(Form):
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password"))], autocomplete="current-password"
    )


class PasswordForm(Form):
    password = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Enter your present password"))],
        autocomplete="current-password",
    )
    new_password = PasswordField(
        _l("New password"), [InputRequired(_l("Enter the new password"))], autocomplete="new-password"
    )
    new_password_confirm = PasswordField(
        _l("New password once more"),
        [InputRequired(_l("Enter the new password once more"))],
        autocomplete="new-password",
    )

    def validate_new_password_confirm(self, field: Field) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(_("The two new passwords differ: type both again"))


class AccountForm(Form):
    display_name = StringField(_l("Full name"), [required(_l("Enter the name")), Length(max=120)])


class NewAccountForm(AccountForm):
    username = StringField(
        _l("User name"),
        [required(_l("Enter the user name")), Length(max=60)],
        description=_l("Letters without accents, digits, points or hyphens; it cannot be changed later"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class ConfirmationForm(Form):
    """Nothing to enter: the button is the answer."""


class DisableForm(Form):
    reason = StringField(_l("Reason"), [required(_l("Enter the reason")), Length(max=300)])


class GrantForm(Form):
    """`unit` takes the uid of a unit; its choices are set by the view."""

    role = EnumField(Role, _l("Role"), [required(_l("Choose the role"))])
    unit = CodeField(
        _l("Unit"), [required(_l("Choose the unit"))], description=_l("With everything below it")
    )
    block = EnumField(
        Block, _l("Block"), [required(_l("Choose the block"))], blank=None, default=Block.GOVERNMENT
    )
    starts_on = DateField(_l("First day"), [required(_l("Enter the first day"))])
    ends_on = DateField(_l("Last day"), description=_l("Empty: until it is revoked"))

    def offer(self, units: list[tuple[str, str]], today: date) -> None:
        """Sets what the page was opened with: the units to choose from, today as the first day."""
        self.unit.choices = [("", "–"), *units]
        if not self.is_submitted() and self.starts_on.data is None:
            self.starts_on.data = today


class AuthorityForm(Form):
    """Acting authority; `grant` and `deputy` take uids."""

    grant = CodeField(_l("Authority of"), [required(_l("Choose the authority"))], blank=None)
    deputy = CodeField(_l("Deputy"), [required(_l("Choose the deputy"))])
    starts_on = DateField(_l("First day"), [required(_l("Enter the first day"))])
    ends_on = DateField(_l("Last day"), [required(_l("Enter the last day: acting authority always ends"))])
    exceptions = SelectMultipleField(
        _l("Left out"),
        choices=[SelectChoice(permission.value, words) for permission, words in PERMISSION_WORDS.items()],
        description=_l("What the deputy may not do"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(
        self, role: Role | None, grants: list[tuple[str, str]], deputies: list[tuple[str, str]]
    ) -> None:
        """Sets what can be chosen: own grants, deputies found, and only what the role may do."""
        self.grant.choices = grants
        self.deputy.choices = [("", "–"), *deputies]
        held = authority_permissions(role) if role else frozenset()
        self.exceptions.choices = [SelectChoice(p.value, w) for p, w in PERMISSION_WORDS.items() if p in held]

    @property
    def left_out(self) -> list[Permission]:
        """The permissions ticked."""
        return [Permission(value) for value in self.exceptions.data or ()]


class FilterForm(Form):
    """What a list is filtered by: read from the address, changes nothing."""

    class Meta(Form.Meta):
        csrf = False

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set and make sense."""
        return {name: value for name, value in self.values().items() if value and not self[name].errors}


class AccountFilter(FilterForm):
    words = StringField(_l("Name or user name"), [Length(max=80)])
    state = EnumField(AccountState, _l("State"), blank=_l("all"))
    role = EnumField(Role, _l("Role"), blank=_l("all"))


class GrantFilter(FilterForm):
    words = StringField(_l("Name, user name or unit"), [Length(max=80)])
    state = EnumField(GrantState, _l("State"), blank=_l("all"))
    role = EnumField(Role, _l("Role"), blank=_l("all"))


class LogFilter(FilterForm):
    type = EnumField(AuditType, _l("What"), blank=_l("all"))
    actor = StringField(_l("Who"), [Length(max=80)])
    subject = StringField(
        _l("Concerning"), [Length(max=80)], description=_l("An account or the code of a row")
    )
    starts_on = DateField(_l("From"))
    ends_on = DateField(_l("To"))

    def only(self, types: frozenset[AuditType]) -> None:
        """Offers these types only."""
        self.type.choices = [("", _l("all")), *((t.value, t.label) for t in AuditType if t in types)]


class LogExportForm(Form):
    purpose = StringField(
        _l("Purpose"), [required(_l("Enter what the export is for")), Length(min=5, max=300)]
    )
    format = CodeField(
        _l("Format"), choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV")], blank=None, default="xlsx"
    )
