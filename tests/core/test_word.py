"""Papers in Word: filled in a child process, from templates that may hold fields and nothing else."""

import dataclasses
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core import word
from core.audit import AuditEvent, AuditType
from core.child import Refused
from core.db import db
from core.errors import Busy, Denied, Missing, Unprocessable
from core.permissions import Realm
from core.word import checked, find_template, in_use, render, replace_template, replacements, restore_template
from core.word_child import Environment
from tests.factories.word import changed, part, parts_of, text_of

#: Most of these start a child process.
pytestmark = pytest.mark.slow
FULL_NAME = "{{ full_name or"
FIELDS = {"name": None, "rows": ["a"], "texts": []}


@pytest.fixture
def sample(system):
    """The data a template is tried with, as a copy to change."""
    return dict(find_template("form_2c").sample)


@pytest.fixture
def template(system):
    return find_template("form_2c")


def upload(template, body, name="mau.docx"):
    return checked(template, BytesIO(body), name)


def test_a_paper_holds_the_data(sample):
    sample["full_name"] = "NGUYỄN VĂN HÙNG"
    sample["work"] = [
        {"period": "từ 2008", "post": "Chuyên viên"},
        {"period": "từ 2020", "post": "Phó phòng"},
    ]

    text = text_of(render("form_2c", sample))

    assert "NGUYỄN VĂN HÙNG" in text
    assert text.index("Chuyên viên") < text.index("Phó phòng")
    assert "{{" not in text
    assert "{%" not in text


def test_what_is_empty_is_a_dotted_line(sample):
    sample["other_name"] = ""

    assert "2) Tên gọi khác: …………" in text_of(render("form_2c", sample))


def test_marks_of_xml_in_the_data_stay_text(sample):
    sample["religion"] = "<w:br/> & </w:t>"

    assert "&lt;w:br/&gt; &amp; &lt;/w:t&gt;" in text_of(render("form_2c", sample))


def test_fields_in_the_data_are_not_filled_in(sample):
    sample["religion"] = "{{ full_name }} {_{ full_name }_}"

    text = text_of(render("form_2c", sample))

    assert "{{ full_name }}" in text
    assert text.count(sample["full_name"]) == 1


def test_characters_word_cannot_hold_are_left_out(sample):
    sample["religion"] = "Phật\x07\x0c giáo\t"

    assert "Phật giáo" in text_of(render("form_2c", sample))


def test_a_picture_has_the_size_of_its_field(sample):
    target = BytesIO()
    Image.new("RGB", (40, 60), "blue").save(target, "JPEG")

    body = render("form_2c", sample, {"photo": target.getvalue()})

    assert any(name.startswith("word/media/") for name in parts_of(body))
    # 40 by 60 millimetres in Word's unit.
    assert 'cx="1440000" cy="2160000"' in part(body, "word/document.xml")
    assert "Ảnh màu" not in text_of(body)


def test_a_paper_names_the_office_and_nobody(sample):
    core = part(render("form_2c", sample), "docProps/core.xml")

    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert "<dc:creator>Điện Biên</dc:creator>" in core


def test_papers_of_the_demo_say_so_on_every_page(sample, monkeypatch):
    monkeypatch.setattr(word, "is_demo", lambda: True)

    body = render("form_2c", sample)

    heads = [text_of(body, name) for name in parts_of(body) if name.startswith("word/header")]
    assert len(heads) == 2
    assert all("Dữ liệu minh họa" in head for head in heads)


@pytest.mark.parametrize("change", ["missing", "more"])
def test_data_of_another_shape_is_a_mistake_of_the_program(sample, change):
    sample = {**sample, "unheard_of": ""} if change == "more" else {"full_name": "A"}

    with pytest.raises(ValueError, match="fields of form_2c"):
        render("form_2c", sample)


def test_an_unknown_code_is_missing(system):
    with pytest.raises(Missing):
        render("unheard_of", {})


def test_a_template_that_breaks_later_is_busy_and_logged(sample, template, monkeypatch, tmp_path, caplog):
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"no package")
    monkeypatch.setattr(word, "_file_of", lambda _template: broken)

    with pytest.raises(Busy):
        render("form_2c", sample)

    assert "template form_2c" in caplog.text


def test_the_shipped_templates_pass_their_own_check(system):
    for template in word.templates():
        assert upload(template, template.shipped.read_bytes()).kind == "docx"


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("{{ salary_of_chair or", "salary_of_chair"),
        ("{{ work or unheard_of or", "unheard_of"),
    ],
)
def test_an_unknown_field_is_named(template, field, named):
    with pytest.raises(Unprocessable, match=named) as refusal:
        upload(template, changed(FULL_NAME, field))

    assert refusal.value.field == "file"


def test_an_unknown_field_of_a_row_is_named(template):
    with pytest.raises(Unprocessable, match=r"row\.wage"):
        upload(template, changed("{{ row.step }}", "{{ row.wage }}"))


def test_a_loop_over_an_unknown_list_is_named(template):
    with pytest.raises(Unprocessable, match="wages"):
        upload(template, changed("{%tr for row in salary %}", "{%tr for row in wages %}"))


