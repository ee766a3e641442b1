"""Tables of the law that the application and the child process that reads rosters both use: ranks with
their pay tables, ethnic groups. Plain data: nothing of the interface is imported here.

Ranks and tables: Circular 2/2021/TT-BNV Art. 14 with Decree 204/2004/NĐ-CP (A3.1, A2.1, A1, A0, B);
ethnic groups: Decision 121-TCTK/PPCĐ of 02/03/1979 (list version 1979; keyed by name, since a newer
list renumbers). The words are the official names on the papers, Vietnamese in both languages.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank (ngạch) with its pay table: coefficients by step, months between regular steps."""

    code: str
    name: str
    coefficients: tuple[Decimal, ...]
    months: int


def _rank(code: str, name: str, first: str, increment: str, steps: int, months: int) -> Rank:
    coefficients = tuple(Decimal(first) + Decimal(increment) * n for n in range(steps))
    return Rank(code, name, coefficients, months)


#: The ranks are tied to these tables from this day (Circular 2/2021/TT-BNV Art. 14); a step that began
#: earlier is not compared.
RANKS_FROM = date(2021, 8, 1)
RANKS: dict[str, Rank] = {
    rank.code: rank
    for rank in (
        _rank("01.001", "Chuyên viên cao cấp", "6.20", "0.36", 6, 36),
        _rank("01.002", "Chuyên viên chính", "4.40", "0.34", 8, 36),
        _rank("01.003", "Chuyên viên", "2.34", "0.33", 9, 36),
        _rank("01.004", "Cán sự", "2.10", "0.31", 10, 36),
        _rank("01.005", "Nhân viên", "1.86", "0.20", 12, 24),
    )
}

#: Ethnic groups of the 1979 list, in its order (code = position, two digits).
ETHNIC_GROUPS: tuple[str, ...] = (
    "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Hmông (Mông)", "Dao", "Gia-rai",
    "Ngái", "Ê-đê", "Ba-na", "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông",
    "Ra-glai", "Xtiêng", "Bru-Vân Kiều", "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú",
    "Co", "Ta-ôi", "Chơ-ro", "Kháng", "Xinh-mun", "Hà Nhì", "Chu-ru", "Lào", "La Chí", "La Ha",
    "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La",
    "Pu Péo", "Brâu", "Ơ Đu", "Rơ-măm",
)  # fmt: skip
#: Code → name of the 1979 list ("08" → "Hmông (Mông)").
ETHNICITY: dict[str, str] = {f"{n:02d}": name for n, name in enumerate(ETHNIC_GROUPS, 1)}
