"""Writes the shipped Word templates of the personnel file anew: `python -m hr.people.printing.sheets`.

The files are committed beside the page templates, for they are what the office downloads and edits; a
test holds them to what this writes.
"""

from typing import Any

from core.word_sheet import CENTRE, RIGHT, WIDTH, Sheet
from hr.people.letters import word as issuer_letter
from hr.people.printing import form_2c, statement

#: (words of the form, field)
Parts = tuple[tuple[str, str], ...]
#: Room for the photograph with Word's margin in a cell, in millimetres.
PLACE = form_2c.PHOTO[0] + 4


def write_form_2c() -> Sheet:
    """Form 2C: photograph at the left of the first items, tables one row for each entry."""
    sheet = Sheet()
    left, right = sheet.columns(100, 65)
    for number, agency in enumerate(form_2c.AGENCIES):
        _line(sheet, (agency,), left.paragraphs[0] if number == 0 else left.add_paragraph(), 12)
    sheet.line(form_2c.MODEL, italic=True, align=CENTRE, size=11, into=right.paragraphs[0])
    sheet.line(form_2c.TITLE, bold=True, align=CENTRE, size=15)
    photo, _gap, facts = sheet.columns(PLACE, 4, WIDTH - PLACE - 4)
    sheet.frame(photo)
    sheet.line(f"{{{{ photo or '{form_2c.NO_PHOTO}' }}}}", align=CENTRE, into=photo.paragraphs[0])
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
    sheet.line(form_2c.BLANKS, italic=True, size=11).paragraph_format.keep_with_next = True
    _signatures(sheet)
    return sheet


def write_statement() -> Sheet:
    """The statement for the person concerned: who, three tables, two signatures."""
    sheet = Sheet()
    head = [("{{ agency }}", True)]
    sheet.head(head, [(line, True) for line in statement.STATE])
    sheet.line("{{ place_and_day }}", italic=True, align=RIGHT)
    sheet.line(statement.TITLE, bold=True, align=CENTRE, size=14)
    sheet.line(statement.BASIS)
    for words in statement.WHO:
        _line(sheet, (words,))
    for part in statement.PARTS:
        title = sheet.line(part.title, bold=True)
        title.paragraph_format.keep_with_next = True
        heads, names, widths = zip(*part.columns, strict=True)
        sheet.table(heads, widths, part.rows, names)
        after = sheet.line(f"{{% if not {part.rows} %}}{part.empty}{{% endif %}}", italic=True)
    for paragraph in (after, sheet.line(statement.CORRECTION)):
        paragraph.paragraph_format.keep_with_next = True
    cells = sheet.columns(82, 83)
    for cell, (who, how) in zip(cells, statement.SIGNATURES, strict=True):
        sheet.line(who, bold=True, align=CENTRE, into=cell.paragraphs[0])
        sheet.line(how, italic=True, align=CENTRE, size=12, into=cell.add_paragraph())
    return sheet


def _line(sheet: Sheet, parts: Parts, into: Any = None, size: float | None = None) -> None:
    """The words of the form, each followed by its field."""
    paragraph = into if into is not None else sheet.document.add_paragraph()
    for label, name in parts:
        sheet.line(f"{label} ", into=paragraph, size=size)
        sheet.line(f"{{{{ {name} or '…………………' }}}}   ", bold=True, into=paragraph, size=size)


def _signatures(sheet: Sheet) -> None:
    left, right = sheet.columns(82, 83)
    sheet.line(form_2c.SIGNER, bold=True, align=CENTRE, into=left.paragraphs[0])
    for text in form_2c.OATH:
        sheet.line(text, italic=True, align=CENTRE, size=12, into=left.add_paragraph())
    sheet.line("{{ place_and_day }}", italic=True, align=CENTRE, into=right.paragraphs[0])
    sheet.line(form_2c.CONFIRMED[0], bold=True, align=CENTRE, into=right.add_paragraph())
    sheet.line(form_2c.CONFIRMED[1], italic=True, align=CENTRE, size=12, into=right.add_paragraph())


def write_issuer_letter() -> Sheet:
    """The letter to an issuer, laid out as an official letter (Decree 30/2020/NĐ-CP, form 1.5)."""
    sheet = Sheet()
    sheet.head(
        (
            ("UBND TỈNH {{ province }}", False),
            ("SỞ NỘI VỤ", True),
            ("Số: {{ number or '……/SNV-……' }}", False),
            (issuer_letter.TITLE, False),
        ),
        (
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
            ("Độc lập - Tự do - Hạnh phúc", True),
            ("{{ place_and_day }}", False),
        ),
    )
    sheet.line("")
    sheet.line("Kính gửi: {{ issuer }}", align=CENTRE)
    sheet.line(issuer_letter.REQUEST)
    heads, names, widths = zip(*issuer_letter.COLUMNS, strict=True)
    sheet.table(heads, widths, "papers", names)
    for text in ("", *issuer_letter.CLOSING, ""):
        sheet.line(text)
    left, right = sheet.columns(82, 83)
    sheet.line("Nơi nhận:", bold=True, italic=True, size=12, into=left.paragraphs[0])
    for text in ("- Như trên;", "- Lưu: VT, hồ sơ."):
        sheet.line(text, size=11, into=left.add_paragraph())
    sheet.line("GIÁM ĐỐC", bold=True, align=CENTRE, into=right.paragraphs[0])
    sheet.line(
        "(Ký, ghi rõ họ tên, đóng dấu)", italic=True, align=CENTRE, size=12, into=right.add_paragraph()
    )
    return sheet


def main() -> None:
    """Writes every file."""
    write_form_2c().save(form_2c.TEMPLATE.shipped, form_2c.TITLE)
    write_issuer_letter().save(issuer_letter.TEMPLATE.shipped, issuer_letter.TITLE)
    write_statement().save(statement.TEMPLATE.shipped, statement.TITLE)


if __name__ == "__main__":
    main()
