"""Closed lists of the personnel file. Values are stored; labels come from the glossary.

Code lists of the law (`domain.md` §8.4, §12 in the design papers) stand in `codes.py`;
here stand only the lists that the program itself reasons about.
"""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class Sex(LabelledEnum):
    """Sex as form 2C-BNV/2008 records it (item 3)."""

    MALE = "male", _l("male")
    FEMALE = "female", _l("female")


class Category(LabelledEnum):
    """Category of person (đối tượng), Law 80/2025/QH15 Art. 1 and Law 129/2025/QH15."""

    CADRE = "cadre", _l("cadre")
    CIVIL_SERVANT = "civil_servant", _l("civil servant")
    PUBLIC_EMPLOYEE = "public_employee", _l("public employee")
    CONTRACT_WORKER = "contract_worker", _l("contract worker")
    NON_SPECIALISED = "non_specialised", _l("non-specialised worker")


#: "Officials" (cán bộ, công chức): the only ones headline figures count.
OFFICIALS = (Category.CADRE, Category.CIVIL_SERVANT)


class ManagementTier(LabelledEnum):
    """Who appoints and disciplines (diện quản lý)."""

    PROVINCIAL_PARTY = "provincial_party", _l("Provincial Party Committee")
    PROVINCIAL_COMMITTEE = "provincial_committee", _l("Provincial People's Committee")
    DEPARTMENT = "department", _l("Department")
    COMMUNE = "commune", _l("Commune People's Committee")


class AssignmentKind(LabelledEnum):
    """Kind of assignment; only MAIN and PROBATION rows are counted (one person, one post)."""

    MAIN = "main", _l("main")
    CONCURRENT = "concurrent", _l("concurrent")
    ACTING_HEAD = "acting_head", _l("acting head")
    IN_CHARGE = "in_charge", _l("in charge")
    PROBATION = "probation", _l("probation")
    SECONDED = "seconded", _l("seconded")


#: The kinds that hold the person's own place: exactly one runs at a time.
HOME_KINDS = (AssignmentKind.MAIN, AssignmentKind.PROBATION)


class ServiceStatus(LabelledEnum):
    """Service status with its end reasons (trạng thái công tác)."""

    WORKING = "working", _l("working")
    SUSPENDED = "suspended", _l("suspended from work")
    LEFT = "left", _l("left service")
    RETIRED = "retired", _l("retired")
    DISMISSED = "dismissed", _l("dismissed")
    RECALLED = "recalled", _l("recalled from office")
    MOVED_OUT = "moved_out", _l("moved out of the province")
    DECEASED = "deceased", _l("deceased")


#: Statuses that end service: an end date and a reason stand with each.
ENDED = (
    ServiceStatus.LEFT,
    ServiceStatus.RETIRED,
    ServiceStatus.DISMISSED,
    ServiceStatus.RECALLED,
    ServiceStatus.MOVED_OUT,
    ServiceStatus.DECEASED,
)


class QualificationKind(LabelledEnum):
    """Kind of qualification (trình độ), form 2C-BNV/2008 items 15.1–15.6 and Directive 38/2004."""

    EDUCATION = "education", _l("education level")
    POLITICAL_THEORY = "political_theory", _l("political theory")
    STATE_MANAGEMENT = "state_management", _l("state management")
    DEFENCE_SECURITY = "defence_security", _l("defence and security")
    IT = "it", _l("IT")
    FOREIGN_LANGUAGE = "foreign_language", _l("foreign language")
    ETHNIC_LANGUAGE = "ethnic_language", _l("ethnic-minority language")
    DIGITAL_SKILLS = "digital_skills", _l("digital skills")


class StudyForm(LabelledEnum):
    """How a programme was studied (form 2C-BNV/2008 item 27; the first three as diplomas name them today)."""

    FULL_TIME = "full_time", _l("full-time")
    IN_SERVICE = "in_service", _l("in-service")
    DISTANCE = "distance", _l("distance learning")
    UPGRADING = "upgrading", _l("upgrading programme")
    SHORT_COURSE = "short_course", _l("short course")


class ProofState(LabelledEnum):
    """How far a qualification has been proved (design §5)."""

    CLAIMED = "claimed", _l("claimed")
    ORIGINAL_SEEN = "original_seen", _l("original seen")
    ISSUER_CONFIRMED = "issuer_confirmed", _l("issuer confirmed")
    ISSUER_DENIES = "issuer_denies", _l("issuer denies")
