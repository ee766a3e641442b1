"""Column names as offices write them → field. A level column ("Đại học", marked with x) becomes
"education:university"; a known column that the register does not take becomes "" (not read)."""

import re
from collections.abc import Sequence

from hr.people.roster.words import KIND_WORDS, exact_level, plain, without_kind

FIELD_WORDS: dict[str, tuple[str, ...]] = {
    "full_name": (
        "Họ và tên", "Họ tên", "Họ và tên khai sinh", "Họ và tên cán bộ, công chức", "Tên", "Họ, tên",
    ),
    "other_name": ("Tên gọi khác", "Bí danh", "Tên khác"),
    "id_number": (
        "Số định danh cá nhân", "Số định danh", "Mã định danh cá nhân", "Mã định danh", "CCCD", "Số CCCD",
        "Căn cước công dân", "Số căn cước công dân", "Căn cước", "Số căn cước", "CCCD/CMND", "Số CCCD/CMND",
        "CMND/CCCD", "Số CMND/CCCD", "ĐDCN", "Số ĐDCN", "Số thẻ căn cước",
    ),
    "sex": ("Giới tính", "Giới", "Nam/Nữ", "Nam, nữ", "Nam hay nữ"),
    "male": ("Nam",),
    "female": ("Nữ",),
    "born_on": (
        "Ngày sinh", "Sinh ngày", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Năm sinh", "NTNS",
        "Ngày/tháng/năm sinh", "Ngày tháng năm", "Ngày, tháng, năm",
    ),
    "ethnicity": ("Dân tộc", "DT", "Thành phần dân tộc"),
    "religion": ("Tôn giáo",),
    "birthplace": ("Nơi sinh",),
    "native_place": ("Quê quán", "Nguyên quán"),
    "party_joined_on": (
        "Ngày vào Đảng", "Ngày vào Đảng CSVN", "Ngày kết nạp Đảng", "Vào Đảng", "Dự bị", "Ngày dự bị",
        "Ngày vào Đảng dự bị", "Ngày, tháng, năm vào Đảng",
    ),
    "party_official_on": ("Chính thức", "Ngày chính thức", "Ngày vào Đảng chính thức"),
    "unit": (
        "Đơn vị", "Đơn vị công tác", "Cơ quan", "Cơ quan, đơn vị", "Cơ quan công tác", "Nơi công tác",
        "Tên đơn vị",
        "Cơ quan/đơn vị", "Xã, phường", "Xã/phường", "Tên cơ quan, đơn vị", "Tên xã", "Xã",
    ),
    "unit_code": ("Mã đơn vị", "Mã xã", "Mã ĐVHC", "Mã đơn vị hành chính"),
    "division": (
        "Phòng, đơn vị", "Phòng", "Bộ phận", "Phòng ban", "Phòng, ban", "Phòng/ban", "Phòng chuyên môn",
        "Đơn vị trực thuộc", "Phòng/đơn vị", "Cơ quan chuyên môn",
    ),
    "post": (
        "Chức vụ", "Chức danh", "Chức vụ, chức danh", "Chức vụ/chức danh", "Chức danh, chức vụ",
        "Chức vụ hiện tại",
        "Chức vụ, chức danh hiện tại", "Chức vụ hiện nay", "Chức vụ công tác", "Chức vụ đảm nhiệm",
        "Chức vụ hoặc chức danh công tác",
    ),
    "position": (
        "Vị trí việc làm", "VTVL", "Vị trí", "Công việc đang làm", "Công việc đảm nhiệm", "Nhiệm vụ",
    ),
    "category": ("Đối tượng", "Loại cán bộ", "Loại", "Loại đối tượng", "Loại hình", "Phân loại"),
    "recruited_on": (
        "Ngày tuyển dụng", "Ngày vào cơ quan", "Ngày vào làm", "Ngày bắt đầu công tác",
        "Thời gian tuyển dụng",
        "Thời điểm tuyển dụng", "Ngày vào ngành", "Ngày vào biên chế", "Năm tuyển dụng",
        "Ngày, tháng, năm tuyển dụng", "Thời gian vào cơ quan",
    ),
    "rank_code": (
        "Mã ngạch", "Mã số ngạch", "Ngạch", "Ngạch công chức", "Mã số", "Tên ngạch", "Mã ngạch công chức",
        "Ngạch lương", "Ngạch, bậc lương",
    ),
    "step": ("Bậc", "Bậc lương", "Bậc hiện hưởng"),
    "coefficient": ("Hệ số", "Hệ số lương", "HSL", "Hệ số hiện hưởng", "HS lương"),
    "step_since": ("Ngày hưởng", "Thời điểm hưởng", "Hưởng từ ngày", "Thời gian hưởng", "Mốc nâng lương"),
    "education": (
        "Trình độ chuyên môn", "Trình độ", "Trình độ đào tạo", "Trình độ chuyên môn nghiệp vụ",
        "Chuyên môn",
        "Trình độ chuyên môn cao nhất", "Bằng cấp", "TĐCM",
    ),
    "major": ("Chuyên ngành", "Chuyên ngành đào tạo", "Ngành đào tạo", "Ngành", "Ngành, chuyên ngành"),
    "issuer": (
        "Nơi đào tạo", "Cơ sở đào tạo", "Trường", "Trường đào tạo", "Tên trường", "Cơ sở cấp",
        "Nơi cấp bằng",
    ),
    "graduated": ("Năm tốt nghiệp", "Năm TN", "Tốt nghiệp năm", "Năm cấp bằng"),
    "political_theory": (
        "Lý luận chính trị", "LLCT", "Trình độ LLCT", "Chính trị", "Trình độ lý luận chính trị",
    ),
    "state_management": (
        "Quản lý nhà nước", "QLNN", "Trình độ QLNN", "Bồi dưỡng QLNN", "Quản lý hành chính nhà nước",
    ),
    "it": ("Tin học", "Trình độ tin học", "CNTT"),
    "foreign_language": ("Ngoại ngữ", "Trình độ ngoại ngữ", "Tiếng Anh"),
    "ethnic_language": (
        "Tiếng DTTS", "Tiếng dân tộc thiểu số", "Tiếng dân tộc", "Chứng chỉ tiếng dân tộc", "Ngôn ngữ DTTS",
    ),
    "note": ("Ghi chú", "Ghi chú khác"),
    "index": ("TT", "STT", "Số TT", "Số thứ tự"),
    "": (
        "Trình độ văn hóa", "Văn hóa", "Giáo dục phổ thông", "Trình độ phổ thông", "Số điện thoại",
        "Điện thoại",
        "SĐT", "Email", "Địa chỉ", "Nơi ở hiện nay", "Hộ khẩu thường trú", "Số BHXH", "Số sổ BHXH",
        "Đảng viên",
        "Ngày cấp", "Nơi cấp", "Ngày cấp CCCD", "Tuổi", "Phụ cấp", "Phụ cấp chức vụ", "Khen thưởng",
        "Kỷ luật",
        "Ký tên", "Chữ ký", "Chức vụ Đảng", "Quốc phòng an ninh", "QPAN", "Kiến thức QPAN",
    ),
}  # fmt: skip
#: What a row cannot do without, with the name shown when the column is missing. People without a number
#: are told by these.
REQUIRED = {"full_name": "Họ và tên", "born_on": "Ngày sinh"}
BORN = ("born_on", "born_male", "born_female")
_EXACT = {plain(word): field for field, words in FIELD_WORDS.items() for word in words}
_BY_LENGTH = sorted(_EXACT, key=len, reverse=True)
_TOO_COMMON = frozenset(
    ("ten", "dt", "tt", "nam", "nu", "loai", "gioi", "nganh", "truong", "xa", "phong", "ma so")
)


