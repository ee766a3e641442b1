"""How offices write levels, ranks, ethnic groups and categories: word → code of `hr.people.codes`.

Codes of levels and categories are repeated here, and a test holds the two equal, because the child
process that reads a file must not wait for the interface's libraries; the tables are `hr.people.tables`.
"""

import re
from decimal import Decimal
from functools import lru_cache

from core.text import fold
from hr.people.tables import ETHNICITY, RANKS

_SEPARATORS = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Folded words with single spaces: "Th.S, Luật" → "th s luat"."""
    return _SEPARATORS.sub(" ", fold(text)).strip()


_NONE = ("Chưa qua", "Chưa", "Không", "Chưa qua đào tạo", "Chưa đào tạo", "Chưa có", "Không có",
         "Chưa qua bồi dưỡng", "Chưa học")  # fmt: skip
#: Kind → level code → the words for it, lowest level first.
LEVEL_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "education": {
        "untrained": _NONE,
        "elementary": ("Sơ cấp", "SC", "Sơ cấp nghề"),
        "intermediate": (
            "Trung cấp", "TC", "Trung cấp chuyên nghiệp", "TCCN", "Trung học chuyên nghiệp", "THCN",
            "Trung cấp nghề",
        ),
        "college": ("Cao đẳng", "CĐ", "Cao đẳng nghề"),
        "university": (
            "Đại học", "ĐH", "Cử nhân", "CN", "Kỹ sư", "Kĩ sư", "KS", "Bác sĩ", "Bác sỹ", "BS",
            "Kiến trúc sư",
        ),
        "master": (
            "Thạc sĩ", "Thạc sỹ", "ThS", "Th.S", "Cao học", "Trên đại học", "Sau đại học", "ThS trở lên",
            "Thạc sĩ trở lên", "Thạc sỹ trở lên",
        ),
        "doctor": ("Tiến sĩ", "Tiến sỹ", "TS", "Tiến sĩ khoa học", "TSKH"),
    },
    "political_theory": {
        "none": _NONE,
        "elementary": ("Sơ cấp", "SC"),
        "intermediate": ("Trung cấp", "TC", "Trung cấp hành chính"),
        "advanced": ("Cao cấp", "CC"),
        "bachelor": ("Cử nhân", "CN"),
    },
    "state_management": {
        "none": _NONE,
        "clerk": ("Cán sự", "CS"),
        "specialist": ("Chuyên viên", "CV"),
        "principal": ("Chuyên viên chính", "CVC"),
        "senior": ("Chuyên viên cao cấp", "CVCC"),
    },
    "it": {
        "none": _NONE,
        "certificate": (
            "Chứng chỉ", "CC", "Cơ bản", "CB", "Nâng cao", "A", "B", "C", "CNTT cơ bản", "CNTT nâng cao",
            "Ứng dụng CNTT cơ bản", "Ứng dụng CNTT nâng cao", "UDCNTT cơ bản", "Văn phòng", "IC3", "MOS",
            "Có",
        ),
        "intermediate_up": (
            "Trung cấp trở lên", "TC trở lên", "Trung cấp", "TC", "Cao đẳng", "CĐ", "Đại học", "ĐH",
            "Đại học trở lên", "Cử nhân", "Kỹ sư", "KS", "Thạc sĩ",
        ),
    },
    "foreign_language": {
        "none": _NONE,
        "certificate": ("Chứng chỉ", "CC", "A", "B", "C", "A1", "A2", "B1", "B2", "C1", "C2", "Có"),
        "university_up": ("ĐH trở lên", "Đại học trở lên", "Đại học", "ĐH", "Cử nhân", "Cao đẳng trở lên"),
    },
    "ethnic_language": {
        "none": _NONE,
        "certificate": ("Chứng chỉ", "CC", "Có"),
        "university_up": ("ĐH trở lên", "Đại học trở lên", "Đại học", "ĐH", "Cử nhân"),
    },
}  # fmt: skip
#: Words that name the kind and may stand beside the level: "LLCT trung cấp", "TCLLCT".
KIND_WORDS: dict[str, tuple[str, ...]] = {
    "political_theory": ("trinh do ly luan chinh tri", "ly luan chinh tri", "llct", "ly luan", "chinh tri"),
    "state_management": (
        "quan ly hanh chinh nha nuoc", "quan ly nha nuoc", "qlhcnn", "qlnn", "chuong trinh", "ngach",
        "hanh chinh",
    ),
    "it": ("trinh do tin hoc", "tin hoc", "cong nghe thong tin"),
    "foreign_language": ("trinh do ngoai ngu", "ngoai ngu", "tieng anh", "anh van"),
    "ethnic_language": (
        "tieng dan toc thieu so", "tieng dan toc", "tieng dtts", "ngon ngu dtts",
        "ngon ngu dan toc thieu so",
    ),
    "education": (
        "trinh do chuyen mon nghiep vu", "trinh do chuyen mon", "trinh do dao tao", "chuyen mon nghiep vu",
        "chuyen mon", "trinh do", "bang cap", "nganh",
    ),
}  # fmt: skip
_LEVELS = {
    kind: {plain(word): code for code, words in levels.items() for word in words}
    for kind, levels in LEVEL_WORDS.items()
}
_ORDER = {kind: list(levels) for kind, levels in LEVEL_WORDS.items()}


_KIND_PATTERNS = {
    kind: re.compile(rf"\b(?:{'|'.join(names)})\b|(?<=[a-z])(?:llct|qlnn)\b")
    for kind, names in KIND_WORDS.items()
}


@lru_cache(maxsize=5_000)
def without_kind(kind: str, text: str) -> str:
    """Plain text without the words that name the kind: "tcllct" and "trung cap llct" lose "llct"."""
    return " ".join(_KIND_PATTERNS[kind].sub(" ", text).split())


def exact_level(kind: str, text: str) -> str | None:
    """The level a text names and nothing else; `text` is plain."""
    levels = _LEVELS[kind]
    return levels.get(text) or levels.get(without_kind(kind, text))


def leading_level(kind: str, text: str) -> tuple[str, str] | None:
    """(code, the words after) of a text that begins with a level: "dai hoc luat" → university, luat."""
    words = text.split()
    for count in range(min(len(words), 5), 0, -1):
        code = _LEVELS[kind].get(" ".join(words[:count]))
        if code:
            return code, " ".join(words[count:])
    return None


def highest(kind: str, codes: list[str]) -> str:
    """The highest of some levels of one kind."""
    return max(codes, key=_ORDER[kind].index)


def lowest_held(kind: str) -> str:
    """The lowest level that says something is held: what a bare mark is worth."""
    return _ORDER[kind][1]


# --- ranks (Circular 2/2021/TT-BNV, Decree 204/2004) --------------------------------------------

#: Rank → coefficients of its steps.
COEFFICIENTS: dict[str, tuple[Decimal, ...]] = {code: rank.coefficients for code, rank in RANKS.items()}
_SHORT = {"01.001": "CVCC", "01.002": "CVC", "01.003": "CV", "01.004": "CS", "01.005": "NV"}
RANK_WORDS = {plain(word): code for code, rank in RANKS.items() for word in (rank.name, _SHORT[code])}

# --- ethnic groups (Decision 121-TCTK/PPCĐ of 02/03/1979) ---------------------------------------

_OTHER_NAMES = {
    "Mông": "08", "Hmông": "08", "H'Mông": "08", "Mèo": "08", "Việt": "01", "Khmer": "05", "Khơ me": "05",
    "Khmú": "29", "Xinh Mun": "34", "Sinh Mun": "34", "Thái đen": "03", "Thái trắng": "03", "Cao Lan": "15",
    "Sán Chỉ": "15", "Hoa (Hán)": "04", "Gia Rai": "10", "Ê đê": "12", "Khơ Mú": "29", "Mán": "09",
    "Khang": "33", "Hà Nhì": "35", "Sila": "50",
}  # fmt: skip


def ethnic_key(text: str) -> str:
    """Spelling without accents, blanks and hyphens: "Khơ mú", "Khơ-mú", "dân tộc Khơ mú" are one."""
    return plain(text).removeprefix("dan toc ").removeprefix("dt ").replace(" ", "")


_ETHNIC = {ethnic_key(name): code for code, name in ETHNICITY.items()}
_ETHNIC |= {ethnic_key(name): code for name, code in _OTHER_NAMES.items()}


def ethnic_code(text: str) -> str | None:
    """Code of the 1979 list for a name as offices write it."""
    return _ETHNIC.get(ethnic_key(text))


# --- categories, marks --------------------------------------------------------------------------

CATEGORY_WORDS = {
    plain(word): code
    for code, words in {
        "cadre": ("Cán bộ", "CB", "Cán bộ chuyên trách", "CBCT", "Cán bộ xã"),
        "civil_servant": ("Công chức", "CC", "Công chức xã", "Công chức cấp xã"),
        "public_employee": ("Viên chức", "VC"),
        "contract_worker": (
            "Hợp đồng",
            "HĐ",
            "HĐLĐ",
            "Hợp đồng lao động",
            "Lao động hợp đồng",
            "Hợp đồng 111",
        ),
        "non_specialised": ("Không chuyên trách", "KCT", "Người hoạt động không chuyên trách", "NHĐKCT"),
    }.items()
    for word in words
}
#: What stands in a column of marks. "✓" and "✗" fold to nothing and are listed as they are.
MARKED = frozenset(("x", "v", "co", "1", "✓", "✔", "☑", "●", "√"))
UNMARKED = frozenset(("", "0", "khong", "k", "chua"))
