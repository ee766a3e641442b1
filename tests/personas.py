"""The cast: one account per kind of user, in two communes, and a nobody without grants."""

from dataclasses import dataclass

from core.permissions import Role

PROVINCE = "11"
#: Commune A and B of the cast.
BUNG_LAO = "03301"
NA_SANG = "03172"
HOME_AFFAIRS = "SNV"


@dataclass(frozen=True, slots=True)
class Persona:
    """An account with at most one grant; `unit` is the code of a unit of today."""

    username: str
    name: str
    role: Role | None
    unit: str | None


CAST: dict[str, Persona] = {
    "home_affairs": Persona("home_affairs", "Lò Thị Hạnh", Role.HR_OFFICER, PROVINCE),
    "case_officer": Persona("case_officer", "Cà Văn Minh", Role.CASE_OFFICER, PROVINCE),
    "head": Persona("head", "Quàng Thị Thơm", Role.HEAD_OF_INSPECTION, PROVINCE),
    "inspector": Persona("inspector", "Vàng A Lềnh", Role.INSPECTOR, PROVINCE),
    "chair_a": Persona("chair_a", "Lường Văn Thắng", Role.CHAIR, BUNG_LAO),
    "chair_b": Persona("chair_b", "Giàng A Páo", Role.CHAIR, NA_SANG),
    "staff_a": Persona("staff_a", "Tòng Thị Vân", Role.COMMUNE_STAFF, BUNG_LAO),
    "staff_b": Persona("staff_b", "Mùa A Dơ", Role.COMMUNE_STAFF, NA_SANG),
    "leader": Persona("leader", "Hoàng Văn Nam", Role.LEADER, PROVINCE),
    "data_officer": Persona("data_officer", "Đinh Thị Lan", Role.DATA_PROTECTION, PROVINCE),
    "admin": Persona("admin", "Trần Văn Quyết", Role.ADMINISTRATOR, PROVINCE),
    "nobody": Persona("nobody", "Sùng A Chu", None, None),
}
#: Everybody's password in tests.
PASSWORD = "Mua-lua-chin-2026"
