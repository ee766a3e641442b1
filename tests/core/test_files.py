"""Uploads: only what the content proves to be allowed, without hidden data, once on disk, never shown."""

import hashlib
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from flask import current_app
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select

from core import files
from core.actions import action
from core.db import db
from core.errors import FileLost, Unprocessable
from core.files import (
    EVIDENCE,
    MEDIA_TYPES,
    Document,
    keep_upload,
    path_of,
    record_document,
    send_document,
    store,
)

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def picture(form="JPEG", size=(40, 20), **extra):
    """A small picture, red on the left and blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    target = BytesIO()
    image.save(target, form, **extra)
    return target.getvalue()


def package(*names):
    """A zip with these (empty) members."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as found:
        for name in names:
            found.writestr(name, "<x/>")
    return target.getvalue()


def bomb(width=60_000, height=60_000):
    """A valid PNG of few bytes that would unpack to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _request():
    return current_app.test_request_context("/")


def keep(body, name="bang.pdf", **kwargs):
    return store(BytesIO(body), name=name, **kwargs)


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (PDF, "Bằng đại học.pdf", "pdf"),
        (picture(), "ảnh chụp.JPEG", "jpg"),
        (picture("PNG"), "scan.png", "png"),
        (picture(), "khai là pdf.pdf", "jpg"),
    ],
)
def test_evidence_is_known_by_its_content(context, body, name, kind):
    stored = keep(body, name)

    assert stored.kind == kind
    assert stored.name.endswith(f".{kind}")
    assert path_of(stored.sha256).read_bytes()
    assert hashlib.sha256(path_of(stored.sha256).read_bytes()).hexdigest() == stored.sha256
    assert path_of(stored.sha256).stat().st_size == stored.size


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        b"#!/bin/sh\nrm -rf /\n",
        b"PK\x03\x04" + b"\0" * 100,
        package("readme.txt"),
        package("word/document.xml", "word/vbaProject.bin"),
        package("word/document.xml"),
        package("xl/workbook.xml"),
        picture("GIF"),
        b"GIF89a<script>alert(1)</script>",
        b"plain text",
        b"\0",
        b"<html>%PDF-1.7",
    ],
    ids=[
        "html",
        "svg",
        "xml svg",
        "exe",
        "elf",
        "script",
        "broken zip",
        "zip",
        "docm",
        "docx",
        "xlsx",
        "gif",
        "gif html",
        "text",
        "nul",
        "html then pdf",
    ],
)
def test_what_is_no_evidence_is_refused_and_not_kept(context, body):
    before = {path for path in files.files_folder().rglob("*") if path.is_file()}
    with pytest.raises(Unprocessable) as caught:
        keep(body)

    assert caught.value.field == "file"
    assert {path for path in files.files_folder().rglob("*") if path.is_file()} == before


def test_office_files_are_told_apart_and_macros_are_refused(context):
    office = ("docx", "xlsx")

    assert keep(package("word/document.xml"), "a.docx", kinds=office).kind == "docx"
    assert keep(package("xl/workbook.xml"), "a.xlsx", kinds=office).kind == "xlsx"
    for macro in ("word/vbaProject.bin", "xl/vbaProject.bin"):
        with pytest.raises(Unprocessable):
            keep(package("word/document.xml", "xl/workbook.xml", macro), "a.docx", kinds=office)


def test_an_empty_file_and_one_too_large_are_refused(context, monkeypatch):
    with pytest.raises(Unprocessable, match=r"empty|trống"):
        keep(b"")
    monkeypatch.setattr(files, "MAX_BYTES", 2000)
    assert keep(PDF + b"%" * (2000 - len(PDF))).size == 2000
    with pytest.raises(Unprocessable, match=r"larger|lớn hơn"):
        keep(PDF + b"%" * (2001 - len(PDF)))


# --- pictures ---------------------------------------------------------------------------------------
def tagged():
    """A JPEG as a phone makes it: position, device, a comment, turned by 90 degrees."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn clockwise
    exif[0x010F] = "ZQ-DEVICE"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = "ZQ-POSITION"
    return picture(exif=exif, comment=b"ZQ-COMMENT")


