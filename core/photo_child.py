"""A photograph made a portrait of 4 by 6 centimetres, in the child process: decoders meet hostile files.

Saved anew from its pixels, so position, device, comments and whatever else was hidden stay behind.
"""

import base64
import io
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageOps

from core.child import Refused
from core.text import marked as _

#: 4 by 6 centimetres at 300 dots an inch.
SIZE = (472, 709)
MIN_WIDTH, MIN_HEIGHT = 200, 300
MAX_PIXELS = 40_000_000
UNREADABLE = _("This picture cannot be read: send it again as JPG or PNG")
TOO_SMALL = _("The photograph is too small: it needs at least %(width)s × %(height)s points")


def portrait(payload: Mapping[str, Any]) -> str:
    """Entry for the child: `payload["body"]` (base64 of a JPEG or PNG) as base64 of a JPEG of SIZE, cut to
    its proportions around the middle, a little higher. Refused when it is no picture or too small."""
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(base64.b64decode(payload["body"])), formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
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


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    return page.convert("RGB")
