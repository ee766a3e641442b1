"""Writes the shipped Word templates of the personnel file anew: `python -m hr.people.printing.sheets`.

The files are committed beside the page templates, for they are what the office downloads and edits; a
test holds them to what this writes.
"""

from typing import Any

from core.word_sheet import CENTRE, WIDTH, Sheet
from hr.people.printing import form_2c

#: (words of the form, field)
Parts = tuple[tuple[str, str], ...]
#: Room for the photograph with Word's margin in a cell, in millimetres.
PLACE = form_2c.PHOTO[0] + 4


def write_form_2c() -> Sheet:
    """Form 2C: photograph at the left of the first items, tables one row for each entry."""
    sheet = Sheet()
    left, right = sheet.columns(100, 65)
    _line(sheet, (("Cơ quan, đơn vị có thẩm quyền quản lý:", "managing_agency"),), left.paragraphs[0], 12)
    _line(sheet, (("Cơ quan, đơn vị sử dụng:", "using_agency"),), left.add_paragraph(), 12)
    sheet.line(form_2c.MODEL, italic=True, align=CENTRE, size=11, into=right.paragraphs[0])
    sheet.line(form_2c.TITLE, bold=True, align=CENTRE, size=15)
    photo, _gap, facts = sheet.columns(PLACE, 4, WIDTH - PLACE - 4)
    sheet.frame(photo)
    sheet.line("{{ photo or 'Ảnh màu (4 x 6 cm)' }}", align=CENTRE, into=photo.paragraphs[0])
    for number, line in enumerate(form_2c.HEAD):
        _line(sheet, line.parts, facts.paragraphs[0] if number == 0 else facts.add_paragraph())
    for item in form_2c.ITEMS:
        if isinstance(item, form_2c.Line):
            _line(sheet, item.parts)
            continue
        title = sheet.line(item.title, bold=True)
        title.paragraph_format.keep_with_next = True
        heads, names, widths = zip(*item.columns, strict=True)
        sheet.table(heads, widths, item.rows, names)
    sheet.line("")
    _signatures(sheet)
    return sheet


def _line(sheet: Sheet, parts: Parts, into: Any = None, size: float | None = None) -> None:
    """The words of the form, each followed by its field."""
    paragraph = into if into is not None else sheet.document.add_paragraph()
    for label, name in parts:
        sheet.line(f"{label} ", into=paragraph, size=size)
        sheet.line(f"{{{{ {name} or '…………………' }}}}   ", bold=True, into=paragraph, size=size)


def _signatures(sheet: Sheet) -> None:
    left, right = sheet.columns(82, 83)
    sheet.line("Người khai", bold=True, align=CENTRE, into=left.paragraphs[0])
    for text in form_2c.OATH:
        sheet.line(text, italic=True, align=CENTRE, size=12, into=left.add_paragraph())
    sheet.line("{{ place_and_day }}", italic=True, align=CENTRE, into=right.paragraphs[0])
    sheet.line(form_2c.CONFIRMED[0], bold=True, align=CENTRE, into=right.add_paragraph())
    sheet.line(form_2c.CONFIRMED[1], italic=True, align=CENTRE, size=12, into=right.add_paragraph())


def main() -> None:
    """Writes every file."""
    write_form_2c().save(form_2c.TEMPLATE.shipped, form_2c.TITLE)


if __name__ == "__main__":
    main()
