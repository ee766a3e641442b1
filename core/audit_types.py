"""What the log tells of: the kinds of event, their words, and which of them are mere readings."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class AuditType(StrEnum):
    """What happened. Values are stored and never renamed."""

    ABSENCE_ANNULLED = "absence_annulled"
    ABSENCE_CORRECTED = "absence_corrected"
    ABSENCE_RECORDED = "absence_recorded"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    CHECK_REOPENED = "check_reopened"
    CHECK_SETTLED = "check_settled"
    DECISION_CHECKED = "decision_checked"
    DECISION_DISCARDED = "decision_discarded"
    DECISION_DRAFTED = "decision_drafted"
    DECISION_ISSUED = "decision_issued"
    DECISION_REVOKED = "decision_revoked"
    DECISION_SENT_BACK = "decision_sent_back"
    DECISION_SUBMITTED = "decision_submitted"
    DELEGATION_ENDED = "delegation_ended"
    DELEGATION_GIVEN = "delegation_given"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_OPENED = "document_opened"
    ERASURE = "erasure"
    FILES_EXPORTED = "files_exported"
    FORM_2C_DOWNLOADED = "form_2c_downloaded"
    FORM_2C_PRINTED = "form_2c_printed"
    GRANT_GIVEN = "grant_given"
    GRANT_REVOKED = "grant_revoked"
    GROUP_OPENED = "group_opened"
    GROUP_SWITCHED = "group_switched"
    IMPORT_CONFIRMED = "import_confirmed"
    IMPORT_DISCARDED = "import_discarded"
    IMPORT_READ = "import_read"
    IMPORT_RETURNED = "import_returned"
    IMPORT_REVIEWED = "import_reviewed"
    IMPORT_UNDONE = "import_undone"
    LAW_ADDED = "law_added"
    LOG_EXPORTED = "log_exported"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the same
    PERSON_CHANGED = "person_changed"
    PERSON_CREATED = "person_created"
    PERSON_MOVED = "person_moved"
    PERSON_OPENED = "person_opened"
    PERSON_RESTORED = "person_restored"
    PERSON_SERVICE_ENDED = "person_service_ended"
    PERSON_WITHDRAWN = "person_withdrawn"
    PEOPLE_EXPORTED = "people_exported"
    PROPOSAL_ANSWERED = "proposal_answered"
    PROPOSAL_SENT = "proposal_sent"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    REFUSED = "refused"
    ROLE_SWITCHED = "role_switched"
    ROSTER_CONFIRMED = "roster_confirmed"
    SEEDED = "seeded"
    SESSION_ENDED = "session_ended"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    STATEMENT_DOWNLOADED = "statement_downloaded"
    STATEMENT_PRINTED = "statement_printed"
    SYSTEM_READ = "system_read"
    TEMPLATE_REPLACED = "template_replaced"
    TEMPLATE_RESTORED = "template_restored"

    @property
    def label(self) -> Any:
        return _LABELS[self]


#: What is told of here changed nothing that pages show: it was read, refused, or somebody came and went.
READINGS = frozenset(
    {
        AuditType.DOCUMENT_OPENED,
        AuditType.FILES_EXPORTED,
        AuditType.FORM_2C_DOWNLOADED,
        AuditType.FORM_2C_PRINTED,
        AuditType.GROUP_OPENED,
        AuditType.IMPORT_RETURNED,
        AuditType.LOG_EXPORTED,
        AuditType.PEOPLE_EXPORTED,
        AuditType.PERSON_OPENED,
        AuditType.REFUSED,
        AuditType.ROLE_SWITCHED,
        AuditType.SESSION_ENDED,
        AuditType.SIGNED_IN,
        AuditType.SIGNED_OUT,
        AuditType.SIGN_IN_FAILED,
        AuditType.STATEMENT_DOWNLOADED,
        AuditType.STATEMENT_PRINTED,
        AuditType.SYSTEM_READ,
    }
)

_T = AuditType
_LABELS = {
    _T.ABSENCE_ANNULLED: _l("absence annulled"),
    _T.ABSENCE_CORRECTED: _l("absence corrected"),
    _T.ABSENCE_RECORDED: _l("absence recorded"),
    _T.ACCOUNT_CHANGED: _l("account changed"),
    _T.ACCOUNT_CREATED: _l("account created"),
    _T.ACCOUNT_DISABLED: _l("account disabled"),
    _T.ACCOUNT_ENABLED: _l("account enabled"),
    _T.CHECK_REOPENED: _l("point to check opened again"),
    _T.CHECK_SETTLED: _l("point to check settled"),
    _T.DECISION_CHECKED: _l("decision checked"),
    _T.DECISION_DISCARDED: _l("draft decision discarded"),
    _T.DECISION_DRAFTED: _l("draft decision saved"),
    _T.DECISION_ISSUED: _l("decision issued"),
    _T.DECISION_REVOKED: _l("decision revoked"),
    _T.DECISION_SENT_BACK: _l("decision sent back"),
    _T.DECISION_SUBMITTED: _l("decision submitted for signature"),
    _T.DELEGATION_ENDED: _l("acting authority ended"),
    _T.DELEGATION_GIVEN: _l("acting authority given"),
    _T.DOCUMENT_ADDED: _l("document added"),
    _T.DOCUMENT_OPENED: _l("document opened"),
    _T.ERASURE: _l("values erased"),
    _T.FILES_EXPORTED: _l("whole files exported"),
    _T.FORM_2C_DOWNLOADED: _l("form 2C downloaded as Word"),
    _T.FORM_2C_PRINTED: _l("form 2C opened for print"),
    _T.GRANT_GIVEN: _l("grant given"),
    _T.GRANT_REVOKED: _l("grant revoked"),
    _T.GROUP_OPENED: _l("closed part of a personnel file opened"),
    _T.GROUP_SWITCHED: _l("part of the files switched on or off"),
    _T.IMPORT_CONFIRMED: _l("import confirmed"),
    _T.IMPORT_DISCARDED: _l("import discarded"),
    _T.IMPORT_READ: _l("import read"),
    _T.IMPORT_RETURNED: _l("workbook with comments downloaded"),
    _T.IMPORT_REVIEWED: _l("import reviewed"),
    _T.IMPORT_UNDONE: _l("import taken back"),
    _T.LAW_ADDED: _l("rule added"),
    _T.LOG_EXPORTED: _l("log exported"),
    _T.PASSWORD_CHANGED: _l("password changed"),
    _T.PASSWORD_RESET: _l("password reset"),
    _T.PERSON_CHANGED: _l("personnel file changed"),
    _T.PERSON_CREATED: _l("personnel file created"),
    _T.PERSON_MOVED: _l("moved"),
    _T.PERSON_OPENED: _l("personnel file opened"),
    _T.PERSON_RESTORED: _l("change by an import taken back"),
    _T.PERSON_SERVICE_ENDED: _l("end of service"),
    _T.PERSON_WITHDRAWN: _l("personnel file taken back with its import"),
    _T.PEOPLE_EXPORTED: _l("list exported"),
    _T.PROPOSAL_ANSWERED: _l("proposed change answered"),
    _T.PROPOSAL_SENT: _l("change proposed"),
    _T.PROPOSAL_WITHDRAWN: _l("proposed change withdrawn"),
    _T.REFUSED: _l("refused"),
    _T.ROLE_SWITCHED: _l("role changed"),
    _T.ROSTER_CONFIRMED: _l("roster confirmed"),
    _T.SEEDED: _l("data loaded"),
    _T.SESSION_ENDED: _l("session ended"),
    _T.SIGNED_IN: _l("signed in"),
    _T.SIGNED_OUT: _l("signed out"),
    _T.SIGN_IN_FAILED: _l("sign-in failed"),
    _T.STATEMENT_DOWNLOADED: _l("statement for the person concerned downloaded as Word"),
    _T.STATEMENT_PRINTED: _l("statement for the person concerned opened for print"),
    _T.SYSTEM_READ: _l("read by the program"),
    _T.TEMPLATE_REPLACED: _l("Word template replaced"),
    _T.TEMPLATE_RESTORED: _l("shipped Word template taken back"),
}
