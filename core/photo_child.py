"""Pictures, in the child process: decoders meet hostile files.

Saved anew from its pixels, so position, device, comments and whatever else was hidden stay behind; a
photograph is made a portrait of 4 by 6 centimetres.
"""

import base64
import io
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageOps

from core.child import Refused
from core.text import marked as _

#: 4 by 6 centimetres at 300 dots an inch.
SIZE = (472, 709)
MIN_WIDTH, MIN_HEIGHT = 200, 300
UNREADABLE = _("This picture cannot be read: send it again as JPG or PNG")
NO_PICTURE = _("This picture cannot be read: send it again as JPG, PNG or PDF")
TOO_SMALL = _("The photograph is too small: it needs at least %(width)s × %(height)s points")


def portrait(payload: Mapping[str, Any]) -> str:
    """Entry for the child: `payload["body"]` (base64 of a JPEG or PNG, of at most `payload["pixels"]`) as
    base64 of a JPEG of SIZE, cut to its proportions around the middle, a little higher. Refused when it is no
    picture or too small."""
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = payload["pixels"]
    try:
        with Image.open(io.BytesIO(base64.b64decode(payload["body"])), formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > payload["pixels"]:
                raise Refused("unreadable", UNREADABLE)
            picture.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
            upright = ImageOps.exif_transpose(picture)
            if upright.width < MIN_WIDTH or upright.height < MIN_HEIGHT:
                raise Refused("too_small", TOO_SMALL, {"width": MIN_WIDTH, "height": MIN_HEIGHT})
            cut = ImageOps.fit(_on_white(upright), SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    except Refused:
        raise
    except Exception as error:
        # Pillow raises many kinds for broken pictures; each means the same to the sender.
        raise Refused("unreadable", UNREADABLE) from error
    cut.info = {}
    target = io.BytesIO()
    cut.save(target, "JPEG", quality=85, optimize=True, dpi=(300, 300))
    return base64.b64encode(target.getvalue()).decode()


def plain(payload: Mapping[str, Any]) -> str:
    """Entry for the child: `payload["body"]` (base64 of a JPEG or PNG, `payload["form"]`, of at most
    `payload["pixels"]`) saved anew in the same form, upright, as base64. Refused when it is none."""
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = payload["pixels"]
    form = payload["form"]
    try:
        with Image.open(io.BytesIO(base64.b64decode(payload["body"])), formats=[form]) as picture:
            # Before a pixel is decoded: the header alone says how large it would become.
            if picture.width * picture.height > payload["pixels"]:
                raise Refused("unreadable", NO_PICTURE)
            upright = ImageOps.exif_transpose(picture)
            kept = upright.convert("RGB" if form == "JPEG" else upright.mode)
            names = ("transparency",) if form == "PNG" else ()
            kept.info = {name: value for name, value in kept.info.items() if name in names}
            target = io.BytesIO()
            kept.save(target, form, quality=88)
    except Refused:
        raise
    except Exception as error:
        raise Refused("unreadable", NO_PICTURE) from error
    return base64.b64encode(target.getvalue()).decode()


def marked_in(payload: Mapping[str, Any]) -> list[str]:
    """Entry for the child: those of the pictures `payload["members"]` of the zip `payload["path"]` that are
    too large, cannot be read, or still carry place, device or the like. Only their headers are read."""
    with zipfile.ZipFile(payload["path"]) as archive:
        return [name for name in payload["members"] if _is_marked(archive.read(name), payload["pixels"])]


def _is_marked(body: bytes, limit: int) -> bool:
    try:
        with Image.open(io.BytesIO(body), formats=["JPEG", "PNG"]) as picture:
            return picture.width * picture.height > limit or bool(picture.getexif())
    except Exception:  # as above: Pillow raises many kinds
        return True


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    return page.convert("RGB")