def match_header(parts: Sequence[str]) -> tuple[str | None, float]:
    """Field and confidence (0 to 1) of a column whose header cells, top down, are `parts`."""
    words = [plain(re.sub(r"\(.*?\)", " ", part)) or plain(part) for part in parts]
    words = [word for word in words if word]
    if not words:
        return None, 0.0
    last, whole = words[-1], " ".join(words)
    if level := _level_column(words):
        return level
    if last in ("nam", "nu") and any("sinh" in word for word in words[:-1]):
        return {"nam": "born_male", "nu": "born_female"}[last], 1.0
    if last in _EXACT:
        return _EXACT[last], 1.0
    if whole in _EXACT:
        return _EXACT[whole], 1.0
    for text, weight in ((last, 1.0), (whole, 0.8)):
        for known in _BY_LENGTH:
            if known not in _TOO_COMMON and f" {known} " in f" {text} ":
                return _EXACT[known], round(weight * (0.4 + 0.5 * len(known) / len(text)), 2)
    return None, 0.0


def _level_column(words: list[str]) -> tuple[str, float] | None:
    """A column that stands for one level of one kind: "LLCT Trung cấp", or "Cao cấp" below "LLCT"."""
    last = words[-1]
    for kind, names in KIND_WORDS.items():
        if not any(f" {name} " in f" {word} " for name in names for word in words):
            continue
        rest = without_kind(kind, last)
        level = exact_level(kind, rest) if rest and last not in _EXACT else None
        if level:
            return f"{kind}:{level}", 0.9
    if last not in _EXACT and len(last) > 2 and (level := exact_level("education", last)):
        return f"education:{level}", 0.8
    return None