def test_position_device_and_comment_stay_behind(context):
    before = tagged()
    assert all(mark in before for mark in (b"ZQ-DEVICE", b"ZQ-POSITION", b"ZQ-COMMENT"))
    body = path_of(keep(before, "a.jpg").sha256).read_bytes()

    assert b"ZQ-" not in body
    assert not Image.open(BytesIO(body)).getexif()


def test_a_photo_taken_upright_stays_upright(context):
    body = path_of(keep(tagged(), "a.jpg").sha256).read_bytes()
    with Image.open(BytesIO(body)) as found:
        assert found.size == (20, 40)
        red, _green, blue = found.getpixel((10, 5))
        assert red > 200 > blue


def test_texts_inside_a_png_stay_behind(context):
    info = PngInfo()
    info.add_text("Comment", "ZQ-TEXT")
    body = path_of(
        keep(picture("PNG", pnginfo=info, icc_profile=b"ZQ-PROFILE" * 20), "a.png").sha256
    ).read_bytes()

    assert b"ZQ-" not in body


def test_what_is_glued_behind_a_picture_stays_behind(context):
    body = path_of(keep(picture() + b"<script>ZQ-TAIL</script>", "a.jpg").sha256).read_bytes()

    assert b"ZQ-TAIL" not in body


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(context):
    with pytest.raises(Unprocessable):
        keep(bomb(), "bomb.png")


def test_a_picture_just_above_the_limit_is_refused(context, monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 800)
    assert keep(picture("PNG", (40, 20)), "a.png").kind == "png"
    with pytest.raises(Unprocessable):
        keep(picture("PNG", (40, 21)), "a.png")


def test_no_picture_is_decoded_in_this_process(context, monkeypatch, tmp_path):
    bodies = {"JPEG": picture(), "PNG": picture("PNG", (400, 600))}

    def decode(*_args, **_kwargs):
        raise AssertionError("decoded here")

    monkeypatch.setattr(Image, "open", decode)

    assert keep(bodies["JPEG"], "a.jpg").kind == "jpg"
    assert keep(bodies["PNG"], "a.png").kind == "png"
    assert files.store_portrait(BytesIO(bodies["PNG"])).kind == "jpg"
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in bodies.items():
            archive.writestr(name, body)
        archive.writestr("broken", b"no picture")
    assert files.marked_pictures(path, ["PNG", "broken"]) == {"broken"}


def test_a_picture_of_an_a4_scan_at_its_largest_is_kept(context):
    assert keep(picture("JPEG", (5000, 7900)), "a.jpg").kind == "jpg"


def test_a_broken_picture_is_refused(context):
    with pytest.raises(Unprocessable):
        keep(picture()[:200], "a.jpg")


def test_a_picture_with_transparency_keeps_it(context):
    target = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(target, "PNG")
    body = path_of(keep(target.getvalue(), "a.png").sha256).read_bytes()

    assert Image.open(BytesIO(body)).getpixel((0, 0)) == (255, 0, 0, 0)


# --- names ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Bằng đại học.pdf", "Bằng đại học.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system32\\evil.exe", "evil.pdf"),
        ("/", "document.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        (".htaccess", "document.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a  Set-Cookie: x=1.pdf"),
        ("anh\u202efdp.exe", "anhfdp.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("bang.pdf.exe", "bang.pdf.pdf"),
        ("x" * 5000 + ".pdf", "x" * 120 + ".pdf"),
        ("<script>alert(1)<.pdf", "<script>alert(1)<.pdf"),
    ],
)
def test_names_are_tamed(context, name, kept):
    stored = keep(PDF, name)

    assert " ".join(stored.name.split()) == " ".join(kept.split())


