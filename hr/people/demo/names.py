"""Invented names, composed by ethnic group and sex; names of real people in the press are refused."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random

from core.seed_data import is_denied_name
from hr.people.enums import Sex

#: Codes of the 1979 list (Decision 121-TCTK/PPCĐ) that live in the province.
KINH, TAY, THAI, MUONG, MONG, DAO = "01", "02", "03", "06", "08", "09"
KHO_MU, KHANG, XINH_MUN, HA_NHI, LAO, CONG, SI_LA = "29", "33", "34", "35", "37", "48", "50"

Parts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@cache
def name_parts() -> dict[tuple[str, Sex], Parts]:
    """Surnames, middle names and given names by group and sex, from `names.toml`."""
    lists = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
    return {
        (code, sex): (
            tuple(group["surnames"].split()),
            tuple(" ".join(middle.split()) for middle in style[f"middles_{sex.value}"].split(",")),
            tuple(style[f"given_{sex.value}"].split()),
        )
        for code, group in lists["groups"].items()
        for style in [lists["styles"][group["like"]]]
        for sex in Sex
    }


def compose_name(rng: Random, ethnicity: str, sex: Sex, refused: frozenset[str]) -> str:
    """A full name of the group; never a denied one, nor one in `refused` (kept for the storylines)."""
    surnames, middles, givens = name_parts()[ethnicity, sex]
    while True:
        surname, middle, given = rng.choice(surnames), rng.choice(middles), rng.choice(givens)
        name = f"{surname} {middle} {given}"
        if given not in (surname, middle) and name not in refused and not is_denied_name(name):
            return name
