"""Pictures, made anew from their pixels: nothing but what is seen comes along."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import (  # noqa: F401, each of these puts a reader on Pillow's list
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from delivery.cleaning.job import Job
from delivery.cleaning.unfit import Unfit

# The one reader each kind may reach. Phones write several pictures into one JPEG, which Pillow calls MPO.
_READERS = {
    "jpg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP",),
    "tif": ("TIFF",),
    "jp2": ("JPEG2000",),
}
_SAVING: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
    "gif": {"format": "GIF"},
    "bmp": {"format": "BMP"},
    "tif": {"format": "TIFF"},
    "jp2": {"format": "JPEG", "quality": 90},
}
_OPAQUE = {"jpg", "bmp", "jp2"}
_MOST_FRAMES = 500


def prepare() -> None:
    """Everything is loaded by importing this module; Pillow must not go looking for more readers later."""
    Image._initialized = 2
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def cleaned(job: Job) -> bytes:
    """The picture without anything around its pixels. Raises Unfit."""
    return rebuilt(job.content, job.kind.extension, job.pixels)


def rebuilt(content: bytes, extension: str, most_pixels: int) -> bytes:
    """A picture of the same kind with the same pixels, turned as its orientation says; moving ones keep moving.

    ``extension`` is a key of this module's readers. Raises Unfit when it is not that kind, damaged, or has more than
    ``most_pixels``, all frames together."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    try:
        with Image.open(io.BytesIO(content), formats=_READERS[extension]) as picture:
            _require_size(picture, most_pixels)
            frames, durations = [], []
            for frame in _frames(picture, extension):
                frames.append(_from_pixels(frame, extension))
                durations.append(int(frame.info.get("duration") or 0))
            is_endless = picture.info.get("loop") == 0
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("too_much_inside") from None
    except (MemoryError, RecursionError, Unfit):
        raise
    except Exception:  # readers raise whatever a broken file leads them to
        raise Unfit("damaged") from None
    out = io.BytesIO()
    saving = dict(_SAVING[extension])
    if len(frames) > 1:
        saving |= {"save_all": True, "append_images": frames[1:], "duration": durations}
        saving |= {"loop": 0} if is_endless else {}
        saving |= {"disposal": 2} if extension == "gif" else {}
    frames[0].save(out, **saving)
    return out.getvalue()


def _require_size(picture: Image.Image, most_pixels: int) -> None:
    frames = getattr(picture, "n_frames", 1) if picture.format in ("GIF", "WEBP", "PNG") else 1
    # Reading and writing WebP takes about twice the memory of the others.
    pixels = picture.width * picture.height * frames * (2 if picture.format == "WEBP" else 1)
    if frames > _MOST_FRAMES or pixels > most_pixels:
        raise Unfit("too_much_inside")


def _frames(picture: Image.Image, extension: str) -> Iterator[Image.Image]:
    """The frames of what moves; of all else the first picture, as the others are previews and depth maps."""
    moves = extension in ("gif", "webp", "png") and getattr(picture, "n_frames", 1) > 1
    for number in range(getattr(picture, "n_frames", 1) if moves else 1):
        if number:
            picture.seek(number)
        picture.load()
        yield picture


def _turned(picture: Image.Image) -> Image.Image:
    """As it is looked at. Camera data that cannot be read is no reason to refuse the picture."""
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error):
        return picture


def _from_pixels(picture: Image.Image, extension: str) -> Image.Image:
    """A new picture that got only pixels: no palette, profile, comment or hidden text of the old one."""
    is_clear = picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info
    if extension in _OPAQUE:
        is_clear = False
    if picture.mode in ("1", "L") and not is_clear:
        mode = picture.mode if extension not in ("jpg", "jp2") else "L"
    elif picture.mode.startswith("I") or picture.mode == "F":
        picture, mode = picture.point(lambda value: value / 256), "L"  # 16 bits of grey into 8
    else:
        mode = "RGBA" if is_clear else "RGB"
    turned = _turned(picture)
    if turned.mode != mode:
        turned = turned.convert(mode)
    fresh = Image.new(mode, turned.size)
    fresh.paste(turned)
    return fresh
