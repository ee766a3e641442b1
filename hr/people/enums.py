"""Closed lists of the personnel file. Values are stored; labels come from the glossary.

Code lists of the law (`domain.md` §8.4, §12 in the design papers) stand in `codes.py`;
here stand only the lists that the program itself reasons about.
"""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Sex(StrEnum):
    """Sex as form 2C-BNV/2008 records it (item 3)."""

    MALE = "male"
    FEMALE = "female"

    @property
    def label(self) -> object:
        return {Sex.MALE: _l("male"), Sex.FEMALE: _l("female")}[self]


class Category(StrEnum):
    """Category of person (đối tượng), Law 80/2025/QH15 Art. 1 and Law 129/2025/QH15."""

    CADRE = "cadre"
    CIVIL_SERVANT = "civil_servant"
    PUBLIC_EMPLOYEE = "public_employee"
    CONTRACT_WORKER = "contract_worker"
    NON_SPECIALISED = "non_specialised"

    @property
    def label(self) -> object:
        return {
            Category.CADRE: _l("cadre"),
            Category.CIVIL_SERVANT: _l("civil servant"),
            Category.PUBLIC_EMPLOYEE: _l("public employee"),
            Category.CONTRACT_WORKER: _l("contract worker"),
            Category.NON_SPECIALISED: _l("non-specialised worker"),
        }[self]


#: "Officials" (cán bộ, công chức): the only ones headline figures count.
OFFICIALS = (Category.CADRE, Category.CIVIL_SERVANT)


class ManagementTier(StrEnum):
    """Who appoints and disciplines (diện quản lý)."""

    PROVINCIAL_PARTY = "provincial_party"
    PROVINCIAL_COMMITTEE = "provincial_committee"
    DEPARTMENT = "department"
    COMMUNE = "commune"

    @property
    def label(self) -> object:
        return {
            ManagementTier.PROVINCIAL_PARTY: _l("Provincial Party Committee"),
            ManagementTier.PROVINCIAL_COMMITTEE: _l("Provincial People's Committee"),
            ManagementTier.DEPARTMENT: _l("Department"),
            ManagementTier.COMMUNE: _l("Commune People's Committee"),
        }[self]


class AssignmentKind(StrEnum):
    """Kind of assignment; only MAIN and PROBATION rows are counted (one person, one post)."""

    MAIN = "main"
    CONCURRENT = "concurrent"
    ACTING_HEAD = "acting_head"
    IN_CHARGE = "in_charge"
    PROBATION = "probation"
    SECONDED = "seconded"

    @property
    def label(self) -> object:
        return {
            AssignmentKind.MAIN: _l("main"),
            AssignmentKind.CONCURRENT: _l("concurrent"),
            AssignmentKind.ACTING_HEAD: _l("acting head"),
            AssignmentKind.IN_CHARGE: _l("in charge"),
            AssignmentKind.PROBATION: _l("probation"),
            AssignmentKind.SECONDED: _l("seconded"),
        }[self]


#: The kinds that hold the person's own place: exactly one runs at a time.
HOME_KINDS = (AssignmentKind.MAIN, AssignmentKind.PROBATION)


class ServiceStatus(StrEnum):
    """Service status with its end reasons (trạng thái công tác)."""

    WORKING = "working"
    SUSPENDED = "suspended"
    LEFT = "left"
    RETIRED = "retired"
    DISMISSED = "dismissed"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"

    @property
    def label(self) -> object:
        return {
            ServiceStatus.WORKING: _l("working"),
            ServiceStatus.SUSPENDED: _l("suspended from work"),
            ServiceStatus.LEFT: _l("left service"),
            ServiceStatus.RETIRED: _l("retired"),
            ServiceStatus.DISMISSED: _l("dismissed"),
            ServiceStatus.MOVED_OUT: _l("moved out of the province"),
            ServiceStatus.DECEASED: _l("deceased"),
        }[self]


#: Statuses that end service: an end date and a reason stand with each.
ENDED = (
    ServiceStatus.LEFT,
    ServiceStatus.RETIRED,
    ServiceStatus.DISMISSED,
    ServiceStatus.MOVED_OUT,
    ServiceStatus.DECEASED,
)


class QualificationKind(StrEnum):
    """Kind of qualification (trình độ), form 2C-BNV/2008 items 15.1–15.6 and Directive 38/2004."""

    EDUCATION = "education"
    POLITICAL_THEORY = "political_theory"
    STATE_MANAGEMENT = "state_management"
    DEFENCE_SECURITY = "defence_security"
    IT = "it"
    FOREIGN_LANGUAGE = "foreign_language"
    ETHNIC_LANGUAGE = "ethnic_language"
    DIGITAL_SKILLS = "digital_skills"

    @property
    def label(self) -> object:
        return {
            QualificationKind.EDUCATION: _l("education level"),
            QualificationKind.POLITICAL_THEORY: _l("political theory"),
            QualificationKind.STATE_MANAGEMENT: _l("state management"),
            QualificationKind.DEFENCE_SECURITY: _l("defence and security"),
            QualificationKind.IT: _l("IT"),
            QualificationKind.FOREIGN_LANGUAGE: _l("foreign language"),
            QualificationKind.ETHNIC_LANGUAGE: _l("ethnic-minority language"),
            QualificationKind.DIGITAL_SKILLS: _l("digital skills"),
        }[self]


class ProofState(StrEnum):
    """How far a qualification has been proved (design §5)."""

    CLAIMED = "claimed"
    ORIGINAL_SEEN = "original_seen"
    ISSUER_CONFIRMED = "issuer_confirmed"
    ISSUER_DENIES = "issuer_denies"

    @property
    def label(self) -> object:
        return {
            ProofState.CLAIMED: _l("claimed"),
            ProofState.ORIGINAL_SEEN: _l("original seen"),
            ProofState.ISSUER_CONFIRMED: _l("issuer confirmed"),
            ProofState.ISSUER_DENIES: _l("issuer denies"),
        }[self]