@pytest.mark.parametrize(
    "source",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ name.upper() }}",
        "{{ range(999999999) }}",
        "{{ name * 999999999 }}",
        "{{ name ~ name }}",
        "{{ name[0] }}",
        "{{ lipsum }}",
        "{{ name|attr('x') }}",
        "{{ self }}",
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{% import 'x' as y %}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% for x in 'abc' %}{% endfor %}",
        "{% for a, b in rows %}{% endfor %}",
        "{% for x in rows recursive %}{% endfor %}",
        "{% for x in rows %}{{ x.__class__ }}{% endfor %}",
        "{% for x in rows %}{{ loop.cycle }}{% endfor %}",
    ],
)
def test_what_is_more_than_fields_conditions_and_loops_is_refused(source):
    with pytest.raises(Refused):
        Environment(FIELDS).from_string(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ name }}", "An &amp; Bình"),
        ("{{ name|upper }}", "AN &amp; BÌNH"),
        ("{% if name and name != 'x' %}1{% elif rows %}2{% else %}3{% endif %}", "1"),
        ("{% for x in rows %}{{ loop.index }}{{ x.a }}{% else %}none{% endfor %}", "1y2z"),
        ("{% for x in texts %}{{ x }} {% endfor %}", "p q "),
    ],
)
def test_fields_conditions_loops_and_plain_filters_are_allowed(source, expected):
    data = {"name": "An & Bình", "rows": [{"a": "y"}, {"a": "z"}], "texts": ["p", "q"]}

    assert Environment(FIELDS).from_string(source).render(data) == expected


def test_a_brace_left_open_is_told_with_its_place(template):
    with pytest.raises(Unprocessable, match="Họ và tên khai sinh"):
        upload(template, changed(FULL_NAME, "{{ full_name or or"))


@pytest.mark.parametrize(
    "parts",
    [
        {"word__vbaProject.bin": b"x"},
        {"word__embeddings__oleObject1.bin": b"x"},
        {"word__activeX__activeX1.xml": b"<x/>"},
        {"word__more.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'},
        {
            "word___rels__settings.xml.rels": b'<Relationships><Relationship Id="a" TargetMode="External" '
            b'Target="http://x/y.dotm" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/attachedTemplate"/></Relationships>'
        },
        {
            "word___rels__settings.xml.rels": b'<p:Relationships xmlns:p="x"><p:Relationship\n Id="a" '
            b'TargetMode="&#69;xternal" Target="http://x/hyperlink>" Type="attachedTemplate"/>'
            b"</p:Relationships>"
        },
        {
            "word___rels__settings.xml.rels": '<Relationships><Relationship TargetMode="External" '
            'Target="http://x" Type="frame"/></Relationships>'.encode("utf-16")
        },
        {
            "word__header9.xml": b'<w:hdr xmlns:w="w"><w:r><w:instrText>DDE</w:instrText></w:r>'
            b"<w:r><w:instrText>AUTO c cmd</w:instrText></w:r></w:hdr>"
        },
        {"word__header9.xml": b'<w:hdr xmlns:w="w"><w:fldSimple w:instr="INCLUDEPICTURE http://x"/></w:hdr>'},
        {"word__broken.xml": b"<w:hdr"},
    ],
    ids=[
        *("macros", "object", "control", "entities", "template of another host"),
        *("link spelled otherwise", "link in another encoding", "field that starts", "field that fetches"),
        "no XML",
    ],
)
def test_what_runs_or_fetches_on_the_readers_machine_is_refused(template, parts):
    with pytest.raises(Unprocessable):
        upload(template, changed(**parts))


def test_a_bomb_is_refused(template):
    body = changed(word__more__big1=b"0" * (60 << 20))

    with pytest.raises(Unprocessable):
        upload(template, body)


@pytest.mark.parametrize("body", [b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04 no package", b""])
def test_another_kind_of_file_is_refused(template, body):
    with pytest.raises(Unprocessable):
        upload(template, body)


def test_the_offices_file_takes_the_place_of_the_shipped_one(system, sample, template):
    stored = upload(template, changed("2) Tên gọi khác:", "2) Bí danh:"))

    replace_template(by=system, code="form_2c", stored=stored, seen="")

    assert "2) Bí danh:" in text_of(render("form_2c", sample))


def test_a_file_put_aside_stays_in_the_history(system, sample, template):
    first = replace_template(by=system, code="form_2c", stored=upload(template, changed()), seen="")
    stored = upload(template, changed("2) Tên gọi khác:", "2) Bí danh:"))

    second = replace_template(by=system, code="form_2c", stored=stored, seen=first.uid)
    restore_template(by=system, code="form_2c", seen=second.uid)

    rows = replacements("form_2c")
    assert [row.uid for row in rows] == [second.uid, first.uid]
    assert in_use(rows, "form_2c") is None
    assert "2) Tên gọi khác:" in text_of(render("form_2c", sample))


def test_who_looked_at_an_older_state_is_told(system, template):
    stored = upload(template, changed())
    replace_template(by=system, code="form_2c", stored=stored, seen="")

    with pytest.raises(Unprocessable, match="vừa có người thay"):
        replace_template(by=system, code="form_2c", stored=stored, seen="")


def test_the_shipped_one_is_not_taken_back_twice(system):
    with pytest.raises(Unprocessable, match="mẫu gốc rồi"):
        restore_template(by=system, code="form_2c", seen="")


def test_only_those_responsible_for_the_whole_province_replace(system, template, as_viewer):
    stored = upload(template, changed())
    with as_viewer("home_affairs") as viewer:
        of_commune = dataclasses.replace(viewer, scopes=((Realm.PERSONNEL, frozenset({1})),))

        with pytest.raises(Denied):
            replace_template(by=of_commune, code="form_2c", stored=stored, seen="")


def test_a_replacement_is_logged_with_both_files(system, template):
    stored = upload(template, changed())
    replace_template(by=system, code="form_2c", stored=stored, seen="")

    row = db.session.scalars(select(AuditEvent).where(AuditEvent.type == AuditType.TEMPLATE_REPLACED)).one()
    assert stored.sha256 in row.values
