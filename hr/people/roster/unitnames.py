"""Which unit of today a roster means: by code, by name, by the name before July 2025.

Today's names win over former ones; where a former unit of the same name went elsewhere, that is
said (Xã Sam Mứn of today does not hold the former xã Sam Mứn). Codes were reused too.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.tabular import Cell
from hr.people.roster.cells import as_text
from hr.people.roster.problems import Found
from hr.people.roster.words import plain

_KINDS = ("xa", "phuong", "thi tran")
_CODE = re.compile(r"\(?\s*(?:mã(?:\s+(?:số|đơn vị|xã|ĐVHC))?)\s*:?\s*(\d{3,5})\s*\)?", re.IGNORECASE)
_SHORT = {"vp": "van phong", "tt": "thi tran", "p": "phuong", "x": "xa", "ubmttq": "uy ban mat tran to quoc"}
_DROPPED = re.compile(r"\b(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|chinh quyen)\b")


def normal(name: str) -> str:
    """The name as it is compared: plain words, without "UBND" and the code in brackets."""
    words = _DROPPED.sub(" ", plain(_CODE.sub(" ", name))).split()
    if words and words[0] in _SHORT and len(words) > 1:
        words[:1] = _SHORT[words[0]].split()
    return re.sub(r"\btinh dien bien$", "tinh", " ".join(words))


def _split_kind(name: str) -> tuple[str, str]:
    for kind in _KINDS:
        if name.startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    return "", name


@dataclass(slots=True)
class UnitTable:
    """The units of today with what they were made of. Build it with `of`."""

    names: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_bare: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    former_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    former_bare: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    former_code: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, units: Iterable[Mapping[str, Any]]) -> "UnitTable":
        """From plain dicts: code, name, predecessors (dicts with name and code, or one text of
        "Name [code, district]" separated by semicolons)."""
        table = cls()
        for unit in units:
            code, name = str(unit["code"]), normal(str(unit["name"]))
            table.names[code] = str(unit["name"])
            table.by_name[name].add(code)
            table.by_bare[_split_kind(name)[1]].add(code)
            for former, former_code in _predecessors(unit.get("predecessors")):
                table.former_name[normal(former)].add(code)
                table.former_bare[_split_kind(normal(former))[1]].add(code)
                table.former_code[former_code].add(code)
        return table

    def resolve(self, cell: Cell) -> Found:
        """Code of the unit a cell names, by a code in it or by its name."""
        text = as_text(cell)
        if not text:
            return Found(None)
        if match := _CODE.search(text):
            return self._checked(self.by_code(match[1]), text)
        if re.fullmatch(r"\d{3,5}(?:\.0)?", text):
            return self.by_code(text.removesuffix(".0"))
        return self._by_names(text)

    def by_code(self, cell: Cell) -> Found:
        """Unit by code; a number lost its zero, a former code leads to the unit of today."""
        text = as_text(cell)
        if not text:
            return Found(None)
        code = text.zfill(5) if text.isdecimal() else text
        if code in self.names:
            return Found(code)
        return self._former(self.former_code.get(code, set()), text)

    def mentioned(self, text: str) -> str | None:
        """A unit named somewhere within a line (a title, a sheet's name), with its kind: the longest."""
        line = f" {normal(text)} "
        if match := _CODE.search(text):
            return self.by_code(match[1]).value
        known = [name for name, codes in self.by_name.items() if len(codes) == 1 and f" {name} " in line]
        return min(self.by_name[max(known, key=len)]) if known else None

    def _by_names(self, text: str) -> Found:
        for piece in (text, *reversed(re.split(r"\s*[,;–]\s*|\s+-\s+", text))):
            name = normal(without_ordinal(piece))
            kind, bare = _split_kind(name)
            if codes := self.by_name.get(name):
                return self._today(codes, name, text)
            if codes := self.former_name.get(name):
                return self._former(codes, text)
            if codes := self.by_bare.get(bare) if not kind else None:
                return self._today(codes, name, text)
            if codes := self.former_bare.get(bare) if not kind else None:
                return self._former(codes, text)
        return Found(None, "unit_unknown", {"value": text[:80]})

    def _today(self, codes: set[str], name: str, text: str) -> Found:
        if len(codes) > 1:
            return self._ambiguous(codes, text)
        code = min(codes)
        former = self.former_name.get(name) or self.former_bare.get(name, set())
        elsewhere = former - {code}
        if len(elsewhere) == 1 and code not in former:
            other = self.names[min(elsewhere)]
            return Found(code, "unit_trap", {"unit": self.names[code], "other": other})
        return Found(code)

    def _former(self, codes: set[str], text: str) -> Found:
        if not codes:
            return Found(None, "unit_unknown", {"value": text[:80]})
        if len(codes) > 1:
            return self._ambiguous(codes, text)
        code = min(codes)
        return Found(code, "unit_former", {"value": text[:80], "unit": self.names[code]})

    def _ambiguous(self, codes: set[str], text: str) -> Found:
        units = ", ".join(f"{self.names[code]} ({code})" for code in sorted(codes))
        return Found(None, "unit_ambiguous", {"value": text[:80], "units": units})

    def _checked(self, found: Found, text: str) -> Found:
        """A code and a name side by side must mean the same unit."""
        named = self._by_names(text)
        if found.value is None or named.value in (None, found.value):
            return found
        params = {
            "code": found.value,
            "unit": self.names[found.value],
            "value": _CODE.sub("", text).strip()[:80],
        }
        return Found(None, "unit_disagrees", params)


def _predecessors(given: object) -> Iterable[tuple[str, str]]:
    if isinstance(given, str):
        for item in given.split(";"):
            if match := re.fullmatch(r"\s*(.+?)\s*\[(\d+),.*\]\s*", item):
                yield match[1], match[2]
    elif isinstance(given, list | tuple):
        for item in given:
            yield str(item["name"]), str(item.get("code", ""))


def without_ordinal(text: str) -> str:
    """A heading without its number: "II.1. Phòng Kinh tế" → "Phòng Kinh tế"."""
    return re.sub(r"^\s*(?:[IVXLC]+|[A-Z]|[0-9]{1,3})(?:\.[0-9]{1,3})*[.)]\s+", "", text)


def looks_like_unit(text: str) -> bool:
    """A heading that names some unit, known or not."""
    name = plain(_CODE.sub(" ", text))
    begins = ("xa ", "phuong ", "thi tran ", "so ", "ubnd ", "uy ban nhan dan ", "ban ", "chi cuc ", "huyen ")
    return bool(_CODE.search(text)) or name.startswith(begins)


def looks_like_division(text: str) -> bool:
    """A heading within a unit: "Phòng Kinh tế", "Lãnh đạo UBND"."""
    begins = (
        "phong ",
        "van phong",
        "trung tam ",
        "lanh dao",
        "ban chi huy",
        "bo phan ",
        "khoi ",
        "thuong truc ",
    )
    return plain(without_ordinal(text)).startswith(begins)
