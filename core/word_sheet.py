"""Lays out the shipped Word templates as Decree 30/2020/NĐ-CP has official papers: A4, its margins, Times
New Roman 13, quốc hiệu and tiêu ngữ, page numbers from the second page.

Only the small programs that write the files run this (`python -m hr.people.printing.sheets`); serving
does not. Fields are written as in the files themselves: {{ name }}, {%tr for … %} in a row of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
SIZE = Pt(13)
#: Usable width in millimetres: A4 less 30 at the left and 15 at the right.
WIDTH = 165
CENTRE, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT


class Sheet:
    """One paper as it grows from top to bottom."""

    def __init__(self) -> None:
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin = section.bottom_margin = Mm(20)
        section.different_first_page_header_footer = True
        self._number(section.header.paragraphs[0])
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, SIZE
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        normal.element.rPr.rFonts.set(qn("w:cs"), FONT)
        normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(2)

    def line(self, *parts: str, bold: bool = False, italic: bool = False, align: Any = LEFT,
             size: float | None = None, into: Any = None) -> Any:  # fmt: skip
        """A paragraph of these parts, new or `into` one that is there."""
        paragraph = into if into is not None else self.document.add_paragraph()
        paragraph.alignment = align
        for text in parts:
            run = paragraph.add_run(text)
            run.bold, run.italic = bold, italic
            if size:
                run.font.size = Pt(size)
        return paragraph

    def head(self, left: Sequence[tuple[str, bool]], right: Sequence[tuple[str, bool]]) -> None:
        """The two columns at the top: who issues at the left, the State's name at the right."""
        left_cell, right_cell = self.columns(70, 95)
        self._stack(left_cell, left)
        self._stack(right_cell, right)

    def columns(self, *widths: int) -> list[Any]:
        """One row of cells without borders, of these widths in millimetres."""
        table = self.document.add_table(rows=1, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        self._widths(table, widths)
        return list(table.rows[0].cells)

    def frame(self, cell: Any) -> None:
        """A thin line around a cell, as around the place of a photograph."""
        borders = OxmlElement("w:tcBorders")
        for side in ("top", "left", "bottom", "right"):
            border = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
                border.set(qn(f"w:{name}"), value)
            borders.append(border)
        cell._tc.get_or_add_tcPr().append(borders)

    def table(self, heads: Sequence[str], widths: Sequence[int], rows: str, fields: Sequence[str]) -> None:
        """A table with one row for each of the list `rows`; its first row is repeated on each page."""
        table = self.document.add_table(rows=4, cols=len(heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        written = (
            [(head, True) for head in heads],
            [(f"{{%tr for row in {rows} %}}", False)],
            [(f"{{{{ row.{name} }}}}", False) for name in fields],
            [("{%tr endfor %}", False)],
        )
        self._widths(table, widths)
        for row, texts in zip(table.rows, written, strict=True):
            for cell, (text, bold) in zip(row.cells, texts, strict=False):
                align = CENTRE if bold else LEFT
                self.line(text, bold=bold, align=align, size=12, into=cell.paragraphs[0])
            self._mark(row, "w:cantSplit")
        self._mark(table.rows[0], "w:tblHeader")

    def save(self, path: Path, title: str) -> None:
        """Writes the file without anybody's name or the moment: the same sheet gives the same parts."""
        about = self.document.core_properties
        about.title, about.author, about.last_modified_by, about.comments = title, "", "", ""
        about.language = "vi-VN"
        about.created = about.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - Word keeps no zone
        path.parent.mkdir(parents=True, exist_ok=True)
        self.document.save(path)

    def _widths(self, table: Any, widths: Sequence[int]) -> None:
        """Word goes by the cells, other programs by the columns."""
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)

    def _stack(self, cell: Any, lines: Sequence[tuple[str, bool]]) -> None:
        for number, (text, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
            self.line(text, bold=bold, align=CENTRE, size=13 if bold else 12, into=paragraph)

    def _mark(self, row: Any, name: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(name))

    def _number(self, paragraph: Any) -> None:
        paragraph.alignment = CENTRE
        run = paragraph.add_run()
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._r.append(part)
