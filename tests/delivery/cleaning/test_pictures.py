"""Photos keep what is seen and nothing of where, when and with what they were taken."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from tests.delivery.cleaning.evidence import MARK, a_photo, a_picture, a_png, camera_data, cleaned


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG before its pixels."""
    found, place = [], 2
    while jpeg[place + 1] != 0xDA:
        found.append(jpeg[place + 1])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return found


def chunks(png: bytes) -> list[bytes]:
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.append(png[place + 4 : place + 8])
        place += 12 + length
    return found


def test_t51_a_jpeg_with_gps_xmp_comment_thumbnail_and_icc_keeps_none_of_them() -> None:
    photo = a_photo()
    with Image.open(io.BytesIO(photo)) as before:
        assert before.getexif().get_ifd(0x8825) and {"comment", "xmp", "icc_profile"} <= set(before.info)
    copy = cleaned(photo, "IMG_2041.JPG")
    assert (copy.kind, copy.extension) == ("image/jpeg", "jpg")
    with Image.open(io.BytesIO(copy.content)) as after:
        assert dict(after.getexif()) == {}
        assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert after.getpixel((2, 8))[0] > 200 and after.getpixel((29, 8))[2] > 200
    told = {0xE0 + number for number in range(1, 16)} | {0xFE}
    assert segments(copy.content).count(0xE0) == 1 and not told & set(segments(copy.content))
    assert MARK.encode() not in copy.content


def test_a_photo_is_turned_as_it_was_looked_at_before_its_orientation_goes() -> None:
    copy = cleaned(a_photo(orientation=6), "a.jpg")
    with Image.open(io.BytesIO(copy.content)) as after:
        assert after.size == (16, 32)
        assert after.getpixel((8, 2))[0] > 200 and after.getpixel((8, 29))[2] > 200


def test_a_png_keeps_only_the_chunks_that_show_it() -> None:
    copy = cleaned(a_png(), "tangkapan layar.png")
    assert set(chunks(copy.content)) <= {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(io.BytesIO(copy.content)) as after:
        assert after.convert("RGB").tobytes() == a_picture().tobytes()


def test_a_webp_loses_its_camera_data_and_keeps_its_transparency() -> None:
    out = io.BytesIO()
    clear = a_picture().convert("RGBA")
    clear.putalpha(128)
    clear.save(out, "WEBP", exif=camera_data(), xmp=MARK.encode(), lossless=True)
    with Image.open(io.BytesIO(cleaned(out.getvalue(), "a.webp").content)) as after:
        assert after.mode == "RGBA" and after.getpixel((3, 3))[3] == 128
        assert not {"exif", "xmp", "icc_profile"} & set(after.info) and dict(after.getexif()) == {}


def test_a_moving_gif_keeps_moving_without_its_comment() -> None:
    out = io.BytesIO()
    second = a_picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    a_picture().save(out, "GIF", save_all=True, append_images=[second], duration=200, loop=0, comment=MARK)
    with Image.open(io.BytesIO(cleaned(out.getvalue(), "a.gif").content)) as after:
        assert after.n_frames == 2 and after.info["duration"] == 200 and "comment" not in after.info
        after.seek(1)
        assert after.convert("RGB").getpixel((2, 8))[2] > 200


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "I;16"])
def test_pictures_of_every_colour_model_are_taken(mode: str) -> None:
    kind, name = ("JPEG", "a.jpg") if mode == "CMYK" else ("PNG", "a.png")
    out = io.BytesIO()
    (Image.new("I;16", (20, 10), 40_000) if mode == "I;16" else a_picture(20, 10).convert(mode)).save(out, kind)
    with Image.open(io.BytesIO(cleaned(out.getvalue(), name).content)) as after:
        assert after.size == (20, 10)


def test_only_the_first_picture_of_several_in_one_jpeg_comes_along() -> None:
    out = io.BytesIO()
    a_picture().save(out, "MPO", save_all=True, append_images=[a_picture(64, 64)])
    copy = cleaned(out.getvalue(), "a.jpg")
    with Image.open(io.BytesIO(copy.content)) as after:
        assert after.format == "JPEG" and getattr(after, "n_frames", 1) == 1


def test_camera_data_that_cannot_be_read_does_not_hold_up_a_photo() -> None:
    out = io.BytesIO()
    a_picture().save(out, "JPEG", exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + b"\x01" * 40)
    assert cleaned(out.getvalue(), "a.jpg").content.startswith(b"\xff\xd8")
