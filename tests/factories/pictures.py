"""Photographs for tests."""

from io import BytesIO
from typing import Any

from PIL import Image


def photograph(
    form: str = "JPEG", size: tuple[int, int] = (600, 900), colour: str = "navy", **extra: Any
) -> bytes:
    """A picture of one colour with a light square where a face would be."""
    image = Image.new("RGB", size, colour)
    width, height = size
    image.paste("peachpuff", (width // 3, height // 4, 2 * width // 3, height // 2))
    target = BytesIO()
    image.save(target, form, **extra)
    return target.getvalue()
