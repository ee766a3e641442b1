"""Fields of work and the majors that fit them, and where each major is studied."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """A field of work: fitting majors, and the former posts its people come from."""

    code: str
    majors: tuple[str, ...]
    commune_post: str
    district_office: str


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def fields() -> Mapping[str, Field]:
    """All fields by code."""
    return {
        code: Field(code, tuple(row["majors"]), row["commune"], row["district"])
        for code, row in _table("fields.toml").items()
    }


@cache
def _schools() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        major: {level: tuple(group[level]) for level in ("higher", "college", "intermediate")}
        for group in _table("schools.toml").values()
        for major in group["majors"]
    }


@cache
def _other_majors(code: str) -> tuple[str, ...]:
    return tuple(major for major in _schools() if major not in fields()[code].majors)


def draw_major(rng: Random, code: str, *, fitting: bool) -> str:
    """A major for the field: one that fits, the first ones more often, or one that does not."""
    if not fitting:
        return rng.choice(_other_majors(code))
    majors = fields()[code].majors
    return majors[int(rng.random() * rng.random() * len(majors))]


def draw_school(rng: Random, major: str, level: str) -> str:
    """A school that teaches the major at the level."""
    if level == "elementary":
        return "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên tỉnh Điện Biên"
    return rng.choice(_schools()[major][level if level in ("college", "intermediate") else "higher"])
