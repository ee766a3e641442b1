"""What a personnel file puts into the items of form 2C: plain texts and rows, in Vietnamese; "" where
nothing is held or may be seen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale

from core.permissions import Permission
from core.unit_book import UnitEntry, unit_book
from core.units import COMMUNE_LEVEL, Unit
from core.word import LANGUAGE
from core.words import show_date
from hr.people.codes import ETHNICITY, LEVELS, RANKS
from hr.people.enums import AssignmentKind, QualificationKind
from hr.people.groups.enums import FamilySide
from hr.people.models import Assignment, Qualification
from hr.people.printing.queries import File

Row = dict[str, str]
#: Fields of the form that no part of the file holds.
_BY_HAND = ("position_allowance", "other_allowance", "top_title", "discipline", "organisations_abroad")


def form_2c_of(file: File) -> dict[str, Any]:
    """The data of the form: exactly the fields of its template."""
    with force_locale(LANGUAGE):
        contact, origin, military = (file.facts(code) for code in ("contact", "origin", "military"))
        return {
            **_identity(file),
            **_place(file),
            **_rank(file),
            **_papers(file),
            **_background(file),
            **_lists(file),
            "registered_address": contact.get("registered_address", ""),
            "current_address": contact.get("current_address", ""),
            "id_issued_on": contact.get("id_issued_on", ""),
            "social_insurance_number": contact.get("social_insurance_number", ""),
            **{name: origin.get(name, "") for name in ("job_before", "main_duty", "strength")},
            **{name: origin.get(name, "") for name in ("war_invalid_class", "policy_group")},
            "general_education": origin.get("general_education", ""),
            **{name: military.get(name, "") for name in ("enlisted_on", "discharged_on", "top_rank")},
            # Kept by nobody yet: filled in with a pen.
            **dict.fromkeys(_BY_HAND, ""),
        }


def place_and_day(day: date) -> str:
    """Where and when a paper is made, as Decree 30/2020/NĐ-CP writes it: days under 10 and months under 3
    with a nought."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    province = current_app.extensions["config"].province_name
    return f"{province}, ngày {day.day:02} tháng {month} năm {day.year}"


def agency_of(unit: Unit | UnitEntry) -> str:
    """The agency of a unit, as papers name it: of a commune or ward its People's Committee."""
    if unit.kind not in COMMUNE_LEVEL:
        return unit.name
    return f"UBND {unit.name[0].lower()}{unit.name[1:]}"


def _identity(file: File) -> Row:
    person = file.person
    known = file.viewer.can(Permission.PERSON_EDIT)
    return {
        "full_name": person.full_name.upper(),
        "other_name": person.other_name or "",
        "born_on": show_date(person.born_on),
        "sex": str(person.sex.label).capitalize(),
        "birthplace": person.birthplace or "",
        "native_place": person.native_place or "",
        "recruited_on": _day(person.recruited_on),
        "recruited_by": person.recruited_by or "",
        "id_number": person.id_number if known else f"…{person.id_number[-4:]}",
        "place_and_day": place_and_day(file.today),
    }


def _place(file: File) -> Row:
    place, units = file.place, unit_book().by_id
    managing = units.get(place.managing_unit_id) if place and place.managing_unit_id else None
    beside = [f"{row.post}, {row.unit.name} ({row.kind.label})" for row in file.beside]
    if file.background is not None and file.background.party_post:
        beside.append(file.background.party_post)
    return {
        "managing_agency": agency_of(managing) if managing else "",
        "using_agency": agency_of(place.unit) if place else "",
        "post": _post(place) if place else "",
        "posts_beside": "; ".join(beside),
    }


def _post(row: Assignment) -> str:
    return ", ".join(filter(None, (row.post, row.division.name if row.division else None, row.unit.name)))


def _rank(file: File) -> Row:
    rank = file.rank
    if rank is None:
        return dict.fromkeys(("rank", "rank_code", "step", "coefficient", "rank_from"), "")
    return {
        "rank": _rank_name(rank.rank_code),
        "rank_code": rank.rank_code,
        "step": str(rank.step),
        "coefficient": number(rank.coefficient),
        "rank_from": show_date(rank.starts_on),
    }


def _papers(file: File) -> Row:
    return {
        "education": _with_major(file.highest(QualificationKind.EDUCATION)),
        **{
            kind.value: _level(file.highest(kind))
            for kind in (
                QualificationKind.POLITICAL_THEORY,
                QualificationKind.STATE_MANAGEMENT,
                QualificationKind.IT,
            )
        },
        # The language stands as the major.
        "foreign_language": _with_major(file.highest(QualificationKind.FOREIGN_LANGUAGE)),
    }