@pytest.mark.parametrize(
    "name",
    [
        "Tối mật.pdf",
        "TUYỆT MẬT - quyết định.pdf",
        "bao_cao_toi_mat.pdf",
        "to-trinh-tuyet-mat.pdf",
        "Mật.pdf",
        "MẬT_kế hoạch.pdf",
        "Kế hoạch (Mật).pdf",
        "tài liệu mật số 3.pdf",
        "To\u0302\u0301i ma\u0323\u0302t.pdf",
    ],
)
def test_papers_marked_secret_are_refused_with_where_they_belong(context, name):
    with pytest.raises(Unprocessable, match="Tuyệt mật"):
        keep(PDF, name)


@pytest.mark.parametrize(
    "name",
    [
        "Mật độ dân số.pdf",
        "Đặng Văn Mạt.pdf",
        "khám mắt.pdf",
        "mặt bằng.pdf",
        "đổi mật khẩu.pdf",
        "matlab.pdf",
    ],
)
def test_names_that_only_sound_alike_are_taken(context, name):
    assert keep(PDF, name).kind == "pdf"


# --- rows and answers -------------------------------------------------------------------------------
@action(None)
def attach(*, by, stored):
    return record_document(by=by, stored=stored)


def test_the_same_content_lies_on_disk_once(as_viewer):
    with as_viewer("home_affairs") as viewer:
        first = attach(by=viewer, stored=keep(PDF, "một.pdf"))
        path = path_of(first.sha256)
        written = path.stat().st_mtime_ns
        second = attach(by=viewer, stored=keep(PDF, "hai.pdf"))

        assert first.uid != second.uid
        assert first.sha256 == second.sha256
        assert path.stat().st_mtime_ns == written
        assert [row.name for row in db.session.scalars(select(Document).order_by(Document.id))] == [
            "một.pdf",
            "hai.pdf",
        ]


def test_no_temporary_file_stays(context):
    stored = keep(PDF)

    assert [
        path.name for path in path_of(stored.sha256).parent.iterdir() if path.name.startswith("tmp")
    ] == []


def test_a_file_is_sent_as_an_attachment_that_runs_nothing(as_viewer):
    with as_viewer("home_affairs") as viewer:
        document = attach(by=viewer, stored=keep(PDF, 'Bằng "đại học"; x=1.pdf'))
        with _request():
            answer = send_document(document)
            answer.direct_passthrough = False

            assert answer.mimetype == "application/pdf"
            assert answer.headers["Content-Disposition"].startswith("attachment; filename")
            assert "\n" not in answer.headers["Content-Disposition"]
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert "Last-Modified" not in answer.headers
            assert "ETag" not in answer.headers
            assert answer.get_data() == PDF


def test_a_row_without_its_file_is_missing(as_viewer):
    with as_viewer("home_affairs") as viewer:
        document = attach(by=viewer, stored=keep(PDF + b"% other"))
        path_of(document.sha256).unlink()
        with _request(), pytest.raises(FileLost):
            send_document(document)


def test_evidence_is_pdf_and_pictures(context):
    assert EVIDENCE == ("pdf", "jpg", "png")
    assert sorted(MEDIA_TYPES) == ["docx", "jpg", "pdf", "png", "xlsx"]


def test_a_file_that_cannot_be_written_leaves_nothing(context, monkeypatch):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    body = PDF + b"% full disk"
    with pytest.raises(OSError, match="No space"):
        keep(body)

    folder = path_of(hashlib.sha256(body).hexdigest()).parent
    assert not [path for path in folder.iterdir() if path.name.startswith("tmp")]
    assert not path_of(hashlib.sha256(body).hexdigest()).exists()


def test_an_upload_for_a_reader_is_bounded_and_kept_as_it_is(context):
    digest, size = keep_upload(BytesIO(b"a,b\n1,2\n"), limit=8)

    assert size == 8
    assert path_of(digest).read_bytes() == b"a,b\n1,2\n"
    for body in (b"", b"123456789"):
        with pytest.raises(Unprocessable):
            keep_upload(BytesIO(body), limit=8)
