"""A photograph becomes a portrait of 4 by 6 centimetres without the notes of the camera, in the child."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.errors import Unprocessable
from core.files import path_of, store_portrait
from tests.factories.pictures import photograph

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("context")]


def made(body):
    stored = store_portrait(BytesIO(body))
    return Image.open(BytesIO(path_of(stored.sha256).read_bytes()))


@pytest.mark.parametrize("size", [(472, 709), (4000, 6000), (900, 600), (300, 900), (200, 300)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_every_size_becomes_four_by_six_at_300_dots(form, size):
    picture = made(photograph(form, size))

    assert picture.size == (472, 709)
    assert picture.format == "JPEG"
    assert picture.info["dpi"] == (300, 300)


def test_place_device_and_comments_stay_behind():
    exif = Image.Exif()
    exif[0x010F] = "Zqcamera"
    exif.get_ifd(0x8825)[1] = "N"

    picture = made(photograph(exif=exif, comment=b"Zqcomment"))

    assert dict(picture.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(picture.info)


def test_texts_of_a_png_stay_behind():
    texts = PngInfo()
    texts.add_text("Author", "Zqauthor")

    stored = store_portrait(BytesIO(photograph("PNG", pnginfo=texts)))

    assert b"Zqauthor" not in path_of(stored.sha256).read_bytes()


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.new("RGB", (900, 600), "navy")
    lying.paste("red", (0, 0, 450, 600))
    target = BytesIO()
    lying.save(target, "JPEG", exif=exif)

    picture = made(target.getvalue())

    red, _green, blue = picture.getpixel((236, 50))
    assert red > 200 > 60 > blue


def test_transparency_becomes_white():
    clear = Image.new("RGBA", (600, 900), (0, 0, 0, 0))
    target = BytesIO()
    clear.save(target, "PNG")

    assert made(target.getvalue()).getpixel((10, 10)) == (255, 255, 255)


def bomb():
    """A PNG of few bytes that would unpack to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no picture",
        b"%PDF-1.7\n%%EOF",
        photograph()[:400],
        bomb(),
        photograph("GIF"),
        photograph("BMP"),
    ],
    ids=["empty", "text", "pdf", "cut off", "bomb", "gif", "bmp"],
)
def test_what_is_no_photograph_is_refused(body):
    with pytest.raises(Unprocessable) as refusal:
        store_portrait(BytesIO(body))

    assert refusal.value.field == "file"


def test_a_picture_too_small_to_print_is_refused():
    with pytest.raises(Unprocessable, match="200 × 300"):
        store_portrait(BytesIO(photograph(size=(199, 300))))


def test_a_file_larger_than_the_limit_is_refused():
    with pytest.raises(Unprocessable, match="10 MB"):
        store_portrait(BytesIO(photograph() + b"0" * (10 << 20)))