def _with_major(row: Qualification | None) -> str:
    return ", ".join(filter(None, (_level(row), row.major))) if row is not None else ""


def _level(row: Qualification | None) -> str:
    return str(LEVELS[row.kind][row.level].label).capitalize() if row is not None else ""


def _background(file: File) -> Row:
    row = file.background
    return {
        "ethnicity": ETHNICITY.get(row.ethnicity or "", "") if row else "",
        "religion": (row.religion or "") if row else "",
        "party_joined_on": _day(row.party_joined_on) if row else "",
        "party_official_on": _day(row.party_official_on) if row else "",
    }


def _lists(file: File) -> dict[str, Any]:
    members = [": ".join(filter(None, (row["organisation"], row["joined_on"])))
               for row in reversed(file.entries("memberships"))]  # fmt: skip
    rewards = [f"{row['reward']} ({row['year']})" for row in reversed(file.entries("rewards"))]
    health = next(iter(file.entries("health")), {})
    return {
        "memberships": "; ".join(members),
        "rewards": "; ".join(rewards),
        "health": health.get("state", ""),
        "height": _with_unit(health.get("height"), "cm"),
        "weight": _with_unit(health.get("weight"), "kg"),
        "blood_group": health.get("blood_group", ""),
        "training": [_training(row) for row in sorted(file.papers, key=_awarded)],
        "work": list(_work(file)),
        "history": [
            {"period": _years(row), "account": row["account"]} for row in reversed(file.entries("history"))
        ],
        "relatives_abroad": [
            {**_relative(row), "details": _joined(row, "country", "occupation")}
            for row in file.entries("relatives_abroad")
        ],
        "family_own": _family(file, "own"),
        "family_of_spouse": _family(file, "spouse"),
        "salary": [_step(row) for row in file.ranks],
    }


def _training(row: Qualification) -> Row:
    level = f"{str(row.kind.label).capitalize()}: {LEVELS[row.kind][row.level].label}"
    return {
        "school": row.issuer or "",
        "major": row.major or "",
        "period": _studied(row),
        "form": str(row.study_form.label) if row.study_form else "",
        "diploma": ", ".join(filter(None, (level, f"số {row.serial}" if row.serial else None))),
    }


def _studied(row: Qualification) -> str:
    """The months of study; where they are not known, when the paper was awarded."""
    if row.studied_from or row.studied_to:
        months = (row.studied_from, row.studied_to)
        return " - ".join(_month(day) if day else "…" for day in months)
    if row.awarded_on:
        return f"cấp {_month(row.awarded_on)}"
    return f"cấp {row.awarded_year}" if row.awarded_year else ""


def _awarded(row: Qualification) -> date:
    return row.awarded_on or date(row.awarded_year or 9999, 12, 31)


def _work(file: File) -> Iterator[Row]:
    for row in file.history:
        until = _month(row.ends_on) if row.ends_on else "nay"
        kind = "" if row.kind is AssignmentKind.MAIN else f" ({row.kind.label})"
        yield {"period": f"{_month(row.starts_on)} - {until}", "post": _post(row) + kind}


def _family(file: File, side: str) -> list[Row]:
    wanted = str(FamilySide(side).label)
    return [
        {**_relative(row), "details": _joined(row, "native_place", "occupation", "residence")}
        for row in file.entries("family")
        if row["side"] == wanted
    ]


def _relative(row: Row) -> Row:
    relation = row["relation"].capitalize()
    return {"relation": relation, "full_name": row["full_name"], "born_year": row["born_year"]}


def _step(row: Any) -> Row:
    return {
        "month": _month(row.starts_on),
        "rank": f"{_rank_name(row.rank_code)} ({row.rank_code})",
        "step": str(row.step),
        "coefficient": number(row.coefficient),
    }


def _rank_name(code: str) -> str:
    return RANKS[code].name if code in RANKS else code


def _years(row: Row) -> str:
    return " - ".join(filter(None, (row["from_year"], row["to_year"])))


def _joined(row: Row, *names: str) -> str:
    return "; ".join(row[name] for name in names if row[name])


def _with_unit(text: str | None, unit: str) -> str:
    return f"{text} {unit}" if text else ""


def _day(day: date | None) -> str:
    return show_date(day) if day else ""


def _month(day: date) -> str:
    return f"{day:%m/%Y}"


def number(value: Any) -> str:
    """A coefficient as papers write it."""
    return f"{value:.2f}".replace(".", ",")
