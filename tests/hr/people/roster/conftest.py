"""The 45 communes and wards with what they were made of, and the departments of the sample files."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
DEPARTMENTS = (
    "Sở Nội vụ", "Sở Tài chính", "Sở Nông nghiệp và Môi trường", "Sở Xây dựng", "Sở Khoa học và Công nghệ",
    "Sở Tư pháp", "Văn phòng UBND tỉnh", "Thanh tra tỉnh",
)  # fmt: skip


@pytest.fixture(scope="session")
def units():
    with (ROOT / "core" / "data" / "dien_bien_units.csv").open(encoding="utf-8") as stream:
        communes = [
            {"code": row["code"], "name": row["name_vi"], "predecessors": row["predecessors"]}
            for row in csv.DictReader(stream)
        ]
    return communes + [{"code": name, "name": name} for name in DEPARTMENTS]


@pytest.fixture(scope="session")
def rosters():
    return ROOT / "tests" / "data" / "rosters"
